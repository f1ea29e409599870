"""Compares runs with a golden one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry
from firmware_link.errors import UsageError
from rig.compare import channels, happenings, plans, totals
from rig.compare.alignment import Alignment
from rig.compare.columns import Grid, Outlined, fitting, outlined
from rig.compare.findings import Against, Comparison, Floats
from rig.compare.material import Material
from rig.compare.tolerance import Tolerance, standard
from rig.recording.timeline import joined

Progress = Callable[[int, int | None, str], None]
START = Alignment()


def _no_progress(done: int, total: int | None, what: str) -> None:
    pass


@dataclass(frozen=True)
class Laid:
    """Two runs laid over each other; times aligned, in seconds."""

    golden: Material
    new: Material
    golden_zero_us: int  # where each has second 0, on its own axis
    new_zero_us: int
    start_s: float
    end_s: float
    lost_s: tuple[tuple[float, float], ...]

    @property
    def share(self) -> float:
        """Of the golden run's time, what is compared."""
        has_s = self.golden.span_s - self.golden.lost_s
        common_s = self.end_s - self.start_s - sum(end - begin for begin, end in self.lost_s)
        return min(1.0, common_s / has_s) if has_s > 0 else 1.0


def compare(
    golden: Path,
    news: Sequence[Path],
    alignment: Alignment = START,
    tolerance: Tolerance | None = None,
    progress: Progress = _no_progress,
) -> Comparison:
    """Each of ``news`` against ``golden``.  Raises RunFileError for a file that can't be read, and UsageError for runs
    without samples, without the event to align by, or without a moment in common."""
    allowed = standard() if tolerance is None else tolerance
    against = []
    with Material(golden) as first:
        for path in news:
            with Material(path) as new:
                against.append(_against(lay(first, new, alignment), allowed, progress))
    return Comparison(golden, alignment, allowed.name, tuple(against))


def lay(golden: Material, new: Material, alignment: Alignment) -> Laid:
    """``new`` over ``golden``; raises UsageError where they have no moment in common."""
    zeros = golden.zero_us(alignment), new.zero_us(alignment)
    if alignment.how == "clock":
        zeros = golden.start_us, golden.start_us
    spans = [(one.start_us - zero, one.end_us - zero) for one, zero in zip((golden, new), zeros, strict=True)]
    start_us, end_us = max(span[0] for span in spans), min(span[1] for span in spans)
    if end_us < start_us:
        words = f"{golden.path.name} and {new.path.name} have no moment in common, aligned {alignment.words()}."
        raise UsageError(words, "Align them otherwise: start, clock, event:KIND.")
    shifted = [
        (begin - zero, end - zero) for one, zero in zip((golden, new), zeros, strict=True) for begin, end in one.lost_us
    ]
    lost = joined(
        (max(begin, start_us), min(end, end_us)) for begin, end in shifted if end > start_us and begin < end_us
    )
    seconds = tuple((begin / 1e6, end / 1e6) for begin, end in lost)
    return Laid(golden, new, *zeros, start_us / 1e6, end_us / 1e6, seconds)


def _against(laid: Laid, tolerance: Tolerance, progress: Progress) -> Against:
    golden, new = laid.golden, laid.new
    findings = plans.compared((golden.run, golden.reader.programs()), (new.run, new.reader.programs()), tolerance)
    sides = _sides(laid, tolerance, progress)
    of_channels, curves = channels.compared(sides, tolerance)
    reach_s = max([tolerance.time_s, *(one.time_s or 0.0 for one in tolerance.events.values())])
    reached = laid.start_s - reach_s, laid.end_s + reach_s
    first = happenings.Side.of(golden, laid.golden_zero_us, *reached)
    second = happenings.Side.of(new, laid.new_zero_us, *reached)
    of_events, differing = happenings.compared(first, second, (laid.start_s, laid.end_s), tolerance)
    findings += of_channels + of_events + totals.compared(golden, new, laid.share, tolerance)
    return Against(
        new.path,
        tuple(findings),
        tuple(curves),
        tuple(differing),
        laid.start_s,
        laid.end_s,
        laid.lost_s,
        (laid.golden_zero_us - golden.start_us) / 1e6,
        (laid.new_zero_us - new.start_us) / 1e6,
    )


def _sides(laid: Laid, tolerance: Tolerance, progress: Progress) -> channels.Sides:
    """Both runs in columns of one grid, as many as both have samples for."""
    span_us = max(round((laid.end_s - laid.start_s) * 1e6), 1)
    starts_us = [zero + round(laid.start_s * 1e6) for zero in (laid.golden_zero_us, laid.new_zero_us)]
    runs = laid.golden, laid.new
    most = min(fitting(one, start, start + span_us) for one, start in zip(runs, starts_us, strict=True))
    # Whole microseconds, so that the columns of both runs begin with the same sample; the last sample is inside.
    width_us = -(-(span_us + 1) // most)
    count = -(-(span_us + 1) // width_us)
    margins = (channels.margin_of(tolerance.channel(one.field), width_us / 1e6, count) for one in telemetry.CHANNELS)
    margin = max(margins)
    wide = Grid(starts_us[0] - margin * width_us, width_us, count + 2 * margin)
    total = sum(one.samples for one in runs)
    done = 0

    def read(samples: int) -> None:
        nonlocal done
        done += samples
        progress(done, total, f"Comparing {laid.new.path.name}")

    found: list[Outlined] = [
        outlined(laid.golden, wide, read),
        outlined(laid.new, Grid(starts_us[1], width_us, count), read),
    ]
    at_s = np.asarray(laid.start_s + (np.arange(count) + 0.5) * (width_us / 1e6), np.float64)
    lost = _lost(laid, at_s)
    return channels.Sides(found[0], found[1], margin, at_s, width_us / 1e6, lost)


def _lost(laid: Laid, at_s: Floats) -> NDArray[np.bool_]:
    """(n,) the columns that lie in lost time by more than a half."""
    lost = np.zeros(len(at_s), bool)
    for begin_s, end_s in laid.lost_s:
        first, stop = np.searchsorted(at_s, (begin_s, end_s))
        lost[first:stop] = True
    return lost
