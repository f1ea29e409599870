"""The steps of the day that is shown, to be typed: a rate shows its dose, and a dose its rate."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from programmer_gui.models import schedule
from programmer_gui.models.derived import parsed
from programmer_gui.models.evaluation import Remark
from programmer_gui.models.scheduling import ScheduleModel
from programmer_gui.theme import Theme
from programmer_gui.views.field_row import plain, shown
from programmer_gui.views.remarks import MARKS
from programmer_gui.views.widgets import take_items
from rig.therapy import units
from rig.therapy.program import volume_pl

COLUMNS = (
    ("start", "Start"),
    ("end", "End"),
    ("lasts", "Lasts"),
    ("rate", "Rate"),
    ("dose", "Dose"),
    ("volume", "Volume"),
)
#: columns that follow from the others
TOLD = {"lasts": "How long the step lasts", "volume": "What the dose is in volume"}
LASTS, RATE = 2, 3
NARROW_PX = 560  # where one column has to give way, what start and end say anyway does
WIDTHS = {0: 72, 1: 72, 2: 96}
ROW = 28
SHOWN = 6  # rows in sight; the rest scrolls


class ScheduleTable(QTableWidget):
    """In step with the drawing."""

    def __init__(self, model: ScheduleModel, theme: Theme) -> None:
        super().__init__(0, len(COLUMNS))
        self._model, self._theme = model, theme
        self._filling = False
        self._remarks: dict[str, Remark] = {}
        self.setHorizontalHeaderLabels([title for _, title in COLUMNS])
        self.setAccessibleName("Steps of the day")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setFixedWidth(44)
        self.verticalHeader().setHighlightSections(False)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(56)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.itemChanged.connect(self._typed)
        self.currentCellChanged.connect(self._moved)
        model.changed.connect(self._show)
        model.selection_changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def show_remarks(self, remarks: list[Remark]) -> None:
        """Marks the steps that something is to be said about."""
        self._remarks = {}
        for remark in reversed(remarks):  # worst first: it stays
            self._remarks[remark.field] = remark
        self._show()

    def begin_typing(self) -> None:
        """Goes to the rate of the selected step, and types there."""
        row = self._row_of(self._model.selected)
        if row is not None:
            self.setCurrentCell(row, RATE)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            item = self.item(row, RATE)
            if item is not None:
                self.editItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.state() != QAbstractItemView.State.EditingState:
            self._model.remove()
        elif event.key() == Qt.Key.Key_Insert:
            self._model.add()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setColumnHidden(LASTS, event.size().width() < NARROW_PX)
        super().resizeEvent(event)

    def _path(self, row: int) -> str:
        return f"{schedule.steps_path(self._model.program.document, self._model.lane)}[{row}]"

    def _row_of(self, path: str) -> int | None:
        return next((row for row in range(self.rowCount()) if self._path(row) == path), None)

    def _show(self, *_: object) -> None:
        self._filling = True
        steps = schedule.steps_of(self._model.program.document, self._model.lane) if self._model.lanes else []
        take_items(self, len(steps))
        self.setRowCount(len(steps))
        for row, step in enumerate(steps):
            self._show_row(row, step)
        height = self.horizontalHeader().sizeHint().height() + ROW * max(1, min(SHOWN, len(steps))) + 4
        self.setFixedHeight(height)
        chosen = self._row_of(self._model.selected)
        if chosen is not None and chosen != self.currentRow():
            self.setCurrentCell(chosen, max(0, self.currentColumn()))
        elif chosen is None and not self._model.selected:
            self.clearSelection()
            self.setCurrentCell(-1, -1)
        self._filling = False

    def _show_row(self, row: int, step: dict[str, object]) -> None:
        path = self._path(row)
        start, end = parsed(step.get("start"), units.TIME), parsed(step.get("end"), units.END)
        known = start is not None and end is not None
        length = ((end or 0) - (start or 0) - 60_000) // 60_000 % schedule.DAY + 1 if known else 0
        rate, dose = schedule.rate_of(step, length or 1), schedule.dose_of(step, length or 1)
        other = {
            "rate": units.dose_rate_text(rate) if rate is not None and known else "",
            "dose": units.dose_text(dose) if dose is not None and known else "",
            "lasts": units.duration_text(length * 60_000) if known else "",
            "volume": self._volume(dose) if known else "",
        }
        for column, (key, title) in enumerate(COLUMNS):
            said = step.get(key)
            item = self.item(row, column) or QTableWidgetItem()
            item.setText(shown(str(said)) if said is not None else other.get(key, ""))
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setFlags(flags if key in TOLD else flags | Qt.ItemFlag.ItemIsEditable)
            remark = self._remarks.get(f"{path}.{key}")
            colour = "alarm_high" if remark and remark.level in ("bad", "hard") else "text" if said else "muted"
            item.setForeground(QColor(getattr(self._theme.tokens, colour)))
            item.setToolTip(remark.sentence if remark else TOLD.get(key, ""))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, step {row + 1}: {item.text()}")
            if self.item(row, column) is None:
                self.setItem(row, column, item)
        self._show_mark(row, path)

    def _volume(self, dose: int | None) -> str:
        concentration = parsed(self._model.program.document.get("concentration"), units.CONCENTRATION)
        if dose is None or not concentration:
            return ""
        return units.volume_text(volume_pl(dose, concentration) / 1000)

    def _show_mark(self, row: int, path: str) -> None:
        worst = next((remark for field, remark in self._remarks.items() if field.startswith(path)), None)
        mark = QTableWidgetItem(f"{MARKS[worst.level] if worst else ''} {row + 1}".strip())
        font = QFont(self.font())
        font.setBold(worst is not None)
        mark.setFont(font)
        mark.setToolTip(worst.sentence if worst else f"Step {row + 1}")
        self.takeVerticalHeaderItem(row)
        self.setVerticalHeaderItem(row, mark)

    def _typed(self, item: QTableWidgetItem) -> None:
        key = COLUMNS[item.column()][0]
        if not self._filling and key not in TOLD:
            self._model.type(self._path(item.row()), key, plain(item.text().strip()))

    def _moved(self, row: int, *_: int) -> None:
        if not self._filling and row >= 0:
            self._model.select(self._path(row))
