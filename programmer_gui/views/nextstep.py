"""What to do next on the Bench, in a sentence with its button; while all goes well, what to expect."""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from programmer_gui import words
from programmer_gui.models.link import LinkModel
from programmer_gui.models.occlusion import OcclusionModel
from programmer_gui.models.pump import PumpModel
from programmer_gui.views.widgets import ElidedLabel, button, row, set_property


class Step(NamedTuple):
    """A sentence, its colour (a level of words.LEVELS or ""), and the id and words of the action that helps."""

    sentence: str
    level: str = ""
    action: str = ""
    label: str = ""
    short: str = ""  # the sentence where there is no room for it


def next_step(link: LinkModel, pump: PumpModel, occlusion: OcclusionModel) -> Step | None:
    """What the operator would want to do now; else ``occlusion``: how long one would stay unnoticed."""
    if not link.can_control or not pump.state:
        return None
    alarms = words.active_alarms(pump.alarm_bits)
    if alarms and alarms[0].level == "high":
        alarm = alarms[0]
        return Step(f"{alarm.title}. {alarm.remedy}", "high", "clear_alarms", "Clear alarms")
    if pump.digest == 0:
        return Step("The pump holds no program.", "", "page_1", "Write a program")
    if pump.state == "stopped":
        return Step("The pump is stopped.", "", "start", "Start")
    if alarms:
        return Step(f"{alarms[0].title}. {alarms[0].remedy}", alarms[0].level)
    return Step(occlusion.text, short=occlusion.short) if occlusion.text else None


class NextStep(QWidget):
    """Emits the id of the action that was asked for."""

    asked = Signal(str)

    def __init__(self, link: LinkModel, pump: PumpModel, occlusion: OcclusionModel) -> None:
        super().__init__()
        self._link, self._pump, self._occlusion = link, pump, occlusion
        self._action = ""
        self._step = Step("")
        self.sentence = ElidedLabel("", "muted")
        self.do = button("Start", "primary")
        self.do.clicked.connect(lambda: self.asked.emit(self._action))
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = row(self.sentence, self.do)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        for signal in (
            link.state_changed,
            pump.state_changed,
            pump.alarms_changed,
            pump.program_changed,
            occlusion.changed,
        ):
            signal.connect(self._show)
        self._show()

    def _show(self, *_: object) -> None:
        step = self._step = next_step(self._link, self._pump, self._occlusion) or Step("")
        self._action = step.action
        self._fit()
        set_property(self.sentence, "level", step.level)
        self.do.setText(step.label)
        self.do.setAccessibleName(f"{step.label}: {step.sentence}")
        self.do.setVisible(bool(step.action))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The whole sentence where there is room, or where there is no shorter one."""
        step = self._step
        tight = self.sentence.fontMetrics().horizontalAdvance(step.sentence) > self.width()
        self.sentence.set_whole(step.short if tight and step.short else step.sentence)
        self.setToolTip(step.sentence)
