"""Comparisons in the showcase: of a run like the golden one, of one that differs, and of one that can't be read."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from programmer_gui.comparing import Comparing
from programmer_gui.scenes import SIZES
from rig.compare.findings import EVENTS
from rig.record import Order, record
from rig.resources import resource

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

DURATION_US = 20 * 60_000_000
FAULTS = """faults: 1
name: A kink
steps:
  - at: 9 min
    what: link_drop
    how-much: 0.5 %
    how-long: 1 min
  - at: 11 min
    what: occlusion
    how-long: 8 min
"""


def comparisons(stage: "Stage") -> None:
    """All at each size."""
    comparing = stage.parts.window.findChild(Comparing)
    assert comparing is not None
    with tempfile.TemporaryDirectory() as folder:
        golden, alike, slower = _record(Path(folder))
        _show(stage, comparing, "compare-same", golden, alike)
        _show(stage, comparing, "compare-runs", golden, slower)
        assert comparing.view is not None
        view = comparing.view
        view.table.selectRow(view.model.row_of(EVENTS, "occlusion"))
        view.only.setChecked(True)
        _pictures(stage, "compare-event")
        view.only.setChecked(False)
        foreign = Path(folder) / "2026-11-23_bench.run.duckdb"
        foreign.write_bytes(b"not a recording")
        _show(stage, comparing, "compare-unreadable", golden, foreign)
        comparing.close()
        stage.parts.window.show_page(0)


def _record(folder: Path) -> tuple[Path, ...]:
    """Twice the same on two pumps, and once 2 % slower with a kink."""
    program = resource("programs/continuous-20ml.yaml")
    slow, kink = folder / "slow.yaml", folder / "kink.yaml"
    slow.write_text(program.read_text(encoding="utf-8").replace("flow: 20 mL", "flow: 19.6 mL"), encoding="utf-8")
    kink.write_text(FAULTS, encoding="utf-8")
    runs = (
        ("20", "sim:?seed=7&speed=max", program),
        ("21", "sim:?seed=8&speed=max", program),
        ("22", f"sim:?seed=7&speed=max&faults={kink}", slow),
    )
    made = []
    for day, target, written in runs:
        path = folder / f"2026-11-{day}_bench.run.duckdb"
        record(Order(target, path, written, DURATION_US), lambda done, total, what: None)
        made.append(path)
    return tuple(made)


def _show(stage: "Stage", comparing: Comparing, name: str, *runs: Path) -> None:
    comparing.open(runs)
    comparing.worker.wait()
    _pictures(stage, name)


def _pictures(stage: "Stage", name: str) -> None:
    """In every size."""
    window = stage.parts.window
    for suffix, size in SIZES.items():
        window.resize(*size)
        stage.picture(name + suffix)
    window.resize(*SIZES[""])
