"""What truly happens on a virtual rig, beside what its pump believes."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from programmer_gui.models.compared import ROWS, Compared
from programmer_gui.models.link import LinkModel
from programmer_gui.models.rig import RigModel
from programmer_gui.theme import Theme
from programmer_gui.views.widgets import Card, label, row, set_property
from rig.linkstate import LinkState

HEADERS = ("What", "The pump believes", "In truth", "", "Difference", "")
WHAT, BELIEVED, TRUE, UNIT, DIFFERENCE, MARK = range(len(HEADERS))
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
WIDTHS = {BELIEVED: 136, TRUE: 104, UNIT: 72, DIFFERENCE: 104, MARK: 96}
NARROW_WIDTHS = {BELIEVED: 88, TRUE: 88, UNIT: 76, MARK: 90}
EDGE = 5  # so that cells begin where headings do
NARROW = 600  # px: the difference is then in the tool tip only
ROW_PX = 25
SAID = "No sensor shows this. It is recorded beside the samples, and not shown with them unless asked for."
WAITS = "Nothing is known before the pump's first sample."
LOST = "The link is lost: the pump believes what it last said, and the truth goes on."


class TruthCard(Card):
    """A table of what the rig's model says; ``differing`` counts what is marked."""

    def __init__(self, rig: RigModel, link: LinkModel, theme: Theme) -> None:
        super().__init__("What truly happens", margin=0)
        self._rig, self._link, self._theme = rig, link, theme
        self._shown: tuple[Compared, ...] = ()
        self._items = [
            [QTableWidgetItem(row.title if at == WHAT else "") for at in range(len(HEADERS))] for row in ROWS
        ]
        self.header.setContentsMargins(16, 16, 16, 0)
        self.count = label("", "caption")
        self.header.addWidget(self.count)
        self.table = self._table()
        self.body.addLayout(row(EDGE, self.table, EDGE, gap=0))
        self.note = label(SAID, "caption", wrap=True)
        self.note.setContentsMargins(16, 0, 16, 12)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        rig.changed.connect(self._show)
        link.state_changed.connect(self._show)
        theme.changed.connect(self._recolour)
        self._show()

    @property
    def differing(self) -> list[str]:
        """The titles of the rows that are marked."""
        return [one.title for one in self._shown if one.mark[1]]

    def _table(self) -> QTableWidget:
        table = QTableWidget(len(ROWS), len(HEADERS))
        table.setAccessibleName("What the pump believes, and what is true")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(40)
        for at in range(len(HEADERS)):
            right = at in (BELIEVED, TRUE, DIFFERENCE)
            title = QTableWidgetItem(HEADERS[at])
            title.setTextAlignment(RIGHT if right else LEFT)
            table.setHorizontalHeaderItem(at, title)
            fixed = QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(at, fixed if at in WIDTHS else QHeaderView.ResizeMode.Stretch)
            for line, items in enumerate(self._items):
                items[at].setTextAlignment(RIGHT if right else LEFT)
                table.setItem(line, at, items[at])
        table.setFixedHeight(header.sizeHint().height() + ROW_PX * len(ROWS) + 2)
        return table

    def _show(self, *_: Any) -> None:
        rows, before = self._rig.rows, self._shown
        online = self._link.state is LinkState.ONLINE
        self.note.setText((SAID if online else LOST) if rows else WAITS)
        self._shown = rows
        for at, shown in enumerate(rows):
            if not before or before[at] != shown:
                self._fill(at, shown)
        if before and not rows:
            for line in self._items:
                for item in line[WHAT + 1 :]:
                    item.setText("")
        many = len(self.differing)
        agree = "All agree" if rows and online else ""
        self.count.setText(f"{many} differ" if many > 1 else "1 differs" if many else agree)
        set_property(self.count, "level", "medium" if many else "")

    def _fill(self, at: int, shown: Compared) -> None:
        tip = f"Differs by {shown.difference} {shown.unit}. {shown.why}" if shown.difference else shown.why
        texts = (shown.title, shown.believed, shown.true, shown.unit, shown.difference, shown.mark[0])
        for item, text in zip(self._items[at], texts, strict=True):
            item.setText(text)
            item.setToolTip(tip)
        self._colour(at, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self.table.setColumnHidden(DIFFERENCE, narrow)
        for at, width in (NARROW_WIDTHS if narrow else WIDTHS).items():
            self.table.setColumnWidth(at, width)
        title = self.table.horizontalHeaderItem(BELIEVED)
        assert title is not None
        title.setText("Believed" if narrow else HEADERS[BELIEVED])

    def _recolour(self, *_: Any) -> None:
        for at, shown in enumerate(self._shown):
            self._colour(at, shown)

    def _colour(self, at: int, shown: Compared) -> None:
        """Words and figures of what is marked; what agrees is muted."""
        tokens = self._theme.tokens
        marked = QBrush(QColor(getattr(tokens, f"alarm_{shown.mark[1]}"))) if shown.mark[1] else None
        muted, plain = QBrush(QColor(tokens.muted)), QBrush(QColor(tokens.text))
        for section in (TRUE, DIFFERENCE, MARK):
            self._items[at][section].setForeground(marked or (plain if section == TRUE else muted))
        self._items[at][UNIT].setForeground(muted)
