"""What was commanded, measured and planned between two moments of a stretch, and how well that is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_link import wire
from rig.accuracy import budget, judging, laboratory
from rig.accuracy.budget import Budget
from rig.accuracy.method import DENSITY_G_ML
from rig.balance import uncertainty
from rig.qa.judging import judge_moments as moments
from rig.qa.judging.judge_counter import Counter, Floats, Readings, Times
from rig.qa.judging.judge_moments import JudgeContext
from rig.qa.judging.material import Material
from rig.qa.told import Stretch

DAY_US = judging.DAY_US
_APART = 1.5  # sample intervals, beyond which the stretch reaches over what came
_TARES_US = 20_000_000  # so long a tare may take, which is the first step of a stretch
PUMPS, LABORATORYS = "the pump's balance", "the laboratory balance"


@dataclass(frozen=True)
class Amount:
    """What came between two moments of the axis."""

    nl: float
    budget: Budget  # nl
    start_us: int
    end_us: int

    @property
    def span_us(self) -> int:
        """At least 1."""
        return max(self.end_us - self.start_us, 1)


class Volumes:
    """Of one stretch; moments are µs of the material's axis."""

    by = PUMPS

    def __init__(self, material: Material, stretch: Stretch, ends: bool = False) -> None:
        """``ends``: only what came at its ends is looked at, which is quick."""
        self._material, self._stretch = material, stretch
        rows = material.samples()[moments.first_row(material, stretch.begin) : stretch.end.samples + 1]
        if ends and len(rows) > 4:
            rows = np.concatenate([rows[:2], rows[-2:]])
        self.rows = rows
        self.at_us = moments.axis_us(material, rows)
        commanded_nl = rows["commanded_nl"] + material.counted.carried_nl(rows["boot"]) if len(rows) else np.empty(0)
        measured_nl = rows["measured_nl"].astype(np.float64)
        measured_nl[rows["measured_nl"] == wire.MISSING] = np.nan
        boots, index = rows["boot"], rows["index"].astype(np.int64)
        self._restarts = boots[1:] != boots[:-1]
        torn = self._restarts | (np.diff(index) != 1)
        self._commanded = Counter(self.at_us, commanded_nl, commanded_nl, torn)
        self._weighed = Counter(self.at_us, measured_nl, commanded_nl, torn, budget.total(self.balance(0, 0.0)))
        self._place()

    def _place(self) -> None:
        """What of the stretch readings reach over, and what of it they don't."""
        ends = moments.axis_of(self._material, self._stretch.begin), moments.axis_of(self._material, self._stretch.end)
        have = (int(self.at_us[0]), int(self.at_us[-1])) if len(self.at_us) else (0, 0)
        begin_us, end_us = (have[i] if end is None else end for i, end in enumerate(ends))
        self.start_us = min(max(begin_us, have[0]), have[1])
        self.end_us = max(min(end_us, have[1]), self.start_us)
        missing_us = (self.start_us - begin_us) + max(end_us - self.end_us, 0)
        interval_us = self._material.settings.get("sample_interval_ms", 0) * 1000
        gaping = missing_us > _APART * interval_us
        self._missing_us, self._short_us = (missing_us, 0) if gaping else (0, missing_us)

    @property
    def span_us(self) -> int:
        """What readings reach over; 0 where there aren't two."""
        return self.end_us - self.start_us

    def commanded(self, start_us: int | None = None, end_us: int | None = None) -> Amount | None:
        """Between two moments, else over all of the stretch; None where nothing was read."""
        edges = self._edges(start_us, end_us)
        read = self._commanded.at(edges)
        return self._amount(edges, read, self._ends(read) + self._unread(edges))

    def measured(self, start_us: int | None = None, end_us: int | None = None) -> Amount | None:
        """Likewise, by the balance, with what has evaporated added."""
        edges = self._edges(start_us, end_us)
        read = self._weighed.at(edges)
        span_us = int(edges[1] - edges[0])
        evaporated_nl, evaporation = self.evaporated(span_us)
        celsius = self.celsius_at(edges)
        balance = self.balance(span_us, float(celsius[1] - celsius[0]))
        parts = (*balance, ("evaporation", evaporation), *self._ends(read))
        found = self._amount(edges, read, parts)
        return None if found is None else Amount(found.nl + evaporated_nl, found.budget, *edges.tolist())

    def measured_at(self, at_us: Times) -> Floats:
        """(n,) nl at moments (n,), with what has evaporated since the begin of the stretch; NaN where it wasn't read or
        time was lost."""
        read = self._weighed.at(at_us)
        evaporated_nl, _ = self.evaporated(DAY_US)
        nl: Floats = read.nl + (at_us - self.start_us) * (evaporated_nl / DAY_US)
        nl[read.lost] = np.nan
        return nl

    def read_at_us(self) -> Times:
        """(n,) when the balance was read in the stretch, the last time before it and the first after it included."""
        return self._weighed.at_us

    def read_nl(self, at_us: Times) -> Floats:
        """(n,) nl at moments (n,), as the balance showed it."""
        return self._weighed.at(at_us).nl

    def unsure_nl(self, at_us: Times) -> Floats:
        """(n,) what the moments' lying between two readings leaves unsure of them."""
        return self._weighed.at(at_us).unsure_nl

    def celsius_at(self, at_us: Times) -> Floats:
        """(n,) °C at moments (n,); 0 where none was read."""
        if not len(self.rows):
            return np.zeros(len(at_us))
        celsius: Floats = np.interp(at_us, self.at_us, self.rows["temperature_cc"] / 100)
        return celsius

    def balance(self, span_us: int, warmer_c: float) -> Budget:
        """What the balance may be off, in nl, on what came in ``span_us``, over which it became so much warmer."""
        own_nl = float(self._material.settings.get("balance_uncertainty_nl", 0))
        return ("balance", own_nl), ("drift", judging.drift_nl(warmer_c))

    def commanded_at(self, at_us: Times) -> Floats:
        """(n,) nl at moments (n,)."""
        return self._commanded.at(at_us).nl

    def evaporated(self, span_us: int) -> tuple[float, float]:
        """What has left the cup, and what that isn't known to, in nl: by a blank, or as the pump is set, whichever is
        known better, but never by what the other excludes."""
        setting_nl = judging.evaporated_nl(self._material.settings, span_us)
        set_off_nl = judging.evaporation_unsure_nl(self._material.settings, span_us)
        blank = self.blank()
        if blank is None:
            return setting_nl, set_off_nl
        nl, off_nl = (one / DENSITY_G_ML * span_us / 1e6 for one in blank)
        agree = abs(nl - setting_nl) <= off_nl + set_off_nl
        return (setting_nl, set_off_nl) if agree and set_off_nl < off_nl else (nl, off_nl)

    def blank(self) -> tuple[float, float] | None:
        """What was seen to evaporate from the cup on this balance: another's tells nothing of it."""
        blank = self._material.blank_ug_s
        return None if blank is None or blank.by != self.by else (blank.ug_s, blank.off_ug_s)

    def _edges(self, start_us: int | None, end_us: int | None) -> Times:
        edges = (self.start_us if start_us is None else start_us), (self.end_us if end_us is None else end_us)
        return np.array(edges, np.int64)

    def _amount(self, edges: Times, read: Readings, parts: Budget) -> Amount | None:
        nl = float(read.nl[1] - read.nl[0])
        if np.isnan(nl) or edges[1] <= edges[0]:
            return None
        return Amount(nl, budget.joined(parts), *edges.tolist())

    def _ends(self, read: Readings) -> Budget:
        missing_nl = self._missing_us * self._flow_nl_s(self.rows) / 1e6
        parts = (("gaps" if lost else "timing", float(nl)) for lost, nl in zip(read.lost, read.unsure_nl, strict=True))
        return (*parts, ("gaps", missing_nl))

    def beyond(self) -> Budget:
        """What may have come in the stretch before its first reading and after its last, where these are as near to its
        ends as readings are: a volume of the whole stretch isn't known to that, but nothing that is laid beside it."""
        outside = (self.at_us <= self.start_us) | (self.at_us >= self.end_us)
        return (("timing", self._short_us * self._flow_nl_s(self.rows[outside]) / 1e6),)

    def _flow_nl_s(self, rows: NDArray[np.void]) -> float:
        return float(np.abs(rows["flow_pl_s"]).max(initial=0)) / 1000

    def _unread(self, edges: Times) -> Budget:
        """What the pump may have commanded and forgotten over its restarts."""
        restarts = np.flatnonzero(self._restarts)
        inside = restarts[(self.at_us[restarts + 1] > edges[0]) & (self.at_us[restarts] < edges[1])]
        off_us = (self.at_us[inside + 1] - self.at_us[inside]) * (np.abs(self.rows["flow_pl_s"][inside]) / 1e9)
        return (("restarts", float(off_us.sum())),)


