"""A screening at the window, with a virtual pump: what was given is noted by itself, and kept in its file."""

from pathlib import Path

import pytest

from programmer_gui import templates
from programmer_gui.screenings import ABOUT, AGAIN, UNFILED, UNSURE
from rig.programs.receipt import Confirmed, Order
from rig.programs.update import PROVE, STOPPED
from rig.therapy import program_file

FILE = """\
# The notebook is on the shelf.
pump-program: 2
name: Screening
mode: screening
drug: baclofen
concentration: 50 ug/mL     # 50 µg in 1 mL
duration: 10 min
"""


class Screen:
    """A desk with a screening on it, from a file."""

    def __init__(self, desk, folder: Path) -> None:
        self.desk, self.parts, self.models = desk, desk.parts, desk.parts.models
        self.file = folder / "screening.yaml"
        self.file.write_text(FILE, encoding="utf-8")
        self.parts.filing.open(self.file)
        self.card = self.parts.window.program.editor.screening

    def write(self, **order: str) -> bool:
        """Writes the program being edited; every soft limit is confirmed."""
        soft = [one for one in self.models.program.evaluated.findings if one.severity == "soft"]
        confirmed = tuple(Confirmed(one.field, one.what, "on the bench") for one in soft)
        return self.parts.controls.write(Order(confirmed=confirmed, **order))

    def written(self, **order: str) -> None:
        """Writes it and waits for the proof."""
        ended = []
        self.parts.bridge.procedure_ended.connect(ended.append)
        assert self.write(**order)
        self.desk.until(lambda: any(one.name == "Write the program" for one in ended))
        assert all(one.error is None for one in ended), ended

    def let_a_day_pass(self) -> None:
        """The pump's calendar stays; what was given moves back."""
        self.models.program.edit("given[0].at", "2026-01-04T07:00Z")

    @property
    def given(self) -> list[dict[str, str]]:
        return list(self.models.program.document.get("given", []))

    @property
    def filed(self) -> list[dict[str, str]]:
        """What the file says was given."""
        return list(program_file.load_document(self.file)[0].get("given", []))

    @property
    def banners(self) -> dict[str, str]:
        return {one.key: one.what for one in self.parts.window.banners.problems}


@pytest.fixture
def screen(desk, tmp_path) -> Screen:
    made = Screen(desk, tmp_path)
    desk.connect()
    return made


def test_what_the_pump_gives_is_noted_and_filed_at_once_and_the_next_waits(screen):
    screen.written()
    [given] = screen.given
    assert given["dose"] == "50 ug"
    assert given["at"].startswith("2026-01-05T08:0")  # the pump's own calendar
    assert "verdict" not in given
    assert screen.filed == [given]
    text = screen.file.read_text(encoding="utf-8")
    assert "# The notebook is on the shelf." in text
    assert "# 50 µg in 1 mL" in text
    assert ABOUT not in screen.banners
    assert not screen.models.program.undo_stack.canUndo()  # a fact, no edit
    assert not screen.write()
    assert "There is no verdict on the 50 µg yet." in screen.card.next.text()


def test_a_verdict_goes_into_the_file_and_the_recording_and_so_does_taking_it_back(screen):
    screen.written()
    screen.let_a_day_pass()
    screen.models.program.edit("name", "Screening of a Monday")
    entry = screen.card.entry
    entry.none.setChecked(True)
    entry.enter.click()
    assert screen.filed[0]["verdict"] == "no response"
    screen.desk.until(lambda: "host_note" in screen.desk.kinds())
    note = next(one for one in screen.models.log.entries if one.kind == "host_note")
    assert "50 µg given at 4 Jan 2026, 07:00 UTC: no response." in note.details
    screen.models.program.undo_stack.undo()
    assert "verdict" not in screen.filed[0]
    screen.models.program.undo_stack.redo()
    screen.written()
    assert [one["dose"] for one in screen.filed] == ["50 ug", "75 ug"]


def test_without_a_file_the_operator_is_asked_for_one(screen, tmp_path):
    program = screen.models.program
    program.load(program.document)
    screen.written()
    assert len(screen.given) == 1
    assert screen.banners[ABOUT] == "The course of this screening is in no file yet."
    assert not program.undo_stack.isClean()
    screen.file = tmp_path / "kept.yaml"
    screen.parts.filing.save(screen.file)
    assert ABOUT not in screen.banners
    assert screen.filed == screen.given


