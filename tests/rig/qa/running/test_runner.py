"""Scripts are carried out on the virtual rig: deeds, waits, what is expected, and the end that comes in any case."""

import pytest

from firmware_link.vocabulary import STOPPED
from rig.measured import Mark
from rig.qa.told import CaseBegan, StepBegan, StepEnded, StepProgress
from rig.targets import open_session
from tests.rig.qa.running.run_bench import SIM, carry_out, on, script

RUN = """
- do: program
  flow: 24 mL/day
  confirm: a bench rate
"""


def test_a_case_tells_each_step_in_order_and_ends() -> None:
    told = carry_out(
        script(RUN + "- wait: 2 min\n- expect: volume\n  of: commanded\n  is: planned\n  tolerance: 2 %\n")
    )
    kinds = [type(event) for event in told.events if not isinstance(event, StepProgress)]
    assert kinds == [CaseBegan, *[StepBegan, StepEnded] * 4, type(told.ended)]
    assert told.verdicts == ["pass"] * 4  # the usual cleanup is the fourth
    assert (told.ended.verdict, told.ended.why, told.ended.error) == ("pass", "finished", None)
    assert told.ended.steps == tuple(told.steps)
    progress = [event for event in told.events if isinstance(event, StepProgress)]
    assert progress
    assert all(0 <= event.done_s <= event.total_s == 120 for event in progress)
    (measured, commanded) = told.step(2).judged.measurements
    assert measured.unit == "%"
    assert commanded.value == pytest.approx(24e3 / 24 / 30, rel=0.02)  # two minutes of a day's 24 mL, in µL


def test_marks_never_go_back_and_waits_end_when_they_should() -> None:
    told = carry_out(script(RUN + "- wait: 100 s\n- wait: 90 s\n- do: stop\n"))
    begins = [event.mark for event in told.events if isinstance(event, StepBegan)]
    first, second = told.step(1).mark, told.step(2).mark
    assert first.t_us == begins[1].t_us + 100_000_000
    assert begins[2] == first  # nothing passes between two waits
    assert second.t_us == first.t_us + 90_000_000
    assert second.samples > first.samples + 88
    marks = [step.mark for step in told.steps]
    for counted in ("t_us", "host_us", "samples", "events", "frames"):
        values = [getattr(mark, counted) for mark in marks]
        assert values == sorted(values)


@pytest.mark.parametrize(
    ("refused", "verdict", "said"),
    [
        ("refused: no-program", "pass", "it holds no program"),
        ("refused: lockout", "fail", "“lockout”"),
        ("", "error", "it holds no program"),
    ],
)
def test_a_refusal_passes_where_it_is_wanted(refused: str, verdict: str, said: str) -> None:
    told = carry_out(script(f"- do: start\n  {refused}\n"))
    assert told.step(0).judged.verdict == told.ended.verdict == verdict
    assert said in told.step(0).judged.detail


def test_what_should_be_refused_and_is_not_fails() -> None:
    told = carry_out(script("- do: silence\n  refused: lockout\n"))
    assert told.step(0).judged.verdict == "fail"
    assert "accepted" in told.step(0).judged.detail


@pytest.mark.parametrize(
    ("on_fail", "done", "why"), [("stop", 1, "stopped at the first failure"), ("go on", 2, "finished")]
)
def test_a_failure_ends_a_case_where_the_script_says_so(on_fail: str, done: int, why: str) -> None:
    steps = "- expect: field\n  field: state\n  is: running\n- note: further\n"
    told = carry_out(script(steps, f"on-fail: {on_fail}\n"))
    assert [step.index for step in told.steps] == [*range(done), 2]  # the cleanup in any case
    assert (told.ended.verdict, told.ended.why) == ("fail", why)


def test_a_step_may_say_otherwise() -> None:
    told = carry_out(script("- expect: field\n  field: state\n  is: running\n  on-fail: go on\n- note: further\n"))
    assert [step.index for step in told.steps] == [0, 1, 2]
    assert told.ended.verdict == "fail"


def test_the_pump_is_left_stopped_and_set_as_it_was_found() -> None:
    session = open_session(SIM)
    try:
        steps = RUN + "- do: set\n  settings: {tolerance: 20 %, occlusion-pressure: 80 kPa}\n- wait: 5 s\n"
        told = on(session, script(steps, "on-fail: go on\n"))
        assert told.ended.verdict == "pass"
        assert told.sent().count("set_config") == 3  # the interval, the step's, and all of them back
        states = [int(state) for _ in range(5) for state in session.poll(1.0).samples["state"]]
        device = session.info.device
        assert device is not None
        assert (device.settings["sample_interval_ms"], device.settings["tolerance_permille"]) == (100, 145)
        assert device.settings["occlusion_pa"] == 69_000
        assert states[-1] == STOPPED
    finally:
        session.close()


