"""Carries out cases, on a pump or again from a recording."""
