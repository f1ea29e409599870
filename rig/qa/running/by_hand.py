"""What somebody does to the pump by hand: a virtual rig's does it to itself, at a real one the operator is asked to."""

from collections.abc import Callable
from typing import Any

from rig.qa.deeds import MakeFault, Refill
from rig.qa.running import asking
from rig.qa.running.case import Case
from rig.qa.running.intake import Going
from rig.qa.told import Inject
from rig.therapy import units
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault


def press_button(case: Case, index: int) -> Going[None]:
    """The button of the pump itself."""
    if case.pump.info.virtual:
        yield Inject(Fault("press_button"))
    else:
        yield from asking.done(case, index, "Press the pump's on-demand button.")


def refill(case: Case, index: int, deed: Refill) -> Going[None]:
    """The reservoir is filled, and the pump told so."""
    status = (yield from case.command("get_status")).values
    concentration_ng_ml = deed.concentration_ng_ml
    if concentration_ng_ml is None:
        concentration_ng_ml = case.settings["concentration_ng_ml"]
    really_nl = deed.filled_nl if deed.really_nl is None else deed.really_nl
    withdrawn_nl = max(0, status["reservoir_nl"]) if deed.withdrawn_nl is None else deed.withdrawn_nl
    filled = units.volume_text(really_nl)
    if not case.pump.info.virtual:
        yield from asking.done(case, index, f"Empty the reservoir, then fill it with {filled}.")
    yield from case.command(
        "refill",
        withdrawn_nl=withdrawn_nl,
        filled_nl=deed.filled_nl,
        concentration_ng_ml=concentration_ng_ml,
    )
    if case.pump.info.virtual:  # once the pump has accepted, as the window does it
        yield Inject(Fault("fill_reservoir", amount=really_nl / 1e6))
    case.settings = case.settings | {"concentration_ng_ml": concentration_ng_ml}


def replaced(what: str, command: str, words: str) -> Callable[[Case, int, Any], Going[None]]:
    """Something new is in the pump, and it is told so."""

    def replace_it(case: Case, index: int, deed: Any) -> Going[None]:
        if not case.pump.info.virtual:
            yield from asking.done(case, index, words)
        yield from case.command(command)
        if case.pump.info.virtual:
            yield Inject(Fault(what))

    return replace_it


def make_fault(case: Case, index: int, deed: MakeFault) -> Going[None]:
    """Something goes wrong, or is ended."""
    kind = BY_NAME[deed.what]
    if not case.pump.info.virtual:
        yield from asking.done(case, index, _hand_words(deed), deed.after_ms)
        return
    duration_s = None if deed.duration_ms is None else deed.duration_ms / 1000
    fault = Fault(deed.what, None, duration_s, deed.amount, deed.ends)
    yield Inject(fault, deed.after_ms / 1000)
    if deed.ends:
        case.made.pop(deed.what, None)
    elif kind.lasts and duration_s is None:
        case.made[deed.what] = None


def _hand_words(deed: MakeFault) -> str:
    """What the operator is to do."""
    kind = BY_NAME[deed.what]
    if deed.ends:
        return f"Undo: {kind.title}. Make it as it was before."
    amount = ""
    if kind.amount is not None:
        value = kind.amount.default if deed.amount is None else deed.amount
        amount = f" {kind.amount.title}: {value:,.10g} {kind.amount.unit}".rstrip() + "."
    lasts = f" For {units.duration_text(deed.duration_ms)}." if deed.duration_ms else ""
    return f"{kind.title}. {kind.what}{amount}{lasts} Make it so by hand."


def end_faults(case: Case) -> Going[None]:
    """What the script made go wrong on a virtual rig for ever is over."""
    made, case.made = list(case.made), {}
    for what in made:
        yield Inject(Fault(what, ends=True))
