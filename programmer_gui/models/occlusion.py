"""How long a blocked outlet would stay unnoticed at the rate of this moment."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from programmer_gui.models.pump import PumpModel, Readings

if TYPE_CHECKING:
    from collections.abc import Callable

    from rig.therapy.profiles import Profiles

FINE_PA = 1000  # the pressure in the pulses of the rollers changes nothing worth saying


class OcclusionModel(QObject):
    """``text`` is a sentence, "" while nothing flows or no pump is known."""

    changed = Signal(str)

    def __init__(self, pump: PumpModel, load_profiles: "Callable[[], Profiles]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pump, self._load_profiles = pump, load_profiles
        self.text = ""
        pump.readings_changed.connect(self._read)
        pump.alarms_changed.connect(lambda: self._read(pump.readings))

    def _read(self, readings: Readings | None) -> None:
        text = self._expected(readings) if readings is not None else ""
        if text != self.text:
            self.text = text
            self.changed.emit(text)

    def _expected(self, readings: Readings) -> str:
        from rig.therapy import occlusion, units  # a while to import: only when there is something to show

        settings = self._pump.care.settings
        limit_pa = settings.get("occlusion_pa")
        if limit_pa is None or not self._pump.running:
            return ""
        pressure_pa = round(readings.pressure_pa / FINE_PA) * FINE_PA
        flow_pl_day = readings.flow_pl_s * units.DAY_S
        noticed_s = occlusion.noticed_s(self._compliance_pl_pa(settings), limit_pa - pressure_pa, flow_pl_day)
        return occlusion.expectation(noticed_s)

    def _compliance_pl_pa(self, settings: dict[str, int]) -> int:
        """Of the profile whose reservoir the pump has; a pump doesn't say which it is."""
        pumps = list(self._load_profiles().pumps.values())
        alike = [pump for pump in pumps if pump.reservoir_nl == settings.get("reservoir_nl")]
        return (alike or pumps)[0].compliance_pl_pa
