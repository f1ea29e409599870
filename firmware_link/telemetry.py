"""Samples on the host: the channel table and the one place where units are converted.

A sample is one row of ``SAMPLE_DTYPE``: whole numbers exactly as the pump sent them, plus when and where they came
from.  ``column`` turns a channel into float64 in its display unit, with NaN where there is no value.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware_link import messages, wire

_NUMPY_OF_STRUCT = {"B": "u1", "H": "u2", "h": "i2", "I": "u4", "i": "i4", "q": "i8", "Q": "u8"}

#: One packed telemetry row as it lies on the wire.
WIRE_DTYPE = np.dtype([(name, "<" + _NUMPY_OF_STRUCT[code]) for name, code in messages.SAMPLE])

#: One sample on the host.  ``index`` counts rows of one boot without gaps; a jump in it is lost time.
SAMPLE_DTYPE = np.dtype(
    [("boot", "u4"), ("index", "u4"), ("t_us", "i8"), ("host_us", "i8")]
    + [(name, _NUMPY_OF_STRUCT[code]) for name, code in messages.SAMPLE if name != "t_offset_us"]
)


@dataclass(frozen=True)
class Channel:
    """One quantity of a sample: its field, its title, and ``display = raw * scale`` in ``unit``."""

    field: str
    title: str
    unit: str
    scale: float


CHANNELS = (
    Channel("commanded_nl", "Commanded", "µL", 1e-3),
    Channel("measured_nl", "Delivered", "µL", 1e-3),
    Channel("flow_pl_s", "Flow", "mL/day", 86_400 * 1e-9),
    Channel("pressure_pa", "Pressure", "kPa", 1e-3),
    Channel("reservoir_nl", "Reservoir", "mL", 1e-6),
    Channel("battery_mv", "Battery voltage", "V", 1e-3),
    Channel("charge_permille", "Battery charge", "%", 0.1),
    Channel("temperature_cc", "Temperature", "°C", 0.01),
)
BY_FIELD = {channel.field: channel for channel in CHANNELS}


def column(samples: NDArray[np.void], field: str) -> NDArray[np.float64]:
    """(n,) float64 of ``samples[field]`` in the channel's display unit; NaN where the pump has no such sensor."""
    raw = samples[field]
    values: NDArray[np.float64] = raw * BY_FIELD[field].scale
    if raw.dtype == np.int64:
        values[raw == wire.MISSING] = np.nan
    return values
