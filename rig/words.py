"""The wire's words, as people read them: states, alarms, events.  Tables, for the window and for the guide."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from firmware_link import vocabulary
from rig.alarm_words import ALARMS
from rig.balancestate import TROUBLES
from rig.linkstate import LinkState
from rig.setting_words import setting_title
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

#: vocabulary.ACTIONS -> what the pump did about an alarm.
ACTIONS = {
    "unchanged": "The pump goes on with what it does.",
    "minimum rate": "The pump went to its minimum rate.",
    "stopped": "The pump stopped.",
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
    "demand_granted": "On-demand bolus granted",
    "demand_refused": "On-demand bolus refused",
    "silenced": "Tones silenced",
    "silence_ended": "Silence ended",
    "tone": "Tone sounded",
    "tones_ended": "Tones ended",
    "self_test_passed": "Self-test passed",
    "self_test_failed": "Self-test failed",
    "tube_replaced": "Tube replaced",
    "refill_suspect": "Refill suspect",
    "stall_recovered": "Rotor turns again after a stall",
}
HOST_EVENTS = {  # what this computer notices by itself
    "host_clock_jump": "Pump's clock jumped",
    "host_balance_trouble": "Laboratory balance in trouble",
    "host_balance_over": "Laboratory balance weighs again",
    "host_balance_tared": "Laboratory balance tared",
    "host_balance_untared": "Laboratory balance not tared",
}
#: What their values are, as vocabulary.EVENTS says it of the pump's.
HOST_VALUES = {
    "host_clock_jump": "jump, ms",
    "host_balance_trouble": "trouble of a balance",
    "host_balance_over": "trouble of a balance",
    "host_balance_tared": "shown before, ug",
    "host_balance_untared": "trouble of a balance",
}
STOP_REASONS = {
    "operator": "by the operator",
    "update": "for an update",
    "script": "by a script",
    "alarm": "by an alarm",
    "bolus_end": "after its bolus",
    "link": "by the link",
    "program": "by its program",
}
SELF_TESTS = {
    "memory": "memory",
    "program": "program",
    "sensors": "sensors",
    "control": "values computed twice",
}
SENSORS = {
    "rotor": "rotor",
    "pressure": "pressure",
    "balance": "balance",
    "battery": "battery",
    "temperature": "temperature",
}
LINKS = {
    LinkState.CONNECTING: "Connecting …",
    LinkState.ONLINE: "Online",
    LinkState.LOST: "Lost, reconnecting …",
    LinkState.CLOSED: "Not connected",
}
_VALUE_KINDS = {name: meaning for _, name, _, meaning in vocabulary.EVENTS} | HOST_VALUES
_SETTING_NAMES = {row[0]: row[1] for row in vocabulary.SETTINGS}


@dataclass(frozen=True)
class ActiveAlarm:
    """An alarm in force."""

    bit: int
    name: str
    level: str  # of LEVELS
    title: str
    remedy: str
    action: str  # of vocabulary.ACTIONS: what the pump did about it
    latching: bool  # stays until somebody clears it


def active_alarms(bits: int) -> list[ActiveAlarm]:
    """The alarms in ``bits``, most urgent first."""
    found = [
        ActiveAlarm(bit, name, LEVELS[priority], *ALARMS[name][::2], vocabulary.ACTIONS[action], latching)
        for bit, name, priority, action, latching in vocabulary.ALARMS
        if bits >> bit & 1
    ]
    return sorted(found, key=lambda alarm: -LEVELS.index(alarm.level))


def event_title(kind: str) -> str:
    """What happened, in words."""
    if kind in EVENTS or kind in HOST_EVENTS:
        return (EVENTS | HOST_EVENTS)[kind]
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


def _ordinal(count: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{count}{'th' if count // 10 % 10 == 1 else endings.get(count % 10, 'th')}"


def times(count: int) -> str:
    """How often."""
    return "once" if count == 1 else f"{count} times"


def _wait(seconds: int) -> str:
    return "waiting won't help" if seconds < 0 else f"{units.duration_text(seconds * 1000)} too early"


def self_tests(bits: int) -> str:
    """The self-tests in ``bits``, listed."""
    return ", ".join(SELF_TESTS[name] for bit, name in enumerate(vocabulary.SELF_TESTS) if max(0, bits) >> bit & 1)


def _trouble(index: int) -> str:
    return list(TROUBLES.values())[index] if 0 <= index < len(TROUBLES) else ""


def _sensors(bits: int) -> str:
    return ", ".join(SENSORS[name] for bit, name in enumerate(vocabulary.SENSORS) if max(0, bits) >> bit & 1)


def _sensed(alarm: str, value: int) -> str:
    if alarm in ("low_reservoir", "empty_reservoir"):
        return f"{units.volume_text(value)} left"
    if alarm == "occlusion":
        return f"{value / 1000:.1f} kPa"
    if alarm in ("battery_eri", "battery_eos"):
        return f"{value / 1000:.2f} V" if value > 1000 else f"{value / 10:.1f} %"
    if alarm == "no_flow":
        return f"{units.volume_text(value)} missing"
    if alarm == "flow_tolerance":
        return f"{value / 10:+.1f} %"
    if alarm == "free_flow":
        return f"{units.volume_text(value)} too much"
    if alarm == "sensor_fault":
        return _sensors(value)
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
    "jump, ms": lambda value: f"by {value / 1000:+.3f} s",
    "s": lambda value: "after " + units.duration_text(max(0, value) * 1000),
    "granted in 24 h": lambda count: f"{_ordinal(count)} in 24 h",
    "s until it may, -1 unknown": _wait,
    "trouble of a balance": _trouble,
    "shown before, ug": lambda mass_ug: f"from {mass_ug / 1000:.1f} mg",
    "repeats": lambda count: f"repeated {times(max(0, count))}",
    "self-tests": self_tests,
    "steps lost": lambda count: f"{count:,} steps lost".replace(",", "\u202f"),
    "compressions": lambda count: f"after {count:,} compressions".replace(",", "\u202f"),
}
