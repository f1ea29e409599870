"""A recording is judged again by the script that made it, to the same verdicts, measurements and marks."""

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from firmware_link.errors import UsageError
from rig.qa.running.driving import drive
from rig.qa.running.keeping import Tally
from rig.qa.running.replaying import judge_recording
from rig.qa.script import Script
from rig.qa.told import CaseBegan, CaseEnded, StepEnded, StepEvent, StepProgress
from rig.recording.errors import RunFileError
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.targets import open_session
from tests.rig.qa.running.run_bench import SIM, carry_out, script, watched
from tests.rig.qa.running.run_bench import Told as Heard
from tests.rig.qa.running.test_runner import RUN

ALL = """
- do: program
  flow: 24 mL/day
  confirm: a bench rate
- wait: 5 min
  as: steady
- expect: volume
  of: measured
  at-least: 50 uL
- expect: flow
  of: commanded
  is: planned
  tolerance: 3 %
  during: steady
- do: unplug
  for: 20 s
- wait: 1 min
- do: bolus
  volume: 20 uL
  duration: 10 s
  as: bolus
- expect: event
  event: bolus-ended
  within: 1 min
- expect: field
  field: commanded
  at-least: 10 uL
  within: 10 s
- do: fault
  what: reset
- wait: event
  event: safe-state-reset
  at-most: 2 min
- expect: no-event
  priority: medium
  since: bolus
- do: set
  settings: {balance-uncertainty: 50 uL}
- do: stop
- do: blank
  for: 5 min
- expect: flow
  of: measured
  at-most: 1 mL/day
  since: bolus
- ask: Is it dry?
  answer: yes or no
  unattended: yes
"""


def again(made: Script, run: Path) -> list[StepEvent]:
    return list(judge_recording(made, run))


def ends(events: list[StepEvent]) -> list[StepEnded]:
    return [event for event in events if isinstance(event, StepEnded)]


def last(events: list[StepEvent]) -> CaseEnded:
    assert isinstance(events[-1], CaseEnded)
    return events[-1]


def test_a_recording_comes_to_the_same(tmp_path: Path) -> None:
    made, run = script(ALL, "on-fail: go on\n"), tmp_path / "a.run.duckdb"
    told = carry_out(made, run=run)
    replayed = again(made, run)
    assert ends(replayed) == told.steps
    assert {"fail", "pass"} <= set(told.verdicts)  # the reset is an event of high priority
    ended = last(replayed)
    assert (ended.verdict, ended.why) == (told.ended.verdict, told.ended.why)
    began, first = told.events[0], replayed[0]
    assert isinstance(began, CaseBegan)
    assert isinstance(first, CaseBegan)
    assert (first.seed, first.target, first.device.device_id) == (7, SIM, began.device.device_id)


def test_a_case_that_stopped_or_was_cancelled_comes_to_the_same(tmp_path: Path) -> None:
    failing = "- expect: field\n  field: state\n  is: stopped\n- note: further\n"
    for name, made, pressed in (
        ("stopped", script(RUN + failing), ()),
        ("cancelled", script(RUN + "- wait: 1 h\n- note: further\n"), (200,)),
        ("late", script(RUN + "- expect: event\n  event: occlusion\n  within: 1 h\n- note: further\n"), (200,)),
        ("refused", script("- do: start\n"), ()),
        ("never", script("- wait: event\n  event: occlusion\n  at-most: 10 s\n"), ()),
    ):
        run = tmp_path / f"{name}.run.duckdb"
        told = carry_out(made, run=run, pressed=pressed)
        replayed = again(made, run)
        assert ends(replayed) == told.steps
        assert (last(replayed).verdict, last(replayed).why) == (told.ended.verdict, told.ended.why)


def test_the_last_of_several_cases_of_one_recording_counts(tmp_path: Path) -> None:
    """As in a window, whose recording goes on before, between and after them."""
    volume = "- expect: volume\n  of: commanded\n  at-most: 30 uL\n  since: begun\n"
    made, run = script(RUN + "- wait: 1 min\n  as: begun\n" + volume), tmp_path / "a.run.duckdb"
    other = replace(made, digest="f" * 64)
    session = open_session(SIM)
    told = Heard()
    try:
        with RunWriter(run, session.clock, session.info) as writer:
            watched(session, told)
            tally = Tally()
            for case in (made, other, made):
                told.events.clear()
                drive(case, session, writer=writer, on_event=told.events.append, tally=tally)
            writer.finish("finished")
    finally:
        session.close()
    assert ends(again(made, run)) == told.steps


