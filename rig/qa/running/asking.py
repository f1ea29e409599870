"""What the operator is asked, and what the answers come to."""

from firmware_link.errors import UsageError
from rig.measured import Measurement, Verdict
from rig.qa.deeds import Ask
from rig.qa.limits import Limits
from rig.qa.running.case import Case
from rig.qa.running.intake import Going
from rig.qa.told import Asked, Judged

_WORDS = {"yes": "yes", "y": "yes", "no": "no", "n": "no"}


def done(case: Case, index: int, words: str, after_ms: int = 0) -> Going[None]:
    """The operator is asked to do something, and says when it is done.  Raises UsageError where nobody is there."""
    until_us = case.pump.clock.utc_us() + after_ms * 1000
    while case.pump.clock.utc_us() < until_us:
        yield from case.turn()
    yield from answered(case, index, Ask(words))


def ask(case: Case, index: int, ask: Ask) -> Going[Judged]:
    """Asks, and judges the answer."""
    return judged(ask, (yield from answered(case, index, ask)), case.pump.attended)


def answered(case: Case, index: int, ask: Ask) -> Going[str]:
    """An answer that makes sense.  Where nobody is there, the one for that case; raises UsageError without one."""
    if not case.pump.attended:
        if ask.unattended is None:
            what = f"“{ask.question}” needs somebody to answer."
            raise UsageError(what, "Run it with somebody there, or let the script say what to answer unattended.")
        return ask.unattended
    while True:
        case.take_answer()
        yield Asked(index, ask)
        while (said := case.take_answer()) is None:
            yield from case.turn()
        if (answer := understood(ask, said)) is not None:
            return answer


def understood(ask: Ask, answer: str) -> str | None:
    """The answer as it is kept; None where it isn't one to this question, which is asked again."""
    answer = answer.strip()[:1000]
    if ask.answer == "yes or no":
        return _WORDS.get(answer.lower())
    if ask.answer == "number":
        return answer if _number(answer) is not None else None
    return answer or (None if ask.answer == "text" else "done")


def judged(ask: Ask, answer: str, attended: bool = True) -> Judged:
    """By what the script expects of it.  An answer that nobody gave says so."""
    by = "" if attended else "said by the script, since nobody was there"
    verdict: Verdict = "pass"
    if ask.answer == "yes or no" and ask.expected:
        verdict = "pass" if answer == ask.expected else "fail"
    value = _number(answer) if ask.answer == "number" else None
    if value is None:
        told = f"{answer} ({by})" if by else answer
        said = () if ask.answer == "done" else (Measurement("answer", None, "", None, None, 0.0, verdict, told),)
        return Judged(verdict, said, told)
    limits = ask.limits or Limits()
    low, high = limits.low, limits.high
    if (low is not None and value < low) or (high is not None and value > high):
        verdict = "fail"
    return Judged(verdict, (Measurement("answer", value, limits.unit, low, high, 0.0, verdict, by),), answer)


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None
