"""The showcase of what a pump needs somebody for: on-demand boluses, an alarm, the refill wizard, the guide."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QApplication, QDialog

from programmer_gui import care
from programmer_gui.scenes import SIZES
from programmer_gui.views.guide_dialog import GuideDialog
from programmer_gui.views.refill_wizard import CONFIRM, RECEIPT, WATCH, RefillWizard
from rig.therapy.modes import Bolus

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

DEVICE = 4
FIVE_ML = Bolus(2_500_000, 660_000)  # at 500 ug/mL: so that there is something to compare


def on_demand(stage: "Stage") -> None:
    """A bolus at a press, and a second press that comes too early."""
    window, model = stage.parts.window, stage.parts.models.pump.care
    window.show_page(DEVICE)
    window.device.demand.press.click()
    stage.until("the bolus", lambda: model.said is not None and model.said.demands_day == 1)
    stage.let(6)
    window.device.demand.request.click()
    stage.turn(2)
    stage.picture("device-on-demand")
    window.banners.dismiss(care.DEMAND)


def refill(stage: "Stage") -> None:
    """The wizard, step by step: more is missing than the accuracy explains, and another concentration."""
    controls, log = stage.parts.controls, stage.parts.models.log
    stage.parts.window.show_page(DEVICE)
    ended = sum(entry.kind == "bolus_ended" for entry in log.entries)
    controls.run(care.BOLUS, lambda desk: care.give_bolus(desk, FIVE_ML, 500_000, ""))
    stage.let(FIVE_ML.duration_ms / 60_000)
    stage.until("the bolus", lambda: sum(entry.kind == "bolus_ended" for entry in log.entries) > ended)
    wizard = _open(stage)
    picture_over(stage, "refill-read", wizard)
    wizard.next.click()
    wizard.withdraw.withdrawn.line.setText("12 mL")
    wizard.withdraw.evaluation.setText("Leak at the connector, replaced")
    picture_over(stage, "refill-discrepancy", wizard)
    wizard.next.click()
    wizard.fill.filled.line.setText("20 mL")
    wizard.fill.concentration.line.setText("1000 µg/mL")
    wizard.fill.how.setCurrentIndex(wizard.fill.how.findData("reason"))
    wizard.fill.reason.setText("The line was flushed with the new one")
    picture_over(stage, "refill-concentration", wizard)
    wizard.fill.concentration.line.setText("500 µg/mL")
    wizard.next.click()
    assert wizard.at == CONFIRM
    wizard.next.click()
    stage.until("the refill", lambda: wizard.at == WATCH)
    stage.let(12)
    picture_over(stage, "refill-watch", wizard)
    wizard.next.click()
    assert wizard.at == RECEIPT
    picture_over(stage, "refill-receipt", wizard)
    wizard.close()


def guide(stage: "Stage") -> None:
    """The user guide at its table of alarms."""
    window, dialogs = stage.parts.window, stage.parts.wiring.asking.dialogs
    window.actions_["guide"].trigger()
    dialog = dialogs.find("guide")
    assert isinstance(dialog, GuideDialog)
    dialog.contents.setCurrentRow(dialog.headings.index("Alarms"))
    picture_over(stage, "guide", dialog)
    dialog.close()


def _open(stage: "Stage") -> RefillWizard:
    stage.parts.window.actions_["refill"].trigger()
    wizard = stage.parts.wiring.asking.dialogs.find("refill")
    assert isinstance(wizard, RefillWizard)
    stage.until("the status", lambda: wizard.read.ready)
    return wizard


def picture_over(stage: "Stage", name: str, dialog: QDialog) -> None:
    """The window with ``dialog`` before it, as a window manager would show them."""
    height = dialog.height()
    for suffix, size in SIZES.items():
        stage.parts.window.resize(*size)
        dialog.resize(dialog.width(), min(height, size[1] - 80))
        _keep_over(stage, name + suffix, dialog)
    stage.parts.window.resize(*SIZES[""])
    dialog.resize(dialog.width(), height)


def _keep_over(stage: "Stage", name: str, dialog: QDialog) -> None:
    window = stage.parts.window
    QApplication.processEvents()
    image, front = window.grab(), dialog.grab()
    at = QPoint((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2)
    painter = QPainter(image)
    painter.drawPixmap(at, front)
    painter.setPen(QPen(QColor(stage.parts.theme.tokens.border_strong), 1))
    painter.drawRect(at.x(), at.y(), dialog.width(), dialog.height())
    painter.end()
    stage.keep(name, image)
