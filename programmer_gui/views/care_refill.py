"""The steps of the refill wizard that ask: what is in it, what came out, what went in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from programmer_gui.theme import Theme
from programmer_gui.views.care_trend import RefillTrend
from programmer_gui.views.entry import QuantityEntry
from programmer_gui.views.widgets import GAP, button, label, row, set_property
from programmer_gui.views.wizard import Rows, Step, grid_of
from rig.ledger import Ledger
from rig.moments import date_text
from rig.therapy import refill, units

BRIDGE, REASON = "bridge", "reason"


class ReadStep(Step):
    """What the pump says, afresh."""

    title = "Read the pump"
    read_asked = Signal()

    def __init__(self, kept: Ledger, capacity_nl: int, trouble: str = "") -> None:
        super().__init__("What is in the reservoir now, by what the pump counted since it was filled.")
        self.expected_nl: int | None = None
        self.value = label("Reading …", "title")
        self.read = label("", "caption")
        self.again = button("Read again")
        self.again.clicked.connect(self.read_asked)
        self.running = label("", "finding-warning", wrap=True)
        self.running.hide()
        self.body.addSpacing(GAP)
        for item in (self.value, self.read):
            self.body.addWidget(item)
        self.body.addLayout(row(self.again, None))
        self.body.addSpacing(GAP)
        self.body.addLayout(grid_of(self._rows(kept, capacity_nl)))
        self.body.addWidget(self.running)
        if trouble:
            self.body.addWidget(label(trouble, "finding-warning", wrap=True))
        self.body.addStretch(1)

    @staticmethod
    def _rows(kept: Ledger, capacity_nl: int) -> Rows:
        rows = [("Holds at most", units.volume_text(capacity_nl))]
        if kept.refills:
            last = kept.refills[-1]
            rows.append(("Latest refill known here", f"{date_text(last.utc_s * 1_000_000)} UTC"))
            rows.append(("Filled then", units.volume_text(last.filled_nl)))
        else:
            rows.append(("Latest refill known here", "none"))
        return tuple(rows)

    @property
    def ready(self) -> bool:
        return self.expected_nl is not None

    def show_status(self, reservoir_nl: int, utc_s: int, running: bool) -> None:
        """What was read."""
        self.expected_nl = max(0, reservoir_nl)
        self.value.setText(units.volume_text(self.expected_nl))
        self.read.setText(
            f"read at {date_text(utc_s * 1_000_000)} UTC" if utc_s else "read just now; its clock is unset"
        )
        words = "The pump goes on delivering meanwhile: what it delivers while you refill is missing in the end."
        self.running.setText(words)
        self.running.setVisible(running)
        self.changed.emit()


class WithdrawStep(Step):
    """What came out, judged by the pump's own rule, beside the refills before."""

    title = "Withdraw"

    def __init__(self, theme: Theme, kept: Ledger, capacity_nl: int) -> None:
        super().__init__("Empty the reservoir and enter what came out.")
        self._kept, self._capacity_nl = kept, capacity_nl
        self._expected_nl = 0
        self.found: refill.Discrepancy | None = None
        self.withdrawn = QuantityEntry("Withdrawn", units.VOLUME)
        self.verdict = label("", wrap=True)
        self.trend = RefillTrend(theme)
        self.evaluation = QLineEdit()
        self.evaluation.setAccessibleName("Evaluation of the discrepancy")
        self.evaluation.setPlaceholderText("For example a leak at the connector, or a syringe misread")
        self.evaluation.setMaxLength(400)
        self.evaluation_title = label("Evaluation: what explains it", "caption")
        for item in (self.withdrawn, self.verdict, self.evaluation_title, self.evaluation):
            self.body.addWidget(item)
        self.body.addWidget(self.trend, 1)
        self.first = self.withdrawn.line
        self.withdrawn.changed.connect(self._judge)
        self.evaluation.textChanged.connect(lambda: self.changed.emit())
        self._judge()

    def expect(self, expected_nl: int) -> None:
        """What should be in it."""
        self._expected_nl = expected_nl
        self._judge()

    @property
    def withdrawn_nl(self) -> int | None:
        """What came out; None while that isn't entered."""
        return None if self.withdrawn.value is None else self.withdrawn.value // 1000

    @property
    def too_much(self) -> bool:
        """More than goes in came out."""
        return self.withdrawn_nl is not None and self.withdrawn_nl > self._capacity_nl

    @property
    def ready(self) -> bool:
        if self.found is None or self.too_much:
            return False
        return not self.found.to_evaluate or bool(self.evaluation.text().strip())

    def _judge(self) -> None:
        withdrawn_nl, expected_nl = self.withdrawn_nl, self._expected_nl
        self.found = None
        role, words = "muted", f"{units.volume_text(expected_nl)} are expected."
        if withdrawn_nl is not None:
            delivered_nl = self._kept.delivered_nl(expected_nl, self._capacity_nl)
            self.found = refill.discrepancy(expected_nl, withdrawn_nl, delivered_nl)
            role, words = ("finding-warning" if self.found.to_evaluate else "finding-ok"), self.found.sentence
        if self.too_much:
            role, words = "finding-error", f"The reservoir holds {units.volume_text(self._capacity_nl)} at most."
        self.verdict.setText(words)
        set_property(self.verdict, "role", role)
        to_evaluate = self.found is not None and self.found.to_evaluate and not self.too_much
        for item in (self.evaluation, self.evaluation_title):
            item.setVisible(to_evaluate)
        self.trend.show_refills(self._kept.refills, self.found.permille if self.found else None)
        self.changed.emit()


