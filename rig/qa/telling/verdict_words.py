"""Verdicts and measurements as people read them: in the window, on the terminal, in reports."""

from math import floor, log10
from typing import NamedTuple

from rig.measured import Measurement, Verdict

#: Figures that a value is shown with, where its uncertainty says nothing.
FIGURES = 4
_ALL_FIGURES = 12


class VerdictWords(NamedTuple):
    """A verdict: its word, a symbol, and what it means."""

    word: str
    symbol: str
    meaning: str


WORDS: dict[Verdict, VerdictWords] = {
    "pass": VerdictWords("PASS", "✓", "All that was expected was measured."),
    "skipped": VerdictWords("SKIPPED", "–", "It was not tried."),
    "inconclusive": VerdictWords("INCONCLUSIVE", "?", "A value is too near to its limit to say, or nobody knows it."),
    "fail": VerdictWords("FAIL", "✕", "Something is not as it was expected."),
    "error": VerdictWords("ERROR", "!", "It could not be carried out, which says nothing about the pump."),
}


def value_text(measurement: Measurement) -> str:
    """ "24.81 ± 0.12 µL"; what was measured without a number is in its detail."""
    if measurement.value is None:
        return measurement.detail or "–"
    digits = _decimals(measurement)
    sure = measurement.uncertainty
    about = f" ± {_plain(sure, digits)}" if sure > 0 else ""
    value = _plain(measurement.value, digits)
    limits = [_plain(limit, digits) for limit in (measurement.low, measurement.high) if limit is not None]
    if not about and measurement.verdict == "fail" and value in limits:  # beyond it by what the figures hide
        value = number_text(measurement.value, _ALL_FIGURES)
    return f"{value}{about}{_unit(measurement.unit)}"


def is_held(measurement: Measurement) -> bool:
    """Whether it is held to anything: what can't fail didn't pass either."""
    numbers = (measurement.low, measurement.high)
    return measurement.value is None or measurement.verdict != "pass" or numbers != (None, None)


def limits_text(measurement: Measurement) -> str:
    """ "23.75 to 26.25 µL", "at least 5 kPa", "at most 15 min"; "" where it is held to nothing."""
    low, high = measurement.low, measurement.high
    unit = _unit(measurement.unit)
    if low is not None and high is not None:
        return f"{number_text(low)}{unit}" if low == high else f"{number_text(low)} to {number_text(high)}{unit}"
    if low is not None:
        return f"at least {number_text(low)}{unit}"
    return f"at most {number_text(high)}{unit}" if high is not None else ""


def number_text(value: float, figures: int = FIGURES + 1) -> str:
    """A number in so many figures, without a power of ten and without zeros that say nothing."""
    if value == 0:
        return "0"
    if value != value or value in (float("inf"), float("-inf")):
        return f"{value:g}"
    decimals = max(0, figures - 1 - floor(log10(abs(value))))
    text = f"{value:.{min(decimals, 9)}f}"
    return _signed(text.rstrip("0").rstrip(".") if "." in text else text)


def _decimals(measurement: Measurement) -> int:
    """Two figures of the uncertainty; of an exact value as many as its size asks for."""
    size = measurement.uncertainty if measurement.uncertainty > 0 else abs(measurement.value or 0.0)
    if size == 0 or size != size or size == float("inf"):
        return 0
    figures = 2 if measurement.uncertainty > 0 else FIGURES
    if measurement.uncertainty == 0 and measurement.value == int(measurement.value or 0):
        return 0
    return min(6, max(0, figures - 1 - floor(log10(size))))


def _plain(value: float, decimals: int) -> str:
    return _signed(f"{value:.{decimals}f}")


def _signed(text: str) -> str:
    """With a minus sign as it is printed, and none before a zero."""
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "\u2212")


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""