def test_an_example_is_no_file_of_ones_own(screen):
    from rig.resources import resource

    path = resource("programs/screening.yaml")
    before = path.read_bytes()
    screen.parts.filing.open(path)
    assert ABOUT not in screen.banners
    screen.models.program.edit("given[0].at", "2026-01-04T07:00Z")
    assert ABOUT in screen.banners
    screen.written()
    assert [one["dose"] for one in screen.given] == ["50 ug", "75 ug"]
    assert path.read_bytes() == before


def test_a_file_that_can_not_take_it_is_asked_for_again(screen):
    screen.file.unlink()
    screen.file.mkdir()
    screen.written()
    assert len(screen.given) == 1
    assert ABOUT in screen.banners


def test_another_program_opened_meanwhile_does_not_lose_it(screen, tmp_path):
    assert screen.write()
    screen.desk.until(lambda: screen.models.update.active)
    program = screen.models.program
    program.load(
        {"pump-program": 2, "name": "Else", "mode": "minimum rate", "drug": "water", "concentration": "1 mg/mL"}
    )
    screen.desk.until(lambda: screen.filed)
    assert [one["dose"] for one in screen.filed] == ["50 ug"]
    assert "given" not in program.document


def test_one_without_a_file_is_told_of_then(screen):
    program = screen.models.program
    program.load(program.document)
    assert screen.write()
    screen.desk.until(lambda: screen.models.update.active)
    program.load(
        {"pump-program": 2, "name": "Else", "mode": "minimum rate", "drug": "water", "concentration": "1 mg/mL"}
    )
    screen.desk.until(lambda: UNFILED in screen.banners)
    assert "“Screening” was begun at 5 Jan 2026, 08:0" in screen.banners[UNFILED]


def test_left_stopped_it_is_given_by_the_start_and_only_once(screen):
    screen.written(ensure=STOPPED, stopped_because="until noon")
    assert screen.given == []
    screen.desk.until(lambda: screen.models.program.held is not None)
    screen.parts.controls.start()
    screen.desk.until(lambda: screen.filed)
    assert [one["dose"] for one in screen.given] == ["50 ug"]
    screen.parts.controls.stop()
    screen.desk.until(lambda: screen.models.pump.state == "stopped")
    screen.parts.controls.start()
    assert "to start the pump gives it again" in screen.banners[AGAIN]
    assert screen.models.pump.state == "stopped"
    screen.parts.window.banners.acted.emit(AGAIN)
    screen.desk.until(lambda: screen.models.pump.state == "running")
    assert len(screen.given) == 1


def test_other_programs_start_as_they_did(screen):
    screen.parts.models.program.load(
        {"pump-program": 2, "name": "Else", "mode": "minimum rate", "drug": "water", "concentration": "1 mg/mL"}
    )
    screen.written()
    screen.parts.controls.stop()
    screen.desk.until(lambda: screen.models.pump.state == "stopped")
    screen.parts.controls.start()
    screen.desk.until(lambda: screen.models.pump.running)
    assert AGAIN not in screen.banners


def test_a_bolus_that_was_stopped_before_it_was_proven_is_asked_about(screen):
    assert screen.write()
    screen.desk.until(lambda: screen.models.update.update and screen.models.update.update.stage == PROVE, 0.001)
    screen.parts.controls.stop()
    screen.desk.until(lambda: UNSURE in screen.banners)
    assert screen.given == []
    screen.parts.window.banners.acted.emit(UNSURE)
    assert [one["dose"] for one in screen.filed] == ["50 ug"]
    assert UNSURE not in screen.banners


def test_asking_twice_gives_it_once(screen):
    ended = []
    screen.parts.bridge.procedure_ended.connect(ended.append)
    assert screen.write()
    assert not screen.write()
    screen.desk.until(lambda: screen.given)
    [only] = [one for one in ended if one.name == "Write the program"]
    assert only.error is None
    assert [one["dose"] for one in screen.filed] == ["50 ug"]


def test_a_template_has_the_course_of_nobody(screen, tmp_path):
    [template] = [one for one in templates.listed(tmp_path) if one.path.name == "screening.yaml" and not one.own]
    screen.parts.filing.begin_with(template)
    assert screen.given == []
    assert ABOUT not in screen.banners
    assert screen.card.rows.text.startswith("▶ 50 µg in 1 mL: May be given now")
