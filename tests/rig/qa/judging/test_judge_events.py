"""Events that are to come, and not to come."""

import pytest

from rig.linkstate import LinkState
from rig.qa.expectations import Expectation, ExpectEvent, ExpectNoEvent
from rig.qa.judging.judging import JudgeContext, judge, patience_ms, stretch_of
from rig.qa.limits import Over
from rig.qa.told import Judged, Stretch
from tests.rig.qa.judging.judge_bench import START_US, Run, evenly


def run_of(*events: tuple[str, float], last_s: int = 700) -> tuple[Run, JudgeContext]:
    """A deed from 8 s to 10 s, a wait until ``last_s``, and these events."""
    run = Run(evenly(0.0)).each_second(0, 8)
    before = run.mark(8)
    run.each_second(9, 10)
    deed = Stretch(before, run.mark(10))
    run.each_second(11, last_s)
    for kind, at_s in events:
        run.event(kind, at_s)
    return run, JudgeContext(deed.end, deed, Stretch(deed.end, run.mark(last_s)))


def told(body: Expectation, run: Run, context: JudgeContext, end_s: float = 700, final: bool = True) -> Judged | None:
    return judge(body, run.material, stretch_of(body, run.material, context, run.mark(end_s)), final, context)


def test_an_event_counts_from_the_end_of_the_latest_deed() -> None:
    run, context = run_of(("occlusion", 310.25))
    found = told(ExpectEvent("occlusion", 301_000), run, context, final=False)
    assert found is not None
    assert (found.verdict, found.measurements[0].value) == ("pass", 300.25)
    assert found.at_us == START_US + 310_250_000  # the moment to look at
    late = told(ExpectEvent("occlusion", 300_000), run, context)
    assert late is not None
    assert late.verdict == "fail"


def test_until_its_time_is_over_nobody_knows() -> None:
    run, context = run_of()
    body = ExpectEvent("occlusion", 900_000)
    assert patience_ms(body) == 900_000
    assert told(body, run, context, final=False) is None
    missing = told(body, run, context)
    assert missing is not None
    assert (missing.verdict, "didn't come" in missing.detail) == ("fail", True)


def test_an_event_that_came_before_the_samples_of_its_time_counts_at_once() -> None:
    run, context = run_of(("occlusion", 700.4))  # the latest sample is of 700 s
    for body in (ExpectEvent("occlusion", 900_000), ExpectNoEvent(("occlusion",), for_ms=900_000)):
        assert told(body, run, context, 700, final=False) is not None


def test_what_the_deed_itself_brings_about_came_at_once() -> None:
    run, context = run_of(("started", 9.5))
    found = told(ExpectEvent("started", 1000), run, context)
    assert found is not None
    assert (found.verdict, found.measurements[0].value) == ("pass", 0.0)


def test_an_event_from_before_the_deed_is_none() -> None:
    run, context = run_of(("started", 7.5))
    assert told(ExpectEvent("started", 1000), run, context, final=False) is None


def test_an_event_may_come_too_early() -> None:
    run, context = run_of(("battery_eos", 100.0))
    found = told(ExpectEvent("battery-eos", 900_000, after_ms=120_000), run, context, final=False)
    assert found is not None
    assert found.verdict == "fail"


def test_a_label_says_since_when() -> None:
    run, context = run_of(("occlusion", 310.0))
    run.material.labels["blocked"] = Stretch(run.mark(300), run.mark(301))
    found = told(ExpectEvent("occlusion", 60_000, over=Over(since="blocked")), run, context)
    assert found is not None
    assert found.measurements[0].value == 10.0


def test_the_last_so_long_looks_back_over_the_deed() -> None:
    run, context = run_of(("occlusion", 5.0))
    assert told(ExpectEvent("occlusion", 600_000), run, context, 20, final=False) is None
    found = told(ExpectEvent("occlusion", 600_000, over=Over(last_ms=18_000)), run, context, 20, final=False)
    assert found is not None
    assert found.verdict == "pass"


def test_events_that_were_lost_may_have_been_the_wanted_one() -> None:
    run, context = run_of()
    run.gap("events", 100, 200)
    for body in (ExpectEvent("occlusion", 600_000), ExpectNoEvent(("occlusion",), over=Over(last_ms=700_000))):
        found = told(body, run, context)
        assert found is not None
        assert found.verdict == "inconclusive"


def test_events_that_were_lost_before_the_stretch_do_not_matter() -> None:
    run, context = run_of()
    run.gap("events", 100, 200)
    found = told(ExpectNoEvent(("occlusion",), over=Over(last_ms=300_000)), run, context)
    assert found is not None
    assert found.verdict == "pass"


@pytest.mark.parametrize(("back", "verdicts"), [(False, ("inconclusive", "inconclusive")), (True, ("fail", "pass"))])
def test_while_the_link_is_down_nobody_knows_what_came(back: bool, verdicts: tuple[str, str]) -> None:
    run, context = run_of()
    run.link(LinkState.LOST, 650)
    if back:
        run.link(LinkState.ONLINE, 690)
    wanted, unwanted = ExpectEvent("occlusion", 600_000), ExpectNoEvent(("occlusion",), over=Over(last_ms=700_000))
    found = [told(body, run, context) for body in (wanted, unwanted)]
    assert tuple(one.verdict for one in found if one) == verdicts
    run.material.labels["early"] = Stretch(context.deed.end, run.mark(600))
    before = told(ExpectNoEvent(("occlusion",), over=Over(during="early")), run, context)
    assert before is not None
    assert before.verdict == "pass"  # what came until 600 s is known


def test_none_of_these_came() -> None:
    run, context = run_of(("low_reservoir", 300.0), ("session_opened", 301.0))
    wanted = {
        ExpectNoEvent(("occlusion", "no-flow")): "pass",
        ExpectNoEvent(("occlusion", "low-reservoir")): "fail",
        ExpectNoEvent(priority="medium"): "pass",
        ExpectNoEvent(priority="low"): "fail",
        ExpectNoEvent(priority="low", besides=("low-reservoir",)): "pass",
        ExpectNoEvent(("low-reservoir",), over=Over(last_ms=60_000)): "pass",
    }
    for body, verdict in wanted.items():
        found = told(body, run, context)
        assert found is not None
        assert (body, found.verdict) == (body, verdict)


def test_from_now_on_the_first_one_decides() -> None:
    run, context = run_of(("no_flow", 300.0))
    body = ExpectNoEvent(("no-flow",), for_ms=900_000)
    assert patience_ms(body) == 900_000
    found = told(body, run, context, final=False)
    assert found is not None
    assert (found.verdict, found.at_us) == ("fail", START_US + 300_000_000)
    assert told(ExpectNoEvent(("occlusion",), for_ms=900_000), run, context, final=False) is None


def test_an_event_of_a_boot_without_a_sample_counts_when_it_came() -> None:
    run = Run(evenly(0.0)).each_second(0, 10)
    begin = run.mark(10)
    run.event("boot", 0.0, boot=2)
    found = told(ExpectEvent("boot", 60_000), run, run.context(begin), end_s=20)
    assert found is not None
    assert found.verdict == "pass"
