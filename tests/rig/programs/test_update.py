"""An update of the pump's program: proven when it ends, known wherever it breaks off."""

from collections.abc import Iterator
from typing import Any

import pytest

from firmware_link import vocabulary
from firmware_link.errors import DeviceFault, UsageError
from rig.firmware.program import Program
from rig.live import LiveSession
from rig.programs import programming
from rig.programs.update import COMMIT, RUNNING, STAGES, STOPPED, Found, Standing, Update
from rig.session import Batch, Command, LinkState, execute
from rig.virtual.faults import Fault
from tests.rig.programs.updates import DAY_MS, MIDNIGHT, NEW, OLD, PowerCut, Pump

BOLUS = Program(MIDNIGHT, 0, [(10_000_000, 60_000)], [])
NOTHING = Program(MIDNIGHT, 0, [], [], None, 60)


def one(name: str, **values: int) -> programming.Procedure[Any]:
    return (yield Command(name, values)).values


def status(session: LiveSession) -> Any:
    return execute(session, one("get_status"))


def test_an_update_of_a_pump_at_work_is_proven_running() -> None:
    pump = Pump()
    session = pump.begin()
    proof = pump.update(session)
    assert (proof.digest, proof.digest_before, proof.state) == (NEW.digest(), OLD.digest(), "running")
    assert proof.segments == 51
    assert [update.stage for update in pump.told] == list(STAGES)
    assert status(session)["state"] == vocabulary.RUNNING
    assert pump.held(session).pack() == NEW.pack()


def test_a_stopped_pump_is_started_or_left_as_is_asked() -> None:
    for ensure, doing in ((RUNNING, "running"), (STOPPED, "stopped")):
        pump = Pump()
        session = pump.begin(OLD, STOPPED)
        assert pump.update(session, ensure).state == doing
        assert vocabulary.state_name(status(session)["state"]) == doing


def test_a_pump_at_work_that_is_to_be_left_stopped_never_begins_the_new_program() -> None:
    pump = Pump()
    session = pump.begin()
    kinds: list[str] = []
    pump.armed = True
    execute(session, programming.update(NEW, STOPPED), lambda batch: kinds.extend(e.kind for e in batch.events))
    batch = session.poll(1.0)
    kinds += [event.kind for event in batch.events]
    assert "started" not in kinds[kinds.index("stopped") :]
    assert status(session)["state"] == vocabulary.STOPPED


def test_a_program_that_ends_is_not_given_twice() -> None:
    pump = Pump()
    session = pump.begin()
    execute(session, programming.update(BOLUS, RUNNING, pump.told.append))
    for _ in range(400):
        session.poll(0.5)
    assert status(session)["state"] == vocabulary.STOPPED
    before_pl = status(session)["commanded_pl"]
    proof = execute(session, programming.prove(BOLUS, pump.told[STAGES.index(COMMIT)]))
    assert proof.state == "stopped"
    for _ in range(10):
        session.poll(0.5)
    assert status(session)["commanded_pl"] == before_pl


def test_what_can_not_succeed_is_refused_before_anything_is_sent() -> None:
    pump = Pump()
    session = pump.begin()

    execute(session, one("bolus", volume_pl=1_000_000, duration_ms=60_000, after=vocabulary.AFTER_RESUME))
    with pytest.raises(UsageError, match="bolus is being delivered"):
        pump.update(session)
    assert pump.where(session).holds == "old"
    assert not pump.where(session).staged


def test_an_alarm_that_keeps_it_stopped_is_named_before_anything_is_sent() -> None:
    pump = Pump()
    session = pump.begin()
    session.inject(Fault("stall"))
    for _ in range(2000):
        if status(session)["state"] == vocabulary.STOPPED:
            break
        session.poll(5.0)
    with pytest.raises(UsageError, match="motor stall"):
        pump.update(session)
    assert pump.held(session).pack() == OLD.pack()
    assert pump.update(session, STOPPED).state == "stopped"


def test_a_program_that_the_pump_refuses_changes_nothing() -> None:
    pump = Pump()
    session = pump.begin()
    too_fast = Program(MIDNIGHT, 0, [], [(100_000_000_000, DAY_MS)])
    with pytest.raises(DeviceFault, match="hard limit"):
        execute(session, programming.update(too_fast, RUNNING, pump.told.append))
    standing = pump.where(session)
    assert (standing.holds, standing.state, standing.staged, standing.settled) == ("old", "running", True, True)


def test_a_program_for_another_pump_is_refused() -> None:
    programming.check_device("", "00000000c0ffee07")
    programming.check_device("00000000c0ffee07", "00000000c0ffee07")
    with pytest.raises(UsageError, match="00000000c0ffee08"):
        programming.check_device("00000000c0ffee07", "00000000c0ffee08")


