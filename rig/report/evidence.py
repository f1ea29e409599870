"""All that the sections of a report are made of, read once from the run file."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from firmware_link.vocabulary import SETTINGS
from rig.accuracy import judging
from rig.recording import replan
from rig.recording.reader import RunReader
from rig.recording.records import ProgramRecord, Run
from rig.recording.summary import CUT_SHORT, Summary
from rig.recording.timeline import Boot
from rig.report.log import Log
from rig.report.saying import Moments
from rig.report.volumes import Volumes
from rig.session import Gap, no_samples
from rig.therapy.plan import Plan

_DEFAULTS = {row[1]: row[4] for row in SETTINGS}


@dataclass(frozen=True)
class Options:
    """What a report is asked for.  ``limit_percent`` None takes the pump's own tolerance, 0 judges nothing;
    ``offset_min`` None the offset that its first program had, or UTC."""

    limit_percent: float | None = None
    offset_min: int | None = None
    truth: bool = False  # also what truly happened, of a virtual rig
    verify: bool = True  # read all evidence again for its digest


@dataclass(frozen=True)
class Delivered:
    """Between two moments of the axis: volumes in nl."""

    start_us: int
    end_us: int
    commanded_nl: float | None  # None where nothing was read
    delivered_nl: float | None  # by the balance, with what evaporated; None without one
    uncertainty_nl: float


class Evidence:
    """The run in ``reader``, for the thread that owns it.  Times are UTC microseconds of the run's axis."""

    def __init__(self, reader: RunReader, options: Options) -> None:
        self.reader, self.options = reader, options
        self.run: Run = reader.run
        self.programs: tuple[ProgramRecord, ...] = reader.programs()
        self.log = Log.of(reader)
        self.gaps: tuple[Gap, ...] = reader.gaps()
        self.boots: tuple[Boot, ...] = reader.boots()
        self.volumes = Volumes(reader)
        self.settings = _DEFAULTS | (self.run.settings or {})
        self._epochs_us = {boot.boot: boot.epoch_us for boot in self.boots}

    @cached_property
    def summary(self) -> Summary:
        """The numbers that ``info`` gives."""
        return self.reader.summary()

    @property
    def cut_short(self) -> bool:
        """Whether nobody finished the recording when it ended."""
        return self.run.ended is None or self.run.ended.startswith(CUT_SHORT)

    @property
    def start_us(self) -> int:
        """The first sample; without any, when the recording began."""
        return self.volumes.span_us[0] if self.volumes.span_us else self.run.started_us

    @property
    def end_us(self) -> int:
        """The last sample."""
        return self.volumes.span_us[1] if self.volumes.span_us else self.run.started_us

    @cached_property
    def moments(self) -> Moments:
        """How times are said."""
        told = self.options.offset_min
        if told is None:
            told = self.programs[0].utc_offset_min if self.programs else 0
        return Moments(max(-1439, min(1439, told)), self.start_us)

    @property
    def limit_percent(self) -> float:
        """Against which deliveries are judged; 0 for not at all."""
        given = self.options.limit_percent
        return self.settings["tolerance_permille"] / 10 if given is None else given

    @cached_property
    def plan(self) -> Plan | None:
        """On the axis less ``plan_shift_us``; None where the recording doesn't say what the pump began with."""
        tracker = replan.tracked(self.run, self.programs, tuple(self.log.turns), self._landmarks())
        return None if tracker is None else tracker.plan

    @property
    def plan_shift_us(self) -> int:
        """What to add to the plan's times."""
        return self.start_us - self.plan.start_us if self.plan else 0

    def _landmarks(self) -> NDArray[np.void]:
        rows = [row for boot in self.boots for row in (boot.first_row, boot.first_row + boot.rows - 1)]
        return np.concatenate([no_samples(), *(self.reader.samples(row, 1) for row in rows)])

    def at_us(self, boot: int, t_us: int) -> int | None:
        """A moment of the pump on the axis; None in a boot that no sample came from."""
        epoch_us = self._epochs_us.get(boot)
        return None if epoch_us is None else t_us + epoch_us

    def delivered(self, edges_us: list[tuple[int, int]]) -> list[Delivered]:
        """What was delivered between the moments of each pair."""
        moments = np.unique(np.array([edge for pair in edges_us for edge in pair], np.int64))
        read = self.volumes.at(moments)
        found = []
        for start_us, end_us in edges_us:
            a, b = (int(np.searchsorted(moments, edge)) for edge in (start_us, end_us))
            commanded, measured = read.commanded_nl[b] - read.commanded_nl[a], read.measured_nl[b] - read.measured_nl[a]
            measured += judging.evaporated_nl(self.settings, end_us - start_us)
            warmer_c = float(read.celsius[b] - read.celsius[a])
            unsure_nl = judging.uncertainty_nl(self.settings, end_us - start_us, warmer_c)
            unsure_nl += float(read.unsure_nl[a] + read.unsure_nl[b])
            found.append(Delivered(start_us, end_us, _known(commanded), _known(measured), unsure_nl))
        return found

    @cached_property
    def whole(self) -> Delivered:
        """From the first sample to the last."""
        if self.volumes.span_us is None:
            return Delivered(self.start_us, self.end_us, None, None, 0.0)
        return self.delivered([(self.start_us, self.end_us)])[0]

    @cached_property
    def concentration_ng_ml(self) -> int:
        """Of the latest program that says one; else what the pump is set to."""
        told = [program.receipt.concentration_ng_ml for program in self.programs if program.receipt]
        return next((one for one in reversed(told) if one), self.settings["concentration_ng_ml"])


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
