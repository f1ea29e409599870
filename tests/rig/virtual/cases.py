"""The faults that detection is proven and measured with, and how: a pump that has delivered for long is struck."""

from dataclasses import dataclass

from rig.virtual import detection
from rig.virtual.base import Rig
from rig.virtual.delays import DAY_S, DEFAULTS, Case
from rig.virtual.faults import Fault
from rig.virtual.strikes import BOARD_LOWEST_V
from tests.rig.virtual.ward import FILLED_ML, Entry, Ward

RATES_ML_DAY = (0.05, 0.25, 1, 2.4, 6, 24)
#: (fault, amount; None: it has none): each that the pump can notice, and amounts at both sides of where it begins to
FAULTS: tuple[tuple[str, float | None], ...] = (
    ("stall", None),
    ("missed_steps", 5),
    ("missed_steps", 20),
    ("tube_tear", 10),
    ("tube_tear", 30),
    ("tube_tear", 90),
    ("free_flow", 0.1),
    ("free_flow", 5),
    ("worn_tube", 200_000),
    ("worn_tube", 10_000_000),
    ("occlusion", 90),
    ("occlusion", 100),
    ("kink", 2000),
    ("kink", 100_000),
    ("leak", 10),
    ("leak", 20),
    ("leak", 50),
    ("disconnect", None),
    ("back_pressure", 300),
    ("empty_reservoir", None),
    ("wrong_fill", -39),
    ("battery_step", 5),
    ("battery_step", 50),
    ("brown_out", 1.5),
    ("brown_out", 3),
    ("power_cut", None),
    ("power_cut_in_write", 40),
    ("reset", None),
    ("memory_corruption", 1),
    ("memory_corruption", 2),
    ("clock_jump", 60),
    ("pressure_dead", None),
    ("pressure_stuck", None),
    ("balance_dead", None),
    ("balance_stuck", None),
    ("battery_dead", None),
    ("temperature_dead", None),
    ("rotor_dead", None),
    ("balance_noisy", 30),
    ("vibration", 300),
)
#: what the pump can't know, or what is nothing wrong: it must not take it for something else
UNNOTICED: tuple[tuple[str, float | None], ...] = (
    ("wrong_concentration", 50),
    ("passivated_battery", 0.8),
    ("clock_drift", 200),
    ("pressure_noisy", 30),
    ("balance_noisy", 5),
    ("vibration", 5),
    ("battery_stuck", None),
    ("battery_noisy", 30),
    ("temperature_stuck", None),
    ("temperature_noisy", 30),
    ("room", 15),
)
_OFF_S = 60.0  # what takes the power gives it back after so long
_WARM_UP_TURNS = 5.37  # before the strike, so that windows and pulses are somewhere in their middle
REVOLUTION_NL = DEFAULTS["revolution_pl"] / 1000
_TURNS_UNNOTICED = 20
_LATER_S = 5.0  # an entry that comes too late is seen so much later still
_LOOKS = 20  # at its log, while it is waited for


@dataclass(frozen=True)
class Found:
    """What became of a strike; delays as in ``rig.virtual.delays``."""

    expected_s: float | None
    delay_s: float | None  # None: nothing was said
    by: str
    since_s: float  # when it says that it began, after the strike
    raised: tuple[str, ...]  # all that was more than information


def case_of(what: str, amount: float | None, ml_day: float) -> Case:
    """At this rate, with all settings as they are at first."""
    left_nl = (FILLED_ML + min(0.0, amount or 0.0)) * 1e6 if what == "wrong_fill" else 0.0
    return Case(Fault(what, amount=amount), ml_day * 1e6 / DAY_S, left_nl=left_nl)


def off_s(case: Case) -> float | None:
    """For so long a fault that takes the power has it; None for the others."""
    what, amount = case.fault.what, case.amount
    if what == "power_cut_in_write":
        return _OFF_S + case.saving_s
    return _OFF_S if what == "power_cut" or (what == "brown_out" and amount < BOARD_LOWEST_V) else None


def measure(rig: Rig, what: str, amount: float | None, ml_day: float, warm_up_turns: float = _WARM_UP_TURNS) -> Found:
    """Delivers, is struck, and waits for the pump's word until that is due; where none is, for some turns."""
    case = case_of(what, amount, ml_day)
    ward = Ward(rig, ml_day)
    turn_s = REVOLUTION_NL / case.flow_nl_s
    ward.run(warm_up_turns * turn_s)
    assert not ward.alarms()
    before, boot = len(ward.entries), ward.entries[-1].boot
    struck_us = rig.truth().device_us
    without_power_s = off_s(case)
    rig.inject(Fault(what, duration_s=without_power_s, amount=amount))
    expected_s = detection.expected_s(case)
    limit_s = (
        max(_TURNS_UNNOTICED * turn_s, 3600.0) if expected_s is None else expected_s + (without_power_s or 0.0) + 5
    )
    answers, said = detection.ANSWERS[what].by, ward.entries[before:]
    for _ in range(_LOOKS):
        ward.run(limit_s / _LOOKS)
        said = ward.entries[before:]
        if first := next((entry for entry in said if entry.name in answers), None):
            began_us = struck_us if first.boot == boot else 0  # another boot's microseconds begin with its power
            delay_s, since_s = ((us - began_us) * 1e-6 for us in (first.detected_us, first.occurred_us))
            return Found(expected_s, delay_s, first.name, since_s, raised(said))
    return Found(expected_s, None, "", 0.0, raised(said))


def raised(said: list[Entry]) -> tuple[str, ...]:
    """The names of what was more than information."""
    return tuple(entry.name for entry in said if entry.is_alarm)
