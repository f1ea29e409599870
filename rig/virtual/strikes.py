"""What each fault does to a rig when it begins, and undoes when it ends."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from rig.physics import noise
from rig.physics.circuit import PASCAL_PER_MMHG
from rig.virtual.fault_kinds import BY_NAME, KINDS, LINK
from rig.virtual.faults import Fault, Refused, within
from rig.virtual.influences import BOARD_LOWEST_V
from rig.virtual.schedule import Change

if TYPE_CHECKING:
    from rig.virtual.base import Rig

__all__ = ["BOARD_LOWEST_V", "STRIKES", "check_now", "strike"]

_NL_PER_ML = 1e6
_NL_S_PER_ML_H = _NL_PER_ML / 3600
_NG_PER_UG = 1e3
_STEP = 0.001  # of the ranges that people are told


def check_now(rig: "Rig", fault: Fault) -> None:
    """Raises Refused where what the rig holds at this moment doesn't allow a fault that ``faults.check`` does."""
    bounds = _BOUNDS.get(fault.what)
    if bounds is None or fault.amount is None:
        return
    kind = BY_NAME[fault.what]
    assert kind.amount is not None
    low, high = bounds(rig)
    low, high = max(low, kind.amount.low), min(high, kind.amount.high)
    if high < low:
        raise Refused("what", "There is nothing yet that it could happen to.", "Let the pump run first.")
    steps = (math.ceil(low / _STEP - 1e-6), math.floor(high / _STEP + 1e-6))
    within("amount", fault.amount, steps[0] * _STEP, steps[1] * _STEP, kind.amount.unit)


def strike(rig: "Rig", change: Change) -> Change:
    """Makes ``change`` happen.  Gives it as it truly was: one whose time has come, but not with this amount any more,
    happens as far as it can, with 0 where it can't at all."""
    bounds = _BOUNDS.get(change.what)
    if bounds is not None:
        low, high = bounds(rig)
        change = replace(change, amount=min(max(change.amount, low), high) if low <= high else 0.0)
    STRIKES[change.what](rig, change)
    return change


def _reservoir_room(rig: "Rig") -> tuple[float, float]:
    """mL that may be taken out (below 0) or added."""
    held_ml = rig.plant.reservoir_nl() / _NL_PER_ML
    return -held_ml, rig.plant.parameters.reservoir.capacity_ml - held_ml


def _capacity(rig: "Rig") -> tuple[float, float]:
    return 0.0, rig.plant.parameters.reservoir.capacity_ml


def _copies(rig: "Rig") -> tuple[float, float]:
    return 1.0, float(len(rig.flash.copies()))


#: what the amount may be at this moment
_BOUNDS: dict[str, Callable[["Rig"], tuple[float, float]]] = {
    "wrong_fill": _reservoir_room,
    "fill_reservoir": _capacity,
    "memory_corruption": _copies,
}


def _wrong_fill(rig: "Rig", change: Change) -> None:
    rig.plant.set_reservoir(max(0.0, rig.plant.reservoir_nl() + change.amount * _NL_PER_ML))


def _power(rig: "Rig", on: bool) -> None:
    on = on and rig.plant.power.feeds()
    if on and not rig.powered:
        rig.power_on()
    elif not on and rig.powered:
        rig.lose_power()


def _cell(rig: "Rig", charge: float) -> None:
    rig.plant.power.set_charge(charge)
    cut = any("power" in BY_NAME[what].places for what in rig.in_force())
    _power(rig, rig.powered or not cut)


def _brown_out(rig: "Rig", change: Change) -> None:
    rig.plant.power.set_supply(change.amount if change.begins else None)
    _power(rig, True)


def _power_cut_in_write(rig: "Rig", change: Change) -> None:
    rig.flash.fail_after(int(change.amount) if change.begins else None)
    if not change.begins:
        _power(rig, True)


def _reset(rig: "Rig", change: Change) -> None:
    if rig.powered:
        rig.lose_power()
        rig.power_on()


