"""What a program comes to: a day's total, the refill date, the battery's, the tube's, and the drug front.

Rules beside those of domain.md, section 2.  Each allotted on-demand bolus is counted, evenly over the day and on top of
the base.  A battery's charge falls evenly: from full to empty in its life at this flow, so the ERI, at 8 %, comes after
the share of it that lies between the charge now and 8 %; never later than the cap.
"""

from dataclasses import dataclass

from firmware_link.vocabulary import SETTINGS
from rig.firmware.program import Program as DeviceProgram
from rig.therapy import occlusion
from rig.therapy.compile import compile_program
from rig.therapy.finding import Context
from rig.therapy.flowing import Flowing
from rig.therapy.front import Front, front_of
from rig.therapy.modes import Bridge
from rig.therapy.profiles import Pump
from rig.therapy.program import Program, dose_ng
from rig.therapy.units import DAY_S, DAY_US

YEAR_DAYS = 365.25
_MOST_DAYS = 400  # of a prelude are looked at for the heaviest
_SETTINGS = {row[1]: row[4] for row in SETTINGS}


@dataclass(frozen=True, eq=False)
class Forecast:
    """Volumes in pl, doses in ng, times in days from the program's begin; dates in s since 1970, UTC."""

    day_total_ng: int  # a day of the cycle on average; without a cycle, the first day
    day_total_pl: int
    heaviest_day_ng: int  # the most on one day: from local midnights, in a prelude from its begin, else from a bolus
    heaviest_day_pl: int
    worst_day_pl: int  # the heaviest with every allotted on-demand bolus
    refill_days: float | None  # from a full reservoir to the low one; None where it ends standing before
    capped: bool  # refill_days is the drug's stability, not the volume
    left_days: float | None  # the same from what is in the reservoir now; None where that isn't known
    refill_utc_s: int | None  # when that is
    eri_days: float  # until the battery's ERI, from its charge now; from a full one where that isn't known
    eri_utc_s: int | None
    tube_days: float | None  # until the tube's service is due; None where nothing flows
    occlusion_s: float | None  # until one is noticed at the slowest rate that flows; None where nothing does
    front: Front | None


def forecast(program: Program, context: Context) -> Forecast:
    """What ``program`` comes to when it begins now (at ``context.now_utc_s``; 1970 where that is None).

    Raises UsageError as ``compile_program``.
    """
    pump, now_utc_s = program.pump, context.now_utc_s or 0
    offset_min = context.offset_at(now_utc_s)
    device = compile_program(program, now_utc_s, offset_min)
    demand_pl = demand_day_pl(device)
    heaviest_pl = _heaviest_day_pl(device, now_utc_s)
    mean_pl = device.cycle_pl * DAY_US // device.cycle_us if device.cycle else 0
    total_pl = mean_pl if device.cycle else Flowing(device, now_utc_s).volume_pl(DAY_US)
    low_nl = context.settings.get("low_reservoir_nl", pump.low_reservoir_nl)
    full_days = days_to_low(device, now_utc_s, pump.reservoir_nl - pump.low_reservoir_nl, pump.refill_cap_days)
    left_days = None
    if context.reservoir_nl is not None:
        left_days = days_to_low(device, now_utc_s, context.reservoir_nl - low_nl, pump.refill_cap_days)
    eri_days = days_to_eri(pump, mean_pl + demand_pl, context)
    return Forecast(
        day_total_ng=dose_ng(total_pl, program.concentration_ng_ml),
        day_total_pl=total_pl,
        heaviest_day_ng=_heaviest_day_ng(program, heaviest_pl),
        heaviest_day_pl=heaviest_pl,
        worst_day_pl=heaviest_pl + demand_pl,
        refill_days=full_days,
        capped=full_days == pump.refill_cap_days,
        left_days=left_days,
        refill_utc_s=_date(left_days, context),
        eri_days=eri_days,
        eri_utc_s=_date(eri_days, context),
        tube_days=_tube_days(pump, mean_pl + demand_pl, context.tube_permille or 0),
        occlusion_s=_occlusion_s(pump, device, context),
        front=front_of(program, context.held_concentration_ng_ml, now_utc_s, offset_min),
    )


