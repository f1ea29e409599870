"""Verdicts on what scripts expect, by what has come in of a run and nothing else."""
