"""Noise that depends on a seed, a name and a moment only: asked twice, in any order, it is the same.

``white`` sums four 16-bit fields of a SplitMix64 hash (Steele, Lea, Flood 2014), near enough to normal for a sensor
and far cheaper than a generator's state to keep.  ``Wander`` is slow drift as a few sines with seeded phases, a
stand-in for 1/f noise that can be evaluated at any moment without passing through those before.
"""

import math

_MASK = (1 << 64) - 1
_FIELDS_MEAN = 4 * 65535 / 2
_FIELDS_DEVIATION = math.sqrt(4 * (65536**2 - 1) / 12)


def mix(value: int) -> int:
    """SplitMix64's finaliser: 64 well-stirred bits of a whole number."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def stream(seed: int, name: str) -> int:
    """A key of its own for each sensor of each seed."""
    key = mix(seed & _MASK)
    for byte in name.encode():
        key = mix(key ^ byte)
    return key


def white(key: int, t_us: int) -> float:
    """Mean 0, standard deviation 1, within +-3.5; independent from one microsecond to the next."""
    bits = mix(key ^ t_us)
    fields = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (fields - _FIELDS_MEAN) / _FIELDS_DEVIATION


def even(key: int, number: int) -> float:
    """Evenly spread over 0 to 1; independent from one whole number to the next, also below 0."""
    return mix(key ^ (number & _MASK)) / 2**64


class Wander:
    """Slow drift of standard deviation ``deviation``, made of ``periods_s``: slower ones carry more, or all as much."""

    __slots__ = ("_waves",)

    def __init__(self, key: int, deviation: float, periods_s: tuple[float, ...], *, even: bool = False) -> None:
        weights = [1.0 if even else math.sqrt(period) for period in periods_s]
        scale = deviation * math.sqrt(2 / sum(weight**2 for weight in weights))
        self._waves = tuple(
            (scale * weight, 2 * math.pi / period, 2 * math.pi * mix(key ^ i) / 2**64)
            for i, (weight, period) in enumerate(zip(weights, periods_s, strict=True))
        )

    def at(self, t_s: float) -> float:
        """Its value at ``t_s``."""
        value = 0.0
        for amplitude, rate, phase in self._waves:
            value += amplitude * math.sin(rate * t_s + phase)
        return value
