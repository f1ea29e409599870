"""Closing the window while the pump runs, and while it doesn't."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
)
from pytestqt.qtbot import QtBot

from rig.session import LinkState, SessionInfo
from rig.virtual.faults import Fault


def test_closing_over_a_running_pump_says_that_it_goes_on(desk, qtbot: QtBot):
    desk.connect()
    desk.program()
    desk.parts.controls.start()
    desk.until(lambda: desk.parts.models.pump.state == "running")
    link, window = desk.parts.models.link, desk.parts.window
    link.info = SessionInfo("/dev/ttyACM0", "/dev/ttyACM0", link.device, True, False, virtual=False)
    event = QCloseEvent()
    window.closeEvent(event)
    assert not event.isAccepted()
    asked = desk.parts.wiring.asking.dialogs.find("close")
    stop = next(one for one in asked.findChildren(QAbstractButton) if "STOP" in one.text())
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert window.isVisible()
    desk.until(lambda: not window.isVisible())
    assert desk.parts.models.pump.state == "stopped"


def test_a_stop_that_failed_does_not_close_the_window_later(desk):
    desk.connect()
    desk.program()
    desk.parts.controls.start()
    pump, link, window = desk.parts.models.pump, desk.parts.models.link, desk.parts.window
    desk.until(lambda: pump.state == "running")
    link.info = SessionInfo("/dev/ttyACM0", "/dev/ttyACM0", link.device, True, False, virtual=False)
    window.closeEvent(QCloseEvent())
    desk.parts.controls.inject(Fault("unplug", duration_s=30))
    desk.until(lambda: link.state is LinkState.LOST)
    desk.parts.wiring.asking.dialogs.find("close").stop_and_close.emit()
    desk.until(lambda: pump.stop_unresolved)
    desk.until(lambda: pump.state == "stopped")
    for _ in range(5):
        desk.turn()
    assert window.isVisible()


def test_closing_over_a_stopped_pump_or_none_just_closes(desk):
    assert desk.parts.models.link.state is LinkState.CLOSED
    assert desk.parts.window.close()
