"""How long a pump takes at most to notice a fault of its virtual rig: arithmetic, fault by fault.

Delays count from the moment a fault begins; where it takes the pump's power, from the moment that is back.  Q is what
the pump is told to deliver, V the volume of a revolution, U what the balance may be off (the pump's setting; the real
one must not be worse), R the time between two readings of a pump that nobody asks for rows.  Units: nL, s, Pa.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from firmware_link.vocabulary import SETTINGS
from rig.firmware import alarms, plausible, tolerance
from rig.firmware.balance import FREE_FLOW_UNCERTAINTIES, WINDOW_US
from rig.firmware.balance import TOLERANCE_PART as FREE_FLOW_PART
from rig.firmware.record import SAVE_AFTER_PL, SAVE_AFTER_US
from rig.physics.circuit import PASCAL_PER_MMHG, Outlet
from rig.virtual.faults import Fault, check
from rig.virtual.parameters import RigParameters, load
from rig.virtual.strikes import BOARD_LOWEST_V

DEFAULTS: Mapping[str, int] = {name: default for _, name, _, _, default in SETTINGS}
DAY_S = 86_400
_NL_PER_ML = 1e6
_STRETCHED = 1.5  # a reading waits so much longer for a window's end; see ``Senses``
_SUSPICIOUS_S, _RISING_S, _LONGEST_S = (
    _STRETCHED * us * 1e-6 for us in (alarms.SUSPICIOUS_US, alarms.RISING_US, alarms.BALANCE_US)
)
BOOT_S = 1.0  # until a board that has power again has judged itself
_COLD_C = 5.0  # the coldest room that a rig has
_SAVE_S, _SAVE_NL = SAVE_AFTER_US * 1e-6, SAVE_AFTER_PL / 1000


@dataclass(frozen=True)
class Case:
    """A fault at a pump that has been delivering ``flow_nl_s`` for long.  ``settings`` are vocabulary.SETTINGS by name;
    ``left_nl`` is what the reservoir holds once the fault has come."""

    fault: Fault
    flow_nl_s: float
    settings: Mapping[str, int] = field(default_factory=lambda: DEFAULTS)
    rig: RigParameters = field(default_factory=load)
    left_nl: float = 20e6

    @property
    def amount(self) -> float:
        """In the unit of its kind; 0 where it has none."""
        return check(self.fault, 0.0).amount or 0.0

    @property
    def share(self) -> float:
        """The amount of one in percent, 0 to 1."""
        return self.amount / 100

    @property
    def revolution_nl(self) -> float:
        return self.settings["revolution_pl"] / 1000

    @property
    def uncertainty_nl(self) -> float:
        return float(self.settings["balance_uncertainty_nl"])

    @property
    def window_nl(self) -> float:
        """W, in which nothing flowing shows: max(2 strokes, 3 U)."""
        strokes_nl = tolerance.NO_FLOW_STROKES * self.revolution_nl / self.settings["rollers"]
        return max(strokes_nl, tolerance.NO_FLOW_UNCERTAINTIES * self.uncertainty_nl)

    @property
    def reading_s(self) -> float:
        """R: W or a turn, whichever is less, but 22 minutes at most."""
        window_s = min(self.window_nl, self.revolution_nl) / self.flow_nl_s
        return min(max(window_s, _SUSPICIOUS_S), _LONGEST_S)

    @property
    def saving_s(self) -> float:
        """Until a pump that delivers saves its state again, at most."""
        return max(_SAVE_S, _SAVE_NL / self.flow_nl_s) + self.reading_s

    def evaporating_nl(self, volume_nl: float) -> float:
        """What the pump grants to evaporation while ``volume_nl`` is delivered."""
        day_nl = self.settings["evaporation_nl_day"] / tolerance.EVAPORATION_PART
        return day_nl * volume_nl / self.flow_nl_s / DAY_S


# The rotor


def behind_s(case: Case, share: float) -> float:
    """More than an eighth of a turn, at the share of it that is lost; steps are whole, so two more:
    (V/8 + 2 steps) / (share Q) + R."""
    steps = case.settings["steps_per_revolution"]
    behind_nl = (steps // alarms.STALL_PART + 2) * case.revolution_nl / steps
    return behind_nl / (share * case.flow_nl_s) + case.reading_s


def jumped_s(case: Case) -> float | None:
    """What the clock has skipped, the rotor hasn't turned: a stall where that is more than an eighth of a turn."""
    steps = case.settings["steps_per_revolution"]
    skipped = case.amount * case.flow_nl_s * steps / case.revolution_nl
    return case.amount + case.reading_s if skipped > steps // alarms.STALL_PART + 2 else None


# The balance


def no_flow_s(case: Case, lost: float) -> float | None:
    """Windows of W, one after the other.  That in which it began passes while what is lost of it, with U in its favour,
    is less than half: (W/2 + U) / lost, no more than W.  The next one is surely short where (1 - lost) W + U < W/2."""
    window_nl = case.window_nl
    unsure_nl = case.uncertainty_nl + case.evaporating_nl(window_nl)
    if (1 - lost) * window_nl + unsure_nl >= window_nl / 2:
        return None
    passing_nl = min((window_nl / 2 + unsure_nl) / lost, window_nl)
    return (passing_nl + window_nl) / case.flow_nl_s + tolerance.PROOFS * _SUSPICIOUS_S


