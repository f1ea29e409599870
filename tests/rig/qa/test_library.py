"""The shipped scripts: each passes on healthy rigs and on what was recorded of them, and each fails on a faulty twin,
at the step that is there for it."""

from pathlib import Path

import pytest

from rig.therapy import units
from tests.rig.qa import twins
from tests.rig.qa.twins import TWINS, Twin

CASES = twins.cases()
#: not under MicroPython, since the suite has to end; ``tests.benchmarks.scripts`` has them all
SLOW = ("back-pressure", "flow-accuracy-standard", "bolus-series")
#: faulty twins that are recorded and judged again, too: the quickest
RECORDED = ("acceptance", "evaporation", "flow-accuracy-low", "occlusion", "refill-discrepancy", "soak", "unplug")


def case_names(cases: tuple[tuple[str, int], ...]) -> list[str]:
    return [f"{name}-{index}" for name, index in cases]


def prove_healthy(name: str, index: int, address: str, run: Path) -> None:
    """It passes; and its recording, judged by the same script, says the same to the digit."""
    script = twins.load(name)[index]
    ended = twins.carry_out(script, address, run)
    judged = twins.judgements(ended)
    assert [one for one in judged if one[1] != "pass"] == []
    assert (ended.verdict, ended.why) == ("pass", "finished")
    assert twins.judgements(twins.judged_again(script, run)) == judged


@pytest.mark.parametrize(("name", "index"), CASES, ids=case_names(CASES))
def test_a_healthy_rig_passes_and_so_does_its_recording(name: str, index: int, tmp_path: Path) -> None:
    prove_healthy(name, index, "sim:?seed=7&speed=max", tmp_path / "sim.run.duckdb")


AFFORDABLE = tuple(case for case in CASES if case[0] not in SLOW)


@pytest.mark.parametrize(("name", "index"), AFFORDABLE, ids=case_names(AFFORDABLE))
def test_so_does_one_under_micropython(name: str, index: int, tmp_path: Path) -> None:
    prove_healthy(name, index, "upy:?seed=3&speed=max", tmp_path / "upy.run.duckdb")


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_a_faulty_twin_fails_at_the_step_that_is_there_for_it(twin: Twin, tmp_path: Path) -> None:
    script = twins.load(twin.script)[twin.case]
    run = tmp_path / "twin.run.duckdb" if twin.script in RECORDED else None
    ended = twins.carry_out(script, twins.target(twin, tmp_path), run)
    judged = twins.judgements(ended)
    bad = [(title, verdict) for title, verdict, _ in judged if verdict != "pass"]
    assert bad == [(twin.fails, "fail")], twin.because
    assert (ended.verdict, ended.error) == ("fail", None)
    if run is not None:
        again = twins.judged_again(script, run)
        assert (again.verdict, twins.judgements(again)) == ("fail", judged)


def test_every_case_has_a_twin() -> None:
    assert {(twin.script, twin.case) for twin in TWINS} == set(CASES)
    assert len({twin.name for twin in TWINS}) == len(TWINS)


def test_they_are_what_they_say_and_take_as_long() -> None:
    scripts = [script for name in twins.names() for script in twins.load(name)]
    assert all(script.about.endswith(".") and script.tags and script.interval_ms for script in scripts)
    assert sum(script.duration_ms for script in scripts) > twins.LEAST_DAYS * units.DAY_MS
