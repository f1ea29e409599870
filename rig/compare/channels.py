"""The channels of two runs beside each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry
from firmware_link.telemetry import Channel
from rig.compare.amounts import amount_text, difference_text, moment_text, share_text, span_text
from rig.compare.columns import Outlined
from rig.compare.deviation import Deviating, deviating
from rig.compare.findings import CHANNELS, Curve, Finding, Floats, Verdict
from rig.compare.tolerance import ChannelTolerance, Tolerance

#: Of these only the change since the start of what is compared means anything beside another run.
SINCE_START = ("commanded_nl", "measured_nl", "reservoir_nl", "charge_permille")


@dataclass(frozen=True)
class Sides:
    """Both runs in the columns of their grid; the golden one reaches ``margin`` columns beyond at either end."""

    golden: Outlined
    new: Outlined
    margin: int
    at_s: Floats  # (n,) aligned, the middle of each column
    width_s: float  # of a column
    lost: NDArray[np.bool_]  # (n,) columns in which one of them lost time

    def inner(self, values: Floats) -> Floats:
        """(n,) of the golden run's."""
        return values[self.margin : len(values) - self.margin]


def compared(sides: Sides, tolerance: Tolerance) -> tuple[list[Finding], list[Curve]]:
    """A finding and a curve for each channel that one of the runs has."""
    findings, curves = [], []
    for channel in telemetry.CHANNELS:
        found = _channel(sides, channel, tolerance.channel(channel.field), tolerance.compared)
        if found is not None:
            findings.append(found[0])
            curves.append(found[1])
    return findings, curves


def margin_of(tolerance: ChannelTolerance, width_s: float, most: int) -> int:
    """How many columns a channel may be early or late: one at least, since the runs' samples lie between each
    other's."""
    return min(max(1, int(np.ceil((tolerance.time_s or 0.0) / width_s))), most)


def _channel(
    sides: Sides, channel: Channel, tolerance: ChannelTolerance, least_share: float
) -> tuple[Finding, Curve] | None:
    golden = sides.golden.low[channel.field], sides.golden.high[channel.field]
    new = sides.new.low[channel.field], sides.new.high[channel.field]
    inner = sides.inner(golden[0]), sides.inner(golden[1])
    has = [bool(np.isfinite(low).any()) for low in (inner[0], new[0])]
    if not any(has):
        return None
    if channel.field in SINCE_START:
        golden, new = _since(golden, _first(*inner)), _since(new, _first(*new))
        inner = sides.inner(golden[0]), sides.inner(golden[1])
    margin = margin_of(tolerance, sides.width_s, sides.margin)
    spare = sides.margin - margin
    reached = tuple(values[spare : len(values) - spare] for values in golden)
    found = deviating((reached[0], reached[1]), new, margin, tolerance.share, tolerance.least)
    found.deviation[sides.lost] = np.nan
    curve = Curve(channel.field, channel.title, channel.unit, *inner, *new, found.deviation, found.allowed)
    missing = _missing(sides, inner[0], new[0])
    if not all(has) or missing > 1 - least_share + 1e-9:
        return _unread(channel, tolerance, has, missing, least_share), curve
    return _finding(channel, tolerance, found, sides), curve


def _since(values: tuple[Floats, Floats], zero: float) -> tuple[Floats, Floats]:
    return values[0] - zero, values[1] - zero


def _first(low: Floats, high: Floats) -> float:
    """The first value there is; NaN without any."""
    known = np.flatnonzero(np.isfinite(low))
    return float((low[known[0]] + high[known[0]]) / 2) if len(known) else np.nan


def _missing(sides: Sides, golden: Floats, new: Floats) -> float:
    """The share of what the golden run shows that the new one, though it has samples there, doesn't."""
    sampled = np.isfinite(sides.new.low["commanded_nl"]) & np.isfinite(golden) & ~sides.lost
    return float((sampled & ~np.isfinite(new)).sum() / sampled.sum()) if sampled.any() else 0.0


def _unread(
    channel: Channel, tolerance: ChannelTolerance, has: list[bool], missing: float, least_share: float
) -> Finding:
    """A channel that one run has and the other hasn't, or hasn't enough of."""
    if all(has):
        what = f"{channel.title} has no value in {share_text(missing)} of the time, where the golden run has one."
        said = "there", f"{share_text(1 - missing)} of the time"
    else:
        which = "golden" if has[1] else "new"
        what = f"{channel.title} has no value in the {which} run."
        said = ("there" if has[0] else "none"), ("there" if has[1] else "none")
    allowed = f"at least {share_text(least_share)}"
    return Finding(CHANNELS, channel.field, channel.title, *said, "not there", allowed, _judged(tolerance), what)


def _judged(tolerance: ChannelTolerance) -> Verdict:
    return "beyond" if tolerance.checked else "not judged"


def _finding(channel: Channel, tolerance: ChannelTolerance, found: Deviating, sides: Sides) -> Finding:
    at = found.worst
    title, unit = channel.title, channel.unit
    if at is None:
        what = f"{title} can't be compared: nowhere do both runs have a value."
        return Finding(CHANNELS, channel.field, title, "there", "there", "not comparable", "", _judged(tolerance), what)
    size, allowed, at_s = float(found.deviation[at]), float(found.allowed[at]), float(sides.at_s[at])
    beyond = bool(found.beyond.any())
    differs = bool((np.nan_to_num(found.deviation) != 0).any())
    verdict: Verdict
    verdict = "same" if not differs else "within" if not beyond else _judged(tolerance)
    golden, new = float(found.golden[at]), float(found.new[at])
    first_s = float(sides.at_s[np.flatnonzero(found.beyond)[0]]) if beyond else None
    return Finding(
        CHANNELS,
        channel.field,
        title,
        amount_text(golden, unit),
        amount_text(new, unit),
        difference_text(size, unit, golden),
        f"±{amount_text(allowed, unit, digits=4)}"
        + (f", ±{span_text(tolerance.time_s or 0)}" if tolerance.time_s else ""),
        verdict,
        _sentence(channel, (size, golden, new), at_s, first_s) if differs else "",
        (first_s if first_s is not None else at_s) if differs else None,
        {
            "unit": unit,
            "deviation": size,
            "deviation_at_s": at_s,
            "golden": golden,
            "new": new,
            "allowed": allowed,
            "first_beyond_s": first_s,
            "mean_deviation": float(np.nanmean(found.deviation)),
        },
    )


def _sentence(channel: Channel, amounts: tuple[float, float, float], at_s: float, first_s: float | None) -> str:
    """ "Flow is 0.4 mL/day below the golden run at 0:00:02.5: 19.6 mL/day instead of 20 mL/day." """
    size, golden, new = amounts
    unit, way = channel.unit, "above" if size > 0 else "below"
    off = f"{amount_text(abs(size), unit, digits=4)} {way} the golden run at {moment_text(at_s)}"
    what = f"{channel.title} is {off}: {amount_text(new, unit)} instead of {amount_text(golden, unit)}"
    if first_s is not None and first_s < at_s:
        what += f"; beyond what is allowed from {moment_text(first_s)} on"
    return f"{what}."
