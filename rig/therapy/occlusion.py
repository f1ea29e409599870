"""How long a blocked outlet stays unnoticed: the line behind the rotor gives, so pressure takes its time.  Pure."""

from rig.firmware.program import Program as DeviceProgram
from rig.therapy import units
from rig.therapy.units import DAY_MS, DAY_S

_FINE_S = 600  # below it, to ten seconds; above, to a minute


def noticed_s(compliance_pl_pa: float, rise_pa: float, flow_pl_day: float) -> float | None:
    """Seconds from a complete occlusion to the alarm: t = C dP / Q (domain.md section 5).

    ``rise_pa`` is from the pressure now to the alarm's; 0.0 where that is reached.  None where nothing flows.
    """
    if flow_pl_day <= 0:
        return None
    return max(0.0, compliance_pl_pa * rise_pa / flow_pl_day * DAY_S)


def slowest_pl_day(device: DeviceProgram) -> float | None:
    """The lowest flow of ``device`` that isn't nothing; None where nothing flows."""
    stretches = (*device.prelude, *device.cycle)
    flows = [volume_pl * DAY_MS / duration_ms for volume_pl, duration_ms in stretches if volume_pl]
    return min(flows, default=None)


def span_text(seconds: float) -> str:
    """ "1 h 41 min": no finer than it is known."""
    step_s = 10 if seconds < _FINE_S else 60 if seconds < DAY_S else 3600
    return units.duration_text(max(1, round(seconds / step_s)) * step_s * 1000)


def expectation(seconds: float | None) -> str:
    """``noticed_s`` as a sentence; "" for None."""
    return "" if seconds is None else f"An occlusion would be noticed after about {span_text(seconds)} at this rate."
