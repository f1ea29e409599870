import shutil
from pathlib import Path

import pytest

from rig import yamlfile
from rig.physics.tubing import stroke_nl
from rig.resources import resource
from rig.therapy import profiles

STANDARD = profiles.standard()


def test_what_is_shipped_has_the_numbers_of_the_domain() -> None:
    for key, reservoir_ml, watch_ml in (("bench-20ml", 20, 1), ("bench-40ml", 40, 2)):
        pump = STANDARD.pumps[key]
        assert (pump.key, pump.reservoir_nl, pump.refill_watch_nl) == (key, reservoir_ml * 10**6, watch_ml * 10**6)
        assert (pump.low_reservoir_nl, pump.path_nl, pump.refill_cap_days) == (2_000_000, 200_000, 180)
        assert (pump.flow_low_pl_day, pump.flow_high_pl_day) == (48_000_000, 24_000_000_000)
        assert (pump.minimum_pl_day, pump.accuracy_permille, pump.tube_compressions) == (6_000_000, 145, 200_000)
    assert set(STANDARD.limits) == {"bench", "spinal", "cerebral"}
    assert {"water", "baclofen", "morphine", "ziconotide"} <= set(STANDARD.drugs)


def test_a_compression_of_the_profile_is_that_of_the_simulated_head() -> None:
    for pump in STANDARD.pumps.values():
        assert pump.stroke_pl == round(stroke_nl(0.51) * 1000 / 6)


@pytest.mark.parametrize(("flow_ml_day", "years"), [(0.5, 6.5), (1.0, 5.65), (1.5, 5.0), (4.0, 3.2)])
def test_the_battery_lasts_as_long_as_the_domain_says(flow_ml_day: float, years: float) -> None:
    pump = STANDARD.pumps["bench-20ml"]
    life = pump.battery_life_numerator_milliyears / (pump.battery_life_offset_ul_day + flow_ml_day * 1000)
    assert life == pytest.approx(years, abs=0.05)
    assert pump.battery_cap_days == 7 * 1461 // 4


def test_a_calibrated_head_is_more_accurate() -> None:
    assert STANDARD.pumps["bench-20ml-calibrated"].accuracy_permille == 50


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("reservoir: 20 mL", "reservoir: 0 mL", "reservoir", "zero"),
        ("reservoir: 20 mL", "reservoir: 20", "reservoir", "without a unit"),
        ("reservoir: 20 mL", "reservoir: 20 cm", "reservoir", "not a unit"),
        ("rollers: 6", "rollers: six", "rollers", "whole number"),
        ("tube-life: 200000", "tube-life: 0", "tube-life", "out of range"),
        ("pump-profile: 1", "pump-profile: 2", "pump-profile", "out of range"),
        ("numerator: 21875", "nominator: 21875", "battery.nominator", '"numerator" meant'),
        ("accuracy: 14.5 %", "accuracy: 101 %", "accuracy", "100 %"),
        ("low-reservoir: 2 mL", "low-reservoir: 20 mL", "low-reservoir", "less than the reservoir"),
        ("slowest: 0.048 mL/day", "slowest: 25 mL/day", "slowest", "below the fastest"),
    ],
)
def test_a_wrong_profile_names_its_field_and_line(tmp_path: Path, old: str, new: str, field: str, says: str) -> None:
    text = resource("pumps/bench-20ml.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(yamlfile.FileFault) as caught:
        profiles.load_pump(path)
    assert caught.value.field == field
    assert says in caught.value.sentence()
    assert new.split(":")[0] in text.replace(old, new).splitlines()[caught.value.line - 1]


def test_a_pump_that_is_put_beside_the_others_can_be_chosen(tmp_path: Path) -> None:
    shutil.copytree(resource(), tmp_path / "resources")
    (tmp_path / "resources/pumps/mine.yaml").write_text(
        resource("pumps/bench-20ml.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert set(profiles.load(tmp_path / "resources").pumps) == {*STANDARD.pumps, "mine"}


def test_a_wrong_catheter_or_drug_names_its_field(tmp_path: Path) -> None:
    path = tmp_path / "drugs.yaml"
    path.write_text("water: 5\n", encoding="utf-8")
    with pytest.raises(yamlfile.FileFault, match="drugs"):
        profiles.load(tmp_path)
    path.write_text("catheter-profile: 1\nname: A\nlength: 110 cm\nbore: 0.0026 mL\n", encoding="utf-8")
    with pytest.raises(yamlfile.FileFault, match="bore"):
        profiles.load_catheter(path)
