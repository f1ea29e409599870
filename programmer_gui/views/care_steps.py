"""The steps of the refill wizard after what was entered: summary and receipt, and the watch."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from programmer_gui.models.care import short
from programmer_gui.models.pump import PumpModel
from programmer_gui.views.widgets import GAP, button, label, row, set_property
from programmer_gui.views.wizard import Rows, Step, grid_of
from rig.therapy import refill, units


class RowsStep(Step):
    """Titles and what they say."""

    def __init__(self, title: str, hint: str, next_text: str) -> None:
        super().__init__(hint)
        self.title, self.next_text = title, next_text
        self.rows: Rows = ()
        self._grid = QWidget()
        self.body.addSpacing(GAP)
        self.body.addWidget(self._grid)
        self.body.addStretch(1)

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(f"{title}: {words}" for title, words in self.rows)

    def show_rows(self, rows: Rows) -> None:
        """(title, words) each."""
        self.rows = rows
        fresh = QWidget()
        fresh.setLayout(grid_of(rows))
        self.body.replaceWidget(self._grid, fresh)
        self._grid.hide()
        self._grid.deleteLater()
        self._grid = fresh


class WatchStep(Step):
    """What comes out after filling, against what the pump counts."""

    title = "Watch"
    next_text = "Receipt"
    bridge_asked = Signal()

    def __init__(self, pump: PumpModel) -> None:
        super().__init__(
            "For half an hour after filling, what the balance measures is compared with what the rotor delivers. You "
            "may leave: the pump goes on watching, and says so if the difference is too large."
        )
        self._pump = pump
        self._from: tuple[int, int, int] | None = None  # UTC us, measured and commanded nl
        self.difference = label("–", "title")
        self.sentence = label("", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, refill.WATCH_S)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Time watched after filling")
        self.left = label("", "caption")
        self.bridge = label("The pump has another concentration now: write the bridge program next.", "finding-warning")
        self.open_bridge = button("Open the bridge program")
        self.open_bridge.clicked.connect(self.bridge_asked)
        self.body.addSpacing(GAP)
        for item in (self.difference, self.sentence, self.bar, self.left):
            self.body.addWidget(item)
        self.body.addSpacing(GAP)
        self.body.addWidget(self.bridge)
        self.body.addLayout(row(self.open_bridge, None))
        self.body.addStretch(1)
        pump.care.changed.connect(self._show)

    def begin(self, bridged: bool) -> None:
        """The pump has just been filled."""
        self.bridge.setVisible(bridged)
        self.open_bridge.setVisible(bridged)
        readings, said = self._pump.readings, self._pump.care.said
        if readings is not None and readings.measured_nl is not None and said is not None:
            self._from = (said.utc_us, readings.measured_nl, readings.commanded_nl)
        self._show()

    def _show(self) -> None:
        readings, said, limit_nl = self._pump.readings, self._pump.care.said, self._limit_nl
        if self._from is None or readings is None or readings.measured_nl is None or said is None or not limit_nl:
            self.difference.setText("Not watched")
            self.sentence.setText("There is no balance to watch it with." if limit_nl else "The pump's setting is off.")
            return
        begun_us, measured_nl, commanded_nl = self._from
        difference_nl = (readings.measured_nl - measured_nl) - (readings.commanded_nl - commanded_nl)
        elapsed_s = min(refill.WATCH_S, max(0, (said.utc_us - begun_us) // 1_000_000))
        sign = "−" if difference_nl < 0 else "+"
        self.difference.setText(f"{sign}{units.volume_text(abs(difference_nl))}")
        suspect = abs(difference_nl) > limit_nl
        over = elapsed_s >= refill.WATCH_S
        found = "Suspect: look for a leak, or air in the line. " if suspect else "Fine. " if over else ""
        limit = units.volume_text(limit_nl)
        self.sentence.setText(f"{found}Measured less commanded since filling; more than {limit} is suspect.")
        set_property(self.sentence, "role", "finding-warning" if suspect else "finding-ok" if over else "muted")
        self.bar.setValue(elapsed_s)
        self.left.setText(
            "Watched to the end." if over else f"{short(refill.WATCH_S - elapsed_s)} of the pump's time left"
        )

    @property
    def _limit_nl(self) -> int:
        return self._pump.care.settings.get("refill_watch_nl", 0)
