"""The Bench's charts and what feeds them.  Imported after the window's first paint."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from programmer_gui.messages import Received
from programmer_gui.models.eventlog import LogEntry, entry_of
from programmer_gui.models.link import LinkModel
from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.pictures import export
from programmer_gui.plot.stack import ChartStack
from programmer_gui.plot.ticks import Clock
from programmer_gui.recorded import Recorded
from programmer_gui.theme import Theme
from rig.recording.curves import BAND, columns_of
from rig.recording.linkhealth import HealthMeter
from rig.session import Event, Gap

Floats = NDArray[np.float64]
Samples = NDArray[np.void]

_KEPT_BEHIND = 0.1  # of the width of a view that follows the playhead
_WAITING_MAX = 1_000  # events
KEEP = 2_000_000  # samples in memory: 55 hours at ten a second; the recording has them all


class BenchCharts(QObject):
    """``stack`` is the widget; ``take`` gives it what the link brought, ``refresh`` paints.

    Between ``show_recording`` and ``clear`` it shows a recording instead, whatever a replay of it brings.
    """

    moment_asked = Signal(float)  # a hand wants the playhead at this second of the axis
    failed = Signal(object)  # PumpError: a recording can't be shown, or not all of it, or a picture not be saved

    def __init__(self, theme: Theme, link: LinkModel) -> None:
        super().__init__()
        self._link = link
        self.stack = ChartStack(span_s=300.0, keep=KEEP)
        self.stack.set_theme(theme.tokens)
        theme.changed.connect(self.stack.set_theme)
        self._last_s = -np.inf
        self._health = HealthMeter()
        self._utc_at_zero_s: float | None = None
        self._boots: dict[int, float] = {}  # axis seconds of each boot's zero
        self._waiting: list[Event] = []  # for the first sample of their boot
        self._told: set[int] = set()  # events by their numbers: the pump tells again what was not acknowledged
        self._recorded: Recorded | None = None
        self._leaving: list[Recorded] = []  # closed, but still at what they read last
        self.stack.canvas.moment_asked.connect(self.moment_asked)
        self.stack.failed.connect(self.failed)
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
            weight=6,
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
        curves = [
            CurveSpec("bad_frames", "Bad frames/min", "pressure", decimals=0, step=True),
            CurveSpec("resends", "Resends/min", "battery", "dash", decimals=0, step=True),
            CurveSpec("round_trip", "Round trip, ms", "flow", "dot", decimals=1, step=True),
        ]
        add("Link health", "", curves, include=(0.0,), least_span=5.0)

    def clear(self) -> None:
        """Another session."""
        if self._recorded is not None:
            self._recorded.close()
            self._leaving = [one for one in (*self._leaving, self._recorded) if not one.ended]
            self._recorded = None
        self.stack.canvas.playhead = None
        self.stack.clear()
        self.stack.set_clock(None)
        self._last_s, self._utc_at_zero_s = -np.inf, None
        self._health = HealthMeter()
        self._boots.clear()
        self._waiting.clear()
        self._told.clear()

    def take(self, message: Received) -> None:
        """Adds samples, gaps and events to the charts."""
        if self._recorded is not None:
            return
        batch, placed = message.batch, message.delivered
        if len(placed.t_s):
            self._place(batch.samples, placed.t_s)
            t_s = np.maximum.accumulate(np.maximum(placed.t_s, self._last_s))
            self._append(t_s, columns_of(batch.samples, placed, self._capacity_nl()), self._gaps(batch.gaps))
            self._last_s = float(t_s[-1])
            health = self._health.add(self._last_s, batch.counters)
            if health is not None:
                self.stack.append([self._last_s], {name: [value] for name, value in health.items()})
        fresh = [event for event in batch.events if not event.number or event.number not in self._told]
        self._told.update(event.number for event in fresh)
        waiting, self._waiting = [*self._waiting, *fresh], []
        for event in waiting:
            zero_s = self._boots.get(event.boot)
            if zero_s is None:
                self._waiting = [*self._waiting, event][-_WAITING_MAX:]
            else:
                entry = entry_of(event)
                self.stack.add_mark(zero_s + event.occurred_us / 1e6, event.priority, entry.title, entry.details)

    # -- a recording -----------------------------------------------------------------------------------------------

    def show_recording(self, path: Path) -> None:
        """Shows all of the run file ``path`` as it is read, on a thread of its own; nothing is waited for."""
        self.clear()
        self._recorded = Recorded(self.stack, path, self.failed.emit)

    def set_playhead(self, axis_s: float | None) -> None:
        """The moment that is looked at, or none.  A view that had it in it goes along."""
        canvas, view, window = self.stack.canvas, self.stack.view, self.stack.canvas.in_view
        before, canvas.playhead = canvas.playhead, axis_s
        if before is None or axis_s is None or window.begin <= axis_s <= window.end:
            return
        if window.begin <= before <= window.end:
            begin = axis_s - _KEPT_BEHIND * window.span
            view.show(begin, begin + window.span)

    def hold(self) -> None:
        """Lets go of the recording's file, until ``go_on``; returns once that is so."""
        self.wait()
        if self._recorded is not None:
            self._recorded.hold()

    def wait(self) -> None:
        """Returns once the files of recordings that were shown before are let go of."""
        while self._leaving:
            self._leaving.pop().wait()

    def go_on(self) -> None:
        """Reads the recording again, its notes anew."""
        if self._recorded is not None:
            self._recorded.go_on()

    def seconds_of(self, entry: LogEntry) -> float | None:
        """The second of the axis at which a log entry lies; None where nothing tells."""
        zero_s = self._recorded.utc_at_zero_s if self._recorded is not None else self._utc_at_zero_s
        return None if zero_s is None or not entry.utc_us else entry.utc_us / 1e6 - zero_s

    def show_moment(self, entry: LogEntry) -> None:
        """Puts the moment of a log entry into the middle of the picture."""
        at_s, span_s = self.seconds_of(entry), self.stack.view.span_s
        if at_s is not None:
            self.stack.follow(False)
            self.stack.view.show(at_s - span_s / 2, at_s + span_s / 2)
            self.stack.refresh()

    def mark_note(self, text: str, host_us: int) -> None:
        """A note is a mark too."""
        if self._utc_at_zero_s is not None and self._recorded is None:
            self.stack.add_mark(host_us / 1e6 - self._utc_at_zero_s, 0, "Note", text)

    def _append(self, t_s: Floats, columns: dict[str, Floats], gaps: list[tuple[float, float]]) -> None:
        """Each gap goes between the samples before it and those after."""
        done = 0
        for begin_s, end_s in gaps:
            here = int(np.searchsorted(t_s, begin_s, side="right"))
            if here > done:
                self.stack.append(t_s[done:here], {name: values[done:here] for name, values in columns.items()})
                done = here
            self.stack.add_gap(begin_s, end_s, "measured")
        self.stack.append(t_s[done:], {name: values[done:] for name, values in columns.items()})

    def _gaps(self, gaps: tuple[Gap, ...]) -> list[tuple[float, float]]:
        """Begin and end on the time axis, in order; those of a boot that no sample came from can't be placed."""
        known = [(self._boots[gap.boot], gap) for gap in gaps if gap.boot in self._boots and gap.kind != "events"]
        return sorted((zero_s + gap.start_us / 1e6, zero_s + gap.end_us / 1e6) for zero_s, gap in known)

    def export(self, path: Path) -> None:
        """Saves what the charts show, in the light theme, as ``path``: .png or .svg.

        Raises UsageError where it can't be written.
        """
        export(self.stack.canvas, path)

    def refresh(self) -> None:
        """Paints, where the picture would differ."""
        if self._recorded is not None:
            self._recorded.refresh()
        self.stack.refresh()

    def _capacity_nl(self) -> int:
        device = self._link.device
        return device.settings["reservoir_nl"] if device else 1

    def _place(self, samples: Samples, t_s: Floats) -> None:
        for at in (0, -1):
            self._boots.setdefault(int(samples["boot"][at]), float(t_s[at]) - int(samples["t_us"][at]) / 1e6)
        if self._utc_at_zero_s is None:
            self._utc_at_zero_s = int(samples["host_us"][0]) / 1e6 - float(t_s[0])
            self.stack.set_clock(Clock(self._utc_at_zero_s, 0))
