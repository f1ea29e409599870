"""The Bench's charts and what feeds them.  Imported after the window's first paint."""

import numpy as np
from PySide6.QtCore import QObject

from firmware_link import telemetry
from programmer_gui.messages import Received
from programmer_gui.models.eventlog import entry_of
from programmer_gui.models.link import LinkModel
from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.stack import ChartStack
from programmer_gui.plot.ticks import Clock
from programmer_gui.theme import Theme
from rig.therapy.refill import ACCURACY_PERMILLE

KEEP = 2_000_000  # samples in memory: 55 hours at ten a second; the recording has them all
BAND = ACCURACY_PERMILLE / 1000


class BenchCharts(QObject):
    """``stack`` is the widget; ``take`` gives it what the link brought, ``refresh`` paints."""

    def __init__(self, theme: Theme, link: LinkModel) -> None:
        super().__init__()
        self._link = link
        self.stack = ChartStack(span_s=300.0, keep=KEEP)
        self.stack.set_theme(theme.tokens)
        theme.changed.connect(self.stack.set_theme)
        self._last_s = -np.inf
        self._clock_set = False
        self._boots: dict[int, float] = {}  # axis seconds of each boot's zero
        self._add_charts()

    def _add_charts(self) -> None:
        add = self.stack.add_chart
        add(
            "Volume since connecting",
            "µL",
            [
                CurveSpec("planned", "Plan", "plan", "dash"),
                CurveSpec("measured", "Delivered", "delivered"),
            ],
            band=BandSpec("low", "high", f"Tolerance ±{BAND * 100:g} %"),
            least_span=1.0,
            weight=5,
        )
        add("Flow", "mL/day", [CurveSpec("flow", "Commanded", "flow", step=True)], include=(0.0,), weight=2)
        add(
            "Pressure", "kPa", [CurveSpec("pressure", "Pressure", "pressure")], include=(0.0,), least_span=5.0, weight=2
        )
        curves = [
            CurveSpec("reservoir", "Reservoir", "reservoir"),
            CurveSpec("battery", "Battery", "battery", "dot", decimals=1),
        ]
        add("Reserves", "% of full", curves, least_span=2.0, weight=2)

    def clear(self) -> None:
        """Another session."""
        self.stack.clear()
        self._last_s, self._clock_set = -np.inf, False
        self._boots.clear()

    def take(self, message: Received) -> None:
        """Adds samples, gaps and events to the charts."""
        batch, placed = message.batch, message.delivered
        t_s = placed.t_s
        if len(t_s):
            samples = batch.samples
            self._place(samples, t_s)
            delivered = np.where(np.isnan(placed.measured_nl), placed.commanded_nl, placed.measured_nl) / 1e3
            planned = placed.planned_nl / 1e3
            columns = {
                "planned": planned,
                "measured": delivered,
                "low": planned * (1 - BAND),
                "high": planned * (1 + BAND),
            }
            for name, field in (("flow", "flow_pl_s"), ("pressure", "pressure_pa"), ("battery", "charge_permille")):
                columns[name] = telemetry.column(samples, field)
            columns["reservoir"] = samples["reservoir_nl"] * (100 / self._capacity_nl())
            t_s = np.maximum.accumulate(np.maximum(t_s, self._last_s))
            for gap in batch.gaps:
                self._gap(gap.boot, gap.start_us, gap.end_us)
            self.stack.append(t_s, columns)
            self._last_s = float(t_s[-1])
        for event in batch.events:
            zero = self._boots.get(event.boot)
            if zero is not None:
                entry = entry_of(event)
                self.stack.add_mark(zero + event.occurred_us / 1e6, event.priority, entry.title, entry.details)

    def refresh(self) -> None:
        """Paints, where the picture would differ."""
        self.stack.refresh()

    def _capacity_nl(self) -> int:
        device = self._link.device
        return device.settings["reservoir_nl"] if device else 1

    def _place(self, samples: np.ndarray, t_s: np.ndarray) -> None:
        for at in (0, -1):
            self._boots.setdefault(int(samples["boot"][at]), float(t_s[at]) - int(samples["t_us"][at]) / 1e6)
        if not self._clock_set:
            self._clock_set = True
            self.stack.set_clock(Clock(int(samples["host_us"][0]) / 1e6 - float(t_s[0]), 0))

    def _gap(self, boot: int, start_us: int, end_us: int) -> None:
        zero = self._boots.get(boot)
        if zero is not None:
            self.stack.add_gap(zero + start_us / 1e6, zero + end_us / 1e6, "measured")