def test_what_is_expected_is_judged_and_not_read(tmp_path: Path) -> None:
    """A script with other limits would be another; what the recording says of a verdict isn't believed."""
    run = tmp_path / "a.run.duckdb"
    made = script(RUN + "- wait: 1 min\n- expect: volume\n  of: commanded\n  at-least: 10 uL\n")
    carry_out(made, run=run)
    harder = script(RUN + "- wait: 1 min\n- expect: volume\n  of: commanded\n  at-least: 1 mL\n")
    assert last(again(replace(harder, digest=made.digest), run)).verdict == "fail"


def test_a_run_of_another_script_is_refused(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    made = script(RUN)
    carry_out(made, run=run)
    with pytest.raises(UsageError, match="made by another text of “Short” than this one"):
        again(script(RUN + "- note: more\n"), run)
    with pytest.raises(UsageError, match="not made by “Other”: it was made by “Short”"):
        again(replace(made, digest="0" * 64, name="Other"), run)


def test_a_run_without_a_script_is_refused(tmp_path: Path) -> None:
    run = tmp_path / "a.run.duckdb"
    session = open_session(SIM)
    try:
        with RunWriter(run, session.clock, session.info) as writer:
            writer.finish("duration")
    finally:
        session.close()
    with pytest.raises(UsageError, match="made without a script"):
        again(script(RUN), run)


@pytest.mark.parametrize("mark", ["samples", "events", "frames", "gaps", "t_us", "host_us"])
@pytest.mark.parametrize("count", [-1, 1 << 62])
def test_marks_that_can_not_be_are_refused(tmp_path: Path, tampered: Path, mark: str, count: int) -> None:
    run = tmp_path / "b.run.duckdb"
    shutil.copy(tampered, run)
    with duckdb.connect(str(run)) as database:
        json = f"json_merge_patch(mark, '{{\"{mark}\": {count}}}')"
        database.execute(f"UPDATE steps SET mark = {json} WHERE index = 1 AND phase = 'end'")
    with pytest.raises(RunFileError, match="altered"):
        again(script(RUN + "- wait: 20 s\n"), run)


@pytest.fixture(scope="module")
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that somebody is about to alter."""
    run = tmp_path_factory.mktemp("runs") / "a.run.duckdb"
    carry_out(script(RUN + "- wait: 20 s\n"), run=run)
    return run


class Killed(BaseException):
    """The process is gone."""


def test_a_runner_that_was_killed_leaves_what_it_had(tmp_path: Path) -> None:
    run, made = tmp_path / "a.run.duckdb", script(RUN + "- wait: 1 min\n- wait: 10 min\n- note: further\n")
    session = open_session(SIM)
    writer = RunWriter(run, session.clock, session.info)

    def die(event: StepEvent) -> None:
        going_on = isinstance(event, StepProgress) and event.index == 2
        if going_on and not any(isinstance(one, StepProgress) and one.index == 2 for one in seen):
            writer.commit()
        if going_on and len(seen) > 100:
            raise Killed
        seen.append(event)

    seen: list[StepEvent] = []
    try:
        with pytest.raises(Killed):
            drive(made, session, writer=writer, on_event=die)
    finally:
        writer.close()  # nothing more is committed
        session.close()
    with RunReader(run) as reader:
        assert reader.cut_short
        ended_us = int(reader.samples(reader.summary().samples - 1, 1)["host_us"][0])
        assert [case.phase for case in reader.cases()] == ["begin"]
        assert [(step.index, step.phase) for step in reader.steps()][:4] == [
            (0, "begin"),
            (0, "end"),
            (1, "begin"),
            (1, "end"),
        ]
    replayed = again(made, run)
    assert [end.judged.verdict for end in ends(replayed)][:2] == ["pass", "pass"]
    assert (last(replayed).verdict, last(replayed).why) == ("error", "cut short")
    where_us = next(end.judged.at_us for end in ends(replayed) if end.judged.verdict == "error")
    assert where_us == pytest.approx(ended_us, abs=2e6)  # what there is to look at is where the recording ends


def test_a_golden_run_is_laid_beside_the_run_so_far(tmp_path: Path) -> None:
    golden = tmp_path / "golden.run.duckdb"
    slower = RUN.replace("24 mL", "12 mL")
    carry_out(script(RUN + "- wait: 20 s\n"), run=golden)
    expected = f"- wait: 20 s\n- expect: golden\n  run: {golden}\n"
    for steps, verdict in ((RUN + expected, "pass"), (slower + expected, "fail")):
        run, made = tmp_path / f"{verdict}.run.duckdb", script(steps)
        told = carry_out(made, run=run)
        assert told.step(2).judged.verdict == verdict, told.step(2).judged.detail
        assert ends(again(made, run)) == told.steps
