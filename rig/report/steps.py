"""The steps of a test script and what was measured in them: as blocks of a report, live as of a recording."""

from collections.abc import Iterable, Sequence

import numpy as np

from rig.measured import Curve, Measurement, Verdict
from rig.qa.telling.verdict_words import WORDS, is_held, limits_text, number_text, value_text
from rig.recording.scripted import StepRecord
from rig.report import saying, ticks
from rig.report.blocks import Block, Figure, Headline, Table
from rig.report.delivery import DELIVERED, PLAN
from rig.report.svg import Chart, Floats, Line

MOST_STEPS = 500  # rows; where there are more, those in which something was measured or went wrong
_LONGEST = 400  # letters in a cell
_LARGEST = 1e15  # of what is drawn
_COLOURS = (DELIVERED, "#a8470b", PLAN, "#1a7a49", "#7a4fb0", "#8a6100")
_LIMIT = "#c22a21"
#: of a result as a headline
HEADLINE: dict[Verdict, str] = {
    "pass": "good",
    "skipped": "muted",
    "inconclusive": "medium",
    "fail": "high",
    "error": "high",
}


def verdict_text(verdict: str) -> str:
    """ "✓ PASS", whatever a file says."""
    words = next((words for known, words in WORDS.items() if known == verdict), None)
    return f"{words.symbol} {words.word}" if words else verdict[:20] or "–"


def headline(verdict: Verdict, words: str) -> Headline:
    """The verdict on all of it, with what there is to say."""
    return Headline(HEADLINE[verdict], verdict_text(verdict), words)


def blocks(steps: Sequence[StepRecord], began_us: int) -> list[Block]:
    """Of the ends of steps: each with its result and its measurements, what these are unsure by, and the curves."""
    shown = steps if len(steps) <= MOST_STEPS else [one for one in steps if one.measurements or one.verdict != "pass"]
    made: list[Block] = [_table(shown[:MOST_STEPS], len(steps), began_us)]
    budget = _budget(shown)
    if budget is not None:
        made.append(budget)
    return made + [
        drawn for step in shown for curve in step.curves if (drawn := figure(curve, step.number[:20])) is not None
    ]


def _table(steps: Sequence[StepRecord], count: int, began_us: int) -> Table:
    rows: list[tuple[str, ...]] = []
    levels: list[str] = []
    for step in steps:
        ended = saying.clock((step.host_us - began_us) / 1e6)
        rows.append((verdict_text(step.verdict), step.number[:20], _short(step.title), "", "", ended))
        levels.append(level_of(step.verdict))
        if step.detail and step.verdict != "pass":
            rows.append(("", "", _short(step.detail), "", "", ""))
            levels.append(level_of(step.verdict))
        for one in step.measurements:
            result = verdict_text(one.verdict) if len(step.measurements) > 1 and is_held(one) else ""
            rows.append((result, "", f"· {_short(one.name)}", _short(value_text(one)), limits_text(one), ""))
            levels.append(level_of(one.verdict))
    caption = "" if len(steps) == count else f"Shown are {len(steps)} of {saying.grouped(count)} steps."
    head = ("Result", "Step", "", "Measured", "Limits", "Ended at")
    return Table(head, "lllrrr", tuple(rows), caption, tuple(levels), (15, 6, 37, 17, 16, 9))


def _short(words: str) -> str:
    """No longer than a cell bears, whatever a file says."""
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def level_of(verdict: str) -> str:
    """Of a row or a paragraph; "" where nothing is to be said by it."""
    return next((level for known, level in HEADLINE.items() if known == verdict and level in ("medium", "high")), "")


def _budget(steps: Iterable[StepRecord]) -> Table | None:
    """What each measurement is unsure by, and what that is made of."""
    rows = [
        (step.number[:20], _short(one.name), _with_unit(one.uncertainty, one.unit), _parts(one))
        for step in steps
        for one in step.measurements
        if one.uncertainty > 0
    ][:MOST_STEPS]
    if not rows:
        return None
    head = ("Step", "Measurement", "Known to ±", "Made of")
    return Table(head, "llrl", tuple(rows), "Uncertainty budget", (), (8, 30, 17, 45))


def _parts(measurement: Measurement) -> str:
    return ", ".join(f"{part} {number_text(size, 2)}" for part, size in measurement.budget) or saying.NONE


def _with_unit(value: float, unit: str) -> str:
    return f"{number_text(value, 3)} {unit}".strip()


def figure(curve: Curve, step: str) -> Figure | None:
    """The drawing of a curve of ``step``, a trumpet over the logarithm of its windows; None for nothing."""
    rows = [row for row in zip(curve.x, *(values for _, values in curve.lines), strict=False) if _drawable(row)]
    if not rows:
        return None
    columns: Floats = np.array(rows, np.float64).T
    logarithmic = curve.kind == "trumpet" and float(columns[0].min()) > 0
    x: Floats = np.log10(columns[0]) if logarithmic else columns[0]
    lines = [
        Line(name, x, columns[number + 1], _COLOURS[number % len(_COLOURS)], "", 1.4, len(x) < 60)
        for number, (name, _) in enumerate(curve.lines)
    ]
    lines += _limits(curve, logarithmic)
    low, high = (float(edge(edge(line.x) for line in lines)) for edge in (min, max))
    marks, labels = (x.tolist(), [f"{one:g}" for one in columns[0]]) if logarithmic else _round(low, high)
    title = f"{curve.x_title} (logarithmic)" if logarithmic else curve.x_title
    chart = Chart(curve.y_title, lines, (low, high), (marks, labels, title), 200, y_least=_least(columns[1:]))
    return Figure(chart.svg(), f"Step {step}: {curve.title}")


def _limits(curve: Curve, logarithmic: bool) -> list[Line]:
    """What the lines are held to; told once in the legend where it has two sides."""
    drawn: list[Line] = []
    for name, points in curve.limits:
        places = [point for point in points if _drawable(point) and (point[0] > 0 or not logarithmic)]
        x, y = np.array(places, np.float64).reshape(-1, 2).T
        title = "" if any(line.title == name for line in drawn) else name
        if len(x):
            drawn.append(Line(title, np.log10(x) if logarithmic else x, y, _LIMIT, "5 3", 1.2))
    return drawn


def _drawable(row: tuple[float, ...]) -> bool:
    """Whether an axis can show it, whatever a file says."""
    return all(abs(value) < _LARGEST for value in row)


def _round(low: float, high: float) -> tuple[list[float], list[str]]:
    marks = ticks.values(low, high, 8) if high > low else [low]
    return marks, ticks.labels(marks)


def _least(values: Floats) -> tuple[float, float] | None:
    """Zero is shown, except where all values are far from it."""
    sizes = np.abs(values)
    return None if sizes.size and sizes.min() > 0.5 * sizes.max() else (0.0, 0.0)
