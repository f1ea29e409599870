"""Changes against what the pump holds: concentration, dose, an abrupt end; and the pace of titration and taper."""

from dataclasses import replace
from typing import Any

import pytest

from rig.therapy import limits, modes
from rig.therapy.check import check
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context, Finding
from rig.therapy.modes import Bolus, Bridge, Mode, SimpleContinuous
from rig.therapy.program import Program
from tests.rig.therapy.bench import DAY_MS, HOUR_MS, program

BENCH, SPINAL, CEREBRAL = (limits.standard(name) for name in ("bench", "spinal", "cerebral"))
BOLUS = Bolus(50_000, 600_000, "stop")


def holding(mode: Mode | None = None, ug_ml: int = 500) -> Context:
    """A pump that holds ``mode``, 100 ug/day without one, and ``ug_ml`` in its path and on its label."""
    held = compile_program(program(mode, ug_ml), 0, 0)
    settings = {"concentration_ng_ml": ug_ml * 1000, "reservoir_nl": 20_000_000}
    return Context(settings=settings, held=held, held_concentration_ng_ml=ug_ml * 1000)


EMPTY = replace(holding(), held=None, held_concentration_ng_ml=None)


def found(
    made: Program, context: Context | None = None, severity: str = "soft", limit_set: limits.LimitSet = BENCH
) -> list[Finding]:
    return [finding for finding in check(made, limit_set, context) if finding.severity == severity]


def edits(finding: Finding) -> dict[str, Any]:
    assert finding.fix is not None
    return dict(finding.fix.edits)


# Concentration


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (500, 2000, "It gives 50 µg/day instead of 200 µg/day for 4.31 days."),
        (2000, 500, "It gives 800 µg/day instead of 200 µg/day for 25.9 h, a 4-fold overdose."),
    ],
)
def test_an_unbridged_change_tells_the_wrong_dose_and_for_how_long(old: int, new: int, says: str) -> None:
    held = holding(SimpleContinuous(200_000), old)
    (finding,) = found(program(SimpleContinuous(200_000), new), held)
    assert finding.field == "concentration"
    assert says in finding.what
    assert finding.fix is not None
    assert finding.fix.title == "Bridge it"
    assert edits(finding) == {
        "flow": None,
        "bolus": None,
        "on-demand": None,
        "mode": "bridge",
        "old-concentration": f"{old} ug/mL",
        "old-dose": "200 ug/day",
        "dose": "200 ug/day",
    }


def test_a_bridge_needs_no_reason_once_the_new_drug_is_in() -> None:
    bridge = program(Bridge(500_000, 200_000, 200_000), 2000)
    held = holding(SimpleContinuous(200_000), 500)
    refilled = replace(held, settings=held.settings | {"concentration_ng_ml": 2_000_000})
    assert found(bridge, refilled) == []
    told_by_label = replace(refilled, held_concentration_ng_ml=2_000_000)
    assert found(bridge, told_by_label) == []


def test_a_bridge_from_something_else_than_the_pump_holds_is_told() -> None:
    bridge = program(Bridge(1_000_000, 200_000, 200_000), 2000)
    held = holding(SimpleContinuous(200_000), 500)
    refilled = replace(held, settings=held.settings | {"concentration_ng_ml": 2_000_000})
    wrong = [finding for finding in found(bridge, refilled) if finding.field == "old-concentration"]
    assert [edits(finding) for finding in wrong] == [{"old-concentration": "500 ug/mL"}]
    assert "0.5 times the old dose" in wrong[0].what
    other_dose = program(Bridge(500_000, 150_000, 200_000), 2000)
    (finding,) = [finding for finding in found(other_dose, refilled) if finding.field == "old-dose"]
    assert finding.what == "The bridge goes on with 150 µg/day; the pump gives 200 µg/day now."
    assert edits(finding) == {"old-dose": "200 ug/day"}


def test_a_bridge_between_the_same_is_noted() -> None:
    assert any("nothing to bridge" in one.what for one in found(program(Bridge(500_000, 1, 1)), None, "note"))


def test_another_label_asks_for_a_reason_and_0_is_no_label() -> None:
    made = program()
    assert found(made, EMPTY) == []
    labelled = replace(EMPTY, settings={"concentration_ng_ml": 2_000_000})
    (finding,) = found(made, labelled)
    assert "is labelled 2000 µg/mL: 4 times the dose" in finding.what
    assert edits(finding) == {"concentration": "2000 ug/mL"}
    assert found(made, replace(EMPTY, settings={"concentration_ng_ml": 0})) == []
    water = replace(made, drug="water")
    assert found(water, labelled) == []
    assert len(found(water, labelled, "note")) == 1


