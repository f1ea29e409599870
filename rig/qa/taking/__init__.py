"""Makes a script of what somebody did at the bench."""
