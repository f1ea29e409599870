"""The table of steps, with the mark of each one's state."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from programmer_gui.models.case_run import StepState
from programmer_gui.models.script_steps import (
    COLUMNS,
    LIMITS,
    MEASURED,
    NUMBER,
    ROLES,
    STEP_ROLE,
    TITLE,
    TOOK,
    VERDICT,
    StepTable,
)
from programmer_gui.models.scripts import ScriptsModel
from programmer_gui.theme import Theme
from programmer_gui.views.verdict_mark import draw_mark
from programmer_gui.views.widgets import plain_rows

ROW_PX = 30
MARK_PX = 16
PAD_PX = 11  # where the text of a cell begins
NARROW_PX = 840  # below, these columns are left out, and of verdicts only the mark is shown: the details have it all
GIVE_WAY = (TOOK, NUMBER)
NARROW = {MEASURED: 148, LIMITS: 128, VERDICT: 40}


class MarkDelegate(QStyledItemDelegate):
    """The mark, then the word."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: StepState = index.data(STEP_ROLE)
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        words, own.text = own.text, ""
        own.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, own, painter, own.widget)
        tokens = self._theme.tokens
        colour = QColor(getattr(tokens, ROLES[row.state]))
        area = QRectF(option.rect.left() + PAD_PX, option.rect.center().y() - MARK_PX / 2 + 0.5, MARK_PX, MARK_PX)
        draw_mark(painter, row.state, area, colour, QColor(tokens.surface))
        place = option.rect.adjusted(PAD_PX + MARK_PX + 6, 0, 0, 0)
        if place.width() < MARK_PX:
            return
        painter.save()
        font = own.font
        font.setBold(row.judged is not None and row.state != "skipped")
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


class StepsTable(QTableView):
    """Follows the step under way until somebody chooses one."""

    chosen = Signal(object)  # StepState, or None
    opened = Signal(object)  # StepState
    menu_asked = Signal(QPoint, object)  # on the screen; StepState

    def __init__(self, scripts: ScriptsModel, theme: Theme) -> None:
        super().__init__()
        self._scripts = scripts
        self._by_hand = False  # somebody has chosen a step
        self.steps = StepTable(scripts, theme.tokens, self)
        theme.changed.connect(self.steps.set_tokens)
        self.setModel(self.steps)
        self.setAccessibleName("Steps")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        plain_rows(self, ROW_PX)
        self.setAlternatingRowColors(True)
        self.setItemDelegateForColumn(VERDICT, MarkDelegate(theme, self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.activated.connect(lambda index: self.opened.emit(index.data(STEP_ROLE)))
        self.selectionModel().currentRowChanged.connect(self._tell)
        self.steps.modelReset.connect(self._begin)
        scripts.step_changed.connect(self._follow)
        scripts.ended.connect(lambda _: None if self._by_hand else self._begin())
        self._fit()

    @property
    def step(self) -> StepState | None:
        """The one that is selected."""
        index = self.currentIndex()
        return index.data(STEP_ROLE) if index.isValid() else None

    def select(self, row: int) -> None:
        """Selects a row and shows it."""
        self.selectRow(row)
        self.scrollTo(self.steps.index(row, TITLE))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_hand = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_hand = True
        super().keyPressEvent(event)

    def _begin(self) -> None:
        """Another case: what went wrong in it is shown first, else what it does now."""
        self._by_hand = False
        run = self._scripts.shown
        row = None if run is None else (run.current or run.first_bad)
        if row is not None:
            self.select(row.index)
        elif self.steps.rowCount():
            self.select(0)
        else:
            self.chosen.emit(None)

    def _follow(self, row: int) -> None:
        run = self._scripts.shown
        now = run.current if run is not None else None
        if now is not None and now.index == row and not self._by_hand and self.currentIndex().row() != row:
            self.select(row)
        elif self.currentIndex().row() == row:
            self._tell()

    def _tell(self, *_: object) -> None:
        self.chosen.emit(self.step)

    def _ask_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        if index.isValid():
            self.menu_asked.emit(self.viewport().mapToGlobal(at), index.data(STEP_ROLE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        if not self._by_hand:
            self.scrollTo(self.currentIndex().siblingAtColumn(TITLE))  # the first column may be hidden

    def _fit(self) -> None:
        narrow = self.width() < NARROW_PX
        self.steps.set_narrow(narrow)
        for at, column in enumerate(COLUMNS):
            if column.width:
                self.setColumnWidth(at, NARROW.get(at, column.width) if narrow else column.width)
        for at in GIVE_WAY:
            self.setColumnHidden(at, narrow)
