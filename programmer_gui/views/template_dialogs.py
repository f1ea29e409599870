"""Beginning with a template, and keeping a program as one.  Not modal: STOP can be pressed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from firmware_link.errors import PumpError
from programmer_gui.templates import LONGEST, Template
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.widgets import label


class TemplateDialog(Panel):
    """Emits ``chosen`` with a Template."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, templates: list[Template]) -> None:
        super().__init__(parent, "New from a template", "Begin with this")
        self._templates = templates
        self.body.addWidget(label("It takes the place of the program in the editor; that can be undone.", "muted"))
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search by name or mode")
        self.search.setAccessibleName("Search templates")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName("Templates")
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for template in templates:
            item = QListWidgetItem(f"{template.name}\n{_line(template)}")
            item.setData(Qt.ItemDataRole.UserRole, template)
            item.setToolTip(_line(template))
            self.list.addItem(item)
        self.list.itemActivated.connect(lambda _: self._accept())
        self.list.currentRowChanged.connect(lambda _: self._show())
        self.body.addWidget(self.search)
        self.body.addWidget(self.list, 1)
        self.accepted_by_operator.connect(self._choose)
        self.list.setCurrentRow(0)
        self.resize(560, 520)
        self.search.setFocus()
        self._show()

    def _filter(self, text: str) -> None:
        shown = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(text.strip().lower() not in item.text().lower())
            if not item.isHidden():
                shown.append(row)
        self.list.setCurrentRow(shown[0] if shown else -1)

    def _show(self) -> None:
        item = self.list.currentItem()
        self.ok.setEnabled(item is not None and not item.isHidden())

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _line(template: Template) -> str:
    whose = "Your own, " if template.own else ""
    mode = template.mode if whose else template.mode.capitalize()
    return f"{whose}{mode}. {template.about}".strip()


class TwoLines(QStyledItemDelegate):
    """The first line of an item strong, the second muted and ending in an ellipsis where there is no room."""

    HEIGHT, SIDE = 48, 12

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, self.HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        name, _, line = str(index.data()).partition("\n")
        style: Any = option  # its members aren't in the stubs
        rect, palette = style.rect, QApplication.palette()  # the style sheet's has other colours
        painter.save()
        if style.state & QStyle.StateFlag.State_Selected:
            chosen = QColor(palette.color(QPalette.ColorRole.Highlight))
            chosen.setAlpha(48)
            painter.fillRect(rect, chosen)
        inner = rect.adjusted(self.SIDE, 6, -self.SIDE, -6)
        font = QFont(style.font)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, shown)
        painter.restore()


class SaveTemplateDialog(Panel):
    """Asks for a name; ``save`` keeps the program under it, and raises PumpError where that doesn't work."""

    def __init__(self, parent: QWidget, name: str, save: Callable[[str], None]) -> None:
        super().__init__(parent, "Save as a template", "Save the template")
        self._save = save
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST)
        self.name.setAccessibleName("Name of the template")
        self.name.selectAll()
        self.note = label("", "finding-error", wrap=True)
        title = label("Name", "caption")
        title.setBuddy(self.name)
        for widget in (title, self.name, self.note):
            self.body.addWidget(widget)
        self.note.hide()
        self.setMinimumWidth(400)
        self.name.setFocus()

    def _accept(self) -> None:
        try:
            self._save(self.name.text().strip())
        except PumpError as error:
            self.note.setText(error.sentence())
            self.note.show()
            return
        super()._accept()
