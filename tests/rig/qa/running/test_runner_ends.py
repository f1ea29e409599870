"""A case ends in good order: cancelled, with a lost link, with somebody to ask or with nobody there."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.linkstate import LinkState
from rig.qa.deeds import Ask
from rig.qa.running import needs
from rig.qa.running.driving import drive, pump_of
from rig.qa.running.runner import Pump
from rig.qa.told import Asked, CaseBegan, CaseEnded, StepBegan, StepEnded, StepEvent
from rig.recording.errors import RecordingError
from rig.recording.writer import RunWriter
from rig.session import DeviceInfo, SessionInfo
from rig.targets import open_session
from tests.rig.qa.running.run_bench import SIM, Told, carry_out, on, script, states, watched
from tests.rig.qa.running.test_runner import RUN


def test_cancelling_ends_the_step_and_leaves_the_pump_as_the_cleanup_says() -> None:
    made = script(RUN + "- wait: 1 h\n- note: never\n")
    told = carry_out(made, pressed=(200,))
    assert (told.ended.verdict, told.ended.why) == ("skipped", "cancelled")
    assert [step.index for step in told.steps] == [0, 1, 3]
    assert told.verdicts == ["pass", "skipped", "pass"]
    assert told.sent()[-2:] == ["stop", "set_config"]
    assert told.steps[1].mark.t_us < 3_600_000_000 / 2


def test_a_failure_stays_one_when_the_case_is_cancelled() -> None:
    failing = "- expect: field\n  field: state\n  is: stopped\n  on-fail: go on\n"
    told = carry_out(script(RUN + failing + "- wait: 1 h\n"), pressed=(200,))
    assert (told.ended.verdict, told.ended.why) == ("fail", "cancelled")


def test_cancelling_the_cleanup_ends_its_step_only() -> None:
    head = "cleanup:\n- wait: 1 h\n- do: stop\n"
    told = carry_out(script(RUN, head), pressed=(300,))
    assert told.verdicts == ["pass", "skipped", "pass"]
    assert told.sent()[-2:] == ["stop", "set_config"]


def test_a_wait_survives_a_lost_link_and_the_next_deed_waits_for_it() -> None:
    steps = (
        RUN + "- do: unplug\n  for: 30 s\n- wait: 10 s\n- do: stop\n- expect: field\n  field: state\n  is: stopped\n"
    )
    told = carry_out(script(steps))
    assert told.ended.verdict == "pass"
    away, back = told.step(2).mark, told.step(3).mark
    assert back.t_us - away.t_us > 19e6  # the wait was over in time, without the pump; its marks are by the clock
    assert away.links == told.step(1).mark.links
    assert (back.links, back.gaps) == (away.links + 1, away.gaps)
    assert LinkState.LOST in states(told)
    assert told.step(4).mark.gaps == back.gaps


@pytest.mark.parametrize("after_ms", [300, 900, 1100, 1300])
def test_a_link_that_is_lost_while_a_program_is_written_costs_only_time(after_ms: int) -> None:
    slow = "- do: fault\n  what: link_delay\n  how-much: 50 ms\n"
    away = f"- do: fault\n  what: unplug\n  after: {after_ms} ms\n  how-long: 30 s\n"
    told = carry_out(script(slow + away + RUN + "- expect: field\n  field: state\n  is: running\n"))
    assert told.verdicts == ["pass"] * 5
    assert told.step(2).mark.t_us > 30e6
    assert told.sent().count("commit") == 1


def test_a_pump_that_does_not_come_back_goes_on_and_the_case_says_so() -> None:
    away = "- do: fault\n  what: unplug\n  how-long: 10 h\n"
    told = carry_out(script(RUN + away + "- do: bolus\n  volume: 20 uL\n  duration: 10 s\n"))
    assert told.verdicts == ["pass", "pass", "error", "error"]
    assert told.ended.error is not None
    assert told.ended.error.exit_code == 12
    assert "it goes on as it is" in told.step(3).judged.detail
    first = told.step(1).mark
    assert 110e6 < told.ended.at_us - first.host_us < 130e6  # it is waited for once, not for each step of the cleanup


def test_what_a_script_breaks_for_ever_is_whole_again_for_its_cleanup() -> None:
    told = carry_out(script(RUN + "- do: fault\n  what: unplug\n- wait: 5 min\n"))
    assert told.verdicts == ["pass"] * 4
    assert told.ended.verdict == "pass"
    assert told.sent()[-2:] == ["stop", "set_config"]


QUESTION = """
- ask: How much is in the cup?
  answer: number
  at-least: 1 mL
  at-most: 2 mL
- ask: Is it clear?
  answer: yes or no
  expected: yes