class LaboratoryVolumes(Volumes):
    """Likewise, weighed by the laboratory balance; the stretch is as long as its readings reach over it."""

    by = LABORATORYS

    def __init__(self, material: Material, stretch: Stretch, weighings: NDArray[np.void], ends: bool = False) -> None:
        self._figures = uncertainty.figures_of(weighings)
        super().__init__(material, stretch, ends)
        host_us = weighings["host_us"]
        begin, end = stretch.begin, stretch.end
        begin_us, end_us = moments.axis_of(material, begin) or 0, moments.axis_of(material, end) or 0
        pace = (end_us - begin_us) / max(end.host_us - begin.host_us, 1)
        at_us = np.rint(begin_us + (host_us - begin.host_us) * pace).astype(np.int64)
        apart_us = np.diff(at_us)
        torn = apart_us > laboratory.APART * np.median(apart_us) if len(apart_us) else np.empty(0, bool)
        nl, commanded_nl = weighings["mass_ug"] / DENSITY_G_ML, self._commanded.at(at_us).nl
        self._weighed = Counter(at_us, nl, commanded_nl, torn, budget.total(self.balance(0, 0.0)))
        self._shorten(int(at_us[0]), int(at_us[-1]))

    def _shorten(self, first_us: int, last_us: int) -> None:
        """To what its readings reach over: beyond them nobody has weighed what was commanded."""
        whole_us = self.span_us
        self.start_us = min(max(self.start_us, first_us), self.end_us)
        self.end_us = max(min(self.end_us, last_us), self.start_us)
        self._short_us += whole_us - self.span_us

    def balance(self, span_us: int, warmer_c: float) -> Budget:
        """As its own readings tell."""
        return laboratory.parts_nl(self._figures, span_us, warmer_c)

    def evaporated(self, span_us: int) -> tuple[float, float]:
        """By the blank, or as if its cup were the pump's."""
        return laboratory.evaporated_nl(self._material.settings, span_us, self.blank())


