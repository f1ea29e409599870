"""Every fault of the virtual rig in its groups, found by typing."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import column
from rig.virtual.fault_kinds import BY_NAME, GROUPS, KINDS, FaultKind

NAME = Qt.ItemDataRole.UserRole
ROW_PX, HEADING_PX = 26, 30
NOTHING = "No fault has these words."
MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class FaultChooser(QWidget):
    """Emits ``chosen`` with a fault_kinds.FaultKind; ``accepted`` when that was done with Enter."""

    chosen = Signal(object)
    accepted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.text = QLineEdit()
        self.text.setAccessibleName("Words of the fault")
        self.text.setPlaceholderText("Search all faults")
        self.text.setClearButtonEnabled(True)
        self.text.installEventFilter(self)
        self.text.textChanged.connect(self._search)
        self.text.returnPressed.connect(self.accepted)
        self.list = QListWidget()
        self.list.setAccessibleName("Faults")
        self.list.setProperty("role", "framed")
        self.list.setMinimumHeight(HEADING_PX + ROW_PX * 3 + 8)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # as high as there is room
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemActivated.connect(lambda item: self.accepted.emit())
        layout = column(self.text, self.list)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        theme.changed.connect(self._recolour)
        self._search("")

    @property
    def kind(self) -> FaultKind | None:
        """What is chosen; None where nothing has the words that were typed."""
        item = self.list.currentItem()
        name = item.data(NAME) if item is not None else None
        return BY_NAME[name] if name else None

    def choose(self, name: str) -> None:
        """Chooses the fault of this name, whatever was searched for."""
        if not self._go_to(name):
            self.text.clear()
            self._go_to(name)

    def _go_to(self, name: str) -> bool:
        for at in range(self.list.count()):
            if self.list.item(at).data(NAME) == name:
                self.list.setCurrentRow(at)
                self.list.scrollToItem(self.list.item(at), QAbstractItemView.ScrollHint.PositionAtCenter)
                return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the text move in the list."""
        if watched is self.text and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = MOVES.get(Qt.Key(event.key()))
            if step:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        at = self.list.currentRow() + step
        while 0 <= at < self.list.count():
            if self.list.item(at).data(NAME):
                self.list.setCurrentRow(at)
                return
            at += step

    def _search(self, text: str) -> None:
        wanted, before = text.casefold().split(), self.kind
        self.list.blockSignals(True)
        self.list.clear()
        for group in GROUPS:
            found = [kind for kind in KINDS if kind.group == group and _has(kind, wanted)]
            if found:
                self._add_heading(group)
            for kind in found:
                item = QListWidgetItem(kind.title)
                item.setData(NAME, kind.name)
                item.setToolTip(kind.what)
                item.setSizeHint(QSize(0, ROW_PX))
                self.list.addItem(item)
        if not self.list.count():
            self._add_heading(NOTHING)
        if before is None or not self._go_to(before.name):
            self.list.setCurrentRow(0)
            self._move(1)  # past the heading
        self.list.blockSignals(False)
        self._recolour()
        if self.kind != before:
            self.chosen.emit(self.kind)

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(QSize(0, HEADING_PX))
        font = QFont(self.list.font())
        font.setPixelSize(11)
        item.setFont(font)
        self.list.addItem(item)

    def _recolour(self, *_: object) -> None:
        muted = QBrush(QColor(self._theme.tokens.muted))
        for at in range(self.list.count()):
            if not self.list.item(at).data(NAME):
                self.list.item(at).setForeground(muted)

    def _choose(self, item: QListWidgetItem | None) -> None:
        self.chosen.emit(self.kind)


def _has(kind: FaultKind, wanted: list[str]) -> bool:
    """Whether all words are in what is known of it."""
    said = f"{kind.group} {kind.title} {kind.what} {kind.name.replace('_', ' ')}".casefold()
    return all(word in said for word in wanted)
