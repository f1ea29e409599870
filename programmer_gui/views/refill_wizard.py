"""The refill wizard: read, withdraw, fill, confirm, watch, receipt."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from programmer_gui.care import Refilled, RefillOrder, difference_text
from programmer_gui.models.care import short
from programmer_gui.models.pump import PumpModel, significant
from programmer_gui.theme import Theme
from programmer_gui.views.care_refill import FillStep, ReadStep, WithdrawStep
from programmer_gui.views.care_steps import RowsStep, WatchStep
from programmer_gui.views.widgets import button
from programmer_gui.views.wizard import Rows, Wizard
from rig.firmware.program import Program as DeviceProgram
from rig.ledger import Ledger
from rig.moments import date_text
from rig.therapy import refill, units

READ, WITHDRAW, FILL, CONFIRM, WATCH, RECEIPT = range(6)
CONFIRM_HINT = "This is sent to the pump, and kept in its log, in the recording and in its ledger on this computer."
RECEIPT_HINT = "It is kept as a note in the recording, and in the pump's ledger on this computer."
LEAVING = "Leave without recording the refill? What you entered is lost."


@dataclass(frozen=True)
class Supply:
    """What is known before a refill.  ``trouble`` says why past refills can't be read, "" for nothing."""

    kept: Ledger
    capacity_nl: int
    low_nl: int
    cap_days: int  # stability of the drug
    held: DeviceProgram | None  # the program in force
    device_id: str = ""
    trouble: str = ""


class RefillWizard(Wizard):
    """Emits what is asked for; told what came of it by ``show_status``, ``finish`` and ``fail``."""

    read_asked = Signal()
    recorded = Signal(object)  # care.RefillOrder
    bridge_asked = Signal(int)  # concentration before, ng/mL

    def __init__(self, parent: QWidget, pump: PumpModel, theme: Theme, supply: Supply) -> None:
        self._pump, self._supply = pump, supply
        self._before_ng_ml = pump.concentration_ng_ml
        self.read = ReadStep(supply.kept, supply.capacity_nl, supply.trouble)
        self.withdraw = WithdrawStep(theme, supply.kept, supply.capacity_nl)
        self.fill = FillStep(supply.capacity_nl, pump.concentration_ng_ml)
        self.confirm = RowsStep("Confirm", CONFIRM_HINT, "Record the refill")
        self.watch = WatchStep(pump)
        self.receipt = RowsStep("Receipt", RECEIPT_HINT, "Close")
        steps = (self.read, self.withdraw, self.fill, self.confirm, self.watch, self.receipt)
        super().__init__(parent, "Refill the reservoir", steps, LEAVING)
        self.copy = button("Copy the receipt")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.receipt.text))
        self.extra.addWidget(self.copy)
        self.read.read_asked.connect(self.read_asked)
        self.watch.bridge_asked.connect(lambda: self.bridge_asked.emit(self._before_ng_ml))
        self.go(READ)

    @property
    def failed(self) -> bool:
        """Whether recording it failed, for all that is known here."""
        return self.at == CONFIRM and not self.failure.isHidden()

    # -- what is told --------------------------------------------------------------------------------------------

    def show_status(self, reservoir_nl: int, utc_s: int) -> None:
        """What the pump says of itself."""
        self.read.show_status(reservoir_nl, utc_s, self._pump.running)
        self.withdraw.expect(max(0, reservoir_nl))
        if self.at == READ:
            self.next.setFocus()

    def finish(self, refilled: Refilled) -> None:
        """The pump has taken it."""
        self.over = True
        self.receipt.show_rows(refilled.receipt)
        self.watch.begin(self.fill.bridged)
        self.go(WATCH)
        if self.fill.bridged:
            self.bridge_asked.emit(self._before_ng_ml)

    def let_go(self) -> bool:
        """The pump is gone, and the next one is another: the receipt stays, what isn't recorded doesn't.  Returns
        whether something was entered."""
        if self.over:
            self.go(RECEIPT)
            return False
        lost, self.over = self.entered, True
        self.close()
        return lost

    # -- steps ---------------------------------------------------------------------------------------------------

    @property
    def entered(self) -> bool:
        return bool(self.withdraw.withdrawn.line.text().strip()) or self.at > WITHDRAW

    def go(self, at: int) -> None:
        """Shows step ``at``."""
        if at == CONFIRM:
            self.confirm.show_rows(self._summary())
        super().go(at)

    def show_step(self) -> None:
        """The buttons, as the step that is shown needs them."""
        super().show_step()
        self.copy.setVisible(self.at == RECEIPT)

    def _advance(self) -> None:
        if self.at == CONFIRM:
            self.failure.hide()
            self.next.setEnabled(False)  # until the pump has answered
            self.recorded.emit(self.order())
        elif self.at == RECEIPT:
            self.close()
        else:
            self.go(self.at + 1)

    # -- what was entered ----------------------------------------------------------------------------------------

    def order(self) -> RefillOrder:
        """All of it; only once every step was ready."""
        expected_nl, capacity_nl = self.read.expected_nl or 0, self._supply.capacity_nl
        filled_before_nl = expected_nl + self._supply.kept.delivered_nl(expected_nl, capacity_nl)
        return RefillOrder(
            self.withdraw.withdrawn_nl or 0,
            self.fill.filled_nl or 0,
            self.fill.concentration.value or 0,
            filled_before_nl,
            self.withdraw.evaluation.text().strip() if self._evaluated else "",
            self.fill.why_not_bridged,
            self._lasts(),
            self._supply.device_id,
        )

    @property
    def _evaluated(self) -> bool:
        return self.withdraw.found is not None and self.withdraw.found.to_evaluate

    def _lasts(self) -> str:
        """When the reservoir will be low, at the worst."""
        supply, now = self._supply, self._pump.care.said
        usable_nl = (self.fill.filled_nl or 0) - supply.low_nl
        now_s = now.utc_us // 1_000_000 if now else 0
        days = refill.lasts_days(supply.held, usable_nl, now_s, supply.cap_days)
        if days is None:
            return "not known: the pump holds no program that delivers"
        date = date_text(round((now_s + days * units.DAY_S) * 1_000_000))[:16]
        if days >= supply.cap_days:
            return f"{date} UTC, when the drug is {supply.cap_days} days old"
        flow = units.flow_text(significant(refill.worst_flow_pl_day(supply.held)))
        return f"{date} UTC at the earliest, in {short(round(days * units.DAY_S))}, at {flow}"

    def _summary(self) -> Rows:
        order, found = self.order(), self.withdraw.found
        assert found is not None
        rows = [
            ("Expected", units.volume_text(self.read.expected_nl or 0)),
            ("Withdrawn", units.volume_text(order.withdrawn_nl)),
            ("Discrepancy", difference_text(found)),
            ("Evaluation", order.evaluation),
            ("Filled", units.volume_text(order.filled_nl)),
            ("Concentration", units.concentration_text(order.concentration_ng_ml)),
            ("Until now", units.concentration_text(self._before_ng_ml) if self.fill.other_concentration else ""),
            ("Bridge", "opened on the Program page once this is recorded" if self.fill.bridged else ""),
            ("Without a bridge, because", order.reason),
            ("Reservoir low", order.lasts),
        ]
        return tuple((title, words) for title, words in rows if words)
