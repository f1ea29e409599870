"""Judged by eyes that don't know which run they see, and how far that agrees with the others."""
