"""Somebody at the rig panel of a real window over a virtual rig."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from programmer_gui.views.device_page import RIG
from tests.programmer_gui.conftest import Desk

SAMPLE_MS = 10_000  # a turn of the desk ends with a sample


class Panel:
    """Somebody at the rig panel."""

    def __init__(self, desk: Desk, bot: QtBot) -> None:
        self.desk, self.bot = desk, bot
        self.rig = desk.parts.window.device.rig
        self.model = desk.parts.models.rig

    def inject(self, name: str, **fields: str) -> None:
        faults = self.rig.faults
        faults.chooser.choose(name)
        for field, text in fields.items():
            widget = getattr(faults.fields, field)
            (widget.setText if field == "amount" else widget.setEditText)(text)
        self.click(faults.inject)

    def click(self, widget) -> None:
        self.bot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.desk.turn(0.05)

    def note(self, field: str) -> str:
        note = self.rig.faults.fields.notes[field]
        return note.text() if note.isVisible() else ""

    def in_force(self) -> list[str]:
        return [line.fault.what for line in self.rig.standing.lines if line.fault.begun]

    def coming(self) -> list[str]:
        return [line.fault.what for line in self.rig.standing.lines if not line.fault.begun]


def at_the_rig(desk: Desk, bot: QtBot) -> Panel:
    """The panel in sight, and a pump that sends a sample now and then."""
    desk.connect()
    desk.parts.controls.change_setting("sample_interval_ms", SAMPLE_MS)
    desk.until(lambda: desk.parts.models.pump.care.settings["sample_interval_ms"] == SAMPLE_MS)
    window = desk.parts.window
    window.show_page(4)
    window.device.show_part(RIG)
    desk.turn(0.05)
    return Panel(desk, bot)
