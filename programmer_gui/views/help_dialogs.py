"""Help, made from the actions themselves; and the receipt of a write."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from programmer_gui.views.actions import Actions
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.widgets import label

ROW_PX = 28
NOTICE = (
    "For bench and test use with water only. Not a medical device. Nothing that this program shows or writes is "
    "dosing advice."
)


def _transparent() -> QPixmap:
    """Keeps the words of actions without an icon in line."""
    pixmap = QPixmap(20, 20)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def shortcut_rows(actions: Actions, others: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """(menu, what it does, keys) of everything that has a key; ``others`` are (what, keys) of the charts."""
    rows = [(spec.menu, spec.text.removesuffix(" …"), spec.keys) for spec, _ in actions.rows() if spec.keys]
    return rows + [("In the charts", what, keys) for what, keys in others]


class ShortcutsDialog(Panel):
    """All keys."""

    def __init__(self, parent: QWidget, actions: Actions, others: list[tuple[str, str]]) -> None:
        super().__init__(parent, "Keyboard shortcuts", cancel="Close")
        rows = shortcut_rows(actions, others)
        table = QTableWidget(len(rows), 3)
        table.setAccessibleName("Keyboard shortcuts")
        table.setHorizontalHeaderLabels(("Where", "What", "Keys"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for at, row in enumerate(rows):
            for section, text in enumerate(row):
                table.setItem(at, section, QTableWidgetItem(text))
        table.setColumnWidth(2, 152)
        self.body.addWidget(table, 1)
        self.resize(560, 640)


class ActionFinder(Panel):
    """Finds any action by its words, and does it."""

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        super().__init__(parent, "Find an action", "Do it")
        self._actions = actions
        self.text = QLineEdit()
        self.text.setAccessibleName("Words of the action")
        self.text.setPlaceholderText("What do you want to do?")
        self.found = QListWidget()
        self.found.setAccessibleName("Actions found")
        self.found.setMinimumHeight(240)
        self.body.addWidget(self.text)
        self.body.addWidget(self.found, 1)
        self.text.textChanged.connect(self._search)
        self.text.returnPressed.connect(self._accept)
        self.text.installEventFilter(self)
        self.found.itemActivated.connect(lambda item: self._accept())
        self.accepted_by_operator.connect(self._do)
        self.resize(480, 400)
        self.text.setFocus()
        self._search("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the text move in the list."""
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                self.found.setCurrentRow(max(0, min(self.found.count() - 1, self.found.currentRow() + step)))
                return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        wanted = text.casefold().split()
        blank = QIcon(_transparent())
        self.found.clear()
        for spec, action in self._actions.rows():
            title = f"{spec.menu}  ›  {spec.text}"
            if action.isEnabled() and all(word in title.casefold() for word in wanted):
                item = QListWidgetItem(action.icon() if spec.icon else blank, f"{title}    {spec.keys}".rstrip())
                item.setData(Qt.ItemDataRole.UserRole, spec.id)
                item.setSizeHint(QSize(0, ROW_PX))
                self.found.addItem(item)
        hits = self.found.count()
        if not hits:
            nothing = QListWidgetItem("Nothing that can be done now has these words.")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.found.addItem(nothing)
        self.found.setCurrentRow(0)
        self.ok.setEnabled(hits > 0)

    def _do(self) -> None:
        item = self.found.currentItem()
        if item is not None and item.data(Qt.ItemDataRole.UserRole):
            self._actions[item.data(Qt.ItemDataRole.UserRole)].trigger()


class AboutDialog(Panel):
    """What this is, and what it is not for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Pump Programmer", cancel="Close")
        from rig.recording.writer import program_version

        self.body.addWidget(label(f"Version {program_version()}", "muted"))
        self.body.addWidget(label("Programs, watches and records a peristaltic test pump over USB serial.", wrap=True))
        notice = label(NOTICE, "finding-warning", wrap=True)
        self.body.addWidget(notice)
        self.body.addWidget(label("MIT licence.", "caption"))
        self.setFixedWidth(440)
