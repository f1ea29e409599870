"""Screening, infusion trial and prime: what comes in its time, and what a fast filling does."""

from collections.abc import Iterator

from firmware_link.errors import UsageError
from rig.therapy import modes, screening, units
from rig.therapy.check.case import Case
from rig.therapy.check.concentration import span_text
from rig.therapy.check.edits import rate, shown
from rig.therapy.check.ranges import REASON
from rig.therapy.compile import prime_volume_pl
from rig.therapy.finding import Finding, Fix
from rig.therapy.front import SHARES, front_of
from rig.therapy.program import dose_ng
from rig.therapy.screening import APART_S, TRIAL


def screening_gate(case: Case) -> Iterator[Finding]:
    """The protocol: each bolus only after a verdict on the one before, and a day later."""
    mode = case.program.mode
    if not isinstance(mode, modes.Screening):
        return
    step = screening.next_step(mode, case.now_utc_s)
    if isinstance(step, screening.Refusal):
        unjudged = screening.first_unjudged(mode)
        over = screening.outcome(mode).kind != "open"
        field = "given" if over or unjudged is None else f"given[{unjudged}].verdict"
        yield Finding("hard", field, step.what, step.remedy)
    usual = [known.dose_ng for known in screening.PROTOCOL]
    for i, given in enumerate(mode.given):
        if given.dose_ng not in usual:
            doses = ", ".join(units.dose_text(dose) for dose in usual)
            what = f"{units.dose_text(given.dose_ng)} were given; the protocol has {doses}."
            yield Finding("note", f"given[{i}].dose", what, "Correct it if that isn't meant.")
        if i and given.dose_ng <= mode.given[i - 1].dose_ng:
            what = "It is not more than the one before; the protocol goes up."
            yield Finding("soft", f"given[{i}].dose", what, "Correct it, or confirm it with a reason.")
        now_utc_s = case.context.now_utc_s
        if now_utc_s is not None and given.effect_ms > max(0, now_utc_s - given.given_utc_s) * 1000:
            effect = units.duration_text(given.effect_ms)
            what = f"An effect of {effect} is longer than the time since the bolus."
            yield Finding("hard", f"given[{i}].effect", what, "Correct the effect, or when the bolus was given.")
        if i and 0 <= given.given_utc_s - mode.given[i - 1].given_utc_s < APART_S:
            what = "It was given less than 24 h after the one before."
            yield Finding("note", f"given[{i}].at", what, "Correct it if that isn't meant.")


def trial_pace(case: Case) -> Iterator[Finding]:
    """An infusion trial that is faster than the published one."""
    mode = case.program.mode
    if not isinstance(mode, modes.InfusionTrial):
        return
    every = units.write(TRIAL.every_ms, units.DURATION)
    own = units.duration_text(mode.every_ms)
    rates = (rate(mode.dose_ng_day), rate(mode.step_ng_day))
    for field, value, usual, what, text in (
        ("dose", mode.dose_ng_day, TRIAL.dose_ng_day, f"It begins with {rates[0]}, more than", rate(TRIAL.dose_ng_day)),
        ("step", mode.step_ng_day, TRIAL.step_ng_day, f"A step of {rates[1]} is more than", rate(TRIAL.step_ng_day)),
        ("every", -mode.every_ms, -TRIAL.every_ms, f"A step comes after {own}, sooner than", every),
    ):
        if value > usual:
            fix = Fix(f"Take {shown(text)}", ((field, text),))
            yield Finding("soft", field, shown(f"{what} the {text} of the published trial."), REASON, fix)


def prime(case: Case) -> Iterator[Finding]:
    """A fast filling mixes; of a path that is filled already it is a bolus."""
    program, mode = case.program, case.program.mode
    if not isinstance(mode, modes.Prime) or mode.flow_pl_day <= 0:
        return
    volume_pl = prime_volume_pl(program, mode)
    if not volume_pl:
        what = "There is nothing to fill: the whole catheter is cut off."
        yield Finding("hard", "paths", what, "Correct what is cut off, or prime the pump.")
        return
    dose = units.dose_text(dose_ng(volume_pl, program.concentration_ng_ml))
    lasting = span_text(volume_pl * modes.DAY_MS // mode.flow_pl_day)
    if case.context.held is not None and case.context.held.cycle_pl:
        what = f"The pump was at work: its path may be filled already, and then the prime gives {dose} in {lasting}."
        yield Finding("soft", "paths", what, "Prime only what is empty, or confirm it with a reason.")
    try:
        front = front_of(program, case.context.held_concentration_ng_ml, case.now_utc_s)
    except UsageError:
        return
    if front is None or front.plug_s is None:
        return
    times = ", ".join(
        f"{share * 100:.0f} % after {span_text(round(at_s * 1000))}"
        for share, at_s in zip(SHARES, front.arrival_s, strict=True)
        if at_s is not None
    )
    what = (
        f"A fast prime mixes. Unmixed, the drug would be at {front.end} after "
        f"{span_text(round(front.plug_s * 1000))}; of its concentration there is {times}. "
        f"{front.early_ng / 1000:.3g} µg come early."
    )
    yield Finding("note", "flow", what, "Prime slower for a sharper front.")
