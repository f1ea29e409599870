"""The alarms that stand, across the window: what, how urgent, what the pump did, since when, and what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from programmer_gui import words
from programmer_gui.models.care import CareModel, Standing, short
from programmer_gui.models.eventlog import delay_text
from programmer_gui.theme import Theme
from programmer_gui.views.widgets import GAP, MARGIN, button, label, set_property
from rig.moments import date_text

MOST = 3  # alarms in full; the others are counted
ICONS = {"high": "alarm", "medium": "warning", "low": "info"}
SILENCE = "Silence for 10 min"


def since_text(standing: Standing) -> str:
    """ "Since 2026-05-01 12:00:00 UTC, noticed 4.2 s later" """
    if standing.occurred_us is None:
        return "Since before this connection"
    noticed = f"noticed {delay_text(standing.delay_ms)} later" if standing.delay_ms else "noticed at once"
    return f"Since {date_text(standing.occurred_us)} UTC, {noticed}"


#: What doesn't wait to be cleared, but can be: a balance that was taken away on purpose isn't missed any more.
CLEARABLE = ("sensor_fault",)


class AlarmBanner(QFrame):
    """Emits what is asked for.  What stands can be hidden only while nothing is critical; a new alarm shows it."""

    clear_asked = Signal()
    silence_asked = Signal()

    def __init__(self, care: CareModel, theme: Theme) -> None:
        super().__init__()
        self._care, self._theme = care, theme
        self._controllable = self._recorded = False
        self.setObjectName("banner")
        self.icon = QToolButton()
        self.icon.setProperty("role", "tool")
        self.icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clear = button("Clear alarms", tip="Ends those that wait for it; what is still there comes back (F8)")
        self.clear.clicked.connect(self.clear_asked)
        self.silence = button(SILENCE, tip="No tone until then, or until the link drops; nothing else changes")
        self.silence.clicked.connect(self.silence_asked)
        self.hidden = button("Hide", "link", "Hide the alarms that stand")
        self.hidden.clicked.connect(self.hide)
        self.rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self.more = label("", "caption")
        self._lay_out()
        care.alarms_changed.connect(self._show_alarms)
        care.changed.connect(self._show_silence)
        theme.changed.connect(self._paint_icon)
        self._show_alarms(care.standing)

    def set_controllable(self, controllable: bool) -> None:
        """Whether commands would reach the pump."""
        self._controllable = controllable
        self._show_silence()

    def set_recorded(self, recorded: bool) -> None:
        """Of a recording: what stood, and since when; nothing can be done about it any more."""
        self._recorded = recorded
        side = Qt.AlignmentFlag.AlignVCenter if recorded else Qt.AlignmentFlag.AlignTop
        for title, _, _ in self.rows:
            self._grid.setAlignment(title, side)
        self._edges.setAlignment(self.icon, side)
        self.clear.setHidden(recorded)
        self.silence.setHidden(recorded)
        self._show_alarms(self._care.standing)

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout()
        grid.setHorizontalSpacing(MARGIN)
        grid.setVerticalSpacing(2)
        for at in range(MOST):
            row = (label("", "heading"), label("", wrap=True), label("", "caption", wrap=True))
            for widget in row:
                widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                widget.setMinimumWidth(1)
            grid.addWidget(row[0], 2 * at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row[1], 2 * at, 1)
            grid.addWidget(row[2], 2 * at + 1, 1)
            self.rows.append(row)
        grid.addWidget(self.more, 2 * MOST, 1)
        grid.setColumnStretch(1, 1)
        layout = self._edges = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN - 4, GAP, MARGIN, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        words_ = QVBoxLayout()
        words_.addLayout(grid)
        layout.addLayout(words_, 1)
        for item in (self.clear, self.silence, self.hidden):
            layout.addWidget(item, 0, Qt.AlignmentFlag.AlignTop)

    def _show_alarms(self, standing: list[Standing]) -> None:
        self.setVisible(bool(standing))
        if not standing:
            return
        level = standing[0].alarm.level
        set_property(self, "level", level)
        for at, (title, what, since) in enumerate(self.rows):
            shown = at < len(standing)
            for widget in (title, what, since):
                widget.setVisible(shown)
            if shown:
                one = standing[at].alarm
                title.setText(f"{words.LEVEL_SYMBOLS[one.level]} {words.LEVEL_WORDS[one.level]}  {one.title}")
                set_property(title, "level", one.level)
                did, began = words.ACTIONS[one.action], since_text(standing[at])
                what.setText(f"{did} {began}." if self._recorded else f"{did} {one.remedy}")
                since.setText(began)
                since.setHidden(self._recorded)
        rest = len(standing) - MOST
        self.more.setText(f"and {rest} more: {', '.join(one.alarm.title for one in standing[MOST:])}")
        self.more.setVisible(rest > 0)
        self.hidden.setVisible(level != "high")
        self.setAccessibleName("Alarms: " + ". ".join(self._spoken(one) for one in standing))
        self._paint_icon()
        self._show_silence()

    def _spoken(self, standing: Standing) -> str:
        alarm = standing.alarm
        return f"{alarm.title}, {words.LEVEL_WORDS[alarm.level]} priority. {alarm.remedy}"

    def _show_silence(self) -> None:
        left_s = self._care.said.silence_left_s if self._care.said else 0
        self.silence.setText(f"Silent for {short(left_s)}" if left_s else SILENCE)
        self.silence.setAccessibleName(self.silence.text())
        self.silence.setEnabled(self._controllable and not left_s)
        clearable = any(one.alarm.latching or one.alarm.name in CLEARABLE for one in self._care.standing)
        self.clear.setEnabled(self._controllable and clearable)

    def _paint_icon(self, *_: object) -> None:
        if self._care.standing:
            level = self._care.standing[0].alarm.level
            self.icon.setIcon(self._theme.icon(ICONS[level], f"alarm_{level}"))
