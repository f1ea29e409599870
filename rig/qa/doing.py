"""How each deed of a script is done: by commands to the pump, by faults of a virtual rig, by the operator's hand."""

from collections.abc import Callable
from typing import Any

from firmware_link import vocabulary
from firmware_link.errors import DeviceFault, UsageError
from rig.programs import programming, writing
from rig.programs.checked import Checked, against
from rig.programs.programming import Procedure
from rig.programs.receipt import Order
from rig.programs.writing import Writing
from rig.qa import asking
from rig.qa.case import Case, Going
from rig.qa.deeds import (
    Blank,
    Bolus,
    ClearAlarms,
    Deed,
    MakeFault,
    OnDemand,
    Refill,
    ReplaceBattery,
    ReplaceTube,
    SelfTest,
    Set,
    Silence,
    Start,
    Stop,
    TakeNote,
    Tare,
    WriteProgram,
)
from rig.qa.script import Step
from rig.qa.told import Inject, Judged, Keep, Mark, Tell, Zero
from rig.qa.waiting import pass_time
from rig.session import Command
from rig.therapy import units
from rig.therapy.finding import Context
from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import Fault
from rig.zones import offset_at

_ALL_ALARMS = 0xFFFF_FFFF
_FOR_SCRIPT = vocabulary.STOP_REASONS.index("script")


def do(case: Case, step: Step, index: int, deed: Deed) -> Going[Judged]:
    """Does it.  A refusal that the step asks for passes, another fails; raises what stands in the way otherwise."""
    wanted = step.refused.replace("-", "_")
    try:
        yield from _DOERS[type(deed)](case, index, deed)
    except DeviceFault as fault:
        if not wanted:
            raise
        if fault.name == wanted:
            return Judged("pass", detail=fault.what)
        return Judged("fail", detail=f"It was to be refused with “{step.refused}”. {fault.what}")
    if wanted:
        return Judged("fail", detail=f"It was to be refused with “{step.refused}”, and the pump accepted it.")
    return Judged("pass")


# -- commands ----------------------------------------------------------------------------------------------------------


def _simple(name: str) -> Callable[[Case, int, Any], Going[None]]:
    def send(case: Case, index: int, deed: Any) -> Going[None]:
        yield from case.command(name)

    return send


def _stop(case: Case, index: int, deed: Stop) -> Going[None]:
    yield from case.command("stop", reason=_FOR_SCRIPT)


def _bolus(case: Case, index: int, deed: Bolus) -> Going[None]:
    after = vocabulary.AFTER.index(deed.after)
    yield from case.command("bolus", volume_pl=deed.volume_pl, duration_ms=deed.duration_ms, after=after)


def _on_demand(case: Case, index: int, deed: OnDemand) -> Going[None]:
    if deed.button:
        yield from by_hand(case, index, Fault("press_button"), "Press the pump's on-demand button.")
    else:
        yield from case.command("demand")


def _clear_alarms(case: Case, index: int, deed: ClearAlarms) -> Going[None]:
    bits = sum(1 << vocabulary.ALARM_BITS[name.replace("-", "_")] for name in deed.alarms)
    yield from case.command("clear_alarms", alarms=bits if deed.alarms else _ALL_ALARMS)


def _set(case: Case, index: int, deed: Set) -> Going[None]:
    yield from change(case, dict(deed.settings))


def change(case: Case, settings: dict[str, int]) -> Going[None]:
    """Changes those of the pump's settings that differ, and remembers how they were found."""
    found = case.material.settings
    changes = {name: value for name, value in settings.items() if found.get(name) != value}
    if not changes:
        return
    rows = tuple((vocabulary.SETTING_KEYS[name], value) for name, value in changes.items())
    yield from case.execute(_one(Command("set_config", {}, rows)))
    case.changed = {name: found[name] for name in changes if name in found} | case.changed
    case.material.settings = found | changes


def put_back(case: Case) -> Going[None]:
    """The pump's settings are as they were found."""
    before, case.changed = case.changed, {}
    try:
        yield from change(case, before)
    finally:
        case.changed = {}


# -- programs ----------------------------------------------------------------------------------------------------------


def _write(case: Case, index: int, deed: WriteProgram) -> Going[None]:
    device = case.pump.info.device
    assert device is not None  # a case begins on a pump that has answered
    utc_s = case.pump.clock.utc_us() // 1_000_000
    context = yield from case.execute(_context(device.device_id, utc_s))
    made = against(Checked(deed.program, deed.source), deed.confirm, context)
    because = "as the test script says" if deed.stopped else ""
    decided = Order("stopped" if deed.stopped else "running", because, made.confirmed)
    order = Writing(deed.program, deed.source, decided, device, offset_at(deed.program.time_zone))
    compiled = order.compiled(utc_s)
    case.planned.program(compiled)
    receipt = yield from case.execute(writing.write(order, compiled, case.pump.clock))
    yield Keep(deed.program.name, deed.source, compiled, receipt)
    for note in writing.notes(decided):
        yield Tell(note)


