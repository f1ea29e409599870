"""The engine by steps, on the true firmware in virtual time."""

import random
import threading

import pytest

from firmware_link.clock import ManualClock, SystemClock
from firmware_link.errors import UsageError
from programmer_gui import jobs
from programmer_gui import messages as m
from programmer_gui import recorder as r
from programmer_gui.engine import Engine
from rig.programs.receipt import Order
from rig.programs.writing import Writing
from rig.resources import resource
from rig.session import Batch, Command, LinkState, SessionInfo
from rig.targets import open_session
from rig.therapy.program_file import loads
from rig.virtual.faults import Fault
from rig.zones import offset_at

FAST = "sim:?seed=7&speed=max"


class Kept:
    """A recorder that keeps what it is given."""

    behind = False

    def __init__(self) -> None:
        self.items: list[r.Item] = []

    def put(self, item: r.Item) -> None:
        self.items.append(item)

    def of(self, kind: type) -> list[r.Item]:
        return [item for item in self.items if isinstance(item, kind)]


class Rigged:
    """An engine, what it says and what it records."""

    def __init__(self) -> None:
        self.kept = Kept()
        self.said: list[m.Message] = []
        rng = random.Random(7)
        self.engine = Engine(lambda target: open_session(target, rng=rng), self.kept, self.said.append, SystemClock())

    def until(self, kind: type, count: int = 1) -> m.Message:
        for _ in range(3000):
            found = self.of(kind)
            if len(found) >= count:
                return found[-1]
            self.engine.step(0.2)
        pytest.fail(f"no {kind.__name__}")

    def of(self, kind: type) -> list[m.Message]:
        return [message for message in self.said if isinstance(message, kind)]

    def connect(self) -> None:
        self.engine.submit(m.Connect(FAST))
        self.until(m.Identified)

    def states(self) -> list[LinkState]:
        return [link.state for message in self.of(m.Received) for link in message.batch.links]


@pytest.fixture
def rigged():
    made = Rigged()
    yield made
    made.engine.close()


def test_connecting_says_so_identifies_and_begins_a_recording(rigged):
    rigged.connect()
    kinds = [type(message) for message in rigged.said]
    assert kinds.index(m.Connecting) < kinds.index(m.Opened) < kinds.index(m.Identified)
    assert rigged.said[kinds.index(m.Identified)].info.device.settings["rollers"] == 6
    assert isinstance(rigged.kept.items[0], r.Begin)
    assert rigged.kept.items[0].info.device is not None


def test_an_address_that_cannot_be_read_is_a_message(rigged):
    rigged.engine.submit(m.Connect("sim:?speed=warp"))
    failed = rigged.until(m.ConnectFailed)
    assert "warp" in failed.error.what
    assert failed.error.remedy


def test_commands_without_a_pump_are_refused_in_words(rigged):
    rigged.engine.submit(m.Send(Command("start")))
    ended = rigged.until(m.CommandEnded)
    assert isinstance(ended.reply.error, UsageError)


def test_stop_without_a_pump_is_not_sent_and_says_so(rigged):
    rigged.engine.stop_pump()
    assert "no pump" in rigged.until(m.StopNotSent).why


def test_stop_overtakes_all_that_waits(rigged):
    rigged.connect()
    rigged.said.clear()
    for _ in range(3):
        rigged.engine.submit(m.Run(jobs.READ, jobs.read_program))
    rigged.engine.submit(m.Send(Command("get_status")))
    rigged.engine.stop_pump()
    rigged.until(m.StopConfirmed)
    kinds = [type(message) for message in rigged.said]
    assert kinds[0] is m.StopSent
    frames = [frame for item in rigged.kept.of(Batch) for frame in item.frames if frame.outgoing]
    names = [frame.name for frame in frames]
    assert "read_program" not in names[: names.index("stop")]


def test_stop_ends_a_procedure_that_is_under_way(rigged):
    rigged.connect()
    rigged.engine.submit(m.Run(jobs.READ, jobs.read_program))
    rigged.engine._guarded(rigged.engine._intents.get())  # its first command is out, the reply isn't in
    rigged.engine.stop_pump()
    ended = rigged.until(m.ProcedureEnded)
    assert "STOP" in ended.error.what
    rigged.until(m.StopConfirmed)


def test_what_was_asked_for_before_a_stop_never_comes_after_it(rigged):
    rigged.connect()
    rigged.engine.submit(m.Run(jobs.START, jobs.start))
    rigged.engine.submit(m.Send(Command("start")))
    rigged.engine.submit(m.AddNote("kept"))
    rigged.engine.stop_pump()
    rigged.until(m.StopConfirmed)
    rigged.until(m.Received, len(rigged.of(m.Received)) + 3)
    assert "STOP" in rigged.until(m.ProcedureEnded).error.what
    assert "STOP" in rigged.until(m.CommandEnded).reply.error.what
    assert rigged.until(m.NoteAdded).text == "kept"
    frames = [frame.name for item in rigged.kept.of(Batch) for frame in item.frames if frame.outgoing]
    assert "start" not in frames


def test_everything_the_link_brings_goes_to_the_recorder(rigged):
    rigged.connect()
    rigged.until(m.Received, 40)
    shown = [len(message.batch.samples) for message in rigged.of(m.Received)]
    kept = [len(batch.samples) for batch in rigged.kept.of(Batch)]
    assert sum(shown) == sum(kept) > 0


