"""The fields of a pump that scripts may wait for and expect something of: one table."""

from dataclasses import dataclass
from typing import Literal

from firmware_link.telemetry import CHANNELS
from firmware_link.vocabulary import ALARMS, STATES
from rig.linkstate import LinkState

Origin = Literal["channel", "status", "state", "alarm", "link"]


@dataclass(frozen=True)
class Field:
    """One field: its name in scripts, and where it comes from."""

    name: str
    title: str
    unit: str  # "" for a word or a mere number
    origin: Origin
    source: str  # the channel's field, the status' field, the alarm's name
    scale: float = 1.0  # value = raw * scale
    words: tuple[str, ...] = ()  # what it may be, where it is a word


def _kebab(name: str) -> str:
    return name.replace("_", "-").replace(" ", "-").lower()


FIELDS = (
    *(
        Field(_kebab(channel.title), channel.title, channel.unit, "channel", channel.field, channel.scale)
        for channel in CHANNELS
    ),
    Field("state", "State", "", "state", "state", words=tuple(_kebab(state) for state in STATES)),
    Field("link", "Link", "", "link", "", words=(LinkState.ONLINE.value, LinkState.LOST.value)),
    Field("bolus-left", "Left of the bolus", "s", "status", "bolus_left_ms", 1e-3),
    Field("demands-today", "On-demand boluses in 24 h", "", "status", "demands_day"),
    Field("demand-wait", "Until another on-demand bolus", "s", "status", "demand_wait_s"),
    Field("tones", "Tones since boot", "", "status", "tones"),
    Field("tube-used", "Of the tube's life", "%", "status", "tube_permille", 0.1),
    *(
        Field(f"alarm-{_kebab(name)}", f"Alarm: {name.replace('_', ' ')}", "", "alarm", name, words=("on", "off"))
        for _, name, _, _, _ in ALARMS
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