@pytest.mark.timeout(300)
def test_a_stop_at_any_moment_leaves_the_old_program_or_the_new_and_a_stopped_pump() -> None:
    found = set()
    for after in range(1, 13):
        pump = Pump()
        session = pump.begin()
        replies = iter(range(1, after))

        def press(batch: Batch, session: LiveSession = session, replies: Iterator[int] = replies) -> None:
            for _ in batch.replies:
                if next(replies, None) is None:
                    session.command(Command("stop", {"reason": 0}))
                    raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            execute(session, programming.update(NEW, RUNNING, pump.told.append), press)
        session.poll(0.5)
        standing = pump.where(session)
        assert standing.state == "stopped"
        assert standing.settled == (pump.told[-1].found is None)  # nothing had been sent yet
        assert pump.held(session).pack() == {"old": OLD, "new": NEW}[standing.holds].pack()
        found.add(standing.holds)
    assert found == {"old", "new"}


def until_lost(batch: Batch) -> None:
    """The program is gone together with its link."""
    if any(link.state is LinkState.LOST for link in batch.links):
        raise InterruptedError


def check(pump: Pump) -> Standing:
    """Another run of the program finds the pump with one of the two programs, whole, and knows which."""
    session = pump.session(seed=2)
    standing = pump.where(session)
    held = pump.held(session)
    assert held is not None
    assert held.pack() == {"old": OLD, "new": NEW}[standing.holds].pack()
    assert standing.what
    assert standing.settled or standing.remedy
    return standing


@pytest.fixture(scope="module")
def sizes() -> dict[str, int]:
    """How many bytes an update takes, each way."""
    pump = Pump()
    pump.update(pump.begin())
    return pump.passed


@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", ["to_pump", "to_host"])
def test_a_link_cut_at_any_byte_leaves_the_old_program_or_the_new_at_work(way: str, sizes: dict[str, int]) -> None:
    found = set()
    for size in range(sizes[way]):
        pump = Pump((way, size))
        session = pump.begin()
        pump.armed = True
        steps = programming.update(NEW, RUNNING, pump.told.append)

        with pytest.raises(InterruptedError):
            execute(session, steps, until_lost)
        standing = check(pump)
        assert standing.state == "running"
        assert standing.settled
        found.add(standing.holds)
    assert found == {"old", "new"}


@pytest.mark.parametrize("way", ["to_pump", "to_host"])
def test_a_link_that_comes_back_lets_the_update_go_on_to_its_proof(way: str, sizes: dict[str, int]) -> None:
    for size in range(0, sizes[way], 7):
        pump = Pump((way, size))
        session = pump.begin()
        assert pump.update(session).state == "running"
        assert pump.held(session).pack() == NEW.pack()


@pytest.mark.timeout(300)
def test_power_lost_at_any_byte_of_the_write_leaves_the_old_program_or_the_new() -> None:
    found = set()
    for size in range(10_000):
        pump = Pump()
        session = pump.begin()

        def at_commit(update: Update, pump: Pump = pump, size: int = size) -> None:
            pump.told.append(update)
            if update.stage == COMMIT:
                pump.cut_power_after(size)

        try:
            execute(session, programming.update(NEW, RUNNING, at_commit))
        except PowerCut:
            pass
        else:
            break
        pump.power_returns()
        standing = check(pump)
        assert standing.state == "minimum_rate"
        assert not standing.settled
        found.add(standing.holds)
    assert found == {"old", "new"}
    assert size > 500


def test_an_update_that_lost_its_pump_to_a_reset_can_be_finished() -> None:
    pump = Pump()
    session = pump.begin()

    def reset_it(update: Update) -> None:
        pump.told.append(update)
        if update.stage == "confirm":
            pump.power_returns()

    proof = execute(session, programming.update(NEW, RUNNING, reset_it))
    assert proof.state == "running"


def test_a_deliberately_stopped_program_needs_no_start() -> None:
    pump = Pump()
    session = pump.begin()
    proof = execute(session, programming.update(NOTHING))
    assert (proof.state, proof.ensured) == ("stopped", STOPPED)


def test_every_end_of_an_update_has_its_words() -> None:
    found = Found(1, "running", 0, 0, 0, {}, None)
    order = Update(2, RUNNING, COMMIT, found)
    told = set()
    for digest in (0, 1, 2, 3):
        for state in vocabulary.STATES:
            standing = Standing(order, digest, state, 0, False)
            told.add(standing.what)
            assert standing.settled or standing.remedy
    assert len(told) == 16
