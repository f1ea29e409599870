"""What truly happens on a virtual rig beside what its pump believes, and what was made to go wrong there."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from firmware_link import wire
from programmer_gui.models.compared import Compared, Known, compare

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    import numpy as np
    from numpy.typing import NDArray

    from programmer_gui.models.care import CareModel
    from rig.session import Batch, Standing
    from rig.virtual.schedule import Scheduled

ROWS_MAX = 20_000  # of truth, that wait for the sample of their moment
_SINCE = ("delivered_nl", "leaked_nl", "drug_ng")  # counted from the first sample on
_NOW = (
    "flow_nl_s",
    "pressure_pa",
    "reservoir_nl",
    "concentration_ng_ml",
    "charge",
    "battery_v",
    "compressions",
    "efficiency",
    "temperature_c",
)


class RigModel(QObject):
    """Fed with every batch; ``changed`` follows what there is to compare, and the rig's time."""

    changed = Signal()
    faults_changed = Signal()
    struck = Signal(object)  # rig.truth.Strike
    was_reset = Signal()

    def __init__(self, care: "CareModel", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._care = care
        self.reset()

    def reset(self) -> None:
        """Nothing is known: no rig, or another one."""
        self.rows: tuple[Compared, ...] = ()
        self.now_us = 0  # the rig's own time
        self.faults: tuple[Scheduled, ...] = ()  # in force and to come
        self._waiting: NDArray[np.void] | None = None
        self._believed: dict[str, float | None] = {}
        self._first_measured_nl: int | None = None
        self._first_truth: dict[str, float] = {}
        self._clock: tuple[int, int, int] | None = None  # boot, t_us and true_us of its first row
        for signal in (self.was_reset, self.faults_changed, self.changed):
            signal.emit()

    def show_standing(self, standing: "Standing") -> None:
        """What is in force and to come, and the rig's time."""
        self.now_us = standing.now_us
        if standing.faults != self.faults:
            self.faults = standing.faults
            self.faults_changed.emit()

    def take(self, batch: "Batch", standing: "Standing", online: bool, commanded_nl: int) -> None:
        """What the link brought, and what was commanded since the first sample, over restarts and all.  While it is
        lost, the truth goes on without the pump's word."""
        self.show_standing(standing)
        for strike in batch.strikes:
            self.struck.emit(strike)
        self._compare(batch, online, commanded_nl)
        self.changed.emit()

    def _compare(self, batch: "Batch", online: bool, commanded_nl: int) -> None:
        rows = self._keep(batch.truth)
        if rows is None or not len(rows):
            return
        at = len(rows) - 1
        if len(batch.samples):
            sample = batch.samples[-1]
            at = self._moment(rows, sample)
            if not self._first_truth:
                self._begin(batch.samples[0], rows)
            self._start_clock(batch.samples, rows)
            self._believe(sample, commanded_nl)
        elif online:
            return  # the sample of that moment is on its way
        self._waiting = rows[at:]
        self.rows = compare(self._believed, self._true(rows[at]), stale=not online)

    def _keep(self, truth: "NDArray[np.void]") -> "NDArray[np.void] | None":
        import numpy as np

        if len(truth):
            self._waiting = truth if self._waiting is None else np.concatenate([self._waiting, truth])[-ROWS_MAX:]
        return self._waiting

    @staticmethod
    def _moment(rows: "NDArray[np.void]", sample: Any) -> int:
        """Where the truth of the sample's moment is; the latest before it, where that moment wasn't noted."""
        same = rows["boot"] == sample["boot"]
        before = (same & (rows["t_us"] <= sample["t_us"])).nonzero()[0]
        return int(before[-1]) if len(before) else 0

    def _begin(self, sample: Any, rows: "NDArray[np.void]") -> None:
        first = rows[self._moment(rows, sample)]
        self._first_measured_nl = _known(sample["measured_nl"])
        self._first_truth = {name: float(first[name]) for name in _SINCE}

    def _start_clock(self, samples: "NDArray[np.void]", rows: "NDArray[np.void]") -> None:
        """The clocks are compared since the first sample of the boot, however many came at once."""
        boot = int(samples["boot"][-1])
        if self._clock is None or self._clock[0] != boot:
            row = rows[self._moment(rows, samples[samples["boot"] == boot][0])]
            self._clock = (boot, int(row["t_us"]), int(row["true_us"]))

    def _believe(self, sample: Any, commanded_nl: int) -> None:
        settings, said = self._care.settings, self._care.said
        concentration = settings.get("concentration_ng_ml")
        life = settings.get("tube_life_compressions")
        used = None if life is None or said is None else life * said.tube_permille / 1000
        self._believed = {
            "commanded_nl": float(commanded_nl),
            "measured_nl": _since(_known(sample["measured_nl"]), self._first_measured_nl),
            "flow_nl_s": int(sample["flow_pl_s"]) / 1000,
            "pressure_pa": float(sample["pressure_pa"]),
            "reservoir_nl": float(sample["reservoir_nl"]),
            "drug_ng": commanded_nl * 1e-6 * concentration if concentration else None,
            "concentration_ng_ml": concentration,
            "charge": int(sample["charge_permille"]) / 1000,
            "battery_v": int(sample["battery_mv"]) / 1000,
            "compressions": used,
            "efficiency": 1.0,
            "temperature_c": int(sample["temperature_cc"]) / 100,
            "clock_s": (int(sample["t_us"]) - self._clock[1]) / 1e6 if self._clock else None,
        }

    def _true(self, row: Any) -> Known:
        true = {name: float(row[name]) for name in _NOW}
        true |= {name: float(row[name]) - self._first_truth.get(name, 0.0) for name in _SINCE}
        if self._clock is not None and self._clock[0] == int(row["boot"]):
            true["true_s"] = (int(row["true_us"]) - self._clock[2]) / 1e6
        return true


def _known(raw: Any) -> int | None:
    return None if int(raw) == wire.MISSING else int(raw)


def _since(now: int | None, first: int | None) -> float | None:
    return None if now is None or first is None else float(now - first)
