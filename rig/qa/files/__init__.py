"""Reads, checks, explains and writes script files."""
