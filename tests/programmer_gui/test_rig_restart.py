"""The rig panel across a restart of the pump."""

from pytestqt.qtbot import QtBot

from tests.programmer_gui.conftest import Desk
from tests.programmer_gui.rig_desk import at_the_rig


def test_what_was_commanded_before_a_restart_still_counts(desk: Desk, qtbot: QtBot) -> None:
    panel = at_the_rig(desk, qtbot)

    def commanded_ul() -> float:
        return float(panel.model.rows[0].believed.split()[0])

    panel.desk.program()
    panel.desk.until(lambda: panel.model.rows and commanded_ul() > 0, 40)
    panel.desk.turn(40)
    before_ul = commanded_ul()
    panel.inject("reset")
    panel.desk.until(lambda: panel.desk.parts.models.link.device.boot_count > 1, 40)
    panel.desk.until(lambda: commanded_ul() != before_ul, 40)
    assert commanded_ul() > before_ul
