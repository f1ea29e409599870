"""Recordings beside each other: verdict, charts of one channel with the deviation, and the table of differences."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from firmware_link.errors import PumpError
from programmer_gui.models.compared_runs import ComparedRuns
from programmer_gui.theme import Theme
from programmer_gui.views.compare_bar import CompareBar
from programmer_gui.views.compare_charts import CompareCharts
from programmer_gui.views.compared_table import ComparedTable
from programmer_gui.views.widgets import GAP, MARGIN, Card, ElidedLabel, button, column, label, row
from rig.compare.amounts import span_text
from rig.compare.findings import CHANNELS, Against, Comparison, Finding

CHOSEN_FIRST = ("measured_nl", "commanded_nl")  # where no channel differs
CHARTS_PX, TABLE_PX = 176, 112  # the least in which they can be read
WAITING, FAILED, FOUND = range(3)


class CompareView(QWidget):
    """Renders a ``Comparison``; what is asked for is carried out by ``programmer_gui.comparing``."""

    closed = Signal()
    replay_asked = Signal(Path, float)  # seconds since that run's first sample

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.bar = CompareBar(theme)
        self.model = ComparedRuns(theme.tokens, self)
        theme.changed.connect(self.model.set_tokens)
        self.table = ComparedTable(self.model)
        self.charts = CompareCharts(theme)
        self.charts.setToolTip("Deviation: how far the new run is outside of what the golden run has around that time.")
        self.channel = self.bar.channel
        self.only = QCheckBox("Only what differs")
        self.look = button("Open there", "", "Open the new run at the moment of the selected difference")
        self.look.setToolTip("Opens the new run at the moment of the selected difference")
        self.said = ElidedLabel("", "caption")  # what is compared, or the sentence of the row that is chosen
        self.progress = QProgressBar()
        self.waiting = label("", "muted")
        self.error = label("", "", wrap=True)
        self.comparison: Comparison | None = None
        self.against: Against | None = None
        self._states = QStackedWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, GAP, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(self.bar)
        layout.addWidget(self._states, 1)
        charts = Card(margin=GAP)
        charts.body.addWidget(self.charts, 1)
        charts.setMinimumHeight(CHARTS_PX)
        table = Card(margin=0)
        head = row(label("Differences", "heading"), 4)
        head.addWidget(self.said, 1)
        head.addWidget(self.only)
        head.addWidget(self.look)
        head.setContentsMargins(12, GAP, 12, 0)
        table.body.addLayout(head)
        table.body.addWidget(self.table, 1)
        table.setMinimumHeight(TABLE_PX)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GAP)
        splitter.addWidget(charts)
        splitter.addWidget(table)
        splitter.setSizes([540, 460])
        for state in (self._waiting_page(), self._error_page(), splitter):
            self._states.addWidget(state)

    def _waiting_page(self) -> QWidget:
        page = QWidget()
        self.progress.setFixedWidth(320)
        self.progress.setTextVisible(False)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        centred = column(None, self.waiting, row(None, self.progress, None), None)
        page.setLayout(centred)
        return page

    def _error_page(self) -> QWidget:
        page, card = QWidget(), Card(margin=24)
        card.setFixedWidth(560)
        card.body.addWidget(label("These recordings can't be compared", "heading"))
        card.body.addWidget(self.error)
        page.setLayout(column(None, row(None, card, None), None, None))
        return page

    def _connect(self) -> None:
        self.bar.closed.connect(self.closed)
        self.bar.run_chosen.connect(self.show_run)
        self.channel.activated.connect(lambda _: self._draw())
        self.only.toggled.connect(self._show_only)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.table.doubleClicked.connect(lambda index: self._look_there(index.row()))
        self.look.clicked.connect(lambda: self._look_there(self.table.currentIndex().row()))

    @property
    def state(self) -> int:
        """WAITING, FAILED or FOUND."""
        return self._states.currentIndex()

    # -- states --------------------------------------------------------------------------------------------------

    def show_waiting(self, words: str, done: int = 0, total: int | None = None) -> None:
        """Something is being compared."""
        self.waiting.setText(words)
        self.progress.setRange(0, 0 if total is None else 1000)
        self.progress.setValue(0 if not total else min(1000, done * 1000 // total))
        self._states.setCurrentIndex(WAITING)
        self.bar.show_busy()

    def show_error(self, error: PumpError) -> None:
        """It couldn't be compared."""
        self.comparison = self.against = None
        self.model.show_against(None)
        self.error.setText(error.sentence())
        self._states.setCurrentIndex(FAILED)
        self.bar.show_none()

    def show_comparison(self, comparison: Comparison) -> None:
        """What was found; of several runs the first that differs."""
        self.comparison = comparison
        worst = next((at for at, one in enumerate(comparison.against) if not one.passed), 0)
        self.charts.forget_view()
        self.bar.show_runs(comparison, worst)
        self._states.setCurrentIndex(FOUND)
        self.show_run(worst)

    def show_run(self, at: int) -> None:
        """One of the new runs."""
        if self.comparison is None or not 0 <= at < len(self.comparison.against):
            return
        against = self.against = self.comparison.against[at]
        self.bar.show_verdict(against)
        self.model.show_against(against)
        self.said.set_whole(_counted(against))
        failed = [one.name for one in against.failures if one.group == CHANNELS]
        fields = [curve.field for curve in against.curves]
        first = next((field for field in (*failed, *CHOSEN_FIRST, *fields) if field in fields), "")
        self._list_channels(against, first)
        self._draw()
        self.look.setEnabled(False)

    def _list_channels(self, against: Against, chosen: str) -> None:
        failed = {one.name for one in against.failures if one.group == CHANNELS}
        self.channel.clear()
        for curve in against.curves:
            mark = "✗ " if curve.field in failed else ""
            self.channel.addItem(f"{mark}{curve.title}", curve.field)
        self.channel.setCurrentIndex(self.channel.findData(chosen))

    # -- hands ---------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        self.charts.show_channel(self.against, str(self.channel.currentData() or ""))

    def _show_only(self, differing: bool) -> None:
        """What was chosen stays so, where it is still there."""
        before = self.model.finding(self.table.currentIndex().row())
        self.model.show_only_differing(differing)
        at = -1 if before is None else self.model.row_of(before.group, before.name)
        if at >= 0:
            self.table.selectRow(at)
        self.look.setEnabled(at >= 0 and self.look.isEnabled())

    def _chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        finding = self.model.finding(index.row())
        self.look.setEnabled(finding is not None and finding.at_s is not None)
        if finding is None:
            return
        self.said.set_whole(finding.what or f"{finding.title} is the same in both.")
        at = self.channel.findData(finding.name) if finding.group == CHANNELS else -1
        if at >= 0 and at != self.channel.currentIndex():
            self.channel.setCurrentIndex(at)
            self._draw()
        if finding.at_s is not None:
            self.charts.show_moment(finding.at_s)

    def _look_there(self, at: int) -> None:
        finding: Finding | None = self.model.finding(at)
        if self.against is not None and finding is not None and finding.at_s is not None:
            self.replay_asked.emit(self.against.path, max(0.0, finding.at_s + self.against.new_zero_s))


def _counted(against: Against) -> str:
    """ "30 min compared · 30 s lost, not compared"."""
    said = [f"{span_text(against.end_s - against.start_s)} compared"]
    lost_s = sum(end - begin for begin, end in against.lost_s)
    if lost_s:
        said.append(f"{span_text(lost_s)} lost, not compared")
    return " · ".join(said)
