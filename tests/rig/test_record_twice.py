"""What a virtual rig's recording holds hangs on its address alone, not on this computer's speed or chance."""

from pathlib import Path

import pytest

from rig.record import Order, record
from rig.recording import writer
from rig.recording.reader import RunReader
from rig.resources import resource
from rig.session import ControlFrame, Event, Gap
from rig.truth import Strike

FAULTS = """\
faults: 1
name: A bad line
steps:
  - {at: 5 s, what: link_drop, how-much: 0.2 %, how-long: 1 min}
  - {at: 70 s, what: reset}
  - {at: 80 s, what: unplug, how-long: 3 s}
"""


def recorded(folder: Path, name: str) -> list[object]:
    """All that the pump, the line and the rig put into a file, and when."""
    faults = folder / "faults.yaml"
    faults.write_text(FAULTS, encoding="utf-8")
    output = folder / f"{name}.run.duckdb"
    target = f"sim:?seed=5&speed=max&faults={faults}"
    program = resource("programs/continuous-20ml.yaml")
    record(Order(target, output, program, 100_000_000), lambda done, total, what: None)
    with RunReader(output) as reader:
        rows = reader.samples(0, 1_000_000), reader.truth()
        return [*(part.tolist() for part in rows), *map(reader.records, (ControlFrame, Event, Gap, Strike))]


def test_a_virtual_pump_is_recorded_the_same_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = recorded(tmp_path, "once")
    monkeypatch.setattr(writer, "COMMIT_EVERY_S", 1e9)  # as where all takes much longer, or much less time
    assert recorded(tmp_path, "twice") == once
