"""How the pump's clock goes beside this computer's."""

from typing import TYPE_CHECKING

from programmer_gui.models.compared import number
from programmer_gui.models.pump import PumpModel
from programmer_gui.views.care_cards import UNKNOWN, CareCard
from programmer_gui.views.widgets import label
from rig.moments import date_text
from rig.therapy import units

if TYPE_CHECKING:
    from rig.clockfit import ClockState

MOST_PPM = 100.0  # more than a crystal drifts: something is wrong with it
MEASURING = "Measuring …"


class ClockCard(CareCard):
    """Drift, offset and residual; a word where the clock jumped, or goes worse than a crystal does."""

    def __init__(self, pump: PumpModel) -> None:
        super().__init__("Clock")
        self.warning = label("", "finding-warning", wrap=True)
        self.body.addWidget(self.warning)
        self.body.addStretch(1)
        pump.clock_changed.connect(self._show)
        self._show(pump.clock)

    def _show(self, clock: "ClockState | None") -> None:
        self.warning.setText(warning_text(clock) if clock else "")
        self.warning.setVisible(bool(self.warning.text()))
        if clock is None:
            self.show_value(UNKNOWN)
            return
        bad = clock.drift_ppm is not None and abs(clock.drift_ppm) > MOST_PPM
        self.show_value(drift_text(clock.drift_ppm), note_text(clock), "medium" if bad or clock.jumps else "")


def drift_text(drift_ppm: float | None) -> str:
    """ "+12.3 ppm" """
    if drift_ppm is None:
        return MEASURING
    return f"{number(drift_ppm, 1, signed=True)} ppm"


def note_text(clock: "ClockState") -> str:
    """Offset and residual."""
    where = "ahead" if clock.offset_s >= 0 else "behind"
    offset = f"{span_text(abs(clock.offset_s))} {where} of this computer's since it was first heard."
    if clock.drift_ppm is None:
        return f"{offset} A drift shows after a minute."
    goes = "Fast" if clock.drift_ppm >= 0 else "Slow"
    return f"{goes}. {offset} Residual of the fit: {span_text(clock.residual_s)}."


def warning_text(clock: "ClockState") -> str:
    """What is wrong with it; "" for nothing."""
    jump, said = clock.last_jump, []
    if jump is not None:
        again = f", the latest of {clock.jumps}" if clock.jumps > 1 else ""
        said.append(f"It jumped by {span_text(jump.jump_s)} at {date_text(jump.host_us)} UTC{again}.")
    if clock.drift_ppm is not None and abs(clock.drift_ppm) > MOST_PPM:
        said.append(f"More than a crystal drifts ({MOST_PPM:.0f} ppm): the pump's times can't be trusted.")
    return " ".join(said)


def span_text(seconds: float) -> str:
    """ "less than 0.1 ms", "3.2 ms", "1.20 s", "2 min 5 s" """
    if seconds < 0.1e-3:
        return "less than 0.1 ms"
    if seconds < 1:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds:.2f} s" if seconds < 60 else units.duration_text(round(seconds) * 1000)
