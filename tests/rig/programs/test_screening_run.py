"""A screening from the command line, on a virtual pump whose calendar begins on 2026-01-05 at 08:00."""

from pathlib import Path

import pytest

from rig import cli
from rig.programs.checked import checked
from rig.record import Order, parse_duration, record, record_session
from rig.recording.reader import RunReader
from rig.resources import resource
from rig.session import Command
from rig.targets import open_session
from rig.therapy import program_file
from rig.therapy.modes import Screening

TARGET = "sim:?seed=7&speed=max"
FILE = """\
pump-program: 2
name: Screening
mode: screening
drug: baclofen
concentration: 50 ug/mL     # 50 µg in 1 mL
duration: 10 min            # of each
"""
WHY = "a bolus on the bench"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "screening.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def said(file: Path) -> Screening:
    mode = program_file.load(file).mode
    assert isinstance(mode, Screening)
    return mode


def command(*words: str) -> int:
    """The exit code of ``pump-programmer`` with these words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["pump-programmer", *words])
        try:
            cli.main()
        except SystemExit as end:
            return int(end.code or 0)
    return 0


def recording(file: Path, run: Path) -> int:
    words = ["record", "-o", str(run), "--target", TARGET, "-p", str(file), "-d", "15 min", "--confirm", WHY]
    return command(*words)


def test_the_next_bolus_waits_for_the_verdict_on_the_one_before(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recording(file, tmp_path / "1.run.duckdb") == 0
    [first] = said(file).given
    assert (first.dose_ng, first.verdict) == (50_000, "")
    assert "# 50 µg in 1 mL" in file.read_text(encoding="utf-8")
    with RunReader(tmp_path / "1.run.duckdb") as reader:
        assert any("50 µg given at 2026-01-05T08:0" in note.text for note in reader.notes())
        commanded_pl = reader.summary().commanded_nl
    assert commanded_pl is not None
    assert abs(commanded_pl - 1_000_000) < 10  # 50 µg are 1 mL

    assert recording(file, tmp_path / "2.run.duckdb") == 4
    assert "There is no verdict on the 50 µg yet" in capsys.readouterr().err
    assert said(file).given == (first,)
    assert not (tmp_path / "2.run.duckdb").exists()

    assert command("verdict", str(file), "no response") == 0
    assert recording(file, tmp_path / "3.run.duckdb") == 4
    assert "less than 24 h ago" in capsys.readouterr().err

    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2026-01-05T", "2026-01-04T"), encoding="utf-8")  # a day passes
    assert recording(file, tmp_path / "4.run.duckdb") == 0
    assert [given.dose_ng for given in said(file).given] == [50_000, 75_000]


def test_a_file_that_can_not_take_it_is_told_of_and_the_recording_goes_on(file: Path, tmp_path: Path) -> None:
    def spoil(done: int, total: int | None, what: str) -> None:
        if what == "writing the program":
            file.write_text("name: [", encoding="utf-8")

    run = tmp_path / "1.run.duckdb"
    recorded = record(Order(TARGET, run, file, parse_duration("15 min"), WHY), spoil)
    assert recorded.summary.ended == "duration"
    assert recorded.error is not None
    assert "The test bolus was begun" in recorded.error.what
    assert "Write down when it was given" in recorded.error.remedy
    with RunReader(run) as reader:
        assert any("The test bolus was begun" in note.text for note in reader.notes())


def test_a_recording_that_would_cut_the_bolus_off_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["record", "-o", str(tmp_path / "1.run.duckdb"), "--target", TARGET, "-p", str(file), "-d", "2 min"]
    assert command(*words, "--confirm", WHY) == 4
    assert "A recording of 2 min would stop the test bolus, which takes 10 min." in capsys.readouterr().err
    assert said(file).given == ()


def test_a_bolus_that_is_cut_off_says_what_was_given(file: Path, tmp_path: Path) -> None:
    pressed = []

    def interrupt(done: int, total: int | None, what: str) -> None:
        if not pressed and done > 240_000_000 and said(file).given:
            pressed.append(done)
            raise KeyboardInterrupt

    run = tmp_path / "1.run.duckdb"
    recorded = record(Order("sim:?seed=7&speed=1000", run, file, parse_duration("15 min"), WHY), interrupt)
    assert recorded.error is not None
    assert "The test bolus was cut off: " in recorded.error.what
    assert "of 1 mL were given" in recorded.error.what
    with RunReader(run) as reader:
        assert any("The test bolus was cut off" in note.text for note in reader.notes())


def test_an_example_is_not_given_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = resource("programs/screening.yaml")
    before = path.read_bytes()
    assert recording(path, tmp_path / "1.run.duckdb") == 4
    assert "is an example" in capsys.readouterr().err
    assert command("verdict", str(path), "response", "--effect", "6 h") == 4
    assert "is an example" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(("last", "given"), [("stage_chunk", 0), ("start", 1)])
def test_a_recording_cut_off_while_it_writes_notes_what_may_have_begun(
    file: Path, tmp_path: Path, last: str, given: int
) -> None:
    session = open_session(TARGET)
    send = session.command

    def cut_off(command: Command) -> int:
        if command.name == last:
            send(command)
            raise KeyboardInterrupt
        return send(command)

    session.command = cut_off  # type: ignore[method-assign]
    order = Order(TARGET, tmp_path / "1.run.duckdb", file, parse_duration("15 min"), WHY)
    try:
        recorded = record_session(session, checked(file, WHY), order, lambda *_: None)
    finally:
        session.close()
    assert recorded.summary.ended == "interrupted"
    assert len(said(file).given) == given
