"""The plan of a program as a curve to draw, by the pump's own arithmetic.  Free of Qt."""

from dataclasses import dataclass

from rig.firmware.program import cumulative
from rig.therapy import units
from rig.therapy.compile import compile_program
from rig.therapy.program import Program

_POINTS = 240


@dataclass(frozen=True)
class PlanCurve:
    """Cumulative volume at rising times; empty for nothing to draw."""

    hours: tuple[float, ...] = ()
    volume_ul: tuple[float, ...] = ()


def of_program(program: Program | None) -> PlanCurve:
    """The first day of ``program``, or its bolus alone where nothing follows."""
    if program is None:
        return PlanCurve()
    compiled = compile_program(program, 0, 0)
    if not compiled.prelude and not compiled.cycle:
        return PlanCurve()
    end_us = units.DAY_US if compiled.cycle else max(1, compiled.prelude_us * 5 // 4)
    times = sorted({end_us * i // _POINTS for i in range(_POINTS + 1)} | {min(compiled.prelude_us, end_us)})
    volumes = tuple(cumulative(compiled, t_us, 0) / 1e6 for t_us in times)
    return PlanCurve(tuple(t_us / 3.6e9 for t_us in times), volumes)