# Rises and falls


@pytest.mark.parametrize(
    ("ug", "limit_set", "soft"), [(130, SPINAL, 0), (131, SPINAL, 1), (115, CEREBRAL, 0), (116, CEREBRAL, 1)]
)
def test_a_new_dose_may_rise_as_much_as_the_profile_allows(ug: int, limit_set: limits.LimitSet, soft: int) -> None:
    findings = found(program(SimpleContinuous(ug * 1000)), holding(), "soft", limit_set)
    assert [finding.field for finding in findings] == ["dose"] * soft
    for finding in findings:
        assert f"by {ug - 100} %, from 100 µg/day to {ug} µg/day" in finding.what
        assert edits(finding)["mode"] == "titration"
        assert (edits(finding)["dose"], edits(finding)["target"]) == ("100 ug/day", f"{ug} ug/day")


@pytest.mark.parametrize(("ug", "soft"), [(50, 0), (49, 1)])
def test_a_fall_below_half_is_abrupt(ug: int, soft: int) -> None:
    findings = found(program(SimpleContinuous(ug * 1000)), holding())
    assert [finding.field for finding in findings] == ["dose"] * soft
    for finding in findings:
        assert "falls at once from 100 µg/day to 49 µg/day. An abrupt fall can cause withdrawal." in finding.what
        assert edits(finding)["mode"] == "taper"
        assert edits(finding)["step"] == "25 ug/day"


def test_steps_that_overlap_are_no_fall_to_nothing() -> None:
    steps = tuple(modes.Step(hour * HOUR_MS, (hour + 3) * HOUR_MS, dose_ng_day=120_000) for hour in (6, 8))
    findings = check(program(modes.FlexDay(100_000, steps)), BENCH, holding())
    assert findings
    assert not any("falls" in finding.what for finding in findings)


@pytest.mark.parametrize(
    ("mode", "field"),
    [
        (modes.Stopped("study", 3_600_000), "mode"),
        (modes.SingleBolus(BOLUS), "bolus.after"),
        (SimpleContinuous(100_000, BOLUS), "bolus.after"),
    ],
)
def test_an_abrupt_stop_warns_of_withdrawal(mode: Mode, field: str) -> None:
    for context in (None, holding()):
        (finding,) = found(program(mode), context)
        assert finding.field == field
        assert "An abrupt fall can cause withdrawal." in finding.what
    assert finding.fix is not None
    assert "ends 100 µg/day at once" in finding.what
    assert found(program(mode), EMPTY) == []  # nothing is infused


def test_a_stop_can_be_tapered_at_one_click() -> None:
    (finding,) = found(program(modes.Stopped("study", 3_600_000)), holding())
    assert finding.fix is not None
    assert finding.fix.title == "Taper it"
    assert edits(finding) == {
        "reason": None,
        "reminder": None,
        "mode": "taper",
        "dose": "100 ug/day",
        "target": "0 ug/day",
        "step": "25 ug/day",
    }


@pytest.mark.parametrize("mode", [modes.Prime(("pump",), 2 * 10**9), modes.Screening(1_200_000), modes.MinimumRate()])
def test_what_ends_an_infusion_by_the_way_is_told_only_where_there_is_one(mode: Mode) -> None:
    def told(context: Context | None) -> bool:
        return any("withdrawal" in finding.what for finding in found(program(mode), context))

    assert told(holding())
    assert not told(None)
    assert not told(EMPTY)


# Titration and taper


@pytest.mark.parametrize(
    ("limit_set", "bp", "severity"),
    [
        (SPINAL, 999, "note"),
        (SPINAL, 1000, None),
        (SPINAL, 3000, None),
        (SPINAL, 3001, "soft"),
        (CEREBRAL, 499, "note"),
        (CEREBRAL, 500, None),
        (CEREBRAL, 1500, None),
        (CEREBRAL, 1501, "soft"),
        (SPINAL, 10_000, "soft"),
        (SPINAL, 10_001, "hard"),
    ],
)
def test_titration_keeps_to_the_profile(limit_set: limits.LimitSet, bp: int, severity: str | None) -> None:
    made = program(modes.Titration(100_000, 300_000, bp))
    told = [finding for finding in check(made, limit_set) if finding.field in ("step", "every")]
    assert [finding.severity for finding in told] == ([severity] if severity else [])


def test_steps_that_come_sooner_than_a_day_count_together() -> None:
    assert found(program(modes.Titration(100_000, 300_000, 1400, 12 * HOUR_MS)), None, "soft", SPINAL) == []  # 29.96 %
    (finding,) = found(program(modes.Titration(100_000, 300_000, 1500, 12 * HOUR_MS)), None, "soft", SPINAL)
    assert finding.field == "every"
    assert "rises by 32.25 % in 24 h; the soft limit of Spinal is 30 %." in finding.what
    assert edits(finding) == {"every": "24 h"}


