from pathlib import Path

import pytest

from rig import yamlfile
from rig.resources import resource
from rig.therapy import limits

BENCH = resource("limits/bench.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ["bench", "spinal", "cerebral"])
def test_each_shipped_set_bounds_every_quantity(key: str) -> None:
    made = limits.standard(key)
    assert set(made.ranges) == {quantity.field for quantity in limits.QUANTITIES}
    for allowed in made.ranges.values():
        assert allowed.severity(allowed.soft_low) is None
        assert allowed.severity(allowed.soft_high) is None
        assert allowed.severity(allowed.hard_high + 1) == "hard"
        assert allowed.severity(allowed.hard_low - 1) == "hard"


@pytest.mark.parametrize(("key", "low_bp", "high_bp"), [("spinal", 1000, 3000), ("cerebral", 500, 1500)])
def test_a_titration_step_is_that_of_the_profile(key: str, low_bp: int, high_bp: int) -> None:
    """10 to 30 % a day, and 5 to 15 % (domain.md, section 2)."""
    step = limits.standard(key).ranges["titration-step"]
    assert (step.soft_low, step.soft_high) == (low_bp, high_bp)
    assert limits.standard(key).titration_step_bp == high_bp


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("[10 ug/day, 1000 ug/day]", "[10 ug/day, 100000 ug/day]", "dose", "within the hard one"),
        ("[10 ug/day, 1000 ug/day]", "[1000 ug/day, 10 ug/day]", "dose", "low before high"),
        ("[10 ug/day, 1000 ug/day]", "[10 ug, 1000 ug/day]", "dose.soft[0]", "not a unit"),
        ("[10 ug/day, 1000 ug/day]", "[10, 1000]", "dose.soft[0]", "a number and its unit"),
        ("[1 times, 12 times]", "[1 times, some times]", "demand-per-day.soft[1]", "4 times"),
        ("limit-set: 2", "limit-set: 9", "limit-set", "schema 9"),
        ("limit-set: 2", "limit-set: 1", "limit-set", "schema 1"),
        ("name: Bench", "name: ''", "name", "empty"),
        ("name: Bench", "nom: Bench", "nom", "known fields"),
        ("soft: [50 ug/mL, 2000 ug/mL]", "soft: [50 ug/mL]", "concentration.soft", "at least 2"),
    ],
)
def test_a_wrong_limit_file_names_its_field_and_line(tmp_path: Path, old: str, new: str, field: str, says: str) -> None:
    assert old in BENCH
    text = BENCH.replace(old, new)
    path = tmp_path / "limits.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(yamlfile.FileFault) as caught:
        limits.load(path)
    assert says in caught.value.sentence().lower()
    assert caught.value.field == field
    line = text.splitlines()[caught.value.line - 1]
    assert line.startswith(field.split(".")[0]) or new in line
