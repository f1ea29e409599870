"""Where the window's files are: icons and styles, found wherever the program is installed."""

from importlib.resources import files


def read_text(path: str) -> str:
    """The text of ``resources/<path>``.  Raises FileNotFoundError for what isn't shipped."""
    return files("resources").joinpath(path).read_text(encoding="utf-8")
