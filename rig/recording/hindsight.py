"""What truly happened in a recorded run of a virtual rig, beside what its pump and this host made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from firmware_link import telemetry, wire
from firmware_link.vocabulary import ALARM_BITS
from rig.recording import timeline
from rig.recording.access import Tables
from rig.recording.reader import RunReader
from rig.truth import TRUTH_DTYPE, Strike
from rig.virtual.detection import ANSWERS
from rig.virtual.fault_kinds import BY_NAME

#: Of the truth: what is told as a difference over the run, and what as it is at its end.
OVER_THE_RUN = ("delivered_nl", "pumped_nl", "leaked_nl", "drug_ng")
AT_THE_END = ("reservoir_nl", "charge", "battery_v", "compressions", "efficiency")
#: Of the samples, likewise.
_SAMPLED_OVER_THE_RUN = ("commanded_nl", "measured_nl")
_SAMPLED_AT_THE_END = ("reservoir_nl", "charge_permille", "battery_mv")
_NEAR = 65_536  # rows at either end of the tables in which a sample has its truth
_HEARD_US = 1_000_000  # by which the host's calendar may be behind the rig's
_MATCH = """
    SELECT s.rowid, t.rowid FROM main.samples AS s JOIN main.truth AS t USING (boot, t_us)
    WHERE s.rowid BETWEEN ? AND ? AND t.rowid BETWEEN ? AND ? ORDER BY s.rowid {} LIMIT 1
"""
#: Each alarm at its true moment: the rig's calendar at the pump's last reading before, and the time since by its clock.
#: A pump that lost its memory counts its boots anew, so that reading is the last that had come when the host heard.
_ALARMS = f"""
    SELECT e.kind, max_by(t.true_us - t.t_us, t.true_us) + e.detected_us AS at_us
    FROM main.events AS e JOIN main.truth AS t
    ON e.boot = t.boot AND e.detected_us >= t.t_us AND e.host_us + {_HEARD_US} >= t.true_us
    WHERE e.kind IN ({", ".join(f"'{name}'" for name in ALARM_BITS)})
    GROUP BY e.rowid, e.kind, e.detected_us ORDER BY at_us
"""
_ANEW = """
    SELECT count(*) FROM (SELECT t_us - lag(t_us) OVER () AS passed_us, boot FROM main.truth)
    WHERE passed_us < 0 OR boot <> ?
"""


@dataclass(frozen=True)
class Detection:
    """A fault that began, and the first alarm after it that answers it rather than another fault."""

    what: str
    amount: float | None
    struck_us: int  # UTC
    ended_us: int | None  # None where it has no end, or went on
    answers: tuple[str, ...]  # the alarms that it may be answered by
    alarm: str | None = None
    after_s: float | None = None  # from the strike to the alarm, in true time


@dataclass(frozen=True)
class Hindsight:
    """Truth and record between the first and the last sample that have a row of truth; empty without any."""

    rows: int  # of truth
    true: dict[str, float]  # OVER_THE_RUN and AT_THE_END by name
    recorded: dict[str, int | None]  # the same by the samples; None without a sensor
    clock_drift_ppm: float | None  # by which the pump's clock truly ran fast; None where it began anew or jumped
    detections: tuple[Detection, ...]


def of(tables: Tables) -> Hindsight:
    """Of a run file; a fault that nobody noted, as a real pump's, isn't there."""
    detections = _detections(tables)
    rows = tables.count("truth") if tables.has("truth") else 0
    ends = _ends(tables, rows) if rows else None
    if ends is None:
        return Hindsight(rows, {}, {}, None, detections)
    (sample, truth), (last_sample, last_truth) = ends
    true = {name: float(last_truth[name] - truth[name]) for name in OVER_THE_RUN}
    true |= {name: float(last_truth[name]) for name in AT_THE_END}
    recorded: dict[str, int | None] = {}
    for name in _SAMPLED_OVER_THE_RUN:
        values = int(sample[name]), int(last_sample[name])
        recorded[name] = None if wire.MISSING in values else values[1] - values[0]
    recorded["commanded_nl"] = _commanded_nl(tables, sample, last_sample)
    recorded |= {name: int(last_sample[name]) for name in _SAMPLED_AT_THE_END}
    passed_us = int(last_truth["true_us"]) - int(truth["true_us"])
    drift_ppm = None
    if passed_us > 0 and tables.rows(_ANEW, int(truth["boot"])) == [(0,)] and not _jumped(detections):
        drift_ppm = ((int(last_truth["t_us"]) - int(truth["t_us"])) / passed_us - 1) * 1e6
    return Hindsight(rows, true, recorded, drift_ppm, detections)


def _commanded_nl(tables: Tables, sample: np.void, last_sample: np.void) -> int:
    commanded_nl = int(last_sample["commanded_nl"]) - int(sample["commanded_nl"])
    if sample["boot"] == last_sample["boot"]:
        return commanded_nl
    counted = timeline.counted(RunReader(tables.path, tables).rollup("commanded_nl"))
    first_nl, last_nl = counted.carried_nl(np.array([sample["boot"], last_sample["boot"]], np.uint32))
    return commanded_nl + round(float(last_nl - first_nl))


def _ends(tables: Tables, rows: int) -> tuple[tuple[np.void, np.void], tuple[np.void, np.void]] | None:
    """The first and the last (sample, truth) of one moment; a recording may begin between the two."""
    samples = tables.count("samples")
    first = tables.rows(_MATCH.format("ASC"), 0, _NEAR, 0, _NEAR)
    last = tables.rows(_MATCH.format("DESC"), samples - _NEAR, samples, rows - _NEAR, rows)
    if not first or not last:
        return None

    def both(sample_row: int, truth_row: int) -> tuple[np.void, np.void]:
        sample = tables.array("samples", telemetry.SAMPLE_DTYPE, sample_row, sample_row + 1)
        return sample[0], tables.array("truth", TRUTH_DTYPE, truth_row, truth_row + 1)[0]

    return both(*first[0]), both(*last[0])


def _detections(tables: Tables) -> tuple[Detection, ...]:
    strikes = tables.records("strikes", Strike)
    found = [_begun(strikes, at) for at, strike in enumerate(strikes) if strike.begins]
    for kind, at_us in tables.rows(_ALARMS) if found else []:
        for index in _answered(found, kind, at_us):
            one = found[index]
            if one.alarm is None:
                found[index] = replace(one, alarm=kind, after_s=(at_us - one.struck_us) * 1e-6)
    return tuple(found)


def _jumped(found: Sequence[Detection]) -> bool:
    return any(one.what == "clock_jump" for one in found)


def _begun(strikes: Sequence[Strike], at: int) -> Detection:
    """The fault that began with the strike ``at``, without its alarm."""
    strike = strikes[at]
    after = next((other for other in strikes[at + 1 :] if other.what == strike.what), None)
    ended_us = None if after is None or after.begins else after.host_us
    answers = ANSWERS[strike.what].by if strike.what in ANSWERS else ()
    return Detection(strike.what, strike.amount, strike.host_us, ended_us, answers)


def _answered(found: Sequence[Detection], kind: str, at_us: int) -> list[int]:
    """Which faults an alarm is about: those in force that it can be about, and what happened at once if that is the
    last; else the last that was."""
    able = {one.what: index for index, one in enumerate(found) if kind in one.answers and one.struck_us <= at_us}
    last = max(able.values(), default=None)
    if last is None:
        return []
    about = [
        index
        for index in able.values()
        if (found[index].ended_us or at_us + 1) > at_us and (BY_NAME[found[index].what].lasts or index == last)
    ]
    return about or [last]
