"""What test scripts and reviewers leave in a run file, and what becomes of it."""

import math
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.bundle.excerpt import taken
from rig.bundle.scrub import Scrubber
from rig.export.exporting import export
from rig.export.order import CSV, Order
from rig.measured import Curve, Mark, Measurement
from rig.recording import annotate
from rig.recording.card import card_of
from rig.recording.digest import Verified
from rig.recording.errors import RunFileError
from rig.recording.finish import finish_recording
from rig.recording.reader import RunReader
from rig.recording.records import CaseRecord, Review, StepRecord, Verdict
from rig.recording.scripted import endings, finite
from rig.recording.writer import RunWriter
from rig.session import Batch
from rig.weighing import weighings
from tests.rig.recording import make, make_bad

US = make.UTC_US
MARK = Mark(US, 1, 5_000_000, samples=10, events=2, weighings=3)
CASE = CaseRecord(US, "begin", "occlusion.qa.yaml", "Occlusion", "rate 24 mL/day", "ab" * 32, "qa: 1\n", "sim:", 7)
STEP = StepRecord(US, "begin", CASE.script, CASE.case, CASE.digest, 0, "3.2", "Ein Stück Weg", "x.qa.yaml", 12, MARK)
DELIVERED = Measurement("delivered", 10.5, "µL", 9.0, None, 0.2, "pass", "of 10 µL", (("balance", 0.2),))
CURVE = Curve(
    "trumpet", "Trumpet", "Window, min", "Error, %", (2.0, 5.0), (("most", (3.0, 2.0)), ("least", (-3.0, -2.0)))
)
REVIEW = Review(US, "blinded", "pass", "R. Viewer", "Rises as it should.", US + 5)

WORDS = st.text(st.characters(codec="utf-8"), max_size=10)
NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
MEASURED = st.builds(Measurement, WORDS, st.none() | NUMBERS, WORDS, st.none() | NUMBERS, st.none() | NUMBERS, NUMBERS)


def ended(case: CaseRecord, verdict: str) -> CaseRecord:
    return replace(case, phase="end", text="", verdict=verdict, why="finished", host_us=US + 60_000_000)


def write(path: Path, *verdicts: str, unfinished: bool = False, finish: bool = True) -> Path:
    """A run with cases that ended so."""
    writer = RunWriter(path, ManualClock(US), make.SESSION)
    writer.add(
        Batch(samples=make.samples(0, 100), weighings=weighings([(US, 1200, True), (US + 4_000_000, 1300, False)]))
    )
    for number, verdict in enumerate(verdicts):
        case = replace(CASE, case=str(number))
        writer.case(case)
        writer.step(replace(STEP, case=case.case))
        writer.step(
            replace(STEP, case=case.case, phase="end", verdict=verdict, measurements=(DELIVERED,), curves=(CURVE,))
        )
        writer.case(ended(case, verdict))
    if unfinished:
        writer.case(CASE)
        writer.step(STEP)
    if finish:
        writer.finish("duration", None)
    else:
        writer.commit()
        writer.close()
    return path


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    with RunReader(write(tmp_path / "a.run.duckdb", "pass", "inconclusive")) as reader:
        assert reader.verify() is Verified.MATCHES
        first = replace(CASE, case="0")
        assert reader.cases()[:2] == (first, ended(first, "pass"))
        begun, end = reader.steps()[:2]
        assert begun == replace(STEP, case="0")
        assert (end.measurements, end.curves, end.mark) == ((DELIVERED,), (CURVE,), MARK)
        assert [(one.name, one.passed, one.outcome) for one in reader.records(Verdict)] == [
            ("Occlusion [0]", True, "pass"),
            ("Occlusion [1]", False, "inconclusive"),
        ]
        assert reader.weighings()["mass_ug"].tolist() == [1200, 1300]
        assert [one["verdict"] for one in reader.info()["cases"]] == ["pass", "inconclusive"]


def test_a_case_that_never_ended_is_told_as_cut_short() -> None:
    first, second = replace(CASE, case="0"), replace(CASE, case="1")
    told = endings((first, second, replace(ended(second, "pass"), seed=None), first))
    assert [(one.case, one.verdict, one.why, one.seed) for one in told] == [
        ("0", "error", "cut short", 7),
        ("1", "pass", "finished", 7),
        ("0", "error", "cut short", 7),
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(MEASURED, max_size=3).map(tuple), st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5))
def test_numbers_that_json_has_not_do_not_reach_the_file(
    measured: tuple[Measurement, ...], points: list[tuple[float, float]]
) -> None:
    xs, ys = (tuple(part) for part in zip(*points, strict=True)) if points else ((), ())
    curve = replace(CURVE, x=xs, lines=(("most", ys),))
    kept = finite(replace(STEP, measurements=measured, curves=(curve,)))
    numbers = [one for m in kept.measurements for one in (m.value, m.low, m.high, m.uncertainty) if one is not None]
    numbers += [*kept.curves[0].x, *kept.curves[0].lines[0][1]]
    assert all(map(math.isfinite, numbers))
    assert len(kept.curves[0].x) == sum(math.isfinite(x) and math.isfinite(y) for x, y in points)
    assert finite(kept) == kept


