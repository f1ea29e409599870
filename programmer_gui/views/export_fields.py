"""The parts of the export dialog: format, stretch of time, channels, and where it goes."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from firmware_link.telemetry import CHANNELS
from programmer_gui.models.exporting import DATASET, Stretch
from programmer_gui.views.dialogs import show_aside
from programmer_gui.views.replay_times import elapsed_text
from programmer_gui.views.widgets import GAP, button, column, label, row, segment
from rig.export.order import CSV, MCAP, PARQUET
from rig.therapy.daylight import offset_text

#: (format, title, what it is good for)
KINDS = (
    (PARQUET, "Parquet", "For DuckDB, pandas, R or MATLAB: a file a table, with exact types. The smallest."),
    (CSV, "CSV", "For spreadsheets and everything else: a file a table, times as text in ISO 8601."),
    (MCAP, "MCAP", "For PlotJuggler or Foxglove: one file with a channel a table, on one time axis."),
    (DATASET, "Dataset", "Many recordings as Parquet, by pump and day; one that is added again isn't doubled."),
)
RATES = (
    ("All samples", 0),
    ("At most 10 a second", 100_000),
    ("At most 1 a second", 1_000_000),
    ("At most 1 in 10 s", 10_000_000),
    ("At most 1 a minute", 60_000_000),
    ("At most 1 an hour", 3_600_000_000),
)
ACROSS = 4  # channels beside each other


class FormatChoice(QWidget):
    """One of KINDS."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.words = label("", "muted", wrap=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for index, (_, title, _) in enumerate(KINDS):
            place = "first" if index == 0 else "last" if index == len(KINDS) - 1 else ""
            made = segment(title, place, f"Format {title}")
            self._group.addButton(made, index)
            buttons.addWidget(made)
        buttons.addStretch(1)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(lambda _, on: self._chosen() if on else None)
        layout = column(buttons, self.words)
        self.setLayout(layout)
        self._chosen()

    @property
    def format(self) -> str:
        """Which."""
        return KINDS[self._group.checkedId()][0]

    def choose(self, format: str) -> None:
        """Chooses ``format``."""
        self._group.button([kind for kind, *_ in KINDS].index(format)).setChecked(True)

    def _chosen(self) -> None:
        self.words.setText(KINDS[self._group.checkedId()][2])
        self.changed.emit()


class StretchChoice(QWidget):
    """One of several stretches of time; what can't be chosen says why."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        super().__init__()
        self._stretches = stretches
        self._group = QButtonGroup(self)
        lines = QGridLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(2 * GAP)
        lines.setVerticalSpacing(4)
        lines.setColumnStretch(1, 1)
        for index, stretch in enumerate(stretches):
            choice = QRadioButton(stretch.title)
            words = stretch.why_not or bounds_text(stretch.bounds_s or stretch.extent_s)
            choice.setEnabled(not stretch.why_not)
            choice.setAccessibleName(f"{stretch.title}: {words}" if words else stretch.title)
            self._group.addButton(choice, index)
            lines.addWidget(choice, index, 0)
            lines.addWidget(label(words, "muted"), index, 1)
        self._group.button(0).setChecked(True)

    @property
    def bounds_s(self) -> tuple[float, float] | None:
        """Its bounds; None for all of the time."""
        return self._stretches[self._group.checkedId()].bounds_s

    def choose(self, name: str) -> None:
        """Chooses the stretch of that name."""
        self._group.button([stretch.name for stretch in self._stretches].index(name)).setChecked(True)


def bounds_text(bounds_s: tuple[float, float] | None) -> str:
    """ "00:12:31.4 to 00:17:02.0"."""
    if bounds_s is None:
        return ""
    begin_us, end_us = (round(second * 1e6) for second in bounds_s)
    return f"{elapsed_text(begin_us, end_us)} to {elapsed_text(end_us, end_us)}"


class ChannelChoice(QWidget):
    """Any of the channels, one at least."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes = {channel.field: QCheckBox(channel.title) for channel in CHANNELS}
        lines = QGridLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(GAP)
        lines.setVerticalSpacing(4)
        for index, (channel, box) in enumerate(zip(CHANNELS, self.boxes.values(), strict=True)):
            box.setChecked(True)
            box.setToolTip(f"in {channel.unit}")
            box.toggled.connect(lambda _: self.changed.emit())
            lines.addWidget(box, index // ACROSS, index % ACROSS)

    @property
    def fields(self) -> tuple[str, ...]:
        """The chosen ones, () for all."""
        chosen = tuple(field for field, box in self.boxes.items() if box.isChecked())
        return () if len(chosen) == len(self.boxes) else chosen

    @property
    def none(self) -> bool:
        """Whether none is chosen."""
        return not any(box.isChecked() for box in self.boxes.values())


def choices(name: str, items: Sequence[tuple[str, object]]) -> QComboBox:
    """A box of (title, value)."""
    box = QComboBox()
    box.setAccessibleName(name)
    for title, value in items:
        box.addItem(title, value)
    return box


def offsets(local_min: int) -> list[tuple[str, object]]:
    """In which times can be written."""
    return [
        ("As the pump's program", None),
        ("UTC", 0),
        (f"As this computer, {offset_text(local_min)}", local_min),
    ]


class Place(QWidget):
    """Where it goes: a path, typed or chosen; and what is in the way there."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.path = QLineEdit()
        self.path.setAccessibleName("Where the export goes")
        self.path.textChanged.connect(lambda _: self.changed.emit())
        self.choose = button("Choose …", name="Choose where the export goes")
        self.choose.clicked.connect(self._ask)
        self.over = QCheckBox("Write over what is there")
        self.over.toggled.connect(lambda _: self.changed.emit())
        self.over.hide()
        self._folder = True
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row(self.path, self.choose))
        layout.addWidget(self.over)

    def suggest(self, path: Path, folder: bool) -> None:
        """Shows ``path``, the name of a ``folder`` or of a file."""
        self._folder = folder
        self.path.setText(str(path))

    def show_taken(self, taken: bool) -> None:
        """Whether something is there that would be written over; only who wants it to can go on."""
        if not taken:
            self.over.setChecked(False)
        self.over.setVisible(taken)

    def _ask(self) -> None:
        now = Path(self.path.text()).expanduser()
        dialog = QFileDialog(self, "Export to", str(now.parent))
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setFileMode(QFileDialog.FileMode.Directory if self._folder else QFileDialog.FileMode.AnyFile)
        if not self._folder:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.selectFile(now.name)
        # A folder of files gets its own name within the one that is chosen.
        dialog.fileSelected.connect(lambda name: self.path.setText(self._within(Path(name), now)))
        show_aside(dialog)

    def _within(self, chosen: Path, now: Path) -> str:
        return str(chosen / now.name if self._folder and now.suffix else chosen)
