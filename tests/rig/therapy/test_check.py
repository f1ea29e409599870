from dataclasses import replace
from pathlib import Path

import pytest

from rig import yamlfile
from rig.therapy import limits, units
from rig.therapy.check import check
from rig.therapy.program import Bolus, Program

BENCH = limits.load(Path(__file__).parents[3] / "resources" / "limits" / "bench.yaml")
USUAL = Program("usual", "baclofen", 500_000, 100_000)


def severities(program: Program, field: str) -> set[str]:
    return {finding.severity for finding in check(program, BENCH) if finding.field == field} - {"note"}


def test_a_usual_program_has_no_finding() -> None:
    assert check(USUAL, BENCH) == []


@pytest.mark.parametrize("field", ["dose", "concentration", "flow"])
def test_each_base_limit_holds_on_both_sides(field: str) -> None:
    allowed = BENCH.ranges[field]

    def with_value(value: int) -> Program:
        if field == "dose":
            return replace(USUAL, dose_ng_day=value)
        if field == "concentration":
            return replace(USUAL, concentration_ng_ml=value)
        # At 1 mg/mL a nanogram is a nanolitre: 1000 pl.
        return replace(USUAL, concentration_ng_ml=1_000_000, dose_ng_day=value // 1000)

    step = 1 if field != "flow" else 1000
    assert not severities(with_value(allowed.soft_low), field)
    assert not severities(with_value(allowed.soft_high), field)
    assert severities(with_value(allowed.hard_low - step), field) == {"hard"}
    assert "hard" in severities(with_value(allowed.hard_high + step), field)
    if allowed.soft_low > allowed.hard_low:
        assert severities(with_value(allowed.soft_low - step), field) == {"soft"}
    if allowed.soft_high < allowed.hard_high:
        assert severities(with_value(allowed.soft_high + step), field) == {"soft"}


@pytest.mark.parametrize(
    ("dose_ng", "severity"), [(100_000, set()), (100_001, {"soft"}), (1_000_000, {"soft"}), (1_000_001, {"hard"})]
)
def test_the_bolus_dose_is_limited(dose_ng: int, severity: set[str]) -> None:
    assert severities(replace(USUAL, bolus=Bolus(dose_ng, 3_600_000)), "bolus.dose") == severity


def test_a_bolus_that_is_too_fast_is_a_finding_about_its_duration() -> None:
    assert severities(replace(USUAL, bolus=Bolus(50_000, 1000)), "bolus.duration") == {"hard"}
    assert severities(replace(USUAL, bolus=Bolus(50_000, 600_000)), "bolus.duration") == set()


def test_milligrams_for_micrograms_are_named_as_such() -> None:
    findings = check(replace(USUAL, dose_ng_day=100_000_000), BENCH)
    assert findings[0].severity == "hard"
    assert "µg and mg mixed up" in findings[0].what


def test_the_pumps_own_limit_forbids_too() -> None:
    settings = {"maximum_flow_pl_s": 1, "maximum_bolus_flow_pl_s": 1, "concentration_ng_ml": 500_000}
    findings = check(USUAL, BENCH, settings)
    assert [finding.field for finding in findings] == ["flow"]
    assert "0.0000864 mL/day" in findings[0].what


def test_another_label_on_the_reservoir_is_noted() -> None:
    settings = {"maximum_flow_pl_s": 277_778, "maximum_bolus_flow_pl_s": 10**7, "concentration_ng_ml": 2_000_000}
    (finding,) = check(USUAL, BENCH, settings)
    assert finding.severity == "note"
    assert units.concentration_text(2_000_000) in finding.what


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("[10 ug/day, 1000 ug/day]", "[10 ug/day, 100000 ug/day]", 8, "within the hard one"),
        ("[10 ug/day, 1000 ug/day]", "[10 ug, 1000 ug/day]", 8, "not a unit"),
        ("limit-set: 1", "limit-set: 9", 3, "schema 9"),
        ("soft: [50 ug/mL, 2000 ug/mL]", "soft: [50 ug/mL]", 12, "length"),
    ],
)
def test_a_wrong_limit_file_names_its_field(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    text = (Path(__file__).parents[3] / "resources" / "limits" / "bench.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "limits.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(yamlfile.FileFault) as caught:
        limits.load(path)
    assert says in caught.value.sentence()
    assert caught.value.line == line
