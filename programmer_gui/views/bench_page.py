"""The Bench page: live plots above, the log below."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from programmer_gui.models.bundle import Models
from programmer_gui.theme import Theme
from programmer_gui.views.actions import RECORDED, Actions
from programmer_gui.views.log_panel import LogPanel
from programmer_gui.views.nextstep import NextStep
from programmer_gui.views.welcome import Welcome
from programmer_gui.views.widgets import GAP, MARGIN, Card, label, row, rule

if TYPE_CHECKING:  # a while to import: they come after the first paint
    from programmer_gui.plot.stack import ChartStack

#: Buttons of the toolbar: action and words; None is a line between groups.
TOOLS = (
    ("start", "Start"),
    ("bolus", "Bolus …"),
    ("clear_alarms", "Clear alarms"),
    None,
    ("record_script", "Record"),
    None,
    ("pause", "Pause"),
    ("follow", "Follow"),
    ("fit", "Fit"),
    ("cursors", "Cursors"),
)
LOG_HEIGHT = 216
CHARTS_MORE = 64  # than the least in which charts can be read: of that the log takes nothing
LOG_LEAST = 112  # its newest line
LOW = 540
NARROW = 1080  # in which the charts' buttons show their pictures only
LIVE = ("pause", "follow")  # of no use in a recording
SWITCHES = ("pause", "follow", "fit", "cursors")


class BenchPage(QWidget):
    """The charts come later, by ``show_charts``: they take a while to import."""

    def __init__(self, models: Models, actions: Actions, theme: Theme) -> None:
        super().__init__()
        self.panel = LogPanel(models.log, theme)
        self.charts: ChartStack | None = None
        self.next = NextStep(models.link, models.pump, models.occlusion)
        self.next.asked.connect(lambda name: actions[name].trigger())
        self._recorded = False
        self._switches: list[QToolButton] = []
        self.tools = self._tools(actions)
        for name in SWITCHES:
            actions[name].setEnabled(False)
        self.stage = Card(margin=GAP)
        self.stage.body.addWidget(self.tools)
        self.welcome = Welcome(theme)
        self.waiting = label("Preparing the charts …", "muted")
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.views = QStackedWidget()
        self.views.addWidget(self.welcome)
        self.views.addWidget(self.waiting)
        self.stage.body.addWidget(self.views, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GAP)
        self.splitter.addWidget(self.stage)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([10_000, LOG_HEIGHT])
        self.panel.setMinimumHeight(LOG_LEAST)
        self._edges = QVBoxLayout(self)
        self._edges.addWidget(self.splitter)

    def _tools(self, actions: Actions) -> QWidget:
        tools = row(gap=4)
        for spec in TOOLS:
            if spec is None:
                tools.addSpacing(4)
                tools.addWidget(rule(vertical=True))
                tools.addSpacing(4)
            else:
                made_button = action_button(actions[spec[0]], spec[1])
                tools.addWidget(made_button)
                if spec[0] in SWITCHES:
                    self._switches.append(made_button)
        tools.addSpacing(GAP)
        tools.addWidget(self.next, 1)
        made = QWidget()
        made.setLayout(tools)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()
        self._fit()

    def _fit_tools(self) -> None:
        style = Qt.ToolButtonStyle
        chosen = style.ToolButtonIconOnly if self.width() < NARROW else style.ToolButtonTextBesideIcon
        for switch in self._switches:
            switch.setToolButtonStyle(chosen)

    def _fit(self) -> None:
        """Closer to its edges where it is low: charts and log need each line, and a recording its tools least, which
        are in the menu, too.  Where even the least of the charts has no room beside it, the log gives way."""
        low = self.height() < LOW
        edge = GAP if low else MARGIN
        self._edges.setContentsMargins(MARGIN, edge, MARGIN, edge)
        self.tools.setHidden(low and self._recorded)
        if self.charts is None:
            return
        room = (
            self.height() - 2 * edge - 2 * GAP - (0 if self.tools.isHidden() else self.tools.sizeHint().height() + GAP)
        )
        beside_log = room - LOG_LEAST - GAP
        least = self.charts.minimumSizeHint().height()
        self.panel.setHidden(beside_log < least)
        self.charts.setMinimumHeight(max(least, min(beside_log, self.charts.sizeHint().height() + CHARTS_MORE)))

    def show_charts(self, charts: "ChartStack", actions: Actions) -> None:
        """Puts the charts into their place and joins them to their actions."""
        self.charts = charts
        waited_for = self.views.currentWidget() is self.waiting
        self.views.addWidget(charts)
        if waited_for:
            self.views.setCurrentWidget(charts)
        self.views.removeWidget(self.waiting)
        for name in SWITCHES:
            action = actions[name]
            action.setEnabled(True)
            action.triggered.connect(charts.actions_by_name[name].trigger)
        charts.view_changed.connect(lambda: self._show_switches(charts, actions))
        self._show_switches(charts, actions)

    def show_session(self) -> None:
        """There is, or was, something to draw."""
        self.views.setCurrentIndex(1)

    def show_welcome(self) -> None:
        """There is nothing."""
        self.views.setCurrentIndex(0)

    def set_recorded(self, recorded: bool, actions: Actions) -> None:
        """A recording's picture has no newest data to follow."""
        self._recorded = recorded
        self._fit()
        for name in LIVE:
            actions[name].setEnabled(self.charts is not None and not recorded)
            actions[name].setToolTip(RECORDED if recorded else actions[name].text())

    def chart_keys(self) -> list[tuple[str, str]]:
        """(what, keys) of the charts' own keys."""
        return self.charts.key_list() if self.charts else []

    def _show_switches(self, charts: "ChartStack", actions: Actions) -> None:
        for name in SWITCHES:
            actions[name].setChecked(charts.actions_by_name[name].isChecked())
        self._fit()


def action_button(action: QAction, text: str) -> QToolButton:
    """A toolbar button of ``action`` with shorter words."""
    result = QToolButton()
    result.setDefaultAction(action)
    result.setProperty("role", "tool")
    result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    result.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    keys = action.shortcut().toString()

    def name() -> None:
        why = action.toolTip() if not action.isEnabled() else ""
        result.setText(text)
        result.setToolTip(why or (f"{action.text()} ({keys})" if keys else action.text()))
        result.setAccessibleName(action.text())

    action.changed.connect(name)
    name()
    return result
