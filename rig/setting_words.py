"""The pump's settings, as people read them: title, unit, what each is for.  A table, for the window and the guide."""

import math
from typing import NamedTuple


class SettingWords(NamedTuple):
    """A pump setting: title, unit shown, shown = raw * scale, and what it is for."""

    title: str
    unit: str
    scale: float
    help: str


SETTINGS = {
    "sample_interval_ms": SettingWords("Sample interval", "ms", 1, "How often it sends a sample; events come at once."),
    "revolution_pl": SettingWords(
        "Volume per revolution", "µL", 1e-6, "What one turn of the rotor delivers. Only while it is stopped."
    ),
    "steps_per_revolution": SettingWords(
        "Steps per revolution", "", 1, "Steps of the motor, microsteps included. Only while it is stopped."
    ),
    "rollers": SettingWords("Rollers", "", 1, "Each compresses the tube once a turn."),
    "reservoir_nl": SettingWords("Reservoir capacity", "mL", 1e-6, "More than this can't be filled."),
    "low_reservoir_nl": SettingWords("Low reservoir alarm at", "mL", 1e-6, "So much is left when it says so."),
    "occlusion_pa": SettingWords("Occlusion alarm at", "kPa", 1e-3, "In the outlet line, above the air around it."),
    "minimum_flow_pl_s": SettingWords(
        "Minimum rate", "mL/day", 86_400e-9, "Keeps the path open after a reset or a memory error."
    ),
    "maximum_flow_pl_s": SettingWords(
        "Maximum rate", "mL/day", 86_400e-9, "The pump refuses a program that delivers more on average."
    ),
    "maximum_bolus_flow_pl_s": SettingWords(
        "Maximum bolus rate", "mL/min", 60e-9, "The pump refuses any faster bolus or step."
    ),
    "eri_permille": SettingWords("Battery near end at", "%", 0.1, "Of its charge, by its counter."),
    "eri_mv": SettingWords("Battery near end below", "V", 1e-3, "Under load, in 3 of 5 readings."),
    "eos_mv": SettingWords("Battery end below", "V", 1e-3, "Under load, in 3 of 5 readings; then it stops."),
    "eos_days": SettingWords("Battery end after near end", "days", 1, "So long after “near its end” it stops."),
    "stopped_alarm_h": SettingWords("Alarm when stopped for", "h", 1, "Then an alarm of high priority."),
    "concentration_ng_ml": SettingWords("Concentration", "µg/mL", 1e-3, "What the reservoir's label says."),
    "reminder_min": SettingWords(
        "Reminder while stopped every", "min", 1, "0 for none. A program can have a reminder of its own."
    ),
    "tube_life_compressions": SettingWords(
        "Tube life", "compressions", 1, "After so many the tube is due for service."
    ),
    "refill_watch_nl": SettingWords(
        "Refill suspect above", "mL", 1e-6, "So much difference after filling is looked into; 0 doesn't watch."
    ),
    "tolerance_permille": SettingWords(
        "Flow tolerance", "%", 0.1, "Measured against commanded, over whole turns of the rotor; 0 doesn't judge."
    ),
    "balance_uncertainty_nl": SettingWords(
        "Balance uncertainty", "µL", 1e-3, "What the balance may be off from one hour to the next; more judges later."
    ),
    "evaporation_nl_day": SettingWords(
        "Evaporation",
        "mL/day",
        1e-6,
        "What the cup loses by itself: an open one of 10 cm² about 2.4, under oil 0.0024.",
    ),
    "battery_life_days": SettingWords("Battery life", "days", 1, "At this age it is at its end, whatever it shows."),
}


def setting_title(name: str) -> str:
    """The setting's title."""
    return SETTINGS[name].title if name in SETTINGS else name.replace("_", " ")


def setting_text(name: str, value: int) -> str:
    """The setting's value with its unit."""
    words = SETTINGS.get(name, SettingWords(name, "", 1, ""))
    return f"{plain(value * words.scale)} {words.unit}".rstrip()


def plain(value: float) -> str:
    """Up to 6 significant digits, never with an exponent, thousands apart."""
    digits = 6 if not value else max(0, 5 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}".replace(",", "\u202f")
    return text.rstrip("0").rstrip(".") if "." in text else text