"""


def answers(*given: str) -> Callable[[Ask], str | None]:
    """Somebody who needs a moment for each."""
    waiting = [word for one in given for word in (None, one)]
    return lambda ask: waiting.pop(0)


def test_the_operator_is_asked_until_an_answer_makes_sense() -> None:
    told = carry_out(script(QUESTION), answer=answers("some", "1,5", "perhaps", "Y"))
    assert told.verdicts == ["pass"] * 3
    assert [event.ask.answer for event in told.events if isinstance(event, Asked)] == ["number"] * 2 + ["yes or no"] * 2
    (measured,), (clear,) = (told.step(index).judged.measurements for index in (0, 1))
    assert (clear.name, clear.detail) == ("answer", "yes")
    assert (measured.value, measured.low, measured.high, measured.verdict) == (1.5, 1.0, 2.0, "pass")


def test_answers_that_are_not_what_was_wanted_fail() -> None:
    assert carry_out(script(QUESTION), answer=answers("3")).step(0).judged.verdict == "fail"
    assert carry_out(script(QUESTION), answer=answers("1.5", "no")).verdicts[:2] == ["pass", "fail"]


def test_where_nobody_is_there_the_script_answers_or_it_is_an_error() -> None:
    clear = "- ask: Is it clear?\n  answer: yes or no\n  unattended: yes\n"
    told = carry_out(script(clear + "- ask: Is the tube clamped?\n"))
    assert told.verdicts == ["pass", "error", "pass"]
    assert told.step(0).judged.measurements[0].detail == "yes (said by the script, since nobody was there)"
    assert "somebody" in told.step(1).judged.detail
    assert told.ended.error is not None
    assert told.ended.error.exit_code == 4


def test_the_operator_can_think_for_long_and_cancel_instead() -> None:
    told = carry_out(script("- ask: Is the tube clamped?\n"), answer=lambda ask: None, pressed=(30,))
    assert told.verdicts == ["skipped", "pass"]
    assert told.ended.why == "cancelled"
    began = told.events[0]
    assert isinstance(began, CaseBegan)
    assert told.ended.at_us - began.at_us < 3e6  # the time of a rig that jumps stands meanwhile


def test_the_button_of_the_pump_is_pressed_and_its_log_looked_at() -> None:
    program = """
    - do: program
      file: on-demand-bolus
      confirm: a bench rate
    """
    press = "- do: on-demand\n  button: yes\n"
    refused = press + "  refused: lockout\n"
    assert carry_out(script(dedent(program) + press + "- wait: 1 min\n" + refused)).verdicts[:4] == ["pass"] * 4
    told = carry_out(script(dedent(program) + refused))
    assert told.verdicts[1] == "fail"
    assert "gave a bolus" in told.step(1).judged.detail


def test_a_recording_that_can_not_be_written_any_more_costs_the_case_but_not_its_cleanup(tmp_path: Path) -> None:
    session, told = watched(open_session(SIM), heard := Told()), []
    try:
        with RunWriter(tmp_path / "a.run.duckdb", session.clock, session.info) as writer:

            def full(event: StepEvent) -> None:
                told.append(event)
                if isinstance(event, StepEnded):
                    writer.close()  # as a disk that is full leaves it

            with pytest.raises(RecordingError, match="closed"):
                drive(script(RUN + "- wait: 1 h\n"), session, writer=writer, on_event=full)
    finally:
        session.close()
    assert isinstance(told[-1], CaseEnded)
    assert told[-1].why == "cancelled"
    assert heard.sent()[-2:] == ["stop", "set_config"]


DEVICE = DeviceInfo("00000000000000aa", "0.3.1", 3, 7, frozenset({"balance"}), 4, {"tolerance_permille": 145})
BENCH = Pump(SessionInfo("/dev/ttyACM0", "/dev/ttyACM0", DEVICE, True, False, False), ManualClock())


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("{device: 00000000000000bb}", "it is for the pump 00000000000000bb"),
        ("{firmware: 0.10.0}", "it needs firmware 0.10.0 or newer, and the pump has 0.3.1"),
        ("{capabilities: [pressure]}", "the pump has no pressure"),
        ("{virtual: yes}", "it needs a virtual rig"),
        ("{laboratory-balance: yes}", "it needs a laboratory balance"),
        ("{settings: {tolerance: 10 %}}", "it needs “Flow tolerance” 10 %, and"),
        ("{settings: {tolerance: 1 % to 10 %}}", "and the pump is set to 14.5 %"),
    ],
)
def test_a_rig_that_is_not_what_the_script_expects_is_refused(wanted: str, said: str) -> None:
    with pytest.raises(UsageError, match="“Short” can't run here") as caught:
        needs.check(script("- note: nothing\n", f"needs: {wanted}\n"), BENCH)
    assert said in caught.value.what


@pytest.mark.parametrize(
    "wanted",
    [
        "{device: 00000000000000aa, firmware: 0.3.1}",
        "{firmware: 0.3.0, capabilities: [balance]}",
        "{settings: {tolerance: 14.5 %}, rig: bench}",
    ],
)
def test_a_rig_that_is_what_the_script_expects_will_do(wanted: str) -> None:
    needs.check(script("- note: nothing\n", f"needs: {wanted}\n"), BENCH)


def test_another_virtual_rig_is_another() -> None:
    made = script("- note: nothing\n", "needs: {rig: worn-tube}\n")
    needs.check(made, virtual("sim:?rig=worn-tube&seed=3"))
    with pytest.raises(UsageError, match="this one is “bench”"):
        needs.check(made, virtual("sim:"))


def virtual(address: str) -> Pump:
    """What a case is carried out on there, as if it had answered."""
    with closing(open_session(address)) as session:
        pump = pump_of(session, attended=False)
    return replace(pump, info=replace(pump.info, device=DEVICE))


def test_nothing_is_sent_to_the_wrong_rig() -> None:
    session = open_session(SIM)
    told = Told()
    try:
        with pytest.raises(UsageError, match="laboratory balance"):
            on(session, script(RUN, "needs: {laboratory-balance: yes}\n"))
        for _ in range(3):
            told.batches.append(session.poll(1.0))
        assert set(told.sent()) <= {"hello", "set_clock"}
        assert pump_of(session, attended=False).seed == 7
    finally:
        session.close()


def test_what_was_not_begun_is_not_a_step() -> None:
    told = carry_out(script(RUN + "- wait: 1 h\n"), pressed=(1,))
    assert told.ended.why == "cancelled"
    assert [event.index for event in told.events if isinstance(event, StepBegan)] == [2]  # the cleanup alone
