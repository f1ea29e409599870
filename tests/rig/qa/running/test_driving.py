"""The same script on every host of the firmware, and on a pump behind a serial port, where the operator has hands."""

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from rig.interrupt import Interrupt
from rig.qa.deeds import Ask, WriteProgram
from rig.qa.running.replaying import judge_recording
from rig.qa.told import Asked, StepEnded, StepEvent
from rig.recording.reader import RunReader
from rig.recording.records import Verdict
from rig.virtual.rig import VirtualRig
from rig.virtual.serve import serve_pty
from tests.rig.qa.running.run_bench import SIM, Told, carry_out, script
from tests.rig.qa.running.test_runner import RUN

STEPS = (
    RUN
    + """
- wait: 2 min
- expect: volume
  of: commanded
  is: planned
  tolerance: 2 %
- expect: volume
  of: measured
  at-least: 20 uL
- do: bolus
  volume: 20 uL
  duration: 10 s
- expect: event
  event: bolus-ended
  within: 20 s
- do: start
- do: refill
  filled: 20 mL
- expect: no-event
  priority: high
  for: 10 s
"""
)


def test_the_same_script_comes_to_the_same_on_another_host(tmp_path: Path) -> None:
    made, run = script(STEPS), tmp_path / "a.run.duckdb"
    sim, upy = carry_out(made), carry_out(made, "upy:?seed=7&speed=max", run=run)
    assert sim.verdicts == upy.verdicts == ["pass"] * 10
    assert [event for event in judge_recording(made, run) if isinstance(event, StepEnded)] == upy.steps


@pytest.fixture
def port() -> Iterator[str]:
    """A pump that is a serial port and no more: 30 times as fast, and nobody can reach behind it."""
    stop, addresses = threading.Event(), Queue[str]()
    rig = VirtualRig(7, 30.0)
    thread = threading.Thread(target=serve_pty, args=(rig, addresses.put), kwargs={"stopped": stop.is_set})
    thread.start()
    yield addresses.get(timeout=10)
    stop.set()
    thread.join(10)


def test_on_a_real_pump_the_operator_does_what_a_rig_does_by_itself(port: str) -> None:
    asked: list[str] = []

    def there(ask: Ask) -> str:
        asked.append(ask.question)
        return "done"

    steps = STEPS.replace("2 min", "30 s").replace("at-least: 20 uL", "at-least: 1 uL").replace("2 %", "20 %")
    fault = "- do: fault\n  what: kink\n  how-much: 100 times\n  how-long: 1 min\n"
    told = carry_out(script(steps + fault), port, answer=there)
    assert told.ended.verdict == "pass", [step.judged.detail for step in told.steps]
    kinked = "Kinked catheter. The catheter resists the flow so many times as much. Resistance: 100 times. For 1 min."
    assert asked == ["Empty the reservoir, then fill it with 20 mL.", f"{kinked} Make it so by hand."]
    assert sum(isinstance(event, Asked) for event in told.events) == 2
    names = {frame.name for batch in told.batches for frame in batch.frames if frame.outgoing}
    assert "ack_events" not in names  # nobody has them on disk, so the pump keeps its log


def test_everything_is_in_the_recording(tmp_path: Path) -> None:
    run, made = tmp_path / "a.run.duckdb", script(STEPS + "- note: That was all.\n")
    told = carry_out(made, run=run)
    with RunReader(run) as reader:
        begin, end = reader.cases()
        assert (begin.phase, begin.name, begin.text, begin.target, begin.seed) == ("begin", "Short", made.text, SIM, 7)
        assert (end.phase, end.verdict, end.why, end.digest) == ("end", "pass", "finished", made.digest)
        records = [step for step in reader.steps() if step.phase == "end"]
        assert [(one.index, one.verdict, one.measurements) for one in records] == [
            (step.index, step.judged.verdict, step.judged.measurements) for step in told.steps
        ]
        assert [one.passed for one in reader.records(Verdict)] == [True]
        assert [note.text for note in reader.notes()][-1] == "That was all."
        written = made.steps[0].body
        assert isinstance(written, WriteProgram)
        assert [program.source for program in reader.programs()] == [written.source]
        assert reader.run.settings is not None
        assert reader.run.settings["sample_interval_ms"] == 100  # as the pump was found
        assert {one.number for one in reader.events()} == {
            event.number for batch in told.batches for event in batch.events
        }


def test_ctrl_c_is_a_cancellation_where_somebody_says_so() -> None:
    import signal

    from rig.qa.running.driving import drive
    from rig.targets import open_session

    session, told = open_session(SIM), Told()

    def press(event: StepEvent) -> None:
        told.events.append(event)
        if len(told.events) == 10:
            signal.raise_signal(signal.SIGINT)

    try:
        with Interrupt() as interrupt:
            drive(script(RUN + "- wait: 1 h\n"), session, on_event=press, interrupt=interrupt)
    finally:
        session.close()
    assert (told.ended.why, told.verdicts) == ("cancelled", ["pass", "skipped", "pass"])


def test_a_laboratory_balance_is_tared_and_weighed_by() -> None:
    steps = RUN + "- do: tare\n- wait: 10 min\n- expect: volume\n  of: measured\n  is: commanded\n  tolerance: 20 %\n"
    told = carry_out(script(steps, "needs: {laboratory-balance: yes}\n"), balance="mt-sics:sim?interval=10")
    assert told.ended.verdict == "pass", [step.judged.detail for step in told.steps]
    assert "laboratory balance" in told.step(3).judged.detail
    assert told.steps[-1].mark.weighings > 50
    assert "host_balance_tared" in told.kinds()
