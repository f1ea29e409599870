"""Sessions with the true firmware under each fault of the link: what was promised holds, and they recover."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link import vocabulary
from firmware_link.errors import PumpError
from rig.firmware.program import Program
from rig.live import LiveSession
from rig.programs import programming
from rig.programs.update import ACTING, Proof
from rig.session import Batch, Command, Event, Gap, LinkState, Reply, execute
from rig.virtual.base import Rig
from rig.virtual.faults import Fault
from tests.rig.programs.updates import NEW, OLD
from tests.rig.virtual.conftest import make

Faults = dict[str, float | None]

BOLUS = Command("bolus", {"volume_pl": 5_000_000, "duration_ms": 30_000, "after": vocabulary.AFTER_RESUME})
SLIGHT: tuple[Faults, ...] = (
    {"link_drop": 0.03},
    {"link_flip": 0.03},
    {"link_duplicate": 0.03},
    {"link_reorder": 64},
    {"link_delay": 40},
    {"link_split": 1},
    {"link_split": 64},
    {"link_merge": 100},
)
SEVERE: tuple[Faults, ...] = (
    {"link_drop": 1},
    {"link_flip": 1},
    {"link_duplicate": 1},
    {"link_reorder": 2},
    {"link_delay": 700},
    {"link_delay": 60_000},
    {"link_merge": 1500},
    {"link_merge": 10_000},
    {"link_cut": None},
    {"link_stall_in": None},
    {"link_stall_out": None},
    {"link_stall_in": None, "link_stall_out": None},
    {"link_drop": 0.1, "link_flip": 0.1, "link_duplicate": 0.1, "link_reorder": 16, "link_delay": 30, "link_split": 20},
    {"unplug": None},
)
DAMAGE = ("link_drop", "link_flip", "link_duplicate", "link_reorder")


def one(command: Command) -> programming.Procedure[Reply]:
    return (yield command)


class Watched:
    """A session and all it said; events are acknowledged as they come."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.session = LiveSession("test", rig.connect, rig.clock, random.Random(1), surroundings=rig)
        self.events: list[Event] = []
        self.gaps: list[Gap] = []
        self.indices: list[int] = []
        self.links: list[LinkState] = []
        self.batch = Batch()

    def take(self, batch: Batch) -> None:
        self.batch = batch
        self.events += batch.events
        self.gaps += batch.gaps
        self.indices += batch.samples["index"].tolist()
        self.links += [link.state for link in batch.links]
        if batch.events:
            self.session.acknowledge(self.events[-1].number)

    def do(self, procedure: programming.Procedure[Any]) -> Any:
        return execute(self.session, procedure, self.take)

    def attempt(self, procedure: programming.Procedure[Any]) -> Any:
        """Its result, or its error."""
        try:
            return self.do(procedure)
        except PumpError as error:
            return error

    def begin(self) -> "Watched":
        self.do(programming.update(OLD))
        return self

    def strike(self, faults: Faults, ends: bool = False) -> None:
        for what, amount in faults.items():
            self.rig.inject(Fault(what, ends=True) if ends else Fault(what, amount=amount))

    def recover(self) -> dict[str, int]:
        """The pump's status, once everything is as before and all events are here."""
        for _ in range(400):
            self.take(self.session.poll(0.25))
            status = self.batch.status
            if status and status.fields["last_event"] == self.events[-1].number == status.fields["acked_event"]:
                return status.fields
        raise AssertionError(f"still {self.links[-1]}, event {self.events[-1].number}")

    def count(self, kind: str) -> int:
        return [event.kind for event in self.events].count(kind)


def try_all(watched: Watched, faults: Faults) -> tuple[Any, Any]:
    """What became of a new program and of a bolus under ``faults``; and nothing that was promised is broken."""
    watched.begin()
    watched.strike(faults)
    update = watched.attempt(programming.update(NEW))
    bolus = watched.attempt(one(BOLUS))
    watched.strike(faults, ends=True)
    status = watched.recover()
    check_program(watched, update)
    assert vocabulary.state_name(status["state"]) in ACTING
    assert watched.count("bolus_started") in ((1,) if isinstance(bolus, Reply) else (0, 1))
    check_completeness(watched)
    return update, bolus


