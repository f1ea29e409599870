"""Files, classes and functions stay small enough to read in one go."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("firmware_link", "rig", "programmer_gui", "tests", ".ci")
FILE_LINES, CLASS_LINES, FUNCTION_LINES = 300, 200, 40

# "file" or "file::name" -> (lines it may have, why it is better in one piece)
EXCEPTIONS: dict[str, tuple[int, str]] = {}

FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def _measured(path: Path) -> dict[str, tuple[int, int]]:
    """{where: (lines, budget)} of the file and of every class and function in it."""
    relative = path.relative_to(ROOT).as_posix()
    source = path.read_text()
    found = {relative: (len(source.splitlines()), FILE_LINES)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            budget = CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found[f"{relative}::{node.name}"] = ((node.end_lineno or first) - first + 1, budget)
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_everything_is_within_its_budget(folder: str) -> None:
    files = [path for path in FILES if path.relative_to(ROOT).parts[0] == folder]
    assert files
    over = [
        f"{where} has {lines} lines, {budget} allowed"
        for path in files
        for where, (lines, budget) in _measured(path).items()
        if lines > EXCEPTIONS.get(where, (budget, ""))[0]
    ]
    assert not over, "\n".join(over)


def test_every_exception_is_still_needed() -> None:
    measured = {where: sizes for path in FILES for where, sizes in _measured(path).items()}
    for where, (_, why) in EXCEPTIONS.items():
        assert why, f"{where}: say why"
        lines, budget = measured.get(where, (0, 0))
        assert lines > budget, f"{where} is within its budget again: drop the exception"
