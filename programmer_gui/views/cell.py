"""One figure of the device bar."""

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from programmer_gui.theme import Theme
from programmer_gui.views.widgets import ElidedLabel, Gauge, label, set_property

DASH = "–"


def volume_text(nl: int) -> str:
    """A volume that doesn't change its number of decimals while it grows."""
    for below_nl, unit_nl, decimals, unit in ((100_000, 1000, 2, "µL"), (1_000_000, 1000, 1, "µL")):
        if abs(nl) < below_nl:
            return f"{nl / unit_nl:.{decimals}f} {unit}".replace("-", "−")
    return f"{nl / 1e6:.3f} mL".replace("-", "−")


class Cell(QWidget):
    """A caption, a value with its unit, a line below it, and a gauge or its room."""

    GAUGE = 4

    def __init__(self, caption: str, width: int, theme: Theme | None = None) -> None:
        super().__init__()
        self._caption = caption
        self._shown = ("", "", "")
        self.value = ElidedLabel(DASH, "value")
        self.below = ElidedLabel("", "caption")
        self.gauge = Gauge(theme) if theme else None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addStretch(1)
        layout.addWidget(label(caption, "caption"))
        layout.addWidget(self.value)
        layout.addWidget(self.below)
        layout.addSpacing(2)
        if self.gauge:
            layout.addWidget(self.gauge)
        else:
            layout.addSpacing(self.GAUGE)
        layout.addStretch(1)
        self.setMinimumWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_fraction(self, fraction: float, level: str = "") -> None:
        """Fills the gauge, where there is one."""
        if self.gauge:
            self.gauge.show_fraction(fraction, level)

    def show_value(self, value: str, below: str = "", level: str = "") -> None:
        """``level`` of words.LEVELS or "good" colours the value."""
        if (value, below, level) == self._shown:
            return
        self._shown = (value, below, level)
        self.value.set_whole(value)
        self.below.set_whole(below)
        set_property(self.value, "level", level)
        self.setAccessibleName(f"{self._caption}: {value}. {below}".strip())
