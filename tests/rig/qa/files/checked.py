"""What is wrong with a script of a few lines."""

from pathlib import Path

from rig.qa.files import checking

HEAD = """\
qa: 1
name: Try
duration: 3 h
interval: 1 s
steps:
"""
FIRST = HEAD.count("\n") + 1  # line of the first step


def problems(steps: str, head: str = HEAD, path: Path = Path("a.qa.yaml")) -> list[tuple[int, str, str]]:
    """(line, field, sentence) of all that is wrong, lines counted from the first step."""
    found = checking.check_text(head + steps, path)
    return [(one.line - head.count("\n"), one.field, f"{one.what} {one.remedy}") for one in found]
