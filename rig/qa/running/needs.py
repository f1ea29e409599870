"""Whether a pump is the one that a script expects: asked before anything is sent to it."""

from firmware_link.errors import UsageError
from rig.qa.running.intake import Pump
from rig.qa.script import Needs, Script
from rig.session import DeviceInfo
from rig.setting_words import setting_text, setting_title


def check(script: Script, pump: Pump) -> None:
    """Raises UsageError with everything that isn't as ``script`` expects it."""
    device = pump.info.device
    if device is None:
        raise UsageError("No pump has answered.", "Connect to one first.")
    if pump.recorded is not None:
        return
    if not pump.info.can_control:
        raise UsageError(f"{pump.info.port} can't be controlled.", "Connect to a pump instead.")
    wrong = [*_identity(script.needs, device), *_surroundings(script.needs, pump), *_settings(script.needs, device)]
    if wrong:
        raise UsageError(
            f"“{script.title}” can't run here: {'; '.join(wrong)}.", "Connect the rig that the script is for."
        )


def _identity(needs: Needs, device: DeviceInfo) -> list[str]:
    wrong = []
    if needs.device and needs.device != device.device_id:
        wrong.append(f"it is for the pump {needs.device}, and {device.device_id} is connected")
    if needs.firmware and _version(device.firmware_version) < _version(needs.firmware):
        wrong.append(f"it needs firmware {needs.firmware} or newer, and the pump has {device.firmware_version}")
    has = {one.replace("_", "-") for one in device.capabilities}
    return wrong + [f"the pump has no {one.replace('-', ' ')}" for one in needs.capabilities if one not in has]


def _surroundings(needs: Needs, pump: Pump) -> list[str]:
    wrong = []
    if needs.virtual and not pump.info.virtual:
        wrong.append("it needs a virtual rig, since it makes faults that nobody can make by hand")
    if needs.laboratory_balance and not pump.laboratory_balance:
        wrong.append("it needs a laboratory balance")
    if needs.rig and pump.info.virtual and pump.rig != needs.rig:
        wrong.append(f"it is for the rig “{needs.rig}”, and this one is “{pump.rig}”")
    return wrong


def _settings(needs: Needs, device: DeviceInfo) -> list[str]:
    wrong = []
    for name, low, high in needs.settings:
        value, title = device.settings.get(name), setting_title(name)
        if value is None:
            wrong.append(f"the pump doesn't tell its “{title}”")
        elif not low <= value <= high:
            wanted = (
                setting_text(name, low) if low == high else f"{setting_text(name, low)} to {setting_text(name, high)}"
            )
            wrong.append(f"it needs “{title}” {wanted}, and the pump is set to {setting_text(name, value)}")
    return wrong


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
