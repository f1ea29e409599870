"""One recording; each test has its own copy."""

from pathlib import Path

import pytest

from tests.rig.recording import make


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of 400 samples with lost time, four events and a note, alone in its folder."""
    path = tmp_path / "bench.run.duckdb"
    make.make_run(path, 400)
    return path
