"""Rigs as data: what comes with the program, and what is wrong with a file of one's own."""

import re
from pathlib import Path

import pytest
from msgspec.structs import asdict

from firmware_link.errors import UsageError
from rig.resources import resource
from rig.virtual.parameters import RigParameters, load, names
from rig.virtual.plant import Plant
from rig.yamlfile import FileFault

BENCH_TEXT = (resource("rigs") / "bench.yaml").read_text(encoding="utf-8")


def write(folder: Path, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def different(one: RigParameters, other: RigParameters) -> set[str]:
    return {
        f"{section}.{field}"
        for section, part in asdict(one).items()
        if hasattr(part, "__struct_fields__")
        for field, value in asdict(part).items()
        if getattr(getattr(other, section), field) != value
    }


@pytest.mark.parametrize("name", names())
def test_every_rig_that_comes_with_the_program_runs(name: str) -> None:
    rig = Plant(load(name), 1)
    rig.step(1000, 0, 10_000_000)
    rig.advance(10_000_000)
    assert rig.truth().delivered_nl > 0


def test_the_bench_is_the_default_and_read_once() -> None:
    assert load() is load("bench")
    assert load().name == "Bench rig"


def test_the_others_differ_from_it_in_what_they_are_named_for() -> None:
    assert different(load("worn-tube"), load()) == {"tube.worn_compressions"}
    assert {field.split(".")[0] for field in different(load("poor-balance"), load())} == {"balance"}
    assert load("worn-tube").tube.efficiency(load("worn-tube").tube.worn_compressions) == pytest.approx(0.8)


@pytest.mark.parametrize("name", names())
def test_every_number_says_where_it_is_from(name: str) -> None:
    lines = (resource("rigs") / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    numbers = [line for line in lines if re.match(r" +[a-z0-9-]+:( [^{]|$)", line)]
    assert numbers
    for line in numbers:
        assert re.search(r"# (S|U|A|D|D from [SA])(:|$)", line), line


#: domain.md section 5 (and 2, of the tanks): the field, and from what to what
DOMAIN = [
    ("drive.rollers", 6, 6),
    ("tube.inner_diameter_mm", 0.51, 0.51),
    ("tube.run_in_share", 0.01, 0.05),
    ("tube.run_in_compressions", 2e4, 2e5),
    ("tube.fatigue_per_million", 0, 0.05),
    ("tube.warm_c", 22, 22),
    ("tube.cold_share_per_c", 0.003, 0.003),
    ("circuit.compliance_nl_pa", 1, 1),
    ("circuit.back_pressure_per_mmhg", 0.0004, 0.0004),
    ("catheter.path_ul", 200, 200),
    ("catheter.length_cm", 110, 110),
    ("catheter.bore_ul_cm", 2.6, 2.6),
    ("catheter.tanks", 50, 50),
    ("catheter.prime_tanks", 5, 5),
    ("battery.open_circuit_v", 3.62, 3.62),
    ("battery.self_discharge_percent_year", 0, 1),
    ("balance.noise_mg", 0.2, 5),
    ("balance.drift_mg_c", 1.5, 1.5),
    ("balance.digit_mg", 0.1, 10),
    ("balance.evaporation_mg_day", 0, 2400),
]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize(("field", "low", "high"), DOMAIN)
def test_figures_are_those_of_the_domain(name: str, field: str, low: float, high: float) -> None:
    section, figure = field.split(".")
    assert low <= getattr(getattr(load(name), section), figure) <= high


def test_a_file_of_ones_own_is_read_anew_each_time(tmp_path: Path) -> None:
    path = write(tmp_path, BENCH_TEXT.replace("tanks: 50", "tanks: 5"))
    assert load(path).catheter.tanks == 5
    write(tmp_path, BENCH_TEXT.replace("tanks: 50", "tanks: 7"))
    assert load(path).catheter.tanks == 7


def test_a_file_may_say_only_what_is_not_as_in_another(tmp_path: Path) -> None:
    path = write(tmp_path, "rig: 1\nname: Mine\nlike: worn-tube\ncircuit:\n  compliance-nl-pa: 2\n")
    assert different(load(path), load("worn-tube")) == {"circuit.compliance_nl_pa"}
    assert load(path).name == "Mine"


WRONG = [
    ("tanks: 50 ", "tanks: 0 ", "catheter.tanks", "tanks:"),
    ("tanks: 50 ", "tanks: many ", "catheter.tanks", "tanks:"),
    ("tanks: 50 ", "tank: 50 ", "catheter.tank", "tank:"),
    ("share: 0.30", "share: 1.30", "tube.ripple.0.share", "share: 1.30"),
    ("share: 0.30", "share: 0.93", "tube", "tube:"),
    ("per-mmhg: 0.0004 ", "per-mmhg: 0.0021 ", "circuit.back-pressure-per-mmhg", "back-pressure-per-mmhg:"),
    ("mean-c: 22.6 ", "mean-c: .nan ", "room.mean-c", "mean-c:"),
    ("filled-ml: 20 ", "filled-ml: 41 ", "reservoir", "reservoir:"),
    ("compliance-nl-pa: 1 ", "compliance-nl-pa: -1 ", "circuit.compliance-nl-pa", "compliance-nl-pa:"),
    ("name: Bench rig", "name: Mine\nlike: banch", "like", "like:"),
    ("rig: 1", "rig: 2", "rig", "rig:"),
]


@pytest.mark.parametrize(("right", "wrong", "field", "at"), WRONG)
def test_a_wrong_file_is_told_by_line_and_field(right: str, wrong: str, field: str, at: str, tmp_path: Path) -> None:
    text = BENCH_TEXT.replace(right, wrong, 1)
    assert text != BENCH_TEXT
    path = write(tmp_path, text)
    with pytest.raises(FileFault) as caught:
        load(path)
    line = next(number for number, said in enumerate(text.splitlines(), 1) if at in said and said[0] != "#")
    assert str(caught.value).startswith(f"{path}:{line}: {field}: ")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("voltage: {noise-mv: 501}", "expected a number <= 500.0. Give 0 to 500."),
        ("voltage: {noise-mv: .nan}", "expected a number >= 0.0. Give 0 to 500."),
        ("battery: {film-days: 0}", "expected a number > 0.0. Give more than 0, up to 3,650."),
        ("catheter: {tanks: 1.5}", "expected a whole number, got a number. Give 1 to 200."),
        ("catheter: []", "expected keys and values, got a list. "),
        ("catheter:", "expected keys and values, got nothing. "),
    ],
)
def test_what_can_not_be_is_told_in_words_with_the_whole_range(part: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(FileFault) as caught:
        load(write(tmp_path, f"rig: 1\nname: Mine\nlike: bench\n{part}\n"))
    assert said in caught.value.sentence()


def test_what_is_wrong_beside_another_rig_is_told_by_its_own_line(tmp_path: Path) -> None:
    path = write(tmp_path, "rig: 1\nname: Mine\nlike: bench\ncircuit:\n  compliance-nl-pa: 0\n")
    with pytest.raises(FileFault) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:5: circuit.compliance-nl-pa: ")


@pytest.mark.parametrize("text", ["", "- 1", "like: [bench]", "rig: 1\nname: Mine\n"])
def test_no_rig_at_all_is_told_too(text: str, tmp_path: Path) -> None:
    with pytest.raises(FileFault):
        load(write(tmp_path, text))


def test_an_unknown_name_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'^There is no rig "banch"\.$') as caught:
        load("banch")
    assert "bench, poor-balance, worn-tube" in caught.value.remedy
    with pytest.raises(FileFault, match="can't be read"):
        load(str(tmp_path / "none.yaml"))