def test_a_step_that_reaches_its_target_is_no_larger_than_that() -> None:
    assert found(program(modes.Titration(100_000, 125_000, 9000)), None, "soft", SPINAL) == []


@pytest.mark.parametrize(
    ("step_ug", "every_h", "soft"), [(150, 24, 0), (151, 24, 1), (75, 12, 0), (76, 12, 1), (300, 24, 1)]
)
def test_a_taper_falls_by_half_a_day_at_most(step_ug: int, every_h: int, soft: int) -> None:
    made = program(modes.Taper(300_000, 0, step_ug * 1000, every_h * HOUR_MS))
    told = [finding for finding in found(made) if "withdrawal" in finding.what]
    assert [finding.field for finding in told] == ["step"] * soft
    for finding in told:
        assert edits(finding) == {"step": "75 ug/day", "every": "24 h"}


def test_a_taper_of_another_dose_than_the_pump_gives_is_noted() -> None:
    made = program(modes.Taper(120_000, 50_000, 20_000, DAY_MS))
    told = [finding for finding in found(made, holding(), "note") if finding.field == "dose"]
    assert [edits(finding) for finding in told] == [{"dose": "100 ug/day"}]
    same = program(modes.Taper(100_000, 50_000, 20_000, DAY_MS))
    assert not [finding for finding in found(same, holding(), "note") if finding.field == "dose"]


def test_a_step_that_leads_nowhere_is_refused() -> None:
    (finding,) = found(program(modes.Taper(300_000, 0, 0, DAY_MS)), None, "hard")
    assert (finding.field, finding.what) == ("step", "A step of this kind doesn't lead down to the target.")


# A bridge's own change, and steps


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            200,
            900,
            "The dose rises at once by 350 %, from 200 µg/day to 900 µg/day; 30 % in 24 h is the most of Bench.",
        ),
        (900, 100, "The dose falls at once from 900 µg/day to 100 µg/day. An abrupt fall can cause withdrawal."),
        (200, 260, ""),
    ],
)
def test_a_bridge_changes_the_dose_no_faster_than_anything_else(old: int, new: int, says: str) -> None:
    findings = found(program(modes.Bridge(500_000, old * 1000, new * 1000), 2000))
    assert [finding.what for finding in findings if finding.field == "dose"] == ([says] if says else [])


@pytest.mark.parametrize(
    ("mode", "severity"),
    [
        (modes.InfusionTrial(100_000, 50_000_000, DAY_MS // 2, 900_000), "hard"),
        (modes.Taper(300_000, 100_000, 50_000_000), "soft"),
    ],
)
def test_milligrams_in_a_step_are_named(mode: Mode, severity: str) -> None:
    what = [finding.what for finding in found(program(mode), severity=severity) if finding.field == "step"]
    assert "The step, 50000 µg/day" in what[0]
    assert "unit mistake by the factor of 1000 (mg for µg): a thousandth of it, 50 µg/day, is usual." in what[0]


def test_a_titration_far_too_fast_cannot_be_confirmed() -> None:
    (finding,) = found(program(modes.Titration(100_000, 300_000, 2000, 1)), severity="hard")
    assert "the hard limit of Bench is 100 %." in finding.what
    assert "confirm" not in finding.remedy


def test_a_titration_to_its_own_dose_is_told() -> None:
    (finding,) = found(program(modes.Titration(100_000, 100_000, 2000)), severity="note")
    assert finding.what == "The target is the dose already: nothing changes."


def test_the_hard_limit_is_named_though_a_unit_mistake_explains_it() -> None:
    (finding,) = found(program(SimpleContinuous(500)), severity="hard")
    assert finding.what.startswith("The flow of the dose, 0.001 mL/day, is below the hard limit of 0.006 mL/day. It is")
    assert "(µg for mg): a thousand times it, 500 µg/day, is usual." in finding.what
    assert "confirm" not in finding.remedy
    (finding,) = found(program(SimpleContinuous(12_000_001)), severity="hard")
    assert finding.what.startswith("The flow of the dose, 24.000002 mL/day, is above the hard limit of 24 mL/day.")


def test_a_value_that_rounds_to_its_limit_is_told_exactly() -> None:
    (finding,) = found(program(SimpleContinuous(1_000_001)))
    assert finding.what == "The dose, 1000.001 µg/day, is above the soft limit of 1000 µg/day."
