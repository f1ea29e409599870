"""One recording, made once; each test has its own copy."""

import shutil
from pathlib import Path

import pytest

from tests.rig.recording import make


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "bench.run.duckdb"
    make.make_run(path, 400)
    return path


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    """A run of 400 samples with lost time, four events and a note, alone in its folder."""
    return Path(shutil.copy(original, tmp_path))
