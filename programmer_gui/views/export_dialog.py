"""Asks what of a recording is to be exported, and shows how far it is.  Not modal: STOP can be pressed."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from programmer_gui.models.exporting import DATASET, Offer, Wish, default_output, in_the_way, is_folder
from programmer_gui.views.dialogs import Panel
from programmer_gui.views.export_fields import (
    RATES,
    ChannelChoice,
    FormatChoice,
    Place,
    StretchChoice,
    choices,
    offsets,
)
from programmer_gui.views.widgets import GAP, MARGIN, button, label, row, set_property
from rig.export.order import MCAP, run_name

TABLES = (("All of it, a file a table", ""), ("The samples alone, as one file", "samples"))
WIDE_PX = 680
CAPTION_PX = 88
_TOP = Qt.AlignmentFlag.AlignTop
_OF_FIELD, _OF_BUTTON = 8, 3  # how far below its top the words of a field are


class ExportDialog(Panel):
    """Emits ``wanted`` with a Wish.

    While it runs the dialog stays, and its Cancel, or closing it, emits ``stopped``.
    """

    wanted = Signal(object)
    stopped = Signal()
    shown_folder = Signal(Path)

    def __init__(self, parent: QWidget, offer: Offer) -> None:
        super().__init__(parent, "Export", "Export", cancel="Close")
        self.offer = offer
        self._running = False
        self._suggested = ""
        self._folder: Path | None = None
        self.format = FormatChoice()
        self.stretch = StretchChoice(offer.stretches)
        self.channels = ChannelChoice()
        self.rate = choices("Rate", RATES)
        self.tables = choices("Tables", TABLES)
        self.offset = choices("Times", offsets(offer.local_offset_min))
        self.place = Place()
        self.said = label("", "finding-error", wrap=True)
        self.bar = QProgressBar()
        self.show_folder = button("Show the folder")
        self._fields = QWidget()
        self._lay_out()
        for signal in (self.format.changed, self.tables.currentIndexChanged):
            signal.connect(lambda *_: self._choose_place())
        for signal in (self.channels.changed, self.place.changed):
            signal.connect(self._check)
        self.show_folder.clicked.connect(self._ask_folder)
        self._choose_place()

    # -- what it looks like --------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        runs = self.offer.runs
        names = ", ".join(map(run_name, runs[:3])) + (f" and {len(runs) - 3} more" if len(runs) > 3 else "")
        what = label(f"{len(runs)} recordings: {names}" if len(runs) > 1 else names, "muted", wrap=True)
        self.body.insertWidget(1, what)
        grid = QGridLayout(self._fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(MARGIN - 4)
        grid.setColumnMinimumWidth(0, CAPTION_PX)
        grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        for title, widget, caption_top in (
            ("Format", self.format, _OF_FIELD),
            ("Time", self.stretch, _OF_BUTTON),
            ("Channels", self.channels, _OF_BUTTON),
            ("Rows", _beside(self.rate, self.tables), _OF_FIELD),
            ("Times", _beside(self.offset), _OF_FIELD),
            ("To", self.place, _OF_FIELD),
        ):
            self._add_row(grid, title, widget, caption_top)
        self._show_row("Time", not self.offer.several)
        self._fields.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body.addWidget(self._fields)
        self.body.addSpacing(GAP)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.said)
        self.body.addStretch(1)
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.buttons.insertWidget(0, self.show_folder)
        for widget in (self.bar, self.said, self.show_folder):
            widget.hide()
        self.setMinimumWidth(WIDE_PX)

    def _add_row(self, grid: QGridLayout, title: str, widget: QWidget, caption_top: int) -> None:
        at = grid.rowCount()
        caption = label(title, "caption")
        caption.setContentsMargins(0, caption_top, 0, 0)
        caption.setBuddy(widget)
        self._rows[title] = caption, widget
        grid.addWidget(caption, at, 0, _TOP)
        grid.addWidget(widget, at, 1)

    def _show_row(self, title: str, shown: bool) -> None:
        for widget in self._rows[title]:
            widget.setVisible(shown)

    def _fit(self) -> None:
        """As high as what it shows."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    # -- what is chosen ------------------------------------------------------------------------------------------

    @property
    def wish(self) -> Wish:
        """What is chosen now."""
        output = Path(self.place.path.text().strip()).expanduser()
        format, interval_us, over = self.format.format, self.rate.currentData(), self.place.over.isChecked()
        if format == DATASET:
            return Wish(output, format, interval_us=interval_us)
        table = "" if format == MCAP else self.tables.currentData()
        bounds = self.stretch.bounds_s if not self.offer.several else None
        offset_min = self.offset.currentData()
        return Wish(output, format, table, bounds, self.channels.fields, interval_us, offset_min, over)

    def _choose_place(self) -> None:
        """Another kind of export goes elsewhere, unless somebody has said where."""
        format, table = self.format.format, self.tables.currentData()
        dataset = format == DATASET
        for title in ("Channels", "Times"):
            self._show_row(title, not dataset)
        self._show_row("Time", not dataset and not self.offer.several)
        self.tables.setVisible(not dataset and format != MCAP)
        place = default_output(self.offer, format, table)
        written = Path(self.place.path.text().strip() or place)
        if str(written) != self._suggested and written.name:
            place = written.with_name(place.name) if not self.offer.several else written
        self._suggested = str(place)
        self.place.suggest(place, is_folder(self.offer, format, table))
        self._check()
        self._fit()

    def _check(self) -> None:
        self.place.show_taken(not self._running and in_the_way(self.offer, self.wish))
        if self.channels.none:
            self._say("Choose a channel at least.", "finding-error")
        elif not self._running:
            self.said.hide()
        blocked = self.place.over.isVisibleTo(self) and not self.place.over.isChecked()
        named = bool(self.place.path.text().strip())
        self.ok.setEnabled(not self._running and not self.channels.none and named and not blocked)

    def _accept(self) -> None:
        if self.ok.isEnabled():
            self.wanted.emit(self.wish)

    # -- how far it is -------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """It runs."""
        self._running = True
        self._folder = None
        self._fields.setEnabled(False)
        self.show_folder.hide()
        self.cancel.setText("Cancel")
        self.show_progress(0.0, "Exporting")
        self._check()
        self._fit()

    def show_progress(self, part: float, words: str) -> None:
        """``part`` of it, 0 to 1, is done."""
        self.bar.setValue(round(part * 1000))
        self.bar.setVisible(True)
        self._say(f"{words} …", "muted")

    def end(self, words: str, well: bool, folder: Path | None = None) -> None:
        """It has ended: in ``words``, ``well`` or not, with files in ``folder``."""
        self._running = False
        self._folder = folder
        self._fields.setEnabled(True)
        self.bar.hide()
        self.cancel.setText("Close")
        self._check()
        self._say(words, "finding-ok" if well else "finding-error")
        self.show_folder.setVisible(folder is not None)
        self._fit()

    def _say(self, words: str, role: str) -> None:
        set_property(self.said, "role", role)
        self.said.setText(words)
        self.said.show()

    def _ask_folder(self) -> None:
        if self._folder is not None:
            self.shown_folder.emit(self._folder)

    def closeEvent(self, event: QCloseEvent) -> None:
        """What runs is ended first."""
        if self._running:
            self.stopped.emit()
            event.ignore()
            return
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape, and what closing comes to: likewise."""
        if self._running:
            self.stopped.emit()
        else:
            super().reject()


def _beside(*fields: QWidget) -> QWidget:
    """Several fields as one, as wide as they are."""
    made = QWidget()
    made.setLayout(row(*fields, None))
    return made
