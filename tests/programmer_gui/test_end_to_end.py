"""The whole product through the real window: program, start, bolus, refill, battery, STOP, and the run file."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from programmer_gui.compose import Parts
from programmer_gui.views.program_page import WRITE
from rig.recording.reader import RunReader
from rig.virtual.faults import Fault

DEADLINE_MS = 30_000


def has_micropython() -> bool:
    return sys.platform != "win32" and (
        shutil.which("micropython") is not None or Path(sys.executable).with_name("micropython").exists()
    )


@dataclass
class Operator:
    """Somebody at the window, with mouse and keyboard."""

    parts: Parts
    bot: QtBot

    def until(self, done: Callable[[], bool]) -> None:
        self.bot.waitUntil(done, timeout=DEADLINE_MS)

    def click(self, widget: QWidget) -> None:
        self.bot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def ask(self, action: str) -> QDialog:
        self.parts.window.actions_[action].trigger()
        dialog = self.parts.wiring.asking.dialogs.find(action)
        assert dialog is not None
        return dialog

    def sees(self, kind: str) -> None:
        self.until(lambda: kind in [entry.kind for entry in self.parts.models.log.entries])

    def drawn_ul(self) -> float:
        track = self.parts.charts.stack.data.track("measured")
        return float(track.y("measured")[-1]) if track is not None and len(track) else 0.0

    def connect(self, target: str) -> None:
        dialog, models = self.ask("connect"), self.parts.models
        dialog.address.setText(target)
        self.click(dialog.ok)
        self.until(lambda: models.link.can_control and models.pump.readings is not None)

    def program(self, dose: str) -> None:
        window, models = self.parts.window, self.parts.models
        window.show_page(1)
        field = window.program.form.rows["dose"].input
        field.setFocus()
        field.selectAll()
        self.bot.keyClicks(field, dose)
        window.program.show_part(WRITE)
        window.program.panel.leave.setChecked(True)
        self.bot.keyClicks(window.program.panel.because, "To be started by hand")
        self.click(window.program.write)
        self.until(lambda: models.program.held is not None)
        self.until(lambda: models.update.update is not None and not models.update.unproven)

    def start(self) -> None:
        self.parts.window.show_page(0)
        self.parts.window.actions_["start"].trigger()
        self.until(lambda: self.parts.models.pump.state == "running")

    def bolus(self, dose: str, duration: str) -> None:
        dialog = self.ask("bolus")
        dialog.dose.line.setText(dose)
        dialog.duration.line.setText(duration)
        self.click(dialog.ok)
        self.sees("bolus_ended")

    def refill(self, withdrawn: str, filled: str) -> None:
        wizard = self.ask("refill")
        self.until(lambda: wizard.read.ready)
        self.click(wizard.next)
        wizard.withdraw.withdrawn.line.setText(withdrawn)
        self.click(wizard.next)
        wizard.fill.filled.line.setText(filled)
        self.click(wizard.next)
        self.click(wizard.next)
        self.sees("refilled")
        wizard.close()

    def stop(self) -> None:
        self.bot.mousePress(self.parts.window.bar.stop, Qt.MouseButton.LeftButton)
        self.sees("stopped")
        self.until(lambda: self.parts.models.pump.state == "stopped")


UPY = pytest.param(
    "upy:?seed=7&speed=300", marks=pytest.mark.skipif(not has_micropython(), reason="needs the micropython command")
)


@pytest.mark.parametrize("target", ["sim:?seed=7&speed=300", UPY])
def test_a_bench_session_from_connecting_to_the_run_file(parts, qtbot: QtBot, tmp_path, target):
    operator = Operator(parts, qtbot)
    parts.start()
    operator.connect(target)
    operator.program("100 ug/day")
    operator.start()
    before_ul = operator.drawn_ul()
    operator.until(lambda: operator.drawn_ul() > before_ul + 1.0)
    operator.bolus("10 ug", "2 min")
    operator.refill("19.9 mL", "20 mL")
    parts.controls.inject(Fault("battery_step", amount=5))
    operator.sees("battery_eri")
    operator.stop()
    parts.window.close()
    assert parts.end()
    (path,) = (tmp_path / "runs").glob("*.run.duckdb")
    look_into(path)


def look_into(path: Path) -> None:
    """All of it is there, in order, and the pump did what was planned."""
    with RunReader(path) as reader:
        events = reader.events()
        summary = reader.summary()
        programs = [program.name for program in reader.programs()]
    kinds = [event.kind for event in events]
    wanted = (
        "session_opened",
        "program_committed",
        "started",
        "bolus_started",
        "bolus_ended",
        "refilled",
        "battery_eri",
    )
    places = [kinds.index(kind) for kind in wanted] + [len(kinds) - 1 - kinds[::-1].index("stopped")]
    assert places == sorted(places)
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert programs[0] == "Untitled program"
    assert summary.ended == "closed"
    assert abs(summary.commanded_nl - summary.planned_nl) <= 7  # a step of the rotor, and a nanolitre of rounding
