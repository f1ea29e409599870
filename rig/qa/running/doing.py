"""How each deed of a script is done: by commands to the pump, by faults of a virtual rig, by the operator's hand."""

from collections.abc import Callable
from typing import Any

from firmware_link import vocabulary
from firmware_link.errors import DeviceFault, PeerError, RequestTimeout, UsageError
from rig.programs import programming, writing
from rig.programs.checked import Checked, against
from rig.programs.programming import Procedure
from rig.programs.receipt import Order
from rig.programs.writing import Writing
from rig.qa.deeds import (
    Blank,
    Bolus,
    ClearAlarms,
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
from rig.qa.running import by_hand
from rig.qa.running.case import Case
from rig.qa.running.intake import Going
from rig.qa.running.waiting import pass_time
from rig.qa.script import Step
from rig.qa.told import Judged, Keep, Know, Mark, Tell, Zero
from rig.session import Command
from rig.therapy.finding import Context
from rig.weighing import TROUBLES
from rig.zones import offset_at

_ALL_ALARMS = 0xFFFF_FFFF
_PRESSED_US = 5_000_000  # by then the pump has told what it made of its button
_TARE_US = 15_000_000  # so long a balance may take to settle
_BALANCE = "Look at the balance: cable, draughts, and what stands on its pan."
_FOR_SCRIPT = vocabulary.STOP_REASONS.index("script")


def do(case: Case, step: Step, index: int) -> Going[Judged]:
    """Does the deed of ``step``.  The refusal that it asks for passes, another fails; raises what else stands in the
    way."""
    wanted = step.refused.replace("-", "_")
    if wanted and isinstance(step.body, OnDemand) and step.body.button:
        return (yield from _pressed_in_vain(case, index))
    try:
        yield from _DOERS[type(step.body)](case, index, step.body)
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
        yield from by_hand.press_button(case, index)
    else:
        yield from case.command("demand")


def _pressed_in_vain(case: Case, index: int) -> Going[Judged]:
    """A button has no reply: the pump's log says what it made of it."""
    before = len(case.material.events)
    yield from by_hand.press_button(case, index)
    until_us = case.pump.clock.utc_us() + _PRESSED_US
    while case.pump.clock.utc_us() < until_us:
        yield from case.turn()
        kinds = {event.kind for event in case.material.events[before:]}
        if "demand_refused" in kinds:
            return Judged("pass", detail="The pump refused the press of the button.")
        if "demand_granted" in kinds:
            return Judged("fail", detail="The press of the button was to be refused, and the pump gave a bolus.")
    return Judged("fail", detail="The pump's log has nothing of the press of the button.")


def _clear_alarms(case: Case, index: int, deed: ClearAlarms) -> Going[None]:
    bits = sum(1 << vocabulary.ALARM_BITS[name.replace("-", "_")] for name in deed.alarms)
    yield from case.command("clear_alarms", alarms=bits if deed.alarms else _ALL_ALARMS)


def _set(case: Case, index: int, deed: Set) -> Going[None]:
    yield from change(case, dict(deed.settings))


def change(case: Case, settings: dict[str, int]) -> Going[None]:
    """Changes those of the pump's settings that differ, and remembers how they were found."""
    found = case.settings
    changes = {name: value for name, value in settings.items() if found.get(name) != value}
    if not changes:
        return
    rows = tuple((vocabulary.SETTING_KEYS[name], value) for name, value in changes.items())
    yield from case.execute(_one(Command("set_config", {}, rows)))
    case.changed = {name: found[name] for name in changes if name in found} | case.changed
    case.settings = found | changes


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
    yield Know(compiled)
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


# -- the recording, the balance ----------------------------------------------------------------------------------------


def _note(case: Case, index: int, deed: TakeNote) -> Going[None]:
    yield Tell(deed.text)


def _tare(case: Case, index: int, deed: Tare) -> Going[None]:
    if not case.pump.laboratory_balance:
        raise UsageError("There is no laboratory balance that could be set to zero.", "Connect one with --balance.")
    yield Zero()
    until_us = case.pump.clock.utc_us() + _TARE_US
    while case.pump.clock.utc_us() < until_us:
        batch = yield from case.turn()
        for event in batch.events:
            if event.kind == "host_balance_tared":
                return
            if event.kind == "host_balance_untared":
                why = [*TROUBLES.values(), "nobody knows why"][min(event.value, len(TROUBLES))]
                raise PeerError(f"The laboratory balance was not set to zero: {why}.", _BALANCE)
    raise RequestTimeout("The laboratory balance didn't say that it was set to zero.", _BALANCE)


def _blank(case: Case, index: int, deed: Blank) -> Going[None]:
    begin: Mark = yield from case.mark()
    status = case.material.status
    if status is not None and vocabulary.state_name(status.fields["state"]) != "stopped":
        raise UsageError(
            "The pump delivers, so what evaporates can't be measured.", "Stop it in a step before the blank."
        )
    yield from pass_time(case, index, deed, begin, deed.duration_ms)


def _one(command: Command) -> Procedure[None]:
    yield command


_DOERS: dict[type, Callable[[Case, int, Any], Going[None]]] = {
    WriteProgram: _write,
    Start: _simple("start"),
    Stop: _stop,
    Bolus: _bolus,
    OnDemand: _on_demand,
    Refill: by_hand.refill,
    ReplaceBattery: by_hand.replaced("new_battery", "battery_replaced", "Put a new cell into the pump."),
    ReplaceTube: by_hand.replaced("new_tube", "tube_replaced", "Put a new tube into the pump head."),
    ClearAlarms: _clear_alarms,
    Set: _set,
    Silence: _simple("silence"),
    SelfTest: _simple("self_test"),
    MakeFault: by_hand.make_fault,
    TakeNote: _note,
    Tare: _tare,
    Blank: _blank,
}