class FillStep(Step):
    """What goes in; another concentration needs a bridge, or a reason why not."""

    title = "Fill"

    def __init__(self, capacity_nl: int, concentration_ng_ml: int) -> None:
        super().__init__("Fill the reservoir and enter what went in.")
        self._capacity_nl, self._before_ng_ml = capacity_nl, concentration_ng_ml
        self.filled = QuantityEntry("Filled", units.VOLUME, units.volume_text(capacity_nl))
        self.concentration = QuantityEntry(
            "Concentration", units.CONCENTRATION, units.concentration_text(concentration_ng_ml)
        )
        self.problem = label("", "finding-error", wrap=True)
        self.warning = label("", "finding-warning", wrap=True)
        self.how = QComboBox()
        self.how.setAccessibleName("What is done about the other concentration")
        self.how.addItem("Choose what is done about it", "")
        self.how.addItem("A bridge program: it is opened once the refill is recorded", BRIDGE)
        self.how.addItem("No bridge, for a reason", REASON)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Reason for no bridge")
        self.reason.setPlaceholderText("Why no bridge is needed, for example the line was flushed")
        self.reason.setMaxLength(400)
        for item in (self.filled, self.concentration, self.problem, self.warning, self.how, self.reason):
            self.body.addWidget(item)
        self.body.addStretch(1)
        for entry in (self.filled, self.concentration):
            entry.changed.connect(self._show)
        self.first = self.filled.line
        self.how.currentIndexChanged.connect(self._show)
        self.reason.textChanged.connect(lambda: self.changed.emit())
        self._show()

    @property
    def filled_nl(self) -> int | None:
        """What went in; None while that isn't entered."""
        return None if self.filled.value is None else self.filled.value // 1000

    @property
    def other_concentration(self) -> bool:
        """Whether it isn't what was in it before."""
        return self.concentration.value not in (None, self._before_ng_ml)

    @property
    def bridged(self) -> bool:
        """Whether a bridge program is wanted."""
        return self.other_concentration and self.how.currentData() == BRIDGE

    @property
    def why_not_bridged(self) -> str:
        """The reason for another concentration without a bridge; "" for none."""
        wanted = self.other_concentration and self.how.currentData() == REASON
        return self.reason.text().strip() if wanted else ""

    @property
    def ready(self) -> bool:
        if not self.filled_nl or not self.concentration.value or self.filled_nl > self._capacity_nl:
            return False
        return not self.other_concentration or self.bridged or bool(self.why_not_bridged)

    def _show(self) -> None:
        problems = []
        if self.filled_nl is not None and self.filled_nl > self._capacity_nl:
            problems.append(f"The reservoir holds {units.volume_text(self._capacity_nl)} at most.")
        if self.filled_nl == 0 or self.concentration.value == 0:
            problems.append("Zero is nothing that could be filled.")
        self.problem.setText(" ".join(problems))
        self.problem.setVisible(bool(problems))
        other = self.other_concentration
        before = units.concentration_text(self._before_ng_ml)
        self.warning.setText(
            f"Until now it was {before}: that is still in the path and the catheter, and comes first. Without a bridge "
            "it comes at the new rate, and the dose is wrong until the path is through."
        )
        self.warning.setVisible(other)
        self.how.setVisible(other)
        self.reason.setVisible(other and self.how.currentData() == REASON)
        self.changed.emit()
