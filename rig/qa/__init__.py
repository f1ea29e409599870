"""Recorded test scripts: read, run anywhere, judged honestly."""
