"""Run files of all sorts for tests of replay, and a naive listener that remembers what it hears."""

from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from firmware_link import vocabulary, wire
from firmware_link.clock import ManualClock
from firmware_link.errors import PortLost
from rig.firmware.program import Program
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch, ControlFrame, Event, Gap, LinkChange, LinkCounters, LinkState, Status, no_samples
from rig.therapy.plan import MOVING
from rig.tracker import Totals, Tracker
from rig.truth import TRUTH_DTYPE, Strike, no_truth
from rig.weighing import no_weighings, weighings
from tests.rig.recording import make

S = 1_000_000
PROGRAM = Program(make.UTC_US // S, 0, [], [(20_000_000_000, 86_400_000)])
_KINDS = sorted(MOVING | {"boot", "occlusion", "occlusion_over", "low_battery", "host_clock_jump"})
_HAPPENINGS = ["samples"] * 3 + ["event"] * 2 + ["reset", "lost", "link", "said", "strike"]
_STATUS = wire.BY_NAME["status"]


def status_frame(state: int, tones: int, host_us: int, digest: int = PROGRAM.digest()) -> ControlFrame:
    """The pump's own word, as a control message."""
    said = {"state": state, "tones": tones, "digest": digest, "clock_set": 1}
    payload = wire.pack_payload("status", tones & 0xFFFF, [said.get(name, 0) for name in _STATUS.fields])
    return ControlFrame(host_us, False, "status", tones & 0xFFFF, bytes(payload))


def status(state: int, tones: int, host_us: int) -> Status:
    """The same, taken apart."""
    said = {"state": state, "tones": tones, "digest": PROGRAM.digest(), "clock_set": 1}
    return Status({name: said.get(name, 0) for name in _STATUS.fields}, host_us)


def truth_of(samples: NDArray[np.void]) -> NDArray[np.void]:
    """(n,) what was true at each sample, noticed a little earlier."""
    rows = np.zeros(len(samples), TRUTH_DTYPE)
    rows["boot"], rows["t_us"], rows["true_us"] = samples["boot"], samples["t_us"], samples["host_us"] - 1000
    return rows


_SAID = ("samples", "samples", "samples", "event", "reset", "lost", "link", "said", "strike", "weighing")


@st.composite
def any_batches(draw: st.DrawFn) -> list[Batch]:
    """What a pump may say in some seconds: with resets, lost time, clocks that jump, and all kinds of events."""
    host_us, boot, t_us, index = make.UTC_US, 1, S, 0
    batches = []
    for number in range(draw(st.integers(0, 25))):
        host_us += draw(st.sampled_from([0, 0, 1, S // 10, S, 30 * S, -5 * S]))
        what = draw(st.sampled_from(_SAID))
        if what == "reset":
            boot, t_us, index = boot + draw(st.integers(1, 2)), draw(st.sampled_from([0, 7 * S])), 0
        elif what == "lost":
            start_us, missing = t_us, draw(st.integers(0, 40))
            index, t_us = index + missing, t_us + max(1, missing) * S // 10
            batches.append(
                Batch(gaps=(Gap(draw(st.sampled_from(["link", "samples"])), boot, start_us, t_us, missing),))
            )
        elif what == "samples":
            rows = make.samples(index, draw(st.integers(1, 12)), boot=boot, balance=draw(st.booleans()))
            rows["t_us"] += t_us - rows["t_us"][0]
            rows["host_us"] = host_us
            index, t_us = index + len(rows), int(rows["t_us"][-1]) + S // 10
            truth = truth_of(rows) if draw(st.booleans()) else no_truth()
            batches.append(Batch(samples=rows, truth=truth))
        elif what == "event":
            batches.append(Batch(events=(_event(draw, number, boot, t_us, host_us),)))
        elif what == "link":
            lost = PortLost("The cable is out.", "Plug it in.")
            state, error = draw(st.sampled_from([(LinkState.ONLINE, None), (LinkState.LOST, lost)]))
            batches.append(Batch(links=(LinkChange(state, host_us, error),)))
        elif what == "said":
            said = status_frame(vocabulary.RUNNING, number, host_us)
            batches.append(Batch(frames=(said,), status=status(vocabulary.RUNNING, number, host_us)))
        elif what == "weighing":
            count = draw(st.integers(1, 3))
            batches.append(Batch(weighings=weighings([(host_us, number * 10 + one, one > 0) for one in range(count)])))
        else:
            named = draw(st.sampled_from(["occlusion", "unplug", "reset"]))
            batches.append(Batch(strikes=(Strike(host_us, named, draw(st.booleans()), None),)))
    return batches


def _event(draw: st.DrawFn, number: int, boot: int, t_us: int, host_us: int) -> Event:
    kind = draw(st.sampled_from(_KINDS))
    of_boot = draw(st.sampled_from([boot, boot, boot + 1, 40]))
    value = PROGRAM.digest() & 0x7FFF_FFFF if kind == "program_committed" else draw(st.integers(0, 4))
    occurred_us = max(0, t_us - draw(st.sampled_from([0, S, 20 * S])))
    return Event(number + 1, kind, 0, of_boot, occurred_us, occurred_us, host_us // S, value, 0, host_us)


def write(path: Path, batches: list[Batch], finished: bool = True) -> None:
    """A run file of ``batches``, each with its time; not ``finished`` is cut short."""
    clock = ManualClock(make.UTC_US)
    with RunWriter(path, clock, make.SESSION) as writer:
        writer.program("Continuous", "", PROGRAM, None)
        for number, batch in enumerate(batches):
            writer.add(batch if batch.counters != LinkCounters() else _counted(batch, number))
            clock.advance(0.7)
        if finished:
            writer.finish("test")
        else:
            writer.commit()


def _counted(batch: Batch, number: int) -> Batch:
    return Batch(**{**vars(batch), "counters": LinkCounters(bytes_in=number)})


def moments_of(rows: NDArray[np.void]) -> list[tuple[int, int]]:
    """(boot, device time) of each."""
    return [(int(row["boot"]), int(row["t_us"])) for row in rows]


class Listener:
    """Remembers all that it has heard, and says what of it a ``Moment`` should tell."""

    def __init__(self, reader: RunReader) -> None:
        self.samples, self.truth, self.weighings = no_samples(), no_truth(), no_weighings()
        self.events: list[Event] = []
        self.gaps: list[Gap] = []
        self.links: list[LinkChange] = []
        self.strikes: list[Strike] = []
        self.status: Status | None = None
        self.counters = LinkCounters()
        self.tracker = Tracker()
        for program in reader.programs():
            self.tracker.program(program.program())
        found = reader.run.found
        if found is not None:
            self.tracker.add(Batch(status=Status(found, reader.run.started_us)))

    def take(self, batch: Batch) -> None:
        self.samples = np.concatenate([self.samples, batch.samples])
        self.truth = np.concatenate([self.truth, batch.truth])
        self.weighings = np.concatenate([self.weighings, batch.weighings])
        self.events += batch.events
        self.gaps += batch.gaps
        self.links += batch.links
        self.strikes += batch.strikes
        self.status = batch.status or self.status
        self.counters = batch.counters
        self.tracker.add(Batch(samples=batch.samples, events=batch.events, gaps=batch.gaps))

    @property
    def totals(self) -> Totals:
        """Without the clock, which hangs on when somebody looked at it."""
        return self.tracker.totals

    def shown_samples(self) -> NDArray[np.void]:
        if not len(self.samples):
            return self.samples
        changes = np.flatnonzero(np.diff(self.samples["boot"].astype(int))) + 1
        return self.samples[sorted({0, *changes[-1:].tolist(), len(self.samples) - 1})]

    def shown_truth(self) -> set[tuple[int, int]]:
        """By boot and device time."""
        found = set(moments_of(self.truth[-1:]))
        for sample in self.shown_samples():
            same = (self.truth["boot"] == sample["boot"]) & (self.truth["t_us"] <= sample["t_us"])
            found |= set(moments_of(self.truth[same][-1:]))
        return found

    def latest_events(self) -> tuple[Event, ...]:
        last = {event.kind: at for at, event in enumerate(self.events)}
        return tuple(self.events[at] for at in sorted(last.values()))

    def in_force(self) -> list[str]:
        last = {strike.what: strike for strike in self.strikes}
        return sorted(what for what, strike in last.items() if strike.begins and what != "reset")
