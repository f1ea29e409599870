"""The wire's words, as people read them: states, alarms, events.  Tables; free of Qt."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from firmware_link import vocabulary
from rig.linkstate import LinkState
from rig.therapy import units

if TYPE_CHECKING:  # numpy takes a while to import: only when there is something to show
    from rig.session import Event


class StateWords(NamedTuple):
    """A pump state: its title, and the symbol that goes with its colour."""

    title: str
    symbol: str  # of the lamp: "play", "stop", "drop", "minimum", "none"
    level: str  # "good", "muted", "low", "medium", "high"


STATES = {
    "stopped": StateWords("Stopped", "stop", "muted"),
    "running": StateWords("Running", "play", "good"),
    "bolus": StateWords("Bolus", "drop", "good"),
    "minimum_rate": StateWords("Minimum rate", "minimum", "medium"),
}
NO_PUMP = StateWords("No pump", "none", "muted")
NOT_KNOWN = StateWords("Not known", "none", "medium")


class AlarmWords(NamedTuple):
    """An alarm: its title, and what to do."""

    title: str
    remedy: str


ALARMS = {
    "low_reservoir": AlarmWords("Reservoir low", "Plan a refill."),
    "empty_reservoir": AlarmWords("Reservoir empty", "Refill, then start the pump again."),
    "battery_eri": AlarmWords("Battery near its end", "Plan a replacement."),
    "battery_eos": AlarmWords("Battery at its end", "Replace the battery, then start the pump again."),
    "motor_stall": AlarmWords("Motor stalled", "Free the rotor, clear the alarm, then start."),
    "occlusion": AlarmWords("Occlusion", "Open the outlet line, clear the alarm, then start."),
    "stopped_long": AlarmWords("Stopped for too long", "Start the pump, or confirm that it is to stay stopped."),
    "memory_corrected": AlarmWords("Memory error corrected", "Clear the alarm; replace the board if it comes back."),
    "memory_error": AlarmWords("Memory error", "Write the program again, then clear the alarm."),
    "safe_state_reset": AlarmWords("Restarted into its safe state", "Check the program, then start the pump."),
    "start_stop_cycling": AlarmWords("Started and stopped too often", "Find out why, clear the alarm, then start."),
}
LEVELS = ("info", "low", "medium", "high")  # by vocabulary.PRIORITIES
LEVEL_WORDS = {"info": "Info", "low": "Low", "medium": "Medium", "high": "High"}
LEVEL_SYMBOLS = {"info": "·", "low": "●", "medium": "▲", "high": "■"}

EVENTS = {
    "boot": "Started up",
    "clock_set": "Clock set",
    "config_changed": "Setting changed",
    "program_committed": "Program put in force",
    "started": "Started",
    "stopped": "Stopped",
    "bolus_duration": "Bolus duration",
    "bolus_started": "Bolus started",
    "bolus_ended": "Bolus ended",
    "bolus_cut_short": "Bolus cut short",
    "refilled": "Refilled",
    "refill_discrepancy": "Refill discrepancy",
    "battery_replaced": "Battery replaced",
    "prelude_ended": "First part of the program ended",
    "events_lost": "Log entries lost",
    "command_refused": "Command refused",
    "session_opened": "Session opened",
    "minimum_rate": "Went to the minimum rate",
    "alarms_cleared": "Alarms cleared",
}
STOP_REASONS = {
    "operator": "by the operator",
    "update": "for an update",
    "script": "by a script",
    "alarm": "by an alarm",
    "bolus_end": "after its bolus",
    "link": "by the link",
}
LINKS = {
    LinkState.CONNECTING: "Connecting …",
    LinkState.ONLINE: "Online",
    LinkState.LOST: "Lost, reconnecting …",
    LinkState.CLOSED: "Not connected",
}
_VALUE_KINDS = {name: meaning for _, name, _, meaning in vocabulary.EVENTS}
_SETTING_NAMES = {row[0]: row[1] for row in vocabulary.SETTINGS}


@dataclass(frozen=True)
class ActiveAlarm:
    """An alarm in force."""

    bit: int
    name: str
    level: str  # of LEVELS
    title: str
    remedy: str
    action: str  # what the pump did about it


def active_alarms(bits: int) -> list[ActiveAlarm]:
    """The alarms in ``bits``, most urgent first."""
    found = [
        ActiveAlarm(bit, name, LEVELS[priority], ALARMS[name].title, ALARMS[name].remedy, vocabulary.ACTIONS[action])
        for bit, name, priority, action, _ in vocabulary.ALARMS
        if bits >> bit & 1
    ]
    return sorted(found, key=lambda alarm: -LEVELS.index(alarm.level))


def event_title(kind: str) -> str:
    """What happened, in words."""
    if kind in EVENTS:
        return EVENTS[kind]
    if kind in ALARMS:
        return ALARMS[kind].title
    if kind.endswith("_over") and kind[:-5] in ALARMS:
        return f"{ALARMS[kind[:-5]].title}: over"
    return kind.replace("_", " ").capitalize()


def event_detail(event: "Event") -> str:
    """What the event's value says, in words and with its unit; "" where it says nothing."""
    meaning = _VALUE_KINDS.get(event.kind, "")
    if meaning == "sensed":
        return _sensed(event.kind.removesuffix("_over"), event.value)
    if meaning.endswith(", nl"):
        return units.volume_text(event.value)
    say = _SAY.get(meaning)
    return say(event.value) if say else ""


