"""What a program comes to: a day's total, refill, battery, tube, and when its drug is at the tip."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from programmer_gui.models.planned import Planned
from programmer_gui.views.widgets import label
from rig.therapy import occlusion, units
from rig.therapy.forecast import Forecast

DASH = "–"
GIVES_WAY, NARROW = "Occlusion", 560  # px
NAMES = ("A day", "Refill", "Battery low", "Tube service", "Occlusion", "At the tip")


class Facts(QWidget):
    """A line of figures, each with a line of more."""

    def __init__(self) -> None:
        super().__init__()
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        self.captions, self.values, self.below = {}, {}, {}
        for at, name in enumerate(NAMES):
            self.values[name], self.below[name] = label("", "fact", wrap=True), label("", "caption", wrap=True)
            self.captions[name] = label(name, "caption")
            grid.addWidget(self.captions[name], 0, at)
            grid.addWidget(self.values[name], 1, at)
            grid.addWidget(self.below[name], 2, at)
            for line in (self.values[name], self.below[name]):
                line.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(at, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is of least interest while one edits gives way to the others where there is no room for all."""
        super().resizeEvent(event)
        at, narrow = NAMES.index(GIVES_WAY), self.width() < NARROW
        for line in (self.captions, self.values, self.below):
            line[GIVES_WAY].setVisible(not narrow)
        self._grid.setColumnStretch(at, 0 if narrow else 1)

    def show_planned(self, planned: Planned, offset_min: int = 0) -> None:
        """Dates in the program's own time."""
        words = facts_of(planned, offset_min)
        for name in NAMES:
            value, below = words.get(name, (DASH, ""))
            self.values[name].setText(value)
            self.below[name].setText(below)
            self.values[name].setAccessibleName(f"{name}: {value}. {below}")


def facts_of(planned: Planned, offset_min: int = 0) -> dict[str, tuple[str, str]]:
    """Name -> (value, what else)."""
    forecast, program = planned.forecast, planned.program
    if forecast is None or program is None:
        return {}
    volume = units.volume_text(_round(forecast.day_total_pl, 4) / 1000)
    dose = units.dose_text(_round(forecast.day_total_ng))
    if forecast.day_total_ng >= 10_000_000:
        dose = f"{forecast.day_total_ng / 1000:,.0f} µg".replace(",", "\u202f")
    found = {"A day": (dose, volume)}
    if forecast.worst_day_pl > forecast.day_total_pl * 1.001:
        found["A day"] = (
            found["A day"][0],
            f"{volume}, most {units.volume_text(_round(forecast.worst_day_pl, 3) / 1000)}",
        )
    found["Refill"] = _refill(planned, forecast, offset_min)
    found["Battery low"] = (_years(forecast.eri_days), date(forecast.eri_utc_s, offset_min))
    if forecast.tube_days is not None:
        found["Tube service"] = (
            _years(forecast.tube_days),
            f"{program.pump.tube_compressions:,} compressions".replace(",", "\u202f"),
        )
    if forecast.occlusion_s is not None:
        found["Occlusion"] = (occlusion.span_text(forecast.occlusion_s), "until noticed, at the slowest rate")
    front = forecast.front
    if front is not None:
        half, most = front.arrival_s[1], front.arrival_s[2]
        value = "not within a year" if half is None else f"in {units.duration_text(round(half / 60) * 60_000)}"
        below = "" if most is None else f"90 % of it after {units.duration_text(round(most / 60) * 60_000)}"
        found["At the tip"] = (value, below)
    else:
        found["At the tip"] = ("no change", f"{units.volume_text(program.dead_volume_pl / 1000)} on the way")
    return found


def _refill(planned: Planned, forecast: Forecast, offset_min: int) -> tuple[str, str]:
    days = planned.refill_days
    if days is None:
        return "not needed", "it ends before" if forecast.day_total_pl else "nothing flows"
    why = "from a full reservoir" if forecast.left_days is None else ""
    worst = ", worst case" if planned.device and planned.device.demand else ""
    why = "the drug's stability" if days == 180 and forecast.capped else why
    when = date(forecast.refill_utc_s, offset_min)
    return _days(days), ", ".join(filter(None, [when, why])) + worst


def date(utc_s: int | None, offset_min: int) -> str:
    """ "12 Feb 2027"; "" for none."""
    if utc_s is None:
        return ""
    at = datetime.fromtimestamp(utc_s, UTC) + timedelta(minutes=offset_min)
    return f"{at.day} {at:%b %Y}"


def _days(days: float) -> str:
    if days <= 0:
        return "now"
    return f"in {days:.0f} days" if days >= 10 else f"in {units.duration_text(round(days * 24) * 3_600_000)}"


def _years(days: float) -> str:
    years = days / 365.25
    return _days(days) if days < 730 else f"in {years:.1f} years" if years < 10 else f"in {years:.0f} years"


def _round(value: int, digits: int = 5) -> int:
    """To so many digits: more would only pretend."""
    excess = len(str(value)) - digits
    return value if excess <= 0 else round(value, -excess)
