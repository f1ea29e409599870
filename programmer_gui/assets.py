"""The window's files: icons and styles."""

from rig.resources import resource


def read_text(path: str) -> str:
    """The text of ``resources/<path>``.  Raises FileNotFoundError for what isn't shipped."""
    return resource(path).read_text(encoding="utf-8")
