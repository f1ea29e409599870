"""The report of test scripts: what it says, whatever scripts and runners say."""

from html.parser import HTMLParser
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rig.measured import Curve, Measurement
from rig.qa.telling import report
from rig.qa.telling.results import Result, Tally
from rig.qa.told import StepBegan
from rig.report import page
from rig.report.blocks import Figure, Section, Table
from tests.rig.qa.telling.told_of import T0, mark, result, script

MADE_US = T0 + 9_000_000


def section(results: list[Result], title: str) -> Section:
    return next(one for one in report.report_of(results, MADE_US).sections if one.title == title)


def tables(of: Section) -> list[Table]:
    return [block for block in of.blocks if isinstance(block, Table)]


def test_the_verdict_is_the_worst_and_says_how_many() -> None:
    made = report.report_of([result("pass"), result("inconclusive"), Result(script())], MADE_US)
    assert made.verdict is not None
    assert (made.verdict.level, made.verdict.title) == ("medium", "? INCONCLUSIVE")
    assert made.verdict.words == "1 passed, 1 inconclusive, 1 not tried."
    assert "Not a medical device" in made.notice


def test_the_overview_has_no_column_that_says_nothing() -> None:
    (passed,) = tables(section([result("pass")], "Results"))
    assert (passed.head, sum(passed.widths)) == (("Result", "Script", "Pump time"), 100)
    (both,) = tables(section([result("pass"), result("fail", detail="Too little.")], "Results"))
    assert (both.head[2], both.rows[1][2], both.align) == ("Why", "step 3: Too little.", "lllr")


def test_every_measurement_has_its_value_its_limits_and_what_it_is_unsure_by() -> None:
    steps, budget = tables(section([result("fail", detail="Too little.")], "Short"))
    assert steps.rows[-2][2] == "Too little."
    assert steps.rows[-1][2:5] == ("· delivered", "24.00 ± 0.12 µL", "23.75 to 26.25 µL")
    assert steps.levels[-3:] == ("high",) * 3
    assert budget.rows == (("3", "delivered", "0.12 µL", "balance 0.1, evaporation 0.066"),)


def test_curves_are_drawn_a_trumpet_over_the_logarithm() -> None:
    (figure,) = [block for block in section([result("pass")], "Short").blocks if isinstance(block, Figure)]
    assert figure.svg.count("<polyline") == 2
    assert "(logarithmic)" in figure.svg


def test_what_was_saved_meanwhile_is_called_partial() -> None:
    one = script()
    tally = Tally((one, script("Next")))
    tally.begin(0, "sim:")
    tally.take(0, StepBegan(1, one.steps[1], mark(3)))
    text = page.web(report.report_of(tally.results, MADE_US, finished=False))
    assert "! ERROR" in text
    assert "Partial" in text
    assert text.count("cut short: the runner ended before the case did, in step 2, 10 min pass") == 3


class Tags(HTMLParser):
    """Which tags there are."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]


@given(st.text(), st.floats(), st.lists(st.floats(), max_size=4))
def test_whatever_is_said_and_measured_nothing_of_it_becomes_markup(
    said: str, value: float, values: list[float]
) -> None:
    said = f"<script>alert(1)</script>{said}"
    curve = Curve("trumpet", said, said, said, tuple(values), ((said, tuple(values)),))
    measurement = Measurement(said, value, said, value, None, abs(value), "fail", said, ((said, value),))
    one = result(
        "fail",
        script(said, said),
        run=Path("a b.run.duckdb"),
        detail=said,
        measurements=(measurement,),
        curves=(curve,),
    )
    tags = Tags()
    tags.feed(page.web(report.report_of([one], MADE_US)))
    assert "script" not in tags.seen
