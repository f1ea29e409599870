"""What the pump has beside what the draft would give it, with the changed lines marked."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from programmer_gui.models.compare import CompareRow

HEADERS = ("", "The pump has", "This program", "")


class CompareTable(QTableWidget):
    """A still table."""

    def __init__(self) -> None:
        super().__init__(0, len(HEADERS))
        self.setHorizontalHeaderLabels(HEADERS)
        self.setAccessibleName("Comparison of the pump's program with this one")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for section, mode in enumerate(("ResizeToContents", "Stretch", "Stretch", "ResizeToContents")):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode[mode])

    def show_rows(self, rows: list[CompareRow]) -> None:
        """Replaces what is shown."""
        self.setRowCount(len(rows))
        for at, row in enumerate(rows):
            mark = "◆ changes" if row.changed else "same"
            for section, text in enumerate((row.title, row.pump, row.draft, mark)):
                item = QTableWidgetItem(text)
                font = QFont(self.font())
                font.setBold(row.changed and section >= 2)
                item.setFont(font)
                self.setItem(at, section, item)
        self.setMinimumHeight(self.horizontalHeader().sizeHint().height() + 28 * len(rows) + 4)
