"""Recordings played as if they were a pump: the same session, with any moment of it at hand."""
