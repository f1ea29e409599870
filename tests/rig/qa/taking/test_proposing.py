"""What was measured is proposed as limits, judged by the judge of the runs, and a script of it passes elsewhere."""

from dataclasses import replace
from pathlib import Path

import pytest

from firmware_link.errors import UsageError
from rig.qa.expectations import ExpectEvent, ExpectField, ExpectNoEvent, ExpectVolume
from rig.qa.files import script_file
from rig.qa.running.driving import drive
from rig.qa.taking import recorded_script
from rig.qa.taking.composing import Named, compose
from rig.qa.taking.proposal import Proposal
from rig.qa.taking.recorded_script import Session, session_of, with_limits_of
from rig.targets import open_session
from tests.rig.qa.taking.taken_bench import Bench, occlusion


@pytest.fixture(scope="module")
def session() -> Session:
    return session_of(occlusion().end())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "morning.qa.yaml"


def made(session: Session, path: Path, proposals: tuple[Proposal, ...] = ()):
    return compose(session.taken, session.draft, proposals or session.proposals, path, Named("A morning"))


def of_kind(session: Session, kind: type) -> list[Proposal]:
    return [one for one in session.proposals if isinstance(one.body, kind)]


def test_a_wait_proposes_its_volume_against_what_was_commanded(session: Session) -> None:
    first = of_kind(session, ExpectVolume)[0]
    assert first.keep
    assert first.body.limits.of == "commanded"
    measured = first.measured[0]
    assert measured.verdict == "pass"
    assert measured.value + measured.uncertainty < measured.high


def test_an_alarm_is_to_come_in_time_counted_from_its_cause(session: Session) -> None:
    alarm = next(one for one in of_kind(session, ExpectEvent) if one.body.event == "occlusion")
    assert alarm.body.over.since == "occlusion"
    assert alarm.body.after_ms < alarm.measured[0].value * 1000 < alarm.body.within_ms


def test_what_was_wrong_on_purpose_is_proposed_but_not_accepted(session: Session) -> None:
    doubted = [one for one in of_kind(session, ExpectVolume) if not one.keep]
    assert "A fault was in force." in {one.doubt for one in doubted}


def test_no_alarm_is_expected_where_none_came_besides_the_one_that_did(session: Session) -> None:
    besides = [one.body.besides for one in of_kind(session, ExpectNoEvent)]
    assert () in besides
    assert ("stopped_reminder", "occlusion") in besides  # which stops the pump


def test_a_pump_that_stands_may_remind_of_it_whenever_it_likes() -> None:
    bench = Bench()
    bench.send("self_test")
    bench.wait(60)
    bench.send("self_test")
    session = session_of(bench.end())
    assert [one.body.besides for one in of_kind(session, ExpectNoEvent)] == [("stopped_reminder",)]


def test_after_a_lost_link_it_is_awaited_before_anything_else_is_expected() -> None:
    bench = Bench()
    bench.program()
    bench.wait(60)
    bench.fault("power_cut", lasts_s=30)
    bench.sees("safe_state_reset")
    bench.wait(30)
    behind = [one.body for one in session_of(bench.end()).proposals if one.after == 3]
    assert isinstance(behind[0], ExpectField)
    assert behind[0].field == "link"


def test_all_that_is_accepted_passes_on_the_session_itself(session: Session) -> None:
    assert all(one.doubt for one in session.proposals if not one.keep)
    assert all(one.verdict == "pass" for proposal in session.proposals if proposal.keep for one in proposal.measured)


def test_the_script_reads_back_as_it_was_composed(session: Session, path: Path) -> None:
    composed = made(session, path)
    recorded_script.save(composed)
    (back,) = script_file.load(path)
    assert [(one.body, one.label, one.refused, one.title) for one in back.steps] == [
        (one.body, one.label, one.refused, one.title) for one in composed.script.steps
    ]
    assert (path.parent / "morning-fast.yaml").read_text("utf-8") == composed.programs["morning-fast.yaml"]


@pytest.mark.parametrize("target", ["sim:?seed=7&speed=max", "sim:?seed=2&speed=max", "upy:?seed=7&speed=max"])
def test_it_passes_on_a_fresh_rig_of_the_same_seed_and_of_another(session: Session, path: Path, target: str) -> None:
    recorded_script.save(made(session, path))
    (script,) = script_file.load(path)
    rig = open_session(target)
    ended = drive(script, rig)
    rig.close()
    assert (ended.verdict, ended.why) == ("pass", "finished"), [one.judged.detail for one in ended.steps]


def test_it_fails_where_the_outlet_is_never_blocked(session: Session, path: Path) -> None:
    composed = made(session, path)
    steps = tuple(step for step in composed.script.steps if getattr(step.body, "what", "") != "occlusion")
    rig = open_session("sim:?seed=7&speed=max")
    ended = drive(replace(composed.script, steps=steps), rig)
    rig.close()
    assert ended.verdict == "error"
    assert "occlusion" in ended.steps[-2].judged.detail


@pytest.mark.parametrize(
    ("low", "high", "why"),
    [
        (5.0, -5.0, "more than"),
        (None, None, "expects nothing"),
        (float("nan"), 1.0, "no limit"),
        (1.0, 1.0, "never exactly"),
    ],
)
def test_impossible_limits_are_refused(session: Session, low: float | None, high: float | None, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        of_kind(session, ExpectVolume)[0].edited(low, high)


def test_a_limit_that_somebody_writes_is_the_scripts(session: Session, path: Path) -> None:
    changed = tuple(
        one.edited(-12.0, 12.0) if isinstance(one.body, ExpectVolume) and one.keep else one for one in session.proposals
    )
    recorded_script.save(made(session, path, changed))
    assert "tolerance: 12 %" in path.read_text("utf-8")


def test_recorded_again_what_somebody_decided_stays(session: Session, path: Path) -> None:
    changed = tuple(
        one.accepted(False) if isinstance(one.body, ExpectNoEvent)
        else one.edited(-12.0, 12.0) if isinstance(one.body, ExpectVolume) and one.keep else one
        for one in session.proposals
    )  # fmt: skip
    recorded_script.save(made(session, path, changed))
    (older,) = script_file.load(path)
    again = with_limits_of(session, older)
    assert not any(one.keep for one in again if isinstance(one.body, ExpectNoEvent))
    kept = made(session, path, again)
    assert recorded_script.against(kept).changes == ()


def test_nothing_is_written_over_unasked_and_comments_stay(session: Session, path: Path) -> None:
    composed = made(session, path)
    recorded_script.save(composed)
    path.write_text(path.read_text("utf-8").replace("steps:", "steps:  # as on Monday"), "utf-8")
    with pytest.raises(UsageError, match="exists already"):
        recorded_script.save(composed)
    recorded_script.save(composed, force=True)
    assert "# as on Monday" in path.read_text("utf-8")


def test_a_session_in_which_nothing_was_done_is_no_script(path: Path) -> None:
    bench = Bench()
    bench.wait(30)
    session = session_of(bench.end())
    with pytest.raises(UsageError, match="Nothing was done"):
        made(session, path)
