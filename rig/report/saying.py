"""How a report says moments, shares and volumes: the same everywhere, and in columns that line up."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from rig.moments import IMPOSSIBLE, calendar, date_text, days_text
from rig.therapy import units
from rig.therapy.daylight import offset_text

UNKNOWN = "not known"
NONE = "–"


@dataclass(frozen=True)
class Moments:
    """UTC microseconds as somebody reads them at ``offset_min`` east of UTC, and beside the run's begin ``zero_us``."""

    offset_min: int
    zero_us: int

    @property
    def zone(self) -> str:
        """ "UTC+01:00"."""
        return offset_text(self.offset_min)

    def full(self, at_us: int) -> str:
        """ "2026-11-21 08:20:05 (UTC+01:00)"."""
        return f"{self.short(at_us)} ({self.zone})"

    def short(self, at_us: int) -> str:
        """ "2026-11-21 08:20:05"."""
        return date_text(at_us, self.offset_min)

    def iso(self, at_us: int) -> str:
        """ "2026-11-21T07:20:05Z"."""
        moment = calendar(at_us)
        return IMPOSSIBLE if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"

    def since(self, at_us: int) -> str:
        """ "00:12:31" since the first sample, with days where there are some."""
        return clock((at_us - self.zero_us) / 1e6)


def clock(seconds: float) -> str:
    """ "00:12:31", "3 d 04:00:00", "−00:00:05"."""
    whole = round(abs(seconds))
    return f"{'−' if seconds < 0 and whole else ''}{days_text(whole)}"


def span(us: float) -> str:
    """ "4 min 5 s"; below a second in ms."""
    ms = round(us / 1000)
    return units.duration_text(ms if ms < 1000 else round(ms, -3))


def signed(value: float, digits: int = 1) -> str:
    """ "+2.1", "−24.6", "0.0"; UNKNOWN's dash for NaN."""
    if not math.isfinite(value):
        return NONE
    text = f"{abs(value):.{digits}f}"
    sign = "" if float(text) == 0 else "+" if value > 0 else "−"
    return sign + text


def percent(value: float) -> str:
    """ "+2.1 %"."""
    return f"{signed(value)} %"


def count(number: int, one: str, many: str = "") -> str:
    """ "1 gap", "1 204 gaps"."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def grouped(number: int) -> str:
    """Thousands apart."""
    return f"{number:,}".replace(",", "\u202f")


@dataclass(frozen=True)
class Scale:
    """The unit of a column of volumes, so that all have the same."""

    unit: str
    size: float  # nl
    digits: int

    def text(self, nl: float | None) -> str:
        """Without the unit."""
        if nl is None or not math.isfinite(nl):
            return NONE
        text = f"{nl / self.size:.{self.digits}f}"
        return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")

    def full(self, nl: float | None) -> str:
        """With it."""
        said = self.text(nl)
        return said if said == NONE else f"{said} {self.unit}"


def known(nl: float, uncertainty_nl: float) -> str:
    """ "25.1 ± 5.4 µL": no more digits than are known, two of the uncertainty's."""
    scale = scale_for([nl, uncertainty_nl])
    if uncertainty_nl > 0:
        digits = 1 - math.floor(math.log10(uncertainty_nl / scale.size))
        scale = Scale(scale.unit, scale.size, max(0, min(digits, scale.digits + 1)))
    return f"{scale.text(nl)} ± {scale.full(uncertainty_nl)}"


def scale_for(volumes_nl: Iterable[float | None]) -> Scale:
    """Microlitres for what is small, millilitres from ten of these on."""
    most = max((abs(nl) for nl in volumes_nl if nl is not None and math.isfinite(nl)), default=0.0)
    return Scale("mL", 1e6, 3) if most >= 10e6 else Scale("µL", 1e3, 2 if most < 1e6 else 1)