def _context(device_id: str, utc_s: int) -> Procedure[Context]:
    """What a check of a program wants to know of the pump."""
    found = yield from programming.interrogate()
    status = (yield Command("get_status")).values
    held_ng_ml = found.settings.get("concentration_ng_ml") if found.program else None
    return Context(
        settings=found.settings,
        device_id=device_id,
        held=found.program,
        held_concentration_ng_ml=held_ng_ml,
        reservoir_nl=found.reservoir_nl,
        charge_permille=status["charge_permille"],
        tube_permille=status["tube_permille"],
        now_utc_s=utc_s,
    )


def read_held(case: Case) -> Going[None]:
    """The plan of a pump that is already at work, and the recording, need its program."""
    held = yield from case.execute(programming.read(vocabulary.ACTIVE))
    if held is not None:
        case.planned.program(held)
        yield Keep("found on the pump", "", held, None)


# -- what somebody does by hand ----------------------------------------------------------------------------------------


def by_hand(case: Case, index: int, fault: Fault, words: str) -> Going[None]:
    """Done to a virtual rig by itself; of a real pump the operator is asked to."""
    if case.pump.info.virtual:
        yield Inject(fault)
    else:
        yield from asking.done(case, index, words)


def _refill(case: Case, index: int, deed: Refill) -> Going[None]:
    status = (yield from case.command("get_status")).values
    concentration_ng_ml = deed.concentration_ng_ml
    if concentration_ng_ml is None:
        concentration_ng_ml = case.material.settings["concentration_ng_ml"]
    really_nl = deed.filled_nl if deed.really_nl is None else deed.really_nl
    withdrawn_nl = max(0, status["reservoir_nl"]) if deed.withdrawn_nl is None else deed.withdrawn_nl
    filled = units.volume_text(really_nl)
    fault = Fault("fill_reservoir", amount=really_nl / 1e6)
    if not case.pump.info.virtual:
        yield from by_hand(case, index, fault, f"Empty the reservoir, then fill it with {filled}.")
    yield from case.command(
        "refill",
        withdrawn_nl=withdrawn_nl,
        filled_nl=deed.filled_nl,
        concentration_ng_ml=concentration_ng_ml,
    )
    if case.pump.info.virtual:  # once the pump has accepted, as the window does it
        yield Inject(fault)
    case.material.settings = case.material.settings | {"concentration_ng_ml": concentration_ng_ml}


def _replaced(what: str, command: str, words: str) -> Callable[[Case, int, Any], Going[None]]:
    def replace_it(case: Case, index: int, deed: Any) -> Going[None]:
        if not case.pump.info.virtual:
            yield from by_hand(case, index, Fault(what), words)
        yield from case.command(command)
        if case.pump.info.virtual:
            yield Inject(Fault(what))

    return replace_it


def _fault(case: Case, index: int, deed: MakeFault) -> Going[None]:
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


# -- the recording, the balance ----------------------------------------------------------------------------------------


def _note(case: Case, index: int, deed: TakeNote) -> Going[None]:
    yield Tell(deed.text)


def _tare(case: Case, index: int, deed: Tare) -> Going[None]:
    if not case.pump.laboratory_balance:
        raise UsageError("There is no laboratory balance that could be set to zero.", "Connect one with --balance.")
    yield Zero()


def _blank(case: Case, index: int, deed: Blank) -> Going[None]:
    begin: Mark = yield from case.mark()
    status = case.material.status
    if status is not None and vocabulary.state_name(status.fields["state"]) != "stopped":
        raise UsageError(
            "The pump delivers, so what evaporates can't be measured.", "Stop it in a step before the blank."
        )
    yield from pass_time(case, index, begin, deed.duration_ms)


def _one(command: Command) -> Procedure[None]:
    yield command


_DOERS: dict[type, Callable[[Case, int, Any], Going[None]]] = {
    WriteProgram: _write,
    Start: _simple("start"),
    Stop: _stop,
    Bolus: _bolus,
    OnDemand: _on_demand,
    Refill: _refill,
    ReplaceBattery: _replaced("new_battery", "battery_replaced", "Put a new cell into the pump."),
    ReplaceTube: _replaced("new_tube", "tube_replaced", "Put a new tube into the pump head."),
    ClearAlarms: _clear_alarms,
    Set: _set,
    Silence: _simple("silence"),
    SelfTest: _simple("self_test"),
    MakeFault: _fault,
    TakeNote: _note,
    Tare: _tare,
    Blank: _blank,
}
