"""Makes something go wrong on a virtual rig, in the rig's own vocabulary."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from firmware_link.errors import PumpError, UsageError
from programmer_gui.theme import Theme
from programmer_gui.views.fault_chooser import FaultChooser
from programmer_gui.views.fault_fields import FaultFields, refusal
from programmer_gui.views.widgets import Card, button, label, row
from rig.virtual.fault_kinds import FaultKind
from rig.virtual.faults import Fault, Refused

FILES = (".yaml", ".yml")


class FaultPanel(Card):
    """Emits ``injected`` with a Fault and the seconds until it begins, ``opened`` with a file that was dropped."""

    injected = Signal(object, float)
    opened = Signal(Path)
    open_asked = Signal()
    save_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("Make something go wrong")
        self.chooser = FaultChooser(theme)
        self.title = label("", "value", wrap=True)
        self.what = label("", "muted", wrap=True)
        self.fields = FaultFields()
        self.inject = button("Make it happen", "primary", tip="The pump isn't told: it has to notice by itself")
        self.from_file = button("From a file …", "link", "Make happen what a file of faults says")
        self.from_file.setToolTip("Faults as data: what, when, how much and how long. It can be dropped here, too.")
        self.save = button("Save …", "link", "Save what was done by hand as a file of faults")
        self.save.setToolTip("What was made to happen since it was connected, to be repeated")
        self.save.setEnabled(False)
        self.file_note = label("", "finding-error", wrap=True)
        self.file_note.hide()
        for widget in (self.chooser, self.title, self.what, self.fields, self.file_note):
            self.body.addWidget(widget, 1 if widget is self.chooser else 0)
        self.body.addLayout(row(self.inject, None, self.from_file, self.save))
        self.setAcceptDrops(True)
        self.chooser.chosen.connect(self._show)
        self.chooser.accepted.connect(self._go_on)
        self.fields.entered.connect(self._inject)
        self.inject.clicked.connect(self._inject)
        self.from_file.clicked.connect(self.open_asked)
        self.save.clicked.connect(self.save_asked)
        self._show(self.chooser.kind)

    def show_refused(self, fault: Fault, error: PumpError) -> None:
        """The rig doesn't: says so beside the field, where that fault is still chosen."""
        kind = self.chooser.kind
        if kind is not None and kind.name == fault.what and isinstance(error, UsageError):
            self.fields.show_error(error)
        else:
            self._note(refusal(error))

    def show_file_error(self, error: PumpError | None) -> None:
        """What is wrong with a file of faults; None for nothing."""
        self._note(error.sentence() if error else "")

    def _note(self, words: str) -> None:
        self.file_note.setText(words)
        self.file_note.setVisible(bool(words))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.toLocalFile().endswith(FILES) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls()[:1]:
            if url.isLocalFile():
                event.acceptProposedAction()
                self.opened.emit(Path(url.toLocalFile()))

    def _show(self, kind: FaultKind | None) -> None:
        self.title.setText(kind.title if kind else "")
        self.what.setText(kind.what if kind else "Choose a fault: search for other words.")
        self.title.setVisible(kind is not None)
        self.inject.setEnabled(kind is not None)
        self.fields.show_kind(kind)

    def _go_on(self) -> None:
        """Enter in the list: to what is to be filled in, or to doing it."""
        kind = self.chooser.kind
        if kind is not None:
            (self.fields.amount if kind.amount else self.inject).setFocus()

    def _inject(self) -> None:
        if self.chooser.kind is None:
            return
        self.show_file_error(None)
        self.fields.forget()
        try:
            fault, after_s = self.fields.read()
        except Refused as error:
            self.fields.show_error(error)
            return
        self.injected.emit(fault, after_s)
