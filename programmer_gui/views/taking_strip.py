"""The strip that says, on every page, that a script is being recorded, since when, and how to end it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QToolButton

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, MARGIN, ElidedLabel, button, label, row
from rig.moments import date_text
from rig.therapy import units

TICK_MS = 500
HINT = "All that you do with the pump becomes a step, all that you wait for a condition."


class TakingStrip(QFrame):
    """Emits what its buttons ask for; ``now_us`` is asked for the session's time while it is shown."""

    ended = Signal()
    dropped = Signal()
    ticked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("level", "good")
        dot = QToolButton()
        dot.setProperty("role", "tool")
        dot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        dot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.bind_icon(dot, "record", "alarm_high")
        self.words: QLabel = label("", "heading")
        self.words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.hint = ElidedLabel(HINT, "muted")
        self.end = button("End and make the script …", "primary", "End recording the script")
        self.drop = button("Discard", "link", "Discard what was recorded for a script")
        self.end.clicked.connect(self.ended)
        self.drop.clicked.connect(self.dropped)
        line = row(dot, self.words, self.hint, self.drop, self.end)
        line.setStretch(2, 1)
        line.setContentsMargins(MARGIN - 4, GAP, MARGIN, GAP)
        self.setLayout(line)
        self._since_us = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.ticked)
        self.hide()

    def begin(self, since_us: int) -> None:
        """It is recorded since then (UTC)."""
        self._since_us = since_us
        self.show_now(since_us)
        self.show()

    def show_now(self, now_us: int) -> None:
        """The session's time has gone on."""
        lasts = units.duration_text(max(0, now_us - self._since_us) // 1_000_000 * 1000)
        self.words.setText(f"Recording a script since {date_text(self._since_us)[11:]} UTC, {lasts}")
        self.setAccessibleName(self.words.text())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start(TICK_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
