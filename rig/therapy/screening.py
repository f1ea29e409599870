"""Screening: test boluses one after another, each only after a verdict on the one before (domain.md, section 2).

Pure: the present moment is a parameter, in seconds since 1970, UTC.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from firmware_link.errors import UsageError
from rig.therapy import units
from rig.therapy.modes import Given, InfusionTrial, Response, Screening


class NextStep(NamedTuple):
    """What to give now."""

    dose_ng: int
    volume_pl: int


@dataclass(frozen=True)
class Refusal:
    """Why nothing may be given now, and what to do."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Outcome:
    """Where a screening stands; the start dose where it is "implant"."""

    kind: Literal["open", "implant", "no pump"]
    sentence: str
    start_dose_ng_day: int | None = None


PROTOCOL = (NextStep(50_000, 10**9), NextStep(75_000, 1_500_000_000), NextStep(100_000, 2 * 10**9))
CONCENTRATION_NG_ML = 50_000  # of every step
APART_S = 24 * 3600
OBSERVE_MS = (4 * 3_600_000, 8 * 3_600_000)  # at least, at most
EFFECT_MISSING = "A response needs to be told how long it lasted."
LONG_EFFECT_MS = 8 * 3_600_000  # after a longer one the bolus itself is the start dose

#: The infusion trial, the other way to screen.
TRIAL = InfusionTrial(dose_ng_day=100_000, step_ng_day=50_000, every_ms=12 * 3_600_000, maximum_ng_day=900_000)


def start_dose_ng_day(bolus_ng: int, effect_ms: int) -> int:
    """The first dose a day after an effective bolus: twice it, or itself where its effect lasted over 8 h."""
    return bolus_ng if effect_ms > LONG_EFFECT_MS else 2 * bolus_ng


def outcome(screening: Screening) -> Outcome:
    """What the verdicts so far come to."""
    for given in screening.given:
        if given.verdict == "response":
            dose = start_dose_ng_day(given.dose_ng, given.effect_ms)
            bolus = units.dose_text(given.dose_ng)
            effect = units.duration_text(given.effect_ms)
            sentence = f"Response to {bolus}, for {effect}: implant, start with {units.dose_rate_text(dose)}."
            return Outcome("implant", sentence, dose)
    for given in screening.given:
        if given.verdict == "no response" and given.dose_ng >= PROTOCOL[-1].dose_ng:
            return Outcome("no pump", f"No response to {units.dose_text(given.dose_ng)}: no pump.")
    given_so_far = ", ".join(units.dose_text(given.dose_ng) for given in screening.given) or "nothing"
    return Outcome("open", f"Open; given so far: {given_so_far}.")


def next_step(screening: Screening, now_utc_s: int) -> NextStep | Refusal:
    """The next bolus of the protocol, or why there is none now."""
    result = outcome(screening)
    if result.kind == "implant":
        return Refusal(f"The screening is over. {result.sentence}", "Program the start dose.")
    if result.kind == "no pump":
        return Refusal(f"The screening is over. {result.sentence}", "Give nothing more.")
    if not screening.given:
        return PROTOCOL[0]
    unjudged = first_unjudged(screening)
    if unjudged is not None:
        dose = units.dose_text(screening.given[unjudged].dose_ng)
        return Refusal(f"There is no verdict on the {dose} yet.", "Observe for 4 to 8 h, then enter what was seen.")
    last = screening.given[-1]
    dose = units.dose_text(last.dose_ng)
    since_s = now_utc_s - last.given_utc_s
    if since_s < 0:
        return Refusal(f"The {dose} are noted for a time that is still to come.", "Correct when they were given.")
    if since_s < APART_S:
        wait = units.duration_text((APART_S - since_s) * 1000)
        return Refusal(f"The {dose} were given less than 24 h ago.", f"Wait another {wait}.")
    largest_ng = max(given.dose_ng for given in screening.given)
    return next(step for step in PROTOCOL if step.dose_ng > largest_ng)


def first_unjudged(screening: Screening) -> int | None:
    """The index of the first bolus without a verdict; None where each has one."""
    return next((index for index, given in enumerate(screening.given) if not given.verdict), None)


def record_given(screening: Screening, now_utc_s: int) -> Screening:
    """With the next step given now.  Raises UsageError where ``next_step`` refuses it."""
    step = next_step(screening, now_utc_s)
    if isinstance(step, Refusal):
        raise UsageError(step.what, step.remedy)
    return replace(screening, given=(*screening.given, Given(step.dose_ng, now_utc_s)))


def early_verdict(screening: Screening, now_utc_s: int) -> Refusal | None:
    """What to say about a verdict on the last bolus that comes now, before it was observed for 4 h; else None."""
    if not screening.given:
        return None
    observed_ms = (now_utc_s - screening.given[-1].given_utc_s) * 1000
    if observed_ms >= OBSERVE_MS[0]:
        return None
    what = f"It was observed for {units.duration_text(max(0, observed_ms))} only; the protocol says 4 to 8 h."
    return Refusal(what, f"Wait another {units.duration_text(OBSERVE_MS[0] - observed_ms)}, or confirm the verdict.")


def record_verdict(screening: Screening, verdict: Response, effect_ms: int, now_utc_s: int) -> Screening:
    """With the verdict on the last bolus, changed or new.

    ``effect_ms`` is how long a response lasted.  Raises UsageError where nothing was given, before it was, for a
    response without an effect, and for an effect that is longer than the time since.  See also ``early_verdict``.
    """
    if not screening.given:
        raise UsageError("Nothing was given that could have a verdict.", "Give the first test bolus.")
    last = screening.given[-1]
    since_ms = (now_utc_s - last.given_utc_s) * 1000
    if since_ms < 0:
        raise UsageError("The bolus is noted for a time that is still to come.", "Correct when it was given.")
    if not 0 <= effect_ms <= since_ms:
        what = f"An effect of {units.duration_text(effect_ms)} is longer than the time since the bolus."
        raise UsageError(what, "Correct the effect, or when the bolus was given.")
    if verdict == "response" and not effect_ms:
        raise UsageError(EFFECT_MISSING, "The start dose follows from it.")
    judged = replace(last, verdict=verdict, effect_ms=effect_ms if verdict == "response" else 0)
    return replace(screening, given=(*screening.given[:-1], judged))