def test_settings_that_are_so_already_are_not_sent() -> None:
    told = carry_out(
        script(
            "- do: set\n  settings: {tolerance: 14.5 %}\n", text="qa: 1\nname: A\nduration: 1 min\ninterval: 100 ms\n"
        )
    )
    assert told.ended.verdict == "pass"
    assert "set_config" not in told.sent()


def test_a_wait_for_an_event_is_for_one_that_nobody_waited_for_yet() -> None:
    bolus = "- do: bolus\n  volume: 20 uL\n  duration: 10 s\n"
    wait = "- wait: event\n  event: bolus-started\n  at-most: 1 min\n"
    told = carry_out(script(RUN + bolus + wait + wait))
    assert told.verdicts[:4] == ["pass", "pass", "pass", "error"]  # it came within the bolus itself; no other does
    assert told.ended.error is not None
    assert told.ended.error.exit_code == 15
    assert "“bolus started” did not come in 1 min" in told.step(3).judged.detail
    assert told.step(3).mark.t_us - told.step(2).mark.t_us == pytest.approx(60e6, abs=2e6)


def test_a_wait_for_a_field_ends_with_it_or_says_what_the_field_was() -> None:
    wait = "- wait: field\n  field: commanded\n  at-least: 100 uL\n  at-most: {}\n"
    there = carry_out(script(RUN + wait.format("1 h")))
    assert there.ended.verdict == "pass"
    never = carry_out(script(RUN + wait.format("10 s")))
    assert never.step(1).judged.verdict == "error"
    assert "10 s; it is" in never.step(1).judged.detail


def test_turns_of_the_rotor_take_as_long_as_the_flow_makes_them() -> None:
    told = carry_out(script(RUN + "- wait: 3 turns\n"))
    begin = next(event.mark for event in told.events if isinstance(event, StepBegan) and event.index == 1)
    took_s = (told.step(1).mark.t_us - begin.t_us) / 1e6
    assert took_s == pytest.approx(3 * 19.438991 / (24e3 / 86_400), rel=1e-3)  # µL a turn, µL a second
    stands = carry_out(script("- wait: 3 turns\n"))
    assert "rotor stands" in stands.step(0).judged.detail


def test_an_expected_event_ends_the_wait_for_it() -> None:
    steps = (
        RUN + "- do: bolus\n  volume: 20 uL\n  duration: 10 s\n- expect: event\n  event: bolus-ended\n  within: 1 h\n"
    )
    told = carry_out(script(steps))
    assert told.ended.verdict == "pass"
    (after,) = told.step(2).judged.measurements
    assert after.value == pytest.approx(10, abs=0.1)
    assert told.step(2).mark.t_us - told.step(1).mark.t_us < 15e6


def test_what_somebody_does_by_hand_is_done_to_a_virtual_rig() -> None:
    steps = """
    - do: fault
      what: battery_step
      how-much: 50 %
    - wait: 2 min
    - expect: field
      field: battery-charge
      at-most: 51 %
    - do: replace-battery
    - do: replace-tube
    - do: refill
      filled: 10 mL
    - wait: 2 min
    - expect: field
      field: battery-charge
      at-least: 99 %
    - expect: field
      field: reservoir
      is: 10 mL
      tolerance: 1 %
    """
    told = carry_out(script(steps))
    assert told.ended.verdict == "pass", told.steps
    assert {"battery_replaced", "tube_replaced", "refilled"} <= set(told.kinds())
    struck = [strike.what for batch in told.batches for strike in batch.strikes]
    assert struck == ["battery_step", "new_battery", "new_tube", "fill_reservoir"]
    truth = [row for batch in told.batches for row in batch.truth]
    assert truth


def test_what_can_not_be_done_is_an_error_in_words() -> None:
    told = carry_out(script("- do: tare\n- note: further\n"))
    assert told.ended.verdict == "error"
    assert "--balance" in told.step(0).judged.detail
    blank = carry_out(script(RUN + "- do: blank\n  for: 10 min\n"))
    assert "delivers" in blank.step(1).judged.detail


def test_a_rig_with_the_same_seed_tells_the_same() -> None:
    steps = RUN + "- do: unplug\n  for: 10 s\n- wait: 1 min\n- expect: flow\n  of: measured\n  at-least: 1 mL/day\n"
    one, other = (carry_out(script(steps)) for _ in range(2))
    assert one.events == other.events
    another = carry_out(script(steps), "sim:?seed=8&speed=max")
    assert another.step(3).judged.measurements != one.step(3).judged.measurements


def test_marks_count_what_came_since_the_case_began() -> None:
    told = carry_out(script("- wait: 20 s\n"))
    last: Mark = told.steps[-1].mark
    came = sum(len(batch.samples) for batch in told.batches)
    assert 18 <= last.samples <= came
