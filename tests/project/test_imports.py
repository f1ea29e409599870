"""What the board's code may import is a list; the rest of the import contract is import-linter's (pyproject.toml)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = {"firmware_link", "rig", "programmer_gui", "tests"}

# Modules that MicroPython has on a board, and two that it ignores when they are missing.
MICROPYTHON = {
    "array", "binascii", "collections", "errno", "gc", "hashlib", "io", "json", "machine", "math", "micropython",
    "os", "random", "rp2", "select", "struct", "sys", "time", "typing",
}  # fmt: skip
OF_THE_WIRE = {"firmware_link.wire", "firmware_link.messages", "firmware_link.vocabulary"}
BOARD_FILES = [
    *sorted((ROOT / "rig/firmware").rglob("*.py")),
    ROOT / "firmware_link/wire.py",
    ROOT / "firmware_link/messages.py",
    ROOT / "firmware_link/vocabulary.py",
]
COPIED_TO_THE_BOARD = ("firmware_link/__init__.py", "rig/__init__.py", "rig/firmware/__init__.py")


def _imported(path: Path) -> set[str]:
    """Full names of what the file imports, anywhere in it; "package.name" for each name of a from-import."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _allowed(name: str) -> bool:
    if name.split(".")[0] in MICROPYTHON:
        return True
    return name.startswith("rig.firmware.") or any(name == of or name.startswith(of + ".") for of in OF_THE_WIRE)


@pytest.mark.parametrize("path", BOARD_FILES, ids=lambda path: path.name)
def test_board_code_imports_only_what_a_board_has(path: Path) -> None:
    assert not {name for name in _imported(path) if not _allowed(name)}


@pytest.mark.parametrize("name", COPIED_TO_THE_BOARD)
def test_packages_copied_to_the_board_are_empty(name: str) -> None:
    assert (ROOT / name).read_text() == ""


def _users(*packages: str) -> set[str]:
    """The files of the product that import any of ``packages``."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in ("firmware_link", "rig", "programmer_gui")
        for path in (ROOT / folder).rglob("*.py")
        if any(name.split(".")[0] in packages for name in _imported(path))
    }


def test_only_the_serial_transport_knows_pyserial() -> None:
    assert _users("serial") == {"firmware_link/serial_port.py"}


def test_only_the_plugin_knows_pytest() -> None:
    assert _users("pytest", "_pytest") == {"rig/qa/calling/pytest_plugin.py"}


def test_the_window_is_named_only_where_it_is_started() -> None:
    """Import-linter sees no module that is found by its name at run time."""
    users = {
        path.relative_to(ROOT).as_posix()
        for folder in ("firmware_link", "rig")
        for path in (ROOT / folder).rglob("*.py")
        if "programmer_gui" in path.read_text(encoding="utf-8")
    }
    assert users == {"rig/cli.py", "rig/report/verb.py"}
