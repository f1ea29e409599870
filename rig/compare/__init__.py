"""Runs beside each other: where a new one differs from a golden one, and whether by more than is allowed."""
