"""Above a comparison: what is compared, how it came out, and how it is to be compared."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import ElidedLabel, button, column, label, row, set_property
from rig.compare.alignment import Alignment
from rig.compare.findings import Against, Comparison
from rig.places import RUN_SUFFIX
from rig.words import event_title

RUN_PX, ALIGNED_PX, CHANNEL_PX = 280, 140, 150


class CompareBar(QWidget):
    """Emits what is asked for."""

    closed = Signal()
    run_chosen = Signal(int)  # place among the new runs
    golden_chosen = Signal(Path)
    alignment_chosen = Signal(Alignment)
    tolerance_asked = Signal()
    save_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.back = button("Runs", "", "Close the comparison and go back to the recordings")
        theme.bind_icon(self.back, "runs")
        self.verdict = label("", "title")
        self.why = ElidedLabel("", "muted")
        self.golden, self.run, self.aligned, self.channel = (QComboBox() for _ in range(4))
        self.golden.setAccessibleName("Golden run, which the others are compared with")
        self.run.setAccessibleName("New run that is shown")
        self.aligned.setAccessibleName("How the runs are aligned")
        self.channel.setAccessibleName("Channel in the charts")
        for box in (self.golden, self.run):
            box.setMinimumWidth(120)
            box.setMaximumWidth(RUN_PX)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.aligned.setFixedWidth(ALIGNED_PX)
        self.channel.setFixedWidth(CHANNEL_PX)
        self.tolerance = button("Tolerance …", "", "Choose a tolerance file")
        self.save = button("Save report …", "", "Save the findings as a JUnit report")
        self._golden: tuple[Path, ...] = ()
        self._lay_out()
        self.back.clicked.connect(self.closed)
        self.run.activated.connect(self.run_chosen)
        self.golden.activated.connect(lambda at: self.golden_chosen.emit(self._golden[at]))
        self.aligned.activated.connect(lambda at: self.alignment_chosen.emit(self.aligned.itemData(at)))
        self.tolerance.clicked.connect(self.tolerance_asked)
        self.save.clicked.connect(self.save_asked)

    def _lay_out(self) -> None:
        verdict = row(self.back, 8, self.verdict, 4, gap=4)
        verdict.addWidget(self.why, 1)
        verdict.addSpacing(8)
        verdict.addWidget(self.tolerance)
        verdict.addSpacing(4)
        verdict.addWidget(self.save)
        chosen = row(gap=8)
        for words, box in zip(("Golden", "New", "Aligned", "Channel"), self._boxes(), strict=True):
            chosen.addWidget(label(words, "caption"))
            chosen.addWidget(box, int(box in (self.golden, self.run)))
            chosen.addSpacing(4)
        chosen.addStretch(0)
        layout = column(verdict, chosen)
        self.setLayout(layout)

    def _boxes(self) -> tuple[QComboBox, ...]:
        return self.golden, self.run, self.aligned, self.channel

    # -- what is shown -------------------------------------------------------------------------------------------

    def show_choice(self, runs: tuple[Path, ...], golden: Path, alignment: Alignment, kinds: tuple[str, ...]) -> None:
        """What may be chosen: the golden run among ``runs``, and the event to align by among ``kinds``."""
        self._golden = runs
        self.golden.clear()
        for path in runs:
            self.golden.addItem(_short(path))
            self.golden.setItemData(self.golden.count() - 1, str(path), 3)  # the tool tip
        self.golden.setCurrentIndex(runs.index(golden))
        self.aligned.clear()
        self.aligned.addItem("by their start", Alignment("start"))
        self.aligned.addItem("by the clock", Alignment("clock"))
        for kind in kinds:
            self.aligned.addItem(f"by “{event_title(kind)}”", Alignment("event", kind))
        ways = [self.aligned.itemData(at) for at in range(self.aligned.count())]
        if alignment not in ways:
            self.aligned.addItem(alignment.words(), alignment)
            ways.append(alignment)
        self.aligned.setCurrentIndex(ways.index(alignment))

    def show_busy(self) -> None:
        """While something is being compared its findings can't be asked for."""
        self._show_nothing("Comparing …")

    def show_none(self) -> None:
        """It couldn't be compared."""
        self._show_nothing("Not compared")

    def _show_nothing(self, words: str) -> None:
        self.verdict.setText(words)
        set_property(self.verdict, "level", "")
        self.why.set_whole("")
        golden = self.golden.currentIndex()
        self.run.clear()
        self.run.addItems([_short(path) for at, path in enumerate(self._golden) if at != golden])
        self.channel.clear()
        for part in (self.run, self.channel, self.save):
            part.setEnabled(False)

    def show_runs(self, comparison: Comparison, shown: int) -> None:
        """The new runs, each with its verdict."""
        self.run.clear()
        for one in comparison.against:
            self.run.addItem(f"{'✓' if one.passed else '✗'} {_short(one.path)}")
            self.run.setItemData(self.run.count() - 1, str(one.path), 3)
        self.run.setCurrentIndex(shown)
        for part in (self.run, self.channel, self.save):
            part.setEnabled(True)
        self.tolerance.setText(f"Tolerance: {comparison.tolerance[:24]} …")

    def show_verdict(self, against: Against) -> None:
        """Of the run that is shown."""
        failures = against.failures
        self.verdict.setText("✗ Differs" if failures else "✓ Passed")
        set_property(self.verdict, "level", "high" if failures else "good")
        titles = ", ".join(dict.fromkeys(one.title for one in failures))
        many = f"{len(failures)} of {len(against.findings)} by more than is allowed: {titles}"
        self.why.set_whole(many if failures else "Nothing differs by more than is allowed.")


def _short(path: Path) -> str:
    return path.name.removesuffix(RUN_SUFFIX)
