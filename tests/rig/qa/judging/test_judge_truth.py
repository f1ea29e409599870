"""What is measured on a virtual rig, beside what truly happened there: the truth is within what it is known to."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rig.qa.files import script_file
from rig.qa.running.driving import drive
from rig.qa.told import StepEnded, StepEvent
from rig.session import Batch, Session
from rig.targets import open_session

SCRIPT = """\
qa: 1
name: Truth
duration: 5 h
interval: 30 s
steps:
  - do: set
    settings: {{balance-uncertainty: 1 uL}}
  - do: program
    flow: {flow}
    confirm: water
  - wait: 10 min
  - wait: 4 h
    as: run
  - expect: volume
    of: measured
    at-least: 0 uL
    during: run
"""


class Witness:
    """A session, and all the truth that came of its rig."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.truth: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def poll(self, timeout_s: float) -> Batch:
        batch = self._session.poll(timeout_s)
        self.truth.append(batch.truth)
        return batch


@pytest.mark.parametrize(
    ("flow", "seed", "balance"),
    [("1 mL/day", 4, ""), ("1 mL/day", 1, "mt-sics:sim?interval=30"), ("24 mL/day", 2, "sbi:sim?interval=30")],
)
def test_the_truth_is_within_what_a_volume_is_known_to(tmp_path: Path, flow: str, seed: int, balance: str) -> None:
    path = tmp_path / "truth.qa.yaml"
    path.write_text(SCRIPT.format(flow=flow), encoding="utf-8")
    (script,) = script_file.load(path)
    witness = Witness(open_session(f"sim:?seed={seed}&speed=max", balance=balance))
    ended: dict[str, StepEnded] = {}

    def note(event: StepEvent) -> None:
        if isinstance(event, StepEnded):
            ended[event.step.number] = event

    drive(script, witness, on_event=note)
    witness.close()
    (volume,) = ended["5"].judged.measurements
    assert (f"by the {'laboratory' if balance else 'pump'}" in volume.detail, volume.verdict) == (True, "pass")
    truth = np.concatenate(witness.truth)
    ends_us = [ended["3"].mark.t_us, ended["4"].mark.t_us]
    begin_nl, end_nl = np.interp(ends_us, truth["t_us"], truth["delivered_nl"])
    assert volume.value is not None
    assert abs(volume.value - (end_nl - begin_nl) / 1000) <= volume.uncertainty
    assert volume.uncertainty < 0.02 * volume.value