def demand_day_pl(device: DeviceProgram) -> int:
    """The most that on-demand boluses can add in a day, by their number and their lockout."""
    if device.demand is None:
        return 0
    volume_pl, _, lockout_s, per_day = device.demand
    most = min(per_day, -(-DAY_S // lockout_s)) if lockout_s else per_day
    return int(volume_pl * most)


def battery_life_days(pump: Pump, flow_pl_day: int) -> float:
    """From a full battery to an empty one at this flow, capped at the pump's service life."""
    return min(pump.battery_cap_days, _uncapped_life_days(pump, flow_pl_day))


def _uncapped_life_days(pump: Pump, flow_pl_day: int) -> float:
    used_ul_day = pump.battery_life_offset_ul_day + flow_pl_day / 1e6
    return pump.battery_life_numerator_milliyears / used_ul_day * YEAR_DAYS


def days_to_eri(pump: Pump, flow_pl_day: int, context: Context) -> float:
    """Until the battery's ERI at this flow, from its charge now; from a full one where that isn't known."""
    charge = 1000 if context.charge_permille is None else context.charge_permille
    above = max(0, charge - context.settings.get("eri_permille", _SETTINGS["eri_permille"]))
    return min(pump.battery_cap_days, _uncapped_life_days(pump, flow_pl_day) * above / 1000)


def _tube_days(pump: Pump, flow_pl_day: int, used_permille: int) -> float | None:
    if flow_pl_day <= 0:
        return None
    left_pl = pump.tube_compressions * pump.stroke_pl * max(0, 1000 - used_permille) / 1000
    return left_pl / flow_pl_day


def _occlusion_s(pump: Pump, device: DeviceProgram, context: Context) -> float | None:
    limit_pa = context.settings.get("occlusion_pa", _SETTINGS["occlusion_pa"])
    return occlusion.noticed_s(pump.compliance_pl_pa, limit_pa, occlusion.slowest_pl_day(device) or 0)


def days_to_low(device: DeviceProgram, now_utc_s: int, usable_nl: int, cap_days: int) -> float | None:
    """Until ``usable_nl`` has flowed by the true course; the cap where that takes longer."""
    t_us = Flowing(device, now_utc_s, demand_day_pl(device)).when_us(usable_nl * 1000, cap_days * DAY_S)
    if t_us is not None:
        return t_us / DAY_US
    return cap_days if device.cycle_pl else None


def _heaviest_day_pl(device: DeviceProgram, now_utc_s: int) -> int:
    """Of the prelude's days from the begin on, and of the cycle's from its anchor on."""
    course = Flowing(device, now_utc_s)
    days = min(-(-device.prelude_us // DAY_US), _MOST_DAYS)
    found = [course.volume_pl((day + 1) * DAY_US) - course.volume_pl(day * DAY_US) for day in range(days)]
    if device.cycle:
        cycle = Flowing(DeviceProgram(0, 0, (), device.cycle), 0)
        days = max(1, device.cycle_us // DAY_US)
        found += [cycle.volume_pl((day + 1) * DAY_US) - cycle.volume_pl(day * DAY_US) for day in range(days)]
    return max(found, default=0)


def _heaviest_day_ng(program: Program, heaviest_pl: int) -> int:
    if isinstance(program.mode, Bridge):  # the heaviest day is of the old concentration, which the program isn't for
        return max(program.mode.old_dose_ng_day, program.mode.dose_ng_day)
    return dose_ng(heaviest_pl, program.concentration_ng_ml)


def _date(days: float | None, context: Context) -> int | None:
    if days is None or context.now_utc_s is None:
        return None
    return context.now_utc_s + int(days * DAY_S)