def _state(value: int) -> str:
    return STATES[vocabulary.STATES[value]].title.lower() if 0 <= value < len(STATES) else ""


def _reason(value: int) -> str:
    return STOP_REASONS[vocabulary.STOP_REASONS[value]] if 0 <= value < len(STOP_REASONS) else ""


def _alarm(bit: int) -> str:
    return _alarms(1 << bit) if 0 <= bit < 32 else ""


def _alarms(bits: int) -> str:
    return ", ".join(alarm.title for alarm in active_alarms(max(0, bits)))


def _off_time(seconds: int) -> str:
    return "off for an unknown time" if seconds < 0 else f"off for {units.duration_text(seconds * 1000)}"


def _sensed(alarm: str, value: int) -> str:
    if alarm in ("low_reservoir", "empty_reservoir"):
        return f"{units.volume_text(value)} left"
    if alarm == "occlusion":
        return f"{value / 1000:.1f} kPa"
    if alarm in ("battery_eri", "battery_eos"):
        return f"{value / 1000:.2f} V" if value > 1000 else f"{value / 10:.1f} %"
    return ""


#: What the value of an event is (vocabulary.EVENTS) -> how it is said.
_SAY: dict[str, Callable[[int], str]] = {
    "reason": _reason,
    "state": _state,
    "setting": lambda key: setting_title(_SETTING_NAMES.get(key, "")),
    "error code": lambda code: vocabulary.ERROR_NAMES.get(code, "").replace("_", " "),
    "off time, s, -1 unknown": _off_time,
    "alarm bit": _alarm,
    "bits": _alarms,
    "how many": lambda count: f"{count} lost",
    "voltage before, mV": lambda value: f"{value / 1000:.2f} V before",
    "ms": lambda value: units.duration_text(max(0, value)),
}


class SettingWords(NamedTuple):
    """A pump setting: title, unit shown, and shown = raw * scale."""

    title: str
    unit: str
    scale: float


SETTINGS = {
    "sample_interval_ms": SettingWords("Sample interval", "ms", 1),
    "revolution_pl": SettingWords("Volume per revolution", "µL", 1e-6),
    "steps_per_revolution": SettingWords("Steps per revolution", "", 1),
    "rollers": SettingWords("Rollers", "", 1),
    "reservoir_nl": SettingWords("Reservoir capacity", "mL", 1e-6),
    "low_reservoir_nl": SettingWords("Low reservoir alarm at", "mL", 1e-6),
    "occlusion_pa": SettingWords("Occlusion alarm at", "kPa", 1e-3),
    "minimum_flow_pl_s": SettingWords("Minimum rate", "mL/day", 86_400e-9),
    "maximum_flow_pl_s": SettingWords("Maximum rate", "mL/day", 86_400e-9),
    "maximum_bolus_flow_pl_s": SettingWords("Maximum bolus rate", "mL/min", 60e-9),
    "eri_permille": SettingWords("Battery near end at", "%", 0.1),
    "eri_mv": SettingWords("Battery near end below", "V", 1e-3),
    "eos_mv": SettingWords("Battery end below", "V", 1e-3),
    "eos_days": SettingWords("Battery end after near end", "days", 1),
    "stopped_alarm_h": SettingWords("Alarm when stopped for", "h", 1),
    "concentration_ng_ml": SettingWords("Concentration", "µg/mL", 1e-3),
}


def setting_title(name: str) -> str:
    """The setting's title."""
    return SETTINGS[name].title if name in SETTINGS else name.replace("_", " ")


def setting_text(name: str, value: int) -> str:
    """The setting's value with its unit."""
    words = SETTINGS.get(name, SettingWords(name, "", 1))
    return f"{plain(value * words.scale)} {words.unit}".rstrip()


def plain(value: float) -> str:
    """Up to 6 significant digits, never with an exponent, thousands apart."""
    digits = 6 if not value else max(0, 5 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}".replace(",", "\u202f")
    return text.rstrip("0").rstrip(".") if "." in text else text
