"""What is in the reservoir and in the path, against what the program is for; and the dose that goes wrong by it."""

from collections.abc import Iterator

from rig.therapy import modes, units
from rig.therapy.check.case import Case, average_pl_day
from rig.therapy.check.edits import rate, shown, switched
from rig.therapy.finding import Finding, Fix, Severity
from rig.therapy.modes import DAY_MS, Bridge
from rig.therapy.program import dose_ng

NO_DRUG = ("water", "saline")  # whatever the label says, the dose is none
_UNCONCERNED = (Bridge, modes.Prime, modes.MinimumRate, modes.Stopped)
NEAR = 0.01  # doses a day that differ by less are the same: volumes are rounded


def reservoir_label(case: Case) -> Iterator[Finding]:
    """The reservoir's label says another concentration than the program."""
    program = case.program
    label = case.context.settings.get("concentration_ng_ml")
    if not label or label == program.concentration_ng_ml or _unbridged(case):
        return
    ours, its = units.concentration_text(program.concentration_ng_ml), units.concentration_text(label)
    what = f"The program is for {ours}, the pump's reservoir is labelled {its}: {_times(label, case)} the dose."
    text = units.write(label, units.CONCENTRATION)
    fix = Fix(f"Program it for {shown(text)}", (("concentration", text),))
    remedy = "Refill with the right concentration, or correct the program."
    yield Finding(_severity(case), "concentration", what, remedy, fix)


def _severity(case: Case) -> Severity:
    return "note" if case.program.drug in NO_DRUG else "soft"


def _times(ng_ml: int, case: Case) -> str:
    return f"{ng_ml / case.program.concentration_ng_ml:.3g} times"


def _unbridged(case: Case) -> bool:
    """Whether the path is known to hold another concentration, and nothing bridges it."""
    held, program = case.context.held_concentration_ng_ml, case.program
    if not held or held == program.concentration_ng_ml:
        return False
    return not isinstance(program.mode, _UNCONCERNED)


def unbridged(case: Case) -> Iterator[Finding]:
    """A new concentration behind an old one, at the new flow: too much or too little until it arrives."""
    held, program = case.context.held_concentration_ng_ml, case.program
    if held is None or not _unbridged(case):
        return
    new = program.concentration_ng_ml
    what = (
        f"Pump and catheter hold {units.concentration_text(held)}; the program is for {units.concentration_text(new)} "
        f"and doesn't bridge the change. {_wrong_dose(case, held)}"
    )
    yield Finding(
        _severity(case), "concentration", what, "Bridge it, or confirm it with a reason.", _bridge(case, held)
    )


def _wrong_dose(case: Case, held_ng_ml: int) -> str:
    """How much instead of the dose, and for how long."""
    flow_pl_day = average_pl_day(case.device)
    dead_pl = case.program.dead_volume_pl
    if flow_pl_day <= 0:
        return f"The first {units.volume_text(dead_pl / 1000)} carry {_times(held_ng_ml, case)} the dose."
    wrong = units.dose_rate_text(dose_ng(flow_pl_day, held_ng_ml))
    right = units.dose_rate_text(case.steady_ng_day)
    lasting = span_text(dead_pl * DAY_MS // flow_pl_day)
    ratio = held_ng_ml / case.program.concentration_ng_ml
    fold = f", a {ratio:.3g}-fold overdose" if ratio > 1 else ""
    return f"It gives {wrong} instead of {right} for {lasting}{fold}."


def span_text(ms: int) -> str:
    """ "31 min" below an hour, "25.9 h" up to two days, "4.31 days" beyond."""
    hours = ms / 3_600_000
    if hours < 1:
        return f"{hours * 60:.3g} min" if ms >= 60_000 else f"{ms / 1000:.3g} s"
    return f"{hours:.3g} h" if hours < 48 else f"{hours / 24:.3g} days"


def _bridge(case: Case, held_ng_ml: int) -> Fix | None:
    new = case.steady_ng_day
    if not new:
        return None
    old = case.held_ng_day or new
    edits = switched(
        case.program.mode,
        "bridge",
        old_concentration=units.write(held_ng_ml, units.CONCENTRATION),
        old_dose=rate(old),
        dose=rate(new),
    )
    return Fix("Bridge it", edits)


def bridge(case: Case) -> Iterator[Finding]:
    """A bridge from something else than what the pump holds and gives."""
    mode, held = case.program.mode, case.context.held_concentration_ng_ml
    if not isinstance(mode, Bridge):
        return
    old = mode.old_concentration_ng_ml
    if old == case.program.concentration_ng_ml:
        what = "Old and new concentration are the same: there is nothing to bridge."
        yield Finding("note", "old-concentration", what, "Use the mode simple continuous, or correct one of them.")
    if held and held not in (old, case.program.concentration_ng_ml):  # the new one: it was refilled for the bridge
        what = (
            f"The bridge is from {units.concentration_text(old)}; pump and catheter hold "
            f"{units.concentration_text(held)}: {held / old:.3g} times the old dose."
        )
        text = units.write(held, units.CONCENTRATION)
        fix = Fix(f"Bridge from {shown(text)}", (("old-concentration", text),))
        yield Finding(_severity(case), "old-concentration", what, "Correct it, or confirm it with a reason.", fix)
    given = case.held_ng_day
    if given and abs(given - mode.old_dose_ng_day) > NEAR * given:
        ours, its = units.dose_rate_text(mode.old_dose_ng_day), units.dose_rate_text(given)
        what = f"The bridge goes on with {ours}; the pump gives {its} now."
        fix = Fix(f"Go on with {its}", (("old-dose", rate(given)),))
        yield Finding("soft", "old-dose", what, "Correct it, or confirm it with a reason.", fix)
