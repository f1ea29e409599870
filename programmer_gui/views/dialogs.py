"""Dialogs.  None of them is modal: STOP can always be pressed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from programmer_gui.views.widgets import GAP, MARGIN, button, label, rule


def show_aside(dialog: QDialog) -> None:
    """Shows ``dialog`` until it is closed.  Not modal: STOP can be pressed."""
    dialog.setModal(False)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()


class Panel(QDialog):
    """A titled dialog with a body and a line of buttons; Escape closes it."""

    accepted_by_operator = Signal()

    def __init__(
        self, parent: QWidget, title: str, accept: str = "", cancel: str = "Cancel", titled: bool = True
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(24, 24, 24, MARGIN)
        self.body.setSpacing(GAP)
        if titled:
            self.body.addWidget(label(title, "title"))
            self.body.addSpacing(GAP)
        self.ok = button(accept, "primary", accept or "OK")
        self.ok.setDefault(True)
        self.ok.clicked.connect(self._accept)
        self.cancel = button(cancel)
        self.cancel.clicked.connect(self.close)
        self.ok.setVisible(bool(accept))
        buttons = self.buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 12, 24, 12)
        buttons.setSpacing(GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self.body, 1)
        layout.addWidget(rule())
        layout.addLayout(buttons)

    def event(self, event: QEvent) -> bool:
        """Grows with words that come: none of a warning may be cut off."""
        if event.type() != QEvent.Type.LayoutRequest:
            return super().event(event)
        done, layout = super().event(event), self.layout()
        if layout is not None and layout.hasHeightForWidth():
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
        return done

    def _accept(self) -> None:
        if self.ok.isEnabled():
            self.accepted_by_operator.emit()
            self.close()


class Dialogs:
    """Keeps one dialog of each kind: asking again raises the one that is open."""

    def __init__(self) -> None:
        self._open: dict[str, QDialog] = {}

    def show(self, key: str, make: Callable[[], QDialog]) -> QDialog:
        """Shows the dialog ``key``, made by ``make`` if it isn't open."""
        dialog = self._open.get(key)
        if dialog is None:
            dialog = make()
            self._open[key] = dialog
            dialog.finished.connect(lambda: self._forget(key, dialog))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def close(self, key: str) -> None:
        """Closes the dialog ``key``, if it is open."""
        dialog = self._open.pop(key, None)
        if dialog is not None:
            dialog.close()

    def _forget(self, key: str, dialog: QDialog) -> None:
        if self._open.get(key) is dialog:
            del self._open[key]

    def find(self, key: str) -> QDialog | None:
        """The open dialog ``key``, or None."""
        return self._open.get(key)
