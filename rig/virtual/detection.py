"""Which word of the pump answers which fault of a virtual rig, from what amount on, and how long that takes at most.

One table, for the window, the guide and the tests; its delays are those of ``rig.virtual.delays``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from rig.physics.circuit import Outlet
from rig.virtual import delays
from rig.virtual.delays import Case

Delay: TypeAlias = Callable[[Case], float | None]


@dataclass(frozen=True)
class Answer:
    """What answers a fault.  ``by``: any of these alarms, empty where the pump has none.  ``delay_s`` gives the longest
    delay, None where the fault is so small that it may go unnoticed.  ``how`` says to people what shows it, and from
    where on; or what, if not the pump, can."""

    by: tuple[str, ...]
    delay_s: Delay
    how: str


def expected_s(case: Case) -> float | None:
    """The longest delay until the pump says so, s; None where it may never."""
    return ANSWERS[case.fault.what].delay_s(case)


def _never(case: Case) -> float | None:
    return None


_FLOW = ("no_flow", "flow_tolerance")
_BATTERY = ("battery_eri", "battery_eos")
_BY_NOBODY = "The pump can't know; "
_BY_HOST = "The host: "
_NOTHING_WRONG = "Nothing is wrong with the pump."
ANSWERS: dict[str, Answer] = {
    "stall": Answer(("motor_stall",), lambda case: delays.behind_s(case, 1.0), "An eighth of a turn is lost."),
    "missed_steps": Answer(
        ("motor_stall",),
        lambda case: delays.behind_s(case, case.share),
        "An eighth of a turn is lost in the end.",
    ),
    "tube_tear": Answer(
        _FLOW, lambda case: delays.missing_s(case, case.share), "The balance, from a little beyond the tolerance on."
    ),
    "free_flow": Answer(
        ("free_flow", "flow_tolerance"),
        delays.free_flow_s,
        "The balance rises by ten times its uncertainty, and half the commanded flow, within an hour.",
    ),
    "worn_tube": Answer(_FLOW, delays.worn_s, "The balance, once the tube has lost more than the tolerance."),
    "occlusion": Answer(
        ("occlusion",),
        lambda case: delays.pressure_s(case, Outlet(blocked=case.share)),
        "The pressure reaches its limit; nearly all must be blocked.",
    ),
    "kink": Answer(
        ("occlusion",),
        lambda case: delays.pressure_s(case, Outlet(kinked=max(1.0, case.amount))),
        "The pressure, where the flow through so much resistance reaches its limit.",
    ),
    "leak": Answer(
        _FLOW, lambda case: delays.missing_s(case, case.share), "The balance, from a little beyond the tolerance on."
    ),
    "disconnect": Answer(_FLOW, lambda case: delays.missing_s(case, 1.0), "The balance doesn't rise."),
    "back_pressure": Answer(_FLOW, delays.against_s, "300 mmHg take 12 %: within the tolerance."),
    "empty_reservoir": Answer(_FLOW, lambda case: delays.missing_s(case, 1.0), "The balance doesn't rise."),
    "wrong_fill": Answer(_FLOW, delays.run_dry_s, "Too little: when it has run dry. Too much: at the next refill."),
    "wrong_concentration": Answer((), _never, _BY_NOBODY + "no sensor tells one drug from another."),
    "battery_step": Answer(_BATTERY, delays.charge_s, "Its counter, from 8 % down."),
    "passivated_battery": Answer((), _never, "A dip of seconds is no end of life."),
    "brown_out": Answer(
        (*_BATTERY, "safe_state_reset"),
        delays.supply_s,
        "Below 2.0 V it is off, and says so when it is back; else: below 3.3 V.",
    ),
    "power_cut": Answer(("safe_state_reset",), lambda case: delays.BOOT_S, "It says so when the power is back."),
    "power_cut_in_write": Answer(
        ("safe_state_reset",), lambda case: delays.BOOT_S, "It says so when the power is back."
    ),
    "reset": Answer(("safe_state_reset",), lambda case: delays.BOOT_S, "It boots and says so."),
    "memory_corruption": Answer(
        ("memory_corrected", "memory_error"), delays.saved_s, "Both copies are read before each save, and once a day."
    ),
    "clock_drift": Answer((), _never, _BY_HOST + "drift of the pump's clock against its own."),
    "clock_jump": Answer(
        ("motor_stall",),
        delays.jumped_s,
        "The rotor lacks the steps that were skipped, if an eighth of a turn; the host sees every jump.",
    ),
    "pressure_dead": Answer(("sensor_fault",), delays.impossible_s, "A pressure that can't be."),
    "pressure_stuck": Answer(("sensor_fault",), delays.stuck_s, "The same pressure 32 times in a row."),
    "pressure_noisy": Answer((), _never, "The mean is right; what it watches is watched."),
    "balance_dead": Answer(("sensor_fault",), delays.impossible_s, "There was a balance, and there is none."),
    "balance_stuck": Answer(
        _FLOW,
        lambda case: delays.missing_s(case, 1.0),
        "It doesn't rise, as if nothing came: which of the two, nobody can say.",
    ),
    "balance_noisy": Answer(
        ("sensor_fault", *_FLOW), _never, "It falls, again and again, by more than twice its uncertainty."
    ),
    "battery_dead": Answer(("sensor_fault",), delays.impossible_s, "A voltage that no board runs on."),
    "battery_stuck": Answer((), _never, _BY_NOBODY + "a cell's voltage stays the same for years."),
    "battery_noisy": Answer((), _never, "3 of 5 readings must be low."),
    "temperature_dead": Answer(("sensor_fault",), delays.impossible_s, "A temperature that can't be."),
    "temperature_stuck": Answer((), _never, _BY_NOBODY + "a room may stay as warm as it is."),
    "temperature_noisy": Answer((), _never, "Nothing depends on a single reading."),
    "rotor_dead": Answer(
        ("motor_stall",), lambda case: delays.behind_s(case, 1.0), "As a stall: which of the two, nobody can say."
    ),
    "vibration": Answer(
        ("sensor_fault",), _never, "The balance falls, again and again, by more than twice its uncertainty."
    ),
    "room": Answer((), _never, "A cold room takes 0.3 % a degree: within the tolerance."),
    "unplug": Answer((), _never, _BY_HOST + "the port is gone."),
    "link_cut": Answer((), _never, _BY_HOST + "no replies; later a gap in the samples."),
    "link_stall_in": Answer((), _never, _BY_HOST + "no replies; everything comes late."),
    "link_stall_out": Answer((), _never, _BY_HOST + "no replies; the samples go on."),
    "link_drop": Answer((), _never, _BY_HOST + "bad frames, and gaps in the samples."),
    "link_flip": Answer((), _never, _BY_HOST + "bad frames, and gaps in the samples."),
    "link_duplicate": Answer((), _never, _BY_HOST + "bad frames, and gaps in the samples."),
    "link_reorder": Answer((), _never, _BY_HOST + "bad frames, and gaps in the samples."),
    "link_delay": Answer((), _never, _BY_HOST + "the round trip of a command."),
    "link_split": Answer((), _never, "Nothing is lost: frames are put together again."),
    "link_merge": Answer((), _never, "Nothing is lost: frames are taken apart again."),
    "link_reset": Answer((), _never, _BY_HOST + "the port is gone for a moment."),
    "fill_reservoir": Answer((), _never, _NOTHING_WRONG),
    "new_battery": Answer((), _never, _NOTHING_WRONG),
    "new_tube": Answer((), _never, _NOTHING_WRONG),
    "press_button": Answer((), _never, _NOTHING_WRONG),
}