def test_events_are_acknowledged_only_when_durable(rigged):
    rigged.connect()
    rigged.until(m.Received, 20)

    def acknowledged() -> list[str]:
        frames = [frame for item in rigged.kept.of(Batch) for frame in item.frames if frame.outgoing]
        return [frame.name for frame in frames if frame.name == "ack_events"]

    assert acknowledged() == []
    rigged.engine.submit(m.Durable(2))
    rigged.until(m.Received, 60)
    assert acknowledged() == ["ack_events"]


def test_a_note_carries_the_rigs_time(rigged):
    rigged.connect()
    rigged.until(m.Received, 30)
    rigged.engine.submit(m.AddNote("a look"))
    added = rigged.until(m.NoteAdded)
    assert added.host_us == pytest.approx(rigged.engine.clock.utc_us(), abs=30_000_000)
    assert rigged.kept.of(r.KeepNote)[0].text == "a look"


def test_an_unplugged_pump_is_lost_then_found_and_recording_goes_on(rigged):
    rigged.connect()
    rigged.until(m.Received, 10)
    rigged.engine.submit(m.Inject(Fault("unplug", duration_s=20)))
    for _ in range(3000):
        rigged.engine.step(0.2)
        if rigged.states()[-2:] == [LinkState.LOST, LinkState.ONLINE]:
            break
    assert rigged.states()[-2:] == [LinkState.LOST, LinkState.ONLINE]
    rigged.until(m.Received, len(rigged.of(m.Received)) + 20)
    assert len(rigged.kept.of(r.Begin)) == 1
    assert rigged.kept.of(r.Finish) == []
    assert [gap for item in rigged.kept.of(Batch) for gap in item.gaps]


def test_disconnecting_finishes_the_recording_with_its_plan(rigged):
    rigged.connect()
    rigged.until(m.Received, 10)
    rigged.engine.submit(m.Disconnect())
    rigged.until(m.Closed)
    (finish,) = rigged.kept.of(r.Finish)
    assert finish.why == "disconnected"
    assert finish.planned_nl == 0


def test_finishing_a_recording_while_connected_begins_another(rigged):
    rigged.connect()
    rigged.engine.submit(m.FinishRecording())
    rigged.engine.step(0.1)
    assert [type(item) for item in rigged.kept.items if not isinstance(item, Batch)] == [r.Begin, r.Finish, r.Begin]


def test_each_recording_gets_the_plan_of_its_own_time(rigged):
    rigged.connect()
    text = resource("programs/continuous-20ml.yaml").read_text(encoding="utf-8")
    device = rigged.of(m.Identified)[-1].info.device
    order = Writing(loads(text), text, Order(), device, offset_at("+00:00"))
    rigged.engine.submit(m.Run(jobs.WRITE, lambda desk: jobs.write_program(desk, order)))
    rigged.engine.submit(m.Run(jobs.START, jobs.start))
    rigged.engine.submit(m.Run(jobs.READ, jobs.read_program))
    rigged.until(m.ProcedureEnded, 3)
    rigged.until(m.Received, len(rigged.of(m.Received)) + 100)
    rigged.engine.submit(m.FinishRecording())
    rigged.until(m.Received, len(rigged.of(m.Received)) + 100)
    rigged.engine.submit(m.Disconnect())
    rigged.until(m.Closed)
    first, second = rigged.kept.of(r.Finish)
    batches = rigged.kept.items[rigged.kept.items.index(first) :]
    samples = [batch.samples for batch in batches if isinstance(batch, Batch) and len(batch.samples)]
    commanded_nl = int(samples[-1]["commanded_nl"][-1] - samples[0]["commanded_nl"][0])
    assert commanded_nl > 0
    assert second.planned_nl == pytest.approx(commanded_nl, abs=2)
    assert len(rigged.kept.of(r.KeepHeld)) == 2


def test_a_broken_intent_is_reported_and_the_engine_goes_on(rigged):
    rigged.connect()

    def explode(desk: m.Desk) -> m.Procedure:
        raise ZeroDivisionError("a mistake in a job")

    rigged.engine.submit(m.Run("exploding", explode))
    assert "a mistake" in rigged.until(m.EngineFault).what
    rigged.engine.stop_pump()
    rigged.until(m.StopConfirmed)


class Blocked:
    """A session whose poll waits for a wake, and whose pump never answers: what STOP meets at its worst."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.info = SessionInfo("blocked", "nowhere", None, True, False, False)
        self.playback = None
        self.commands: list[Command] = []
        self.polling = threading.Event()
        self.sent = threading.Event()
        self._woken = threading.Event()

    def poll(self, timeout_s: float) -> Batch:
        self.polling.set()
        self._woken.wait(timeout_s)
        self._woken.clear()
        return Batch()

    def command(self, command: Command) -> int:
        self.commands.append(command)
        self.sent.set()
        return len(self.commands)

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        pass


def test_stop_wakes_a_waiting_poll_at_once_and_warns_when_unconfirmed():
    session, said, clock = Blocked(), [], SystemClock()
    engine = Engine(lambda target: session, Kept(), said.append, clock)
    engine.submit(m.Connect("blocked"))
    ending = threading.Event()

    def loop() -> None:
        while not ending.is_set():
            engine.step(5.0)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        assert session.polling.wait(5.0)
        engine.stop_pump()
        assert session.sent.wait(5.0)
    finally:
        ending.set()
        engine.wake()
        thread.join(5.0)
    assert session.commands[0].name == "stop"
    (sent,) = [message for message in said if isinstance(message, m.StopSent)]
    assert sent.latency_us < 50_000
    engine._stop._under_way.asked_s -= 2.0  # as if two seconds had passed
    session.wake()
    engine.step(0.0)
    assert "not confirmed" in said[-1].why
    assert "lost link returns" in said[-1].why
    engine.close()