@pytest.mark.parametrize(
    ("verdicts", "unfinished", "counts"),
    [
        (("pass", "pass"), False, (2, 0, 0)),
        (("pass", "fail", "error"), False, (1, 2, 0)),
        (("pass", "inconclusive"), False, (1, 0, 1)),
        (("pass",), True, (1, 0, 1)),
    ],
)
def test_a_table_of_runs_says_how_its_scripts_ended(
    tmp_path: Path, verdicts: tuple[str, ...], unfinished: bool, counts: tuple[int, int, int]
) -> None:
    card = card_of(write(tmp_path / "a.run.duckdb", *verdicts, unfinished=unfinished))
    assert (card.passed, card.failed, card.undecided) == counts
    assert card.scripts[0] == "Occlusion [0]"


def test_a_killed_runner_leaves_a_step_without_an_end(tmp_path: Path) -> None:
    run = write(tmp_path / "a.run.duckdb", "pass", unfinished=True, finish=False)
    finish_recording(run, US)
    with RunReader(run) as reader:
        assert reader.verify() is Verified.MATCHES
        assert [step.phase for step in reader.steps()] == ["begin", "end", "begin"]
        assert [case.phase for case in reader.cases()] == ["begin", "end", "begin"]
        assert len(reader.weighings()) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE verdicts SET outcome = 'pass'",
        "UPDATE cases SET verdict = 'pass'",
        "UPDATE steps SET measurements = '[]'",
        "UPDATE weighings SET mass_ug = 0",
        "UPDATE run SET balance = 'another'",
    ],
)
def test_whoever_changes_it_is_found_out(tmp_path: Path, change: str) -> None:
    run = write(tmp_path / "a.run.duckdb", "fail")
    with duckdb.connect(str(run)) as connection:
        connection.execute(change)
    with RunReader(run) as reader:
        assert reader.verify() is Verified.DIFFERS


def test_a_measurement_of_another_shape_is_said_to_be_altered(tmp_path: Path) -> None:
    run = write(tmp_path / "a.run.duckdb", "fail")
    with duckdb.connect(str(run)) as connection:
        connection.execute("UPDATE steps SET measurements = '[{\"name\": 1}]' WHERE phase = 'end'")
    with RunReader(run) as reader, pytest.raises(RunFileError, match="was altered"):
        reader.steps()


def test_a_review_is_added_beside_the_evidence(tmp_path: Path) -> None:
    run = write(tmp_path / "a.run.duckdb", "fail")
    kept = annotate.add_review(run, replace(REVIEW, by="R. Viewer\n", reason="Rises\x00 as it should."))
    assert kept == REVIEW
    annotate.add_review(run, replace(REVIEW, kind="operator", verdict="fail", made_us=US + 1))
    with RunReader(run) as reader:
        assert [review.kind for review in reader.reviews()] == ["operator", "blinded"]
        assert reader.verify() is Verified.MATCHES


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "somebody"}, {"verdict": " "}, {"host_us": -1}, {"reason": "x" * 10_001}, {"by": "x" * 201}],
)
def test_a_review_that_cannot_be_is_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    run = write(tmp_path / "a.run.duckdb")
    with pytest.raises(UsageError) as refused:
        annotate.add_review(run, replace(REVIEW, **wrong))
    assert refused.value.remedy
    with RunReader(run) as reader:
        assert reader.reviews() == ()


def test_format_4_takes_notes_but_no_reviews(tmp_path: Path) -> None:
    run = write(tmp_path / "a.run.duckdb")
    with duckdb.connect(str(run)) as connection:
        make_bad.take_back(connection, 4)
    annotate.add(run, "Seen.", US, "", US)
    with pytest.raises(RunFileError, match="older format 4, which has no room for reviews"):
        annotate.add_review(run, REVIEW)


def test_it_is_exported(tmp_path: Path) -> None:
    run = write(tmp_path / "a.run.duckdb", "inconclusive")
    annotate.add_review(run, REVIEW)
    made = export(Order(run, tmp_path / "out", CSV))
    assert {name: made.rows[name] for name in ("weighings", "cases", "steps", "reviews")} == {
        "weighings": 2,
        "cases": 2,
        "steps": 2,
        "reviews": 1,
    }
    lines = (tmp_path / "out" / "weighings.csv").read_text().splitlines()
    assert lines[0] == "time,elapsed_s,mass_g,steady"
    assert [line.split(",")[2:] for line in lines[1:]] == [["0.0012", "true"], ["0.0013", "false"]]
    within = export(Order(run, tmp_path / "part", CSV, begin_s=0.5, end_s=5.0))
    assert within.rows["weighings"] == 1


def test_a_bundle_takes_what_was_judged_without_anybodys_words(tmp_path: Path) -> None:
    run = write(tmp_path / "a.run.duckdb", "fail")
    with taken(run, Scrubber(())) as (made, _), RunReader(made) as reader:
        assert len(reader.weighings()) == 2
        (begun, end), steps = reader.cases(), reader.steps()
        assert (begun.name, begun.text, begun.script, end.verdict) == ("Script 1", "", "", "fail")
        assert [(step.title, step.detail, step.file) for step in steps] == [("Step 3.2", "", "")] * 2
        assert np.isclose(steps[1].measurements[0].value or 0.0, 10.5)
