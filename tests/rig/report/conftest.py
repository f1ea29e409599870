"""One run of a virtual rig that has something of everything a report tells."""

from pathlib import Path

import pytest

from firmware_link.clock import ManualClock
from rig.record import Order, checked, record_session
from rig.report.blocks import Report
from rig.report.evidence import Options
from rig.report.making import report_of
from rig.targets import open_session

PROGRAM = """
pump-program: 2
name: Bolus & <script>alert(1)</script>
mode: simple continuous
drug: baclofen
concentration: 500 ug/mL
dose: 900 ug/day
bolus: {dose: 20 ug, duration: 2 min, after: resume}
on-demand: {dose: 20 ug, duration: 1 min, max-per-day: 4, lockout: 1 h}
"""
FAULTS = """
faults: 1
name: a press of the button, then a cut
steps:
  - {at: 1950 s, what: press_button}
  - {at: 34 min, what: link_cut, how-long: 40 s}
"""
MADE_US = 1_800_000_000_000_000


@pytest.fixture(scope="session")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """35 minutes: a bolus, an even flow, an on-demand bolus, a gap."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "program.yaml").write_text(PROGRAM)
    (folder / "faults.yaml").write_text(FAULTS)
    path = folder / "a.run.duckdb"
    session = open_session(f"sim:?seed=7&speed=max&faults={folder / 'faults.yaml'}")
    order = Order("sim:", path, folder / "program.yaml", 35 * 60_000_000 + 30_000_000, keep_running=True)
    record_session(session, checked(folder / "program.yaml", ""), order, lambda *_: None)
    session.close()
    return path


@pytest.fixture(scope="session")
def report(run_file: Path) -> Report:
    """Of that run."""
    return report_of(run_file, Options(truth=True), ManualClock(MADE_US))