def _memory_corruption(rig: "Rig", change: Change) -> None:
    for copy in rig.flash.copies()[: int(change.amount)]:
        rig.flash.flip(copy, noise.stream(rig.device_id, f"memory {change.number} {copy.offset}"))


def _clock_drift(rig: "Rig", change: Change) -> None:
    rig.plant.oscillator.drift(change.amount)
    rig.rouse()


def _clock_jump(rig: "Rig", change: Change) -> None:
    rig.plant.oscillator.jump(round(change.amount * 1e6))
    rig.rouse()


def _room(rig: "Rig", change: Change) -> None:
    rig.plant.room.set(change.amount if change.begins else None)
    rig.rouse()  # its clock goes otherwise from now on


def _press_button(rig: "Rig", change: Change) -> None:
    if rig.powered:
        rig.plant.presses += 1
        rig.rouse()


def _unplug(rig: "Rig", change: Change) -> None:
    rig.cable.plugged = not change.begins
    rig.drop_link()


def _relayed(rig: "Rig", change: Change) -> None:
    if change.begins:
        rig.relay.begin(change.what, change.amount)
    else:
        rig.relay.end(change.what)


def _sensor(name: str, how: str) -> "_Strike":
    return lambda rig, change: rig.plant.sensors.set(name, how if change.begins else "", change.amount)


def _times(change: Change) -> float:
    return change.amount if change.begins else 1.0


_Strike = Callable[["Rig", Change], None]
#: fault -> what it does
STRIKES: dict[str, _Strike] = {
    "stall": lambda rig, change: rig.plant.set_stalled(change.begins),
    "missed_steps": lambda rig, change: rig.plant.set_missed(change.amount / 100),
    "tube_tear": lambda rig, change: rig.plant.set_torn(change.amount / 100),
    "free_flow": lambda rig, change: rig.plant.set_free_flow(change.amount * _NL_S_PER_ML_H),
    "worn_tube": lambda rig, change: rig.plant.set_wear(change.amount),
    "new_tube": lambda rig, change: rig.plant.set_wear(0.0),
    "occlusion": lambda rig, change: rig.plant.set_blocked(change.amount / 100),
    "kink": lambda rig, change: rig.plant.set_kinked(_times(change)),
    "leak": lambda rig, change: rig.plant.set_leaking(change.amount / 100),
    "disconnect": lambda rig, change: rig.plant.set_disconnected(change.begins),
    "back_pressure": lambda rig, change: rig.plant.set_back_pressure(change.amount * PASCAL_PER_MMHG),
    "empty_reservoir": lambda rig, change: rig.plant.set_reservoir(0.0),
    "fill_reservoir": lambda rig, change: rig.plant.set_reservoir(change.amount * _NL_PER_ML),
    "wrong_fill": _wrong_fill,
    "wrong_concentration": lambda rig, change: rig.plant.set_concentration(change.amount * _NG_PER_UG),
    "battery_step": lambda rig, change: _cell(rig, change.amount / 100),
    "new_battery": lambda rig, change: _cell(rig, 1.0),
    "passivated_battery": lambda rig, change: rig.plant.power.passivate(change.amount),
    "brown_out": _brown_out,
    "power_cut": lambda rig, change: _power(rig, not change.begins),
    "power_cut_in_write": _power_cut_in_write,
    "reset": _reset,
    "memory_corruption": _memory_corruption,
    "clock_drift": _clock_drift,
    "clock_jump": _clock_jump,
    "rotor_dead": _sensor("rotor", "dead"),
    **{
        f"{name}_{how}": _sensor(name, how)
        for name in ("pressure", "balance", "battery", "temperature")
        for how in ("dead", "stuck", "noisy")
    },
    "vibration": lambda rig, change: rig.plant.sensors.vibrate(change.amount),
    "room": _room,
    "press_button": _press_button,
    **{kind.name: _relayed for kind in KINDS if kind.group == LINK},
    "unplug": _unplug,
}