def check_program(watched: Watched, update: Any) -> None:
    """One of both is in force, whole; the new one where that was said, and else what went wrong and what to do."""
    held: Program = watched.do(programming.read(vocabulary.ACTIVE))
    if isinstance(update, PumpError):
        assert update.remedy
        assert held.pack() in (OLD.pack(), NEW.pack())
    else:
        assert held.pack() == NEW.pack()


def check_completeness(watched: Watched) -> None:
    """Every event is there, once and in order; every sample is, or is told to be missing."""
    numbers = [event.number for event in watched.events]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    first, last = watched.indices[0], watched.indices[-1]
    assert watched.indices == sorted(set(watched.indices))
    assert last - first + 1 == len(watched.indices) + sum(gap.missing for gap in watched.gaps if gap.kind != "events")


def named(faults: Faults) -> str:
    return "+".join(f"{what}={amount}" if amount else what for what, amount in faults.items())


@pytest.mark.parametrize("faults", SLIGHT, ids=named)
def test_a_slight_fault_is_overcome(faults: Faults, rig: Rig) -> None:
    watched = Watched(rig)
    update, bolus = try_all(watched, faults)
    assert isinstance(update, Proof)
    assert isinstance(bolus, Reply)


@pytest.mark.parametrize("faults", SEVERE, ids=named)
def test_a_severe_fault_breaks_no_promise_and_is_recovered_from(faults: Faults, rig: Rig) -> None:
    watched = Watched(rig)
    try_all(watched, faults)
    if set(faults) <= set(DAMAGE):
        assert watched.batch.counters.frames_bad > 3


@settings(max_examples=25)
@given(
    st.integers(1, 1 << 32),
    st.fixed_dictionaries(
        {},
        optional={
            "link_drop": st.floats(0.001, 3),
            "link_flip": st.floats(0.001, 3),
            "link_duplicate": st.floats(0.001, 3),
            "link_reorder": st.integers(2, 256),
            "link_delay": st.floats(1, 4000),
            "link_merge": st.floats(1, 4000),
        },
    ),
)
def test_whatever_comes_together_breaks_no_promise(seed: int, faults: Faults) -> None:
    watched = Watched(make("sim", seed))
    try_all(watched, faults)
    watched.session.close()


def test_a_port_lost_again_and_again_breaks_no_promise(rig: Rig) -> None:
    watched = Watched(rig).begin()
    watched.strike({"link_delay": 20})  # so that the update and the bolus last for some resets
    now_s = rig.clock.monotonic()
    for at in range(20):
        rig.inject(Fault("link_reset", at_s=now_s + at * 0.293))
    update = watched.attempt(programming.update(NEW))
    bolus = watched.attempt(one(BOLUS))
    watched.recover()
    check_program(watched, update)
    check_completeness(watched)
    assert watched.count("bolus_started") == isinstance(bolus, Reply)
    assert watched.batch.counters.reconnects > 3


@pytest.mark.parametrize(
    ("kind", "seed", "faults"),
    [("sim", 2, {"link_flip": 1.0}), ("sim", 14, {"link_duplicate": 0.9}), ("upy", 10, {"link_flip": 1.0})],
)
def test_replies_lost_and_repeated_bring_no_event_twice(
    kind: str, seed: int, faults: Faults, make_rig: Callable[..., Rig]
) -> None:
    rig = make_rig(kind, seed)
    watched = Watched(rig).begin()
    watched.strike(faults)
    rig.inject(Fault("link_reset", at_s=rig.clock.monotonic() + 4.5))
    for program in (NEW, OLD, NEW, OLD, NEW, OLD):
        watched.attempt(programming.update(program))
        watched.attempt(one(Command("bolus", {**BOLUS.values, "volume_pl": 500_000, "duration_ms": 2000})))
        for _ in range(10):
            watched.take(watched.session.poll(0.3))
    watched.strike(faults, ends=True)
    watched.recover()
    check_completeness(watched)


def test_a_session_under_faults_repeats_itself_and_is_the_same_on_both_hosts(make_rig: Callable[..., Rig]) -> None:
    runs = []
    for kind in ("sim", "sim", "upy"):
        watched = Watched(make_rig(kind))
        update, bolus = try_all(watched, SEVERE[-2])
        runs.append((str(update), str(bolus), watched.events, watched.indices, watched.gaps, watched.batch.counters))
    assert runs[0] == runs[1] == runs[2]
