"""A run of a pump that delivers as it is told to, made of whole samples, with marks wherever a test wants them."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry, wire
from firmware_link.vocabulary import EVENT_KINDS, EVENT_PRIORITIES, RUNNING, SETTINGS
from rig.linkstate import LinkState
from rig.measured import Mark
from rig.qa.judging.judging import JudgeContext
from rig.qa.judging.material import Material
from rig.qa.told import Stretch
from rig.session import Batch, Event, Gap, LinkChange
from rig.weighing import weighings

START_US = 1_800_000_000_000_000  # host time of the pump's time 0
EXACT = {row[1]: row[4] for row in SETTINGS} | {"balance_uncertainty_nl": 0, "evaporation_nl_day": 0}
NlAt = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Run:
    """Times are seconds of the pump; volumes are functions of them, in nl."""

    def __init__(self, commanded_nl: NlAt, measured_nl: NlAt | None = None, **settings: int) -> None:
        self.material = Material(EXACT | {"sample_interval_ms": 1000} | settings)
        self._commanded_nl, self._measured_nl = commanded_nl, measured_nl
        self._next, self._events = 0, 0

    def samples(self, *at_s: float, boot: int = 1, skipped: int = 0, **fields: int) -> "Run":
        """One each; ``skipped`` were lost before."""
        times = np.array(at_s, np.float64)
        rows = np.zeros(len(times), telemetry.SAMPLE_DTYPE)
        rows["boot"], rows["index"] = boot, np.arange(len(times)) + self._next + skipped
        rows["t_us"] = np.rint(times * 1e6)
        rows["host_us"] = START_US + rows["t_us"]
        rows["commanded_nl"] = np.rint(self._commanded_nl(times))
        rows["measured_nl"] = wire.MISSING if self._measured_nl is None else np.rint(self._measured_nl(times))
        rows["state"], rows["temperature_cc"] = RUNNING, 2200
        for name, value in fields.items():
            rows[name] = value
        self._next += len(times) + skipped
        self.material.add(Batch(samples=rows))
        return self

    def each_second(self, first_s: int, last_s: int, **fields: int) -> "Run":
        """Samples, both ends included."""
        return self.samples(*range(first_s, last_s + 1), **fields)

    def event(self, kind: str, at_s: float, value: int = 0, boot: int = 1) -> "Run":
        """It comes now, and occurred at ``at_s``."""
        self._events += 1
        at_us = round(at_s * 1e6)
        priority = EVENT_PRIORITIES[EVENT_KINDS[kind]]
        event = Event(self._events, kind, priority, boot, at_us, at_us, 0, value, 0, START_US + at_us)
        self.material.add(Batch(events=(event,)))
        return self

    def weighed(self, rows: Sequence[tuple[float, float]], stable: bool = True) -> "Run":
        """(s, µg) by a laboratory balance."""
        made = [(START_US + round(at_s * 1e6), round(mass_ug), stable) for at_s, mass_ug in rows]
        self.material.add(Batch(weighings=weighings(made)))
        return self

    def gap(self, kind: str, start_s: float, end_s: float) -> "Run":
        self.material.add(Batch(gaps=(Gap(kind, 1, round(start_s * 1e6), round(end_s * 1e6), 1),)))
        return self

    def link(self, state: LinkState, at_s: float) -> "Run":
        self.material.add(Batch(links=(LinkChange(state, START_US + round(at_s * 1e6)),)))
        return self

    def mark(self, at_s: float, boot: int = 1) -> Mark:
        """Now, at so many seconds."""
        t_us = round(at_s * 1e6)
        return Mark(START_US + t_us, boot, t_us, **self.material.counts())

    def stretch(self, begin: Mark, end_s: float) -> Stretch:
        """From ``begin`` until now."""
        return Stretch(begin, self.mark(end_s))

    def context(self, begin: Mark) -> JudgeContext:
        """Of a step whose latest deed was done at ``begin``."""
        return JudgeContext(begin, Stretch(begin, begin))


def evenly(nl_s: float) -> NlAt:
    """A constant flow."""
    return lambda at_s: at_s * nl_s
