"""A pump, a catheter and programs for tests of the dose domain: the numbers of domain.md."""

from dataclasses import replace
from typing import Any

from rig.firmware.program import Program as DeviceProgram
from rig.therapy.compile import compile_program
from rig.therapy.modes import Mode, SimpleContinuous
from rig.therapy.profiles import Catheter, Pump
from rig.therapy.program import Program

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
MONDAY_UTC_S = 1_767_571_200  # 2026-01-05 00:00 UTC
NOON_UTC_S = MONDAY_UTC_S + 2 * 86_400 + 12 * 3600  # a Wednesday

PUMP = Pump(
    key="bench-20ml",
    name="Bench pump, 20 mL",
    reservoir_nl=20_000_000,
    low_reservoir_nl=2_000_000,
    path_nl=200_000,
    refill_cap_days=180,
    flow_low_pl_day=48_000_000,
    flow_high_pl_day=24_000_000_000,
    minimum_pl_day=6_000_000,
    accuracy_permille=145,
    tube_compressions=200_000,
    stroke_pl=19_438_991 // 6,
    battery_life_numerator_milliyears=21_875,
    battery_life_offset_ul_day=2875,
    battery_cap_days=2556,
    refill_watch_nl=1_000_000,
    compliance_pl_pa=1000,
)
CATHETER = Catheter("intrathecal-110cm", "Intrathecal, 110 cm", 1_100_000, 260_000)
TRIMMED_UM = 210_000  # so that the dead volume is 0.4314 mL


def program(mode: Mode | None = None, ug_ml: int = 500, reservoir_ml: int = 20, **fields: Any) -> Program:
    """``mode`` (100 ug a day without one) for this pump, with a reservoir of this size."""
    pump = replace(PUMP, reservoir_nl=reservoir_ml * 1_000_000)
    mode = mode or SimpleContinuous(100_000)
    return Program("test", "baclofen", ug_ml * 1000, mode, pump, CATHETER, TRIMMED_UM, **fields)


def compiled(mode: Mode, ug_ml: int = 500) -> DeviceProgram:
    """``mode`` as this pump gets it at noon of a Wednesday, UTC."""
    return compile_program(program(mode, ug_ml), NOON_UTC_S, 0)
