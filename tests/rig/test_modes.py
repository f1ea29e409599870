"""Every example program, on every host that runs the firmware: what it commands is what was planned."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware_link import vocabulary
from firmware_link.errors import DeviceFault
from rig import dialogue
from rig.firmware.program import Program as DeviceProgram
from rig.programs import programming
from rig.resources import resource
from rig.session import Command, Session
from rig.targets import local_offset_min, open_session
from rig.therapy import limits, modes, program_file, refill
from rig.therapy.check import check
from rig.therapy.compile import compile_program
from rig.therapy.program import Program
from tests.rig.pump_bench import HOUR_US, Bench, one

EXAMPLES = sorted(resource("programs").glob("*.yaml"))
HOSTS = ["sim:?seed=7&speed=max", "upy:?seed=7&speed=max"]
STEP_NL = 19_438_991 / 3200 / 1000
DAY_US = 24 * HOUR_US
CYCLES = 3
# What a mode may raise while it does what it should.
EXPECTED = {"low_reservoir"}
EXPECTED_STOPPED = {"command_refused", "stopped_reminder", "stopped_long"}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weeks pass here: the pump's own word is asked for each hour, not each second."""
    monkeypatch.setattr(dialogue, "STATUS_EVERY_S", 3600.0)


@pytest.fixture(params=HOSTS, ids=["sim", "upy"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param.startswith("upy:") and sys.platform == "win32":
        pytest.skip("MicroPython is to be had for Linux and macOS only")
    session = open_session(request.param)
    made = Bench(session)
    made.connect()
    yield made
    session.close()


def compiled(made: Program, session: Session) -> DeviceProgram:
    """For now, or for when a screening may go on."""
    now_utc_s = session.clock.utc_us() // 1_000_000
    if isinstance(made.mode, modes.Screening) and made.mode.given:
        now_utc_s = made.mode.given[-1].given_utc_s + 2 * 86_400
    return compile_program(made, now_utc_s, local_offset_min())


def duration_us(made: DeviceProgram) -> int:
    """Three cycles after the prelude, or three days of standing still."""
    return int(made.prelude_us + (CYCLES * made.cycle_us if made.cycle else CYCLES * DAY_US))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_a_mode_commands_is_its_plan_to_one_step(path: Path, bench: Bench) -> None:
    made = compiled(program_file.load(path), bench.session)
    started_nl = bench.tracker.totals.commanded_nl
    bench.write(made)
    if not made.prelude and not made.cycle:
        with pytest.raises(DeviceFault, match="no program"):
            bench.do(programming.start())
    if made.demand:
        bench.do(one(Command("demand")))
    bench.pass_time(duration_us(made))
    totals = bench.tracker.totals
    assert abs(totals.commanded_nl - totals.planned_nl) <= STEP_NL
    assert not bench.raised() - (EXPECTED if made.cycle else EXPECTED_STOPPED)
    expected_pl = made.prelude_pl + (CYCLES * made.cycle_pl if made.cycle else 0) + (made.demand or (0,))[0]
    # The end comes up to a few samples late, and a demanded bolus takes the base's time.
    slack_nl = 1000 if made.demand else 0
    assert totals.commanded_nl - started_nl == pytest.approx(expected_pl / 1000, rel=1e-3, abs=slack_nl + 50)


def test_a_running_pump_that_gets_another_program_follows_it_from_then_on(bench: Bench) -> None:
    """A stop on purpose included, which the plan takes for what was wanted."""
    for name in ("periodic-bolus", "titration", "stopped", "flex-day"):
        bench.write(compiled(program_file.load(resource(f"programs/{name}.yaml")), bench.session))
        bench.pass_time(30 * HOUR_US)
        totals = bench.tracker.totals
        assert abs(totals.commanded_nl - totals.planned_nl) <= STEP_NL, name
    assert "stopped_reminder" in bench.raised()


def test_twelve_millilitres_where_fifteen_are_expected_raise_the_discrepancy(bench: Bench) -> None:
    made = compiled(program_file.load(resource("programs/continuous-20ml.yaml")), bench.session)
    bench.write(made)
    bench.pass_time(6 * HOUR_US)  # 5 mL
    expected_nl = bench.reservoir_nl()
    assert expected_nl == pytest.approx(15_000_000, rel=1e-3)
    bench.refill(withdrawn_nl=12_000_000)
    bench.pass_time(HOUR_US)
    (found,) = (event for event in bench.events if event.kind == "refill_discrepancy")
    assert found.value == pytest.approx(expected_nl - 12_000_000, abs=1000)
    assert found.priority == vocabulary.MEDIUM
    assert refill.discrepancy(expected_nl, 12_000_000, 20_000_000 - expected_nl).to_evaluate


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_forbids_an_example(path: Path) -> None:
    made = program_file.load(path)
    findings = check(made, limits.standard(made.limits))
    assert [finding for finding in findings if finding.severity == "hard"] == []


def test_every_mode_has_an_example() -> None:
    shown = {type(program_file.load(path).mode) for path in EXAMPLES}
    assert shown == set(modes.Mode.__args__)