def tolerance_s(case: Case, off: float) -> float | None:
    """A ladder of slots h_k = 2^k h of whole strokes, h >= V/2 and h >= U / tolerance; two slots in a row prove a share
    ``off`` where (off - tolerance) 2 h_k > 2 U, once for what the pump grants and once for what the balance may do.
    The slot in which it began may be one too many: 3 h_k / Q."""
    allowed = case.settings["tolerance_permille"] / 1000
    if not allowed:
        return None
    stroke_nl = case.revolution_nl / case.settings["rollers"]
    half_strokes = math.ceil(case.settings["rollers"] / 2)
    slot_nl = max(half_strokes, math.ceil(case.uncertainty_nl / allowed / stroke_nl)) * stroke_nl
    for _ in range(tolerance.RUNGS):
        unsure_nl = 2 * case.uncertainty_nl + case.evaporating_nl(2 * slot_nl)
        if (off - allowed) * 2 * slot_nl > unsure_nl:
            return 3 * slot_nl / case.flow_nl_s + 2 * _SUSPICIOUS_S
        slot_nl *= 2
    return None


def missing_s(case: Case, lost: float) -> float | None:
    """A share that doesn't arrive: the window of no flow, or the ladder of tolerances, whichever is sooner."""
    found = [delay_s for delay_s in (no_flow_s(case, lost), tolerance_s(case, lost)) if delay_s is not None]
    return min(found, default=None)


def free_flow_s(case: Case) -> float | None:
    """F beside Q: what comes beyond Q/2 must pass 10 U within an hour, T = 10 U / (F - Q/2); the hour may end while it
    does, then it counts anew, 2 T.  R until it is noticed, two more readings to see it rise.  Slower, it is a share F/Q
    too much."""
    free_nl_s = case.amount * _NL_PER_ML / 3600
    uncommanded_nl_s = free_nl_s - case.flow_nl_s / FREE_FLOW_PART
    found = tolerance_s(case, free_nl_s / case.flow_nl_s)
    limit_nl = FREE_FLOW_UNCERTAINTIES * case.uncertainty_nl
    if uncommanded_nl_s * (WINDOW_US * 1e-6 - case.reading_s) < limit_nl:
        return found
    rising_s = 2 * limit_nl / uncommanded_nl_s + case.reading_s + 2 * _RISING_S + tolerance.PROOFS * _SUSPICIOUS_S
    return rising_s if found is None else min(rising_s, found)


# The pressure


def pressure_s(case: Case, outlet: Outlet) -> float | None:
    """C dP/dt = Q (1 - k P) - g (P - P_out), from P_out to the alarm's limit, which the sensor may show too late by its
    offset: C/(Q k + g) ln((P_end - P_out) / (P_end - P_limit)), t = C dP / Q where nothing gets out and nothing pushes
    back (domain.md section 5); then two readings more.  Q is what is left of it in the coldest room."""
    circuit, settings = case.rig.circuit, case.settings
    flow_nl_s = case.flow_nl_s * case.rig.tube.warmth(_COLD_C)
    way = outlet.way(circuit)
    load = flow_nl_s * circuit.back_pressure_per_mmhg / PASCAL_PER_MMHG + way.conductance_nl_s_pa
    limit_pa = settings["occlusion_pa"] + case.rig.pressure.offset_pa
    if not load:
        return circuit.compliance_nl_pa * (limit_pa - way.head_pa) / flow_nl_s + case.reading_s + 2 * _SUSPICIOUS_S
    end_pa = (flow_nl_s + way.conductance_nl_s_pa * way.head_pa) / load
    if end_pa <= limit_pa:
        return None
    rise_s = circuit.compliance_nl_pa / load * math.log((end_pa - way.head_pa) / (end_pa - limit_pa))
    return rise_s + case.reading_s + 2 * _SUSPICIOUS_S


def worn_s(case: Case) -> float | None:
    """1 - f(N) is missing."""
    return missing_s(case, 1 - case.rig.tube.efficiency(case.amount))


def against_s(case: Case) -> float | None:
    """k P is missing.  What it takes to fill the line up to P isn't: the pressure explains it."""
    return missing_s(case, case.rig.circuit.back_pressure_per_mmhg * case.amount)


def run_dry_s(case: Case) -> float | None:
    """What is left runs out first, in the coldest room; then nothing comes."""
    nothing_s = no_flow_s(case, 1.0)
    if case.amount >= 0 or nothing_s is None:
        return None
    return case.left_nl / (case.rig.tube.warmth(_COLD_C) * case.flow_nl_s) + nothing_s


# The pump itself


def voltage_s(case: Case) -> float:
    """3 of 5 readings of the battery."""
    return case.reading_s + alarms.BATTERY_SENSES * alarms.BATTERY_US * 1e-6


def charge_s(case: Case) -> float | None:
    """A counter at its level, or below."""
    return voltage_s(case) if 10 * case.amount <= case.settings["eri_permille"] else None


def supply_s(case: Case) -> float | None:
    """A board that is off says so when it is on again; one that isn't sees the voltage, if it is low enough."""
    if case.amount < BOARD_LOWEST_V:
        return BOOT_S
    return voltage_s(case) if 1000 * case.amount < case.settings["eri_mv"] else None


def saved_s(case: Case) -> float:
    """Both copies are looked at before each save, and once a day."""
    return min(DAY_S + case.reading_s, case.saving_s)


def impossible_s(case: Case) -> float:
    """So many readings in a row."""
    return case.reading_s + plausible.CONFIRM * _SUSPICIOUS_S


def stuck_s(case: Case) -> float:
    """Some readings make it doubtful, then they come quickly."""
    doubtful = plausible.STUCK_DOUBT
    return doubtful * case.reading_s + (plausible.STUCK - doubtful) * _SUSPICIOUS_S
