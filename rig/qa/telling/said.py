"""Steps and cases in lines of text: on the terminal, and in what other programs show of a report."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rig.measured import CANCELLED, Measurement, Verdict
from rig.qa.telling.results import Result
from rig.qa.telling.verdict_words import WORDS, is_held, limits_text, value_text
from rig.qa.told import StepEnded

_WORD = max(len(words.word) for words in WORDS.values())

_PAST: dict[Verdict, str] = {
    "pass": "passed",
    "fail": "failed",
    "inconclusive": "inconclusive",
    "error": "ended with an error",
    "skipped": "not tried",
}


def step_lines(step: StepEnded) -> Iterator[str]:
    """ "PASS  7  The volume is 25 µL", and below it what was measured."""
    judged = step.judged
    yield f"{WORDS[judged.verdict].word:<{_WORD}}  {step.step.number:>5}  {step.step.title}"
    if judged.detail and judged.verdict != "pass":
        yield f"{'':<{_WORD}}         {judged.detail}"
    for measurement in judged.measurements:
        yield f"{'':<{_WORD}}         {measurement_text(measurement)}"


def measurement_text(measurement: Measurement) -> str:
    """ "delivered: 24.81 ± 0.12 µL (23.75 to 26.25 µL): PASS"."""
    limits = limits_text(measurement)
    held_to = f" ({limits})" if limits else ""
    verdict = f": {WORDS[measurement.verdict].word}" if is_held(measurement) else ""
    return f"{measurement.name}: {value_text(measurement)}{held_to}{verdict}"


def case_lines(result: Result) -> Iterator[str]:
    """How a case ended, and where to look when that isn't well."""
    title = result.script.title
    yield f"{WORDS[result.verdict].word:<{_WORD}}  {title}: {result.sentence or result.why}"
    step = result.decisive
    if step is None:
        return
    where = f"{step.step.file}:{step.step.line}" if step.step.line else step.step.file
    yield f"{'':<{_WORD}}  at {where}, step {step.step.number}"
    if result.run is not None:
        yield f"{'':<{_WORD}}  {result.command(step)}"


def summary(results: Sequence[Result]) -> str:
    """ "12 passed, 1 failed, 1 inconclusive"."""
    words = [
        "cancelled" if one.verdict == "skipped" and one.why == CANCELLED else _PAST[one.verdict] for one in results
    ]
    return ", ".join(f"{words.count(word)} {word}" for word in (*_PAST.values(), "cancelled") if word in words)


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Everything as plain data."""
    return [
        {
            "script": str(one.script.path),
            "name": one.script.name,
            "case": one.script.case,
            "digest": one.script.digest,
            "verdict": one.verdict,
            "why": one.sentence or one.why,
            "target": one.target,
            "device_id": one.device_id,
            "firmware": one.device.firmware_version if one.device else "",
            "seed": one.seed,
            "run": str(one.run) if one.run else None,
            "pump_time_s": (one.ended_us - one.began_us) / 1e6 if one.ended_us and one.began_us else None,
            "took_s": round(one.took_s, 3),
            "steps": [_step_json(one, step) for step in one.steps],
        }
        for one in results
    ]


def _step_json(result: Result, step: StepEnded) -> dict[str, Any]:
    judged = step.judged
    return {
        "number": step.step.number,
        "title": step.step.title,
        "file": step.step.file,
        "line": step.step.line,
        "verdict": judged.verdict,
        "detail": judged.detail,
        "moment": result.moment(step),
        "measurements": [asdict(one) for one in judged.measurements],
    }
