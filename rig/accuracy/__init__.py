"""How exactly a pump delivers: arithmetic only, on numbers that somebody else has read."""
