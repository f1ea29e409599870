"""Asks how a report is to be, and shows how far it is.  Not modal: STOP can be pressed."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QLineEdit, QProgressBar, QWidget

from firmware_link.errors import UsageError
from programmer_gui.views.dialogs import Panel, show_aside
from programmer_gui.views.widgets import GAP, button, label, set_property
from rig.places import RUN_SUFFIX
from rig.therapy import units

FILTERS = "PDF (*.pdf);;Web page (*.html)"
WIDE_PX = 560


class ReportDialog(Panel):
    """Emits ``wanted`` with the file to make, the limit in words ("" for the pump's own), whether the truth of a
    virtual rig is to be told and whether the digest is to be checked; ``opening`` with a report that is to be shown.

    While it is made the dialog stays, and its Cancel, or closing it, emits ``stopped``.
    """

    wanted = Signal(Path, str, bool, bool)
    stopped = Signal()
    opening = Signal(Path)

    def __init__(self, parent: QWidget, run: Path, virtual: bool) -> None:
        super().__init__(parent, "Report", "Save the report …", cancel="Close")
        self.run = run
        self._made: Path | None = None
        self._running = False
        self.body.insertWidget(1, label(run.name, "muted", wrap=True))
        holds = "Identity, delivered against plan, dose by dose, accuracy, gaps, events, receipts and digest, to keep."
        self.body.addWidget(label(holds, wrap=True))
        self.limit = QLineEdit()
        self.limit.setPlaceholderText("the pump's own")
        self.limit.setAccessibleName("Limit of deliveries, in per cent")
        self.limit.setMaximumWidth(160)
        self.truth = QCheckBox("Also what truly happened, as the virtual rig knows it")
        self.truth.setVisible(virtual)
        self.verify = QCheckBox("Check its digest, which takes a while for a long run")
        self.verify.setChecked(True)
        form = QFormLayout()
        form.setContentsMargins(0, GAP, 0, 0)
        form.setVerticalSpacing(GAP)
        form.addRow("Limit of deliveries", self.limit)
        form.addRow("", self.verify)
        form.addRow("", self.truth)
        self.body.addLayout(form)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.said = label("", "muted", wrap=True)
        self.said.hide()
        self.body.addWidget(self.bar)
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        self.show_it = button("Open the report")
        self.show_it.hide()
        self.show_it.clicked.connect(lambda: self.opening.emit(self._made))
        self.buttons.insertWidget(0, self.show_it)
        self.limit.textChanged.connect(self._check)
        self.setMinimumWidth(WIDE_PX)

    @property
    def suggested(self) -> Path:
        """Beside the run."""
        name = self.run.name.removesuffix(RUN_SUFFIX)
        return self.run.with_name(f"{name}.pdf")

    def _accept(self) -> None:
        if not self.ok.isEnabled():
            return
        dialog = QFileDialog(self, "Save the report", str(self.suggested), FILTERS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix("html" if "html" in kind else "pdf"))
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        show_aside(dialog)

    def save_to(self, path: Path) -> None:
        """Asks for the report in the file ``path``."""
        self.wanted.emit(path, self.limit.text().strip(), self.truth.isChecked(), self.verify.isChecked())

    def _check(self) -> None:
        try:
            if self.limit.text().strip():
                units.parse(self.limit.text().strip(), units.PERCENT)
        except UsageError as error:
            self._say(error.sentence(), "finding-error")
            self.ok.setEnabled(False)
            return
        self.said.hide()
        self.ok.setEnabled(not self._running)

    def begin(self) -> None:
        """It is being made."""
        self._running = True
        self.show_it.hide()
        self._enable(False)
        self.show_progress(0, 0, "reading")

    def show_progress(self, done: int, total: int, what: str) -> None:
        """``done`` of ``total`` steps."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.show()
        if what:
            self._say(f"{what.capitalize()} …", "muted")

    def end(self, words: str, made: Path | None) -> None:
        """It was ``made``, or else ``words`` say why not."""
        self._running, self._made = False, made
        self.bar.hide()
        self._enable(True)
        self._say(words, "finding-ok" if made else "finding-error")
        self.show_it.setVisible(made is not None)

    def _enable(self, enabled: bool) -> None:
        for widget in (self.ok, self.limit, self.truth, self.verify):
            widget.setEnabled(enabled)
        self.cancel.setEnabled(True)
        self.cancel.setText("Close" if enabled else "Cancel")

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is being made is ended first."""
        if self._running:
            self._stop()
            event.ignore()
        else:
            super().closeEvent(event)

    def reject(self) -> None:
        """Escape, and what closing comes to: likewise."""
        if self._running:
            self._stop()
        else:
            super().reject()

    def _stop(self) -> None:
        self.cancel.setEnabled(False)
        self._say("Stopping …", "muted")
        self.stopped.emit()

    def _say(self, words: str, role: str) -> None:
        set_property(self.said, "role", role)
        self.said.setText(words)
        self.said.show()