def of_stretch(material: Material, stretch: Stretch, ends: bool = False) -> Volumes:
    """By the best balance that was read over it: the laboratory balance, where its readings reach from before its begin
    to after its end or nearly so, and nobody set it to zero meanwhile; with which a stretch may begin."""
    begin, end = stretch.begin, stretch.end
    rows = material.weighings()[: end.weighings + 1]
    first = int(np.searchsorted(rows["host_us"], begin.host_us, "right"))
    rows = rows[max(min(first, begin.weighings) - 1, 0) :]
    zeros_us = [*(zero.host_us for zero in material.zeros), *material.zeros_us]
    zeroed = any(begin.host_us + _TARES_US < zero_us < end.host_us for zero_us in zeros_us)
    zero_us = max((zero_us for zero_us in zeros_us if zero_us <= begin.host_us + _TARES_US), default=0)
    rows = rows[rows["host_us"] > zero_us]
    if len(rows) < 2 or zeroed:
        return Volumes(material, stretch, ends)
    near_us = laboratory.APART * float(np.median(np.diff(rows["host_us"])))
    from_us = max(begin.host_us, zero_us)
    reached = rows["host_us"][0] <= from_us + near_us and rows["host_us"][-1] >= end.host_us - near_us
    return LaboratoryVolumes(material, stretch, rows, ends) if reached else Volumes(material, stretch, ends)


def turns(material: Material, volumes: Volumes) -> tuple[int, int]:
    """(how many whole turns of the rotor were commanded in the stretch, the moment at which they end)."""
    revolution_nl = material.settings["revolution_pl"] / 1000
    inside = volumes.at_us[(volumes.at_us > volumes.start_us) & (volumes.at_us <= volumes.end_us)]
    at_us = np.unique(np.concatenate(([volumes.start_us], inside, [volumes.end_us])))
    nl = np.maximum.accumulate(volumes.commanded_at(at_us)) if len(volumes.at_us) else np.zeros(len(at_us))
    count = int((nl[-1] - nl[0] + 1e-6) // revolution_nl)
    if not count:
        return 0, volumes.start_us
    due_nl = nl[0] + count * revolution_nl
    after = min(int(np.searchsorted(nl, due_nl - 1e-6)), len(nl) - 1)
    rise_nl = nl[after] - nl[after - 1]
    share = (due_nl - nl[after - 1]) / rise_nl if rise_nl > 0 else 1.0
    return count, int(at_us[after - 1] + min(share, 1.0) * (at_us[after] - at_us[after - 1]))


def amount_of(source: str, volumes: Volumes, context: JudgeContext, start_us: int, end_us: int) -> Amount | None:
    """What was ``source`` (measured, commanded, planned) between two moments; None where nobody knows."""
    if volumes.span_us <= 0:
        return None
    if source == "measured":
        return volumes.measured(start_us, end_us)
    if source == "commanded":
        return volumes.commanded(start_us, end_us)
    planned_nl = context.planned_nl(start_us, end_us) if context.planned_nl else None
    return None if planned_nl is None else Amount(planned_nl, (), start_us, end_us)
