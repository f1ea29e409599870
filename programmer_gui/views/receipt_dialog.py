"""The receipt of a write, to read, print and save."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QTextBrowser, QWidget

from firmware_link.errors import PumpError
from programmer_gui.jobs import Written
from programmer_gui.printing import POINTS_INCH, document, prepare, save_pdf
from programmer_gui.theme import Theme
from programmer_gui.views.dialogs import Panel, show_aside
from programmer_gui.views.widgets import GAP, button, label
from rig.programs.receipt_page import Colours, page

WIDTH, HEIGHT, PAD = 680, 760, 16


class ReceiptDialog(Panel):
    """What a write proved.  Emits ``said`` with words about saving, ``failed`` with a PumpError."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget, written: Written, theme: Theme) -> None:
        super().__init__(parent, "Receipt", cancel="Close", titled=False)  # its page has a title
        self._written, self._theme = written, theme
        self.text = QTextBrowser()
        self.text.setAccessibleName("Receipt")
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(PAD)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setContentsMargins(GAP, GAP, 0, 0)
        self.body.addWidget(self.text, 1)
        self.save = button("Save as PDF …")
        self.save.clicked.connect(self._ask_path)
        self.print = button("Print …")
        self.print.clicked.connect(self._print)
        kept = label("It is kept in the recording.", "caption")
        for at, item in enumerate((self.print, self.save, kept)):
            self.buttons.insertWidget(at, item)
        theme.changed.connect(self._show)
        self._show()
        self.resize(WIDTH, min(HEIGHT, max(360, parent.height() - 80)))

    @property
    def name(self) -> str:
        """What a file of it is called."""
        receipt = self._written.receipt
        return f"receipt-{receipt.digest:016x}.pdf"

    def save_to(self, path: Path) -> None:
        """Saves it as a PDF file, or says why not."""
        try:
            save_pdf(path, self._html(), f"Receipt: {self._written.receipt.name}")
        except PumpError as error:
            self.failed.emit(error)
            return
        self.said.emit(f"Saved {path.name}")

    def _html(self, colours: Colours | None = None) -> str:
        written = self._written
        return page(written.receipt, written.source, colours or Colours())

    def _show(self, *_: object) -> None:
        tokens = self._theme.tokens
        colours = Colours(tokens.text, tokens.muted, tokens.border, tokens.good, tokens.alarm_medium)
        self.text.setHtml(self._html(colours))

    def _ask_path(self) -> None:
        dialog = QFileDialog(self, "Save the receipt", self.name, "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        show_aside(dialog)

    def _print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        prepare(printer)
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(lambda: document(self._html(), printer, POINTS_INCH).print_(printer))
        show_aside(dialog)
