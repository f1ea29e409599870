"""Where scripts are run from: the verb and pytest."""
