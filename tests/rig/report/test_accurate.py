"""How accurate a recorded run was, for the window."""

from pathlib import Path

import pytest

from rig.qa.files import script_file
from rig.qa.running.driving import drive
from rig.recording.writer import RunWriter
from rig.report.accurate import accuracy_of
from rig.targets import open_session
from tests.rig.recording import make

SCRIPT = """\
qa: 1
name: Flow
duration: 12 min
interval: 1 s
steps:
  - do: program
    flow: 24 mL/day
    confirm: water
  - wait: 11 min
    as: run
  - expect: accuracy
    during: run
    trumpet: [{window: 2 min, limit: 60 %}]
"""


@pytest.fixture(scope="module", params=["", "mt-sics:sim"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of a script, as a virtual rig went through it, without and with a laboratory balance."""
    return recorded(tmp_path_factory.mktemp("accurate"), request.param)


def recorded(folder: Path, balance: str) -> Path:
    (folder / "flow.qa.yaml").write_text(SCRIPT, encoding="utf-8")
    (script,) = script_file.load(folder / "flow.qa.yaml")
    session = open_session("sim:?seed=7&speed=max", balance=balance)
    path = folder / f"{'laboratory' if balance else 'pump'}.run.duckdb"
    with RunWriter(path, session.clock, session.info) as writer:
        ended = drive(script, session, writer=writer)
        writer.finish(ended.why)
    session.close()
    assert ended.why == "finished"
    return path


def test_the_even_flow_and_what_the_script_measured_are_both_drawn(run: Path) -> None:
    found = accuracy_of(run)
    assert [curve.kind for curve in found.curves] == ["start-up", "trumpet", "start-up", "trumpet"]
    facts = dict(found.facts)
    assert facts["Set rate r"].startswith("24 mL/day")
    assert facts["Sample interval S"].startswith("0.5 min (standard set)")
    assert ("laboratory" in facts["Weighed by"]) == run.name.startswith("laboratory")
    sure = float(facts["Overall error"].split("±")[1].split()[0])
    assert sure < 0.6 if run.name.startswith("laboratory") else sure > 2.0
    whole, judged = (curve for curve in found.curves if curve.kind == "trumpet")
    assert (whole.title, judged.title) == (
        "Trumpet, standard windows: longest even flow",
        "Step 3: Trumpet, standard windows",
    )
    assert whole.x[:2] == judged.x[:2] == (2.0, 5.0)
    assert found.why == ""


def test_what_nobody_has_weighed_at_the_end_is_no_error(tmp_path: Path) -> None:
    facts = dict(accuracy_of(recorded(tmp_path, "mt-sics:sim?interval=45")).facts)
    assert "laboratory" in facts["Weighed by"]
    error, sure = (float(part.split()[0].replace("\u2212", "-")) for part in facts["Overall error"].split("±")[:2])
    assert abs(error) <= sure


def test_a_run_without_a_plan_says_why_there_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bench.run.duckdb"
    make.make_run(path, 600)
    found = accuracy_of(path)
    assert (found.curves, found.facts) == ((), ())
    assert found.why.endswith(".")
