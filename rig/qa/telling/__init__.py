"""What became of cases: on the terminal, as JUnit, as a report, and as history."""
