"""A screening's course in its file: given, judged, and the next step only then."""

from pathlib import Path

import pytest

from firmware_link.errors import UsageError
from rig import cli
from rig.programs import screened
from rig.therapy import program_file, units
from rig.therapy.compile import compile_program

NEW = """\
pump-program: 2
name: Screening
mode: screening
drug: baclofen
concentration: 50 ug/mL     # 50 µg in 1 mL
duration: 10 min            # of each
"""
GIVEN_S = units.parse("2026-11-19T09:00Z", units.MOMENT)
HOUR_S = 3600


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "screening.yaml"
    path.write_text(NEW, encoding="utf-8")
    return path


def compiled(file: Path, now_s: int) -> tuple[int, int]:
    return compile_program(program_file.load(file), now_s, 0).prelude[0]


def test_the_next_bolus_is_refused_until_the_last_has_its_verdict(file: Path) -> None:
    assert compiled(file, GIVEN_S) == (10**9, 600_000)
    screened.note_given(file, GIVEN_S)
    with pytest.raises(UsageError, match="no verdict on the 50 µg"):
        compiled(file, GIVEN_S + 30 * HOUR_S)
    with pytest.raises(UsageError, match="no verdict"):
        screened.note_given(file, GIVEN_S + 30 * HOUR_S)
    screened.verdict_from_words(file, "no response", "", False, GIVEN_S + 5 * HOUR_S)
    with pytest.raises(UsageError, match="less than 24 h ago"):
        compiled(file, GIVEN_S + 24 * HOUR_S - 1)
    assert compiled(file, GIVEN_S + 24 * HOUR_S) == (1_500_000_000, 600_000)
    text = file.read_text(encoding="utf-8")
    assert "# 50 µg in 1 mL" in text
    assert "# of each" in text


def test_a_response_ends_the_screening_with_a_start_dose(file: Path) -> None:
    screened.note_given(file, GIVEN_S)
    said = screened.verdict_from_words(file, "response", "6 h", False, GIVEN_S + 7 * HOUR_S)
    assert said == "Response to 50 µg, for 6 h: implant, start with 100 µg/day."
    with pytest.raises(UsageError, match="The screening is over"):
        compiled(file, GIVEN_S + 30 * HOUR_S)


@pytest.mark.parametrize(
    ("seen", "effect", "hours", "message"),
    [
        ("maybe", "", 5, "no verdict"),
        ("response", "", 5, "how long it lasted"),
        ("no response", "3 h", 5, "Nothing was seen to last"),
        ("no response", "", 3.9, "3 h 54 min only"),
        ("response", "6 h", 5, "longer than the time since"),
    ],
)
def test_a_verdict_that_makes_no_sense_leaves_the_file_as_it_was(
    file: Path, seen: str, effect: str, hours: float, message: str
) -> None:
    screened.note_given(file, GIVEN_S)
    before = file.read_bytes()
    with pytest.raises(UsageError, match=message):
        screened.verdict_from_words(file, seen, effect, False, GIVEN_S + round(hours * HOUR_S))
    assert file.read_bytes() == before


def test_an_early_verdict_is_taken_when_it_is_meant(file: Path) -> None:
    screened.note_given(file, GIVEN_S)
    assert "Open" in screened.verdict_from_words(file, "no response", "", True, GIVEN_S + HOUR_S)


def test_another_program_has_no_verdicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rate.yaml"
    file.write_text(
        "pump-program: 2\nname: x\nmode: minimum rate\ndrug: water\nconcentration: 50 ug/mL\n", encoding="utf-8"
    )
    monkeypatch.setattr("sys.argv", ["pump-programmer", "verdict", str(file), "no response"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 4
    assert "is no screening" in capsys.readouterr().err
