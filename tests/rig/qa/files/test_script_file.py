"""What each step of a script means, and what stands before them."""

from pathlib import Path
from typing import Any

import pytest

from firmware_link.errors import UsageError
from rig.qa import deeds, expectations, limits
from rig.qa.files import script_file
from rig.qa.limits import Limits, Over
from rig.qa.script import Needs, Script
from rig.therapy.modes import SimpleContinuous

HEAD = """\
qa: 1
name: Occlusion and release
duration: 30 h
interval: 1 s
steps:
  - wait: 1 min
    as: hold
"""
ML = 10**9  # pl
MIN = 60_000  # ms


def loaded(steps: str, head: str = HEAD) -> Script:
    """The only case of a script with these steps, as lines of a file."""
    (script,) = script_file.loads(head + steps, Path("a.qa.yaml"))
    return script


def body(step: str) -> Any:
    """The body of the only step, each of whose lines is behind the dash."""
    first, *more = step.split("\n")
    return loaded("\n".join([f"  - {first}", *(f"    {line}" for line in more)])).steps[-1].body


def around(value: float, share: float, unit: str) -> Limits:
    return Limits(value * (1 - share), value * (1 + share), unit)


DONE = [
    ("do: start", deeds.Start()),
    ("do: stop", deeds.Stop()),
    ("do: silence", deeds.Silence()),
    ("do: self-test", deeds.SelfTest()),
    ("do: tare", deeds.Tare()),
    ("do: replace-battery", deeds.ReplaceBattery()),
    ("do: replace-tube", deeds.ReplaceTube()),
    ("do: bolus\nvolume: 100 uL\nduration: 2 min", deeds.Bolus(ML // 10, 2 * MIN)),
    ("do: bolus\nvolume: 1 mL\nduration: 1 h\nafter: stop", deeds.Bolus(ML, 60 * MIN, "stop")),
    ("do: on-demand", deeds.OnDemand()),
    ("do: on-demand\nbutton: yes", deeds.OnDemand(button=True)),
    ("do: refill\nfilled: 20 mL", deeds.Refill(20_000_000)),
    (
        "do: refill\nfilled: 20 mL\nwithdrawn: 0 mL\nconcentration: 0.5 mg/mL\nreally: 15 mL",
        deeds.Refill(20_000_000, 0, 500_000, 15_000_000),
    ),
    ("do: clear-alarms", deeds.ClearAlarms()),
    ("do: clear-alarms\nalarms: [occlusion, no-flow]", deeds.ClearAlarms(("occlusion", "no_flow"))),
    ("do: clear-alarms\nalarms: occlusion", deeds.ClearAlarms(("occlusion",))),
    (
        "do: set\nsettings: {tolerance: 14.5 %, eos-time: 90 d, minimum-flow: 0.006 mL/day, rollers: 6}",
        deeds.Set((("tolerance_permille", 145), ("eos_days", 90), ("minimum_flow_pl_s", 69), ("rollers", 6))),
    ),
    ("do: blank\nfor: 30 min", deeds.Blank(30 * MIN)),
    ("do: fault\nwhat: occlusion", deeds.MakeFault("occlusion", amount=100)),
    (
        "do: fault\nwhat: tube_tear\nhow-much: 20 %\nhow-long: 30 min\nafter: 5 min",
        deeds.MakeFault("tube_tear", 5 * MIN, 30 * MIN, 20),
    ),
    ("do: end-fault\nwhat: tube-tear", deeds.MakeFault("tube_tear", ends=True)),
    ("do: unplug\nfor: 30 s", deeds.MakeFault("unplug", duration_ms=30_000)),
    ("note: The tube was changed", deeds.TakeNote("The tube was changed")),
    ("note: 5", deeds.TakeNote("5")),
    ("ask: Clamp the tube", deeds.Ask("Clamp the tube")),
    (
        'ask: Is it clamped?\nanswer: yes or no\nexpected: "yes"\nunattended: yes',
        deeds.Ask("Is it clamped?", "yes or no", "yes", None, "yes"),
    ),
    (
        "ask: How much?\nanswer: number\nat-least: 4 mL\nat-most: 6 mL\nunattended: 5",
        deeds.Ask("How much?", "number", "5", Limits(4, 6, "mL")),
    ),
]


@pytest.mark.parametrize(("said", "meant"), DONE)
def test_what_is_done_is_read_in_base_units(said: str, meant: Any) -> None:
    assert body(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("wait: 10 min", deeds.Wait(10 * MIN)),
        ("wait: 1 turn", deeds.Wait(turns=1)),
        ("wait: 25 turns", deeds.Wait(turns=25)),
        ("wait: event\nevent: low-reservoir\nat-most: 2 h", deeds.WaitEvent("low_reservoir", 120 * MIN)),
        (
            "wait: field\nfield: pressure\nat-least: 50 kPa\nat-most: 2 h",
            deeds.WaitField("pressure", Limits(50, None, "kPa"), "", 120 * MIN),
        ),
        (
            "wait: field\nfield: pressure\nbelow: 375.03 mmHg\nat-most: 2 h",
            deeds.WaitField("pressure", Limits(None, pytest.approx(50, abs=0.001), "kPa"), "", 120 * MIN),
        ),
        (
            "wait: field\nfield: state\nis: minimum-rate\nat-most: 2 h",
            deeds.WaitField("state", Limits(), "minimum-rate", 120 * MIN),
        ),
    ],
)
def test_what_is_waited_for_is_read(said: str, meant: Any) -> None:
    assert body(said) == meant


EXPECTED = [
    (
        "expect: volume\nis: 100 uL\ntolerance: 5 %\nover: 10 min",
        expectations.ExpectVolume("measured", Limits(95, 105, "µL"), Over(last_ms=10 * MIN)),
    ),
    (
        "expect: volume\nis: 0.1 mL\ntolerance: 5 uL",
        expectations.ExpectVolume("measured", Limits(95, 105, "µL")),
    ),
    (
        "expect: volume\nof: commanded\nis: planned\ntolerance: 0 %\nsince: hold",
        expectations.ExpectVolume("commanded", Limits(0, 0, "%", "planned"), Over(since="hold")),
    ),
    (
        "expect: volume\nat-least: -5 uL\nduring: hold",
        expectations.ExpectVolume("measured", Limits(-5, None, "µL"), Over(during="hold")),
    ),
    (
        "expect: flow\nis: commanded\ntolerance: -2 % to 5 %\nover-turns: yes",
        expectations.ExpectFlow("measured", Limits(-2, 5, "%", "commanded"), turns=True),
    ),
    (
        "expect: flow\nat-most: 1 mL/h",
        expectations.ExpectFlow("measured", Limits(None, 24, "mL/day")),
    ),
    (
        "expect: event\nevent: occlusion\nwithin: 15 min\nafter: 1 min\nsince: hold",
        expectations.ExpectEvent("occlusion", 15 * MIN, MIN, Over(since="hold")),
    ),
    (
        "expect: no-event\nevent: occlusion\nsince: hold",
        expectations.ExpectNoEvent(("occlusion",), over=Over(since="hold")),
    ),
    (
        "expect: no-event\npriority: medium\nbesides: [flow-tolerance]\nfor: 1 h",
        expectations.ExpectNoEvent((), "medium", 60 * MIN, limits.USUAL, ("flow_tolerance",)),
    ),
    (
        "expect: field\nfield: state\nis: running\nwithin: 10 s",
        expectations.ExpectField("state", Limits(), "running", 10_000),
    ),
    ("expect: field\nfield: tones\nis: 3", expectations.ExpectField("tones", Limits(3, 3))),
    (
        "expect: field\nfield: alarm-occlusion\nis: off",
        expectations.ExpectField("alarm-occlusion", Limits(), "off"),
    ),
    (
        "expect: field\nfield: temperature\nextreme: least\nat-least: -3 degC\nsince: hold",
        expectations.ExpectField("temperature", Limits(-3, None, "°C"), "", 0, Over(since="hold"), "least"),
    ),
    (
        "expect: accuracy\nduring: hold\noverall: 5 %\ntrumpet: [{window: 2 min, limit: 30 %}]\nrate: 1 mL/h",
        expectations.ExpectAccuracy(Over(during="hold"), 1.0, "by rate", 5, ((2, 30),)),
    ),
    (
        "expect: boluses\ncount: 25\nvolume: 100 uL\nmean: 5 %\neach: 10 %\nsince: hold",
        expectations.ExpectBoluses(25, ML // 10, 5, 10, Over(since="hold")),
    ),
    (
        "expect: occlusion\nsince: hold\ntime: {at-most: 1 h}\npressure: {is: 70 kPa, tolerance: 10 %}",
        expectations.ExpectOcclusion(
            Over(since="hold"), Limits(None, 60, "min"), around(70, 0.1, "kPa"), Limits(unit="µL")
        ),
    ),
    (
        (
            "expect: back-pressure\nlimit: 15 %\n"
            "stretches: [{pressure: 0 mmHg, label: hold}, {pressure: -50 mmHg, label: hold}]"
        ),
        expectations.ExpectBackPressure(((0, "hold"), (-50, "hold")), 15),
    ),
]


@pytest.mark.parametrize(("said", "meant"), EXPECTED)
def test_what_is_expected_is_read_in_the_units_of_people(said: str, meant: Any) -> None:
    assert body(said) == meant


def test_a_golden_run_is_looked_for_beside_the_script(tmp_path: Path) -> None:
    (tmp_path / "good.run.duckdb").write_bytes(bytes(8) + b"DUCK")
    steps = "  - expect: golden\n    run: good.run.duckdb\n    tolerance: bench\n"
    (script,) = script_file.loads(HEAD + steps, tmp_path / "a.qa.yaml")
    assert script.steps[-1].body == expectations.ExpectGolden(tmp_path / "good.run.duckdb", "bench")
    (tmp_path / "good.run.duckdb").write_bytes(b"not at all")
    with pytest.raises(UsageError, match="no recording, whatever its name says"):
        script_file.loads(HEAD + steps, tmp_path / "a.qa.yaml")


def test_a_program_is_a_file_beside_the_script_a_shipped_one_or_a_plain_flow(tmp_path: Path) -> None:
    flow = "pump-program: 2\nname: Own\nmode: simple continuous\ndrug: water\nconcentration: 50 ug/mL\nflow: 2 mL/day\n"
    (tmp_path / "own.yaml").write_text(flow, encoding="utf-8")
    steps = "".join(f"  - do: program\n    {said}\n" for said in ("file: own.yaml", "file: prime", "flow: 1 mL/day"))
    (script,) = script_file.loads(HEAD + steps, tmp_path / "a.qa.yaml")
    own, prime, plain = (step.body for step in script.steps[1:] if isinstance(step.body, deeds.WriteProgram))
    assert (own.program.name, own.file, own.source) == ("Own", "own.yaml", flow)
    assert prime.program.name == "Prime, then continuous"
    assert plain.program.mode == SimpleContinuous(500_000)  # ng a day, of 500 µg/mL
    assert (plain.program.name, plain.file) == ("Continuous, 1 mL/day", "")


def test_a_program_may_be_left_stopped_and_confirmed() -> None:
    made = body("do: program\nflow: 1 mL/day\nstopped: yes\nconfirm: A test with water")
    assert (made.stopped, made.confirm) == (True, "A test with water")


WHOLE = """\
# A comment.
qa: 1
name: Occlusion and release
about: A blocked line raises the alarm.
tags: [occlusion, standard]
duration: 3 h
interval: 500 ms
needs:
  device: 0123456789ABCDEF
  firmware: 0.3.0
  capabilities: [balance, clock-backup]
  virtual: yes
  rig: bench
  laboratory-balance: no
  settings: {occlusion-pressure: 60 kPa to 80 kPa, rollers: 6}
on-fail: go on
steps:
  - do: start
    as: begun
    title: It begins
    on-fail: stop
    refused: alarm-active
cleanup:
  - do: clear-alarms
  - do: stop
"""


def test_what_stands_before_the_steps_is_read() -> None:
    (script,) = script_file.loads(WHOLE, Path("b.qa.yaml"))
    assert (script.name, script.about, script.case) == ("Occlusion and release", "A blocked line raises the alarm.", "")
    assert script.tags == ("occlusion", "standard")
    assert (script.duration_ms, script.interval_ms, script.on_fail) == (180 * MIN, 500, "go on")
    settings = (("occlusion_pa", 60_000, 80_000), ("rollers", 6, 6))
    assert script.needs == Needs(
        "0123456789abcdef", "0.3.0", ("balance", "clock_backup"), True, "bench", False, settings
    )
    assert script.text == WHOLE
    assert script.title == "Occlusion and release"


def test_a_step_knows_where_it_stands_and_what_is_said_of_it() -> None:
    (script,) = script_file.loads(WHOLE, Path("b.qa.yaml"))
    (step,) = script.steps
    assert (step.number, step.title, step.label, step.file, step.line) == ("1", "It begins", "begun", "b.qa.yaml", 18)
    assert (step.on_fail, step.refused) == ("stop", "alarm_active")
    assert [(one.number, one.body) for one in script.cleanup] == [("c1", deeds.ClearAlarms()), ("c2", deeds.Stop())]


def test_a_script_without_a_cleanup_stops_the_pump() -> None:
    assert [step.body for step in loaded("").cleanup] == [deeds.Stop()]


def test_a_step_without_a_title_says_what_it_does() -> None:
    assert (
        loaded("  - do: bolus\n    volume: 25 uL\n    duration: 2 min\n").steps[-1].title == "Bolus of 25 µL over 2 min"
    )
