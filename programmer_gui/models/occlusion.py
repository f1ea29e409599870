"""How long a blocked outlet would stay unnoticed at the rate of this moment."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from programmer_gui.models.pump import PumpModel, Readings

if TYPE_CHECKING:
    from collections.abc import Callable

    from rig.therapy.profiles import Profiles

FINE_PA = 1000  # the pressure in the pulses of the rollers changes nothing worth saying


class OcclusionModel(QObject):
    """``text`` is a sentence, ``short`` says as much; "" while nothing flows or no pump is known."""

    changed = Signal(str)

    def __init__(self, pump: PumpModel, load_profiles: "Callable[[], Profiles]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pump, self._load_profiles = pump, load_profiles
        self.text = self.short = ""
        pump.readings_changed.connect(self._read)
        pump.alarms_changed.connect(lambda: self._read(pump.readings))

    def _read(self, readings: Readings | None) -> None:
        noticed_s = self._noticed_s(readings) if readings is not None else None
        text = short = ""
        if noticed_s is not None:
            from rig.therapy import occlusion  # a while to import: only when there is something to show

            text, short = occlusion.expectation(noticed_s), f"Occlusion: after {occlusion.span_text(noticed_s)}"
        if text != self.text:
            self.text, self.short = text, short
            self.changed.emit(text)

    def _noticed_s(self, readings: Readings) -> float | None:
        from rig.therapy import occlusion, units

        settings = self._pump.care.settings
        limit_pa = settings.get("occlusion_pa")
        if limit_pa is None or not self._pump.running:
            return None
        pressure_pa = round(readings.pressure_pa / FINE_PA) * FINE_PA
        flow_pl_day = readings.flow_pl_s * units.DAY_S
        return occlusion.noticed_s(self._compliance_pl_pa(settings), limit_pa - pressure_pa, flow_pl_day)

    def _compliance_pl_pa(self, settings: dict[str, int]) -> int:
        """Of the profile whose reservoir the pump has; a pump doesn't say which it is."""
        pumps = list(self._load_profiles().pumps.values())
        alike = [pump for pump in pumps if pump.reservoir_nl == settings.get("reservoir_nl")]
        return (alike or pumps)[0].compliance_pl_pa
