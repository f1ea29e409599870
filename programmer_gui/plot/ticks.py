"""Where an axis has its marks, and what they say.  Pure arithmetic."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_TIME_STEPS_S = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
    *(_DAY * count for count in (1, 2, 7, 14, 28, 91, 182, 364, 728)),
)


@dataclass(frozen=True)
class Tick:
    """One mark of an axis.  ``major`` ones carry more weight: a full minute, hour or day among smaller steps."""

    at: float
    text: str
    major: bool = False


@dataclass(frozen=True)
class Clock:
    """Time of day on a time axis: seconds since 1970 UTC at axis time 0, and what the place is ahead of UTC."""

    utc_at_zero_s: float
    offset_s: int = 0

    @property
    def zone(self) -> str:
        """ "UTC", "UTC+2", "UTC−3:30"."""
        hours, minutes = divmod(abs(self.offset_s) // 60, 60)
        if not self.offset_s:
            return "UTC"
        return f"UTC{'+' if self.offset_s > 0 else '−'}{hours}" + (f":{minutes:02}" if minutes else "")

    def local(self, x: float) -> datetime:
        """The wall time at axis time ``x``, as a datetime whose own zone means nothing."""
        return datetime.fromtimestamp(self.utc_at_zero_s + self.offset_s + x, UTC)


def value_step(span: float, at_most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten of which ``span`` (> 0) holds at most ``at_most``."""
    rough = span / max(at_most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next((power * factor for factor in (1, 2, 5) if power * factor >= rough * (1 - 1e-9)), 10 * power)


def value_ticks(low: float, high: float, at_most: int) -> list[Tick]:
    """Marks of a value axis from ``low`` to ``high`` (> ``low``), all with the same decimals."""
    step = value_step(high - low, at_most)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    return [Tick(count * step, number(count * step, decimals), count == 0) for count in range(first, last + 1)]


def time_ticks(begin: float, end: float, at_most: int, clock: Clock | None = None) -> list[Tick]:
    """Marks of a time axis from ``begin`` to ``end`` (> ``begin``) seconds, on round times of the clock or session."""
    rough = (end - begin) / max(at_most, 1)
    step = next((step for step in _TIME_STEPS_S if step >= rough), float(_TIME_STEPS_S[-1]))
    zero = 0.0 if clock is None else -math.fmod(clock.utc_at_zero_s + clock.offset_s, max(step, _DAY))
    first, last = math.ceil((begin - zero) / step - 1e-6), math.floor((end - zero) / step + 1e-6)
    weight = _weight(step)
    ticks = []
    for count in range(first, last + 1):
        since = count * step
        major = abs(since - round(since / weight) * weight) < step / 2
        ticks.append(Tick(zero + since, time_text(zero + since, step, clock), major))
    return ticks


def time_text(x: float, step: float, clock: Clock | None = None) -> str:
    """``x`` seconds as h:mm:ss of the session or time of day, as fine as ``step``; midnights show the date."""
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else 0
    if clock is not None:
        return _clock_text(x, step, decimals, clock)
    units = round(abs(x) * 10**decimals)
    sign = "−" if x < 0 and units else ""
    whole, fraction = divmod(units, 10**decimals)
    days, rest = divmod(whole, _DAY)
    if step >= _DAY:
        return f"{sign}{days} d"
    text = f"{rest // _HOUR}:{rest // _MINUTE % 60:02}:{rest % 60:02}"
    if decimals:
        text += f".{fraction:0{decimals}}"
    return f"{sign}{days} d {text}" if days else sign + text


def number(value: float, decimals: int) -> str:
    """``value`` with thin spaces between thousands and a true minus sign; "–" for NaN."""
    if math.isnan(value):
        return "–"
    text = f"{abs(value):,.{decimals}f}".replace(",", "\u2009")
    return "−" + text if value < 0 and text.strip("0.\u2009") else text


def _weight(step: float) -> float:
    return next((weight for weight in (1, _MINUTE, _HOUR, _DAY) if weight > step), 7 * _DAY)


def _clock_text(x: float, step: float, decimals: int, clock: Clock) -> str:
    unit = 10.0**-decimals
    moment = clock.local(round((clock.utc_at_zero_s + x) / unit) * unit - clock.utc_at_zero_s)
    if step >= _DAY or (step >= _MINUTE and moment.hour == moment.minute == moment.second == 0):
        return f"{moment:%d %b}"
    text = f"{moment:%H:%M}" if step >= _MINUTE else f"{moment:%H:%M:%S}"
    return f"{text}.{moment.microsecond:06}"[: len(text) + 1 + decimals] if decimals else text
