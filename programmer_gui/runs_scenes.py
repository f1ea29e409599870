"""The Runs page in the showcase: a few recordings, one that is damaged, several selected, none, and no folder."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from programmer_gui.scenes import SIZES
from rig import record
from rig.resources import resource

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

RUNS = 3
#: The recordings' names, targets, programs and durations.
MADE = (
    ("2026-01-05_081000_c0ffee", "sim:?seed=3&speed=max", "continuous-20ml", "30min"),
    ("2026-01-06_093000_c0ffee", "sim:?seed=3&speed=max&faults=power", "flex-day", "90min"),
    ("2026-01-07_101500_91ab3c", "sim:?seed=9&speed=max&faults=bad-cable", "on-demand-bolus", "20min"),
    ("2026-01-08_160000_91ab3c", "sim:?seed=9&speed=max&faults=failing-sensors", "bolus-then-continuous", "60min"),
)
DAMAGED = "2026-01-04_120000_44d0e1"


def browse(stage: "Stage") -> None:
    """All at each size."""
    page = stage.parts.window.runs
    before = stage.parts.browsing.folder
    stage.parts.window.show_page(RUNS)
    with tempfile.TemporaryDirectory() as folder:
        runs, empty = Path(folder) / "runs", Path(folder) / "empty"
        runs.mkdir()
        empty.mkdir()
        _show(stage, empty)
        _pictures(stage, "runs-none")
        make(runs)
        _show(stage, runs)
        _pictures(stage, "runs-few")
        page.table.select(f"{DAMAGED}.run.duckdb")
        _pictures(stage, "runs-damaged")
        page.table.selectAll()
        _pictures(stage, "runs-several")
        page.list.text.setText("nothing like this")
        _pictures(stage, "runs-no-match")
        page.list.text.clear()
        _show(stage, Path(folder) / "gone")
        _pictures(stage, "runs-gone")
    _show(stage, before)


def make(folder: Path) -> None:
    """Records them, and one that is cut off."""
    for name, target, program, duration in MADE:
        path = folder / f"{name}.run.duckdb"
        asked = record.Order(target, path, resource(f"programs/{program}.yaml"), record.parse_duration(duration))
        record.record(asked, lambda *_: None)
    damaged = folder / f"{DAMAGED}.run.duckdb"
    damaged.write_bytes(path.read_bytes())
    os.truncate(damaged, damaged.stat().st_size // 2)


def _show(stage: "Stage", folder: Path) -> None:
    stage.parts.browsing.show_folder(folder)
    stage.turn(0.1)


def _pictures(stage: "Stage", name: str) -> None:
    for suffix, size in SIZES.items():
        stage.parts.window.resize(*size)
        stage.turn(0.1)
        stage.picture(name + suffix)
    stage.parts.window.resize(*SIZES[""])
