"""What a tolerance file may say, as a table; it reads files and makes their JSON schema."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from firmware_link import telemetry, vocabulary
from rig.therapy import units
from rig.therapy.fields import quantity, several, text, words
from rig.therapy.schema import schema_of
from rig.words import HOST_EVENTS

SCHEMA = 1
MOST = 10_000  # missing or extra events
_LONGEST_MS = 24 * 3_600_000
#: a channel's name in files -> the channel
CHANNELS = {channel.title.lower().replace(" ", "-"): channel for channel in telemetry.CHANNELS}
EVENTS = (*(row[1] for row in vocabulary.EVENTS), *HOST_EVENTS)

Counts = Literal["counts", "shown"]  # whether a difference counts, or is only shown


def _listed(title: str, help: str, choices: tuple[str, ...], example: str) -> Meta:
    known = {"enum": [*choices], "examples": [example]}
    return Meta(title=title, description=help, extra_json_schema=known)


class ChannelPart(Struct, forbid_unknown_fields=True):
    """One channel."""

    channel: Annotated[str, _listed("Channel", "Which of a sample's values.", tuple(CHANNELS), "flow")]
    share: (
        Annotated[str, quantity("Share", "Of the golden value.", units.PERCENT, "1 %", low=0, high=100_000)] | UnsetType
    ) = UNSET
    least: Annotated[str, words("Least", "In any case, with its unit.", "5 uL")] | UnsetType = UNSET
    time: (
        Annotated[str, quantity("Time", "Earlier or later.", units.DURATION, "60 s", low=0, high=_LONGEST_MS)]
        | UnsetType
    ) = UNSET
    difference: Annotated[Counts, words("Difference", "Whether it counts.", "shown")] | UnsetType = UNSET


class EventPart(Struct, forbid_unknown_fields=True):
    """One kind of event."""

    event: Annotated[str, _listed("Event", "Which kind.", EVENTS, "occlusion")]
    time: (
        Annotated[str, quantity("Time", "Earlier or later.", units.DURATION, "10 s", low=0, high=_LONGEST_MS)]
        | UnsetType
    ) = UNSET
    missing: Annotated[int, Meta(ge=0, le=MOST), words("Missing", "How many may.", "0")] | UnsetType = UNSET
    extra: Annotated[int, Meta(ge=0, le=MOST), words("Extra", "How many may.", "0")] | UnsetType = UNSET
    difference: Annotated[Counts, words("Difference", "Whether it counts.", "shown")] | UnsetType = UNSET


class ToleranceFile(Struct, forbid_unknown_fields=True):
    """What may differ, and by how much."""

    tolerance: Annotated[int, Meta(ge=SCHEMA, le=SCHEMA), words("Schema", "The version of this kind of file.")]
    name: Annotated[str, text("Name", "What people call it.", "Nightly test of pump 3")]
    time: (
        Annotated[
            str,
            quantity(
                "Time", "By which anything may come earlier or later.", units.DURATION, "2 s", low=0, high=_LONGEST_MS
            ),
        ]
        | UnsetType
    ) = UNSET
    compared: (
        Annotated[
            str,
            quantity(
                "Compared", "So much of the golden run's time at least.", units.PERCENT, "90 %", low=0, high=10_000
            ),
        ]
        | UnsetType
    ) = UNSET
    duration: (
        Annotated[str, quantity("Duration", "Of the recordings.", units.PERCENT, "2 %", low=0, high=100_000)]
        | UnsetType
    ) = UNSET
    program: Annotated[Counts, words("Program", "Whether a difference counts.", "shown")] | UnsetType = UNSET
    settings: Annotated[Counts, words("Settings", "Whether a difference counts.", "shown")] | UnsetType = UNSET
    channels: (
        Annotated[list[ChannelPart], several("Channels", "Of a sample.", least=0, most=len(CHANNELS))] | UnsetType
    ) = UNSET
    events: Annotated[list[EventPart], several("Events", "Kinds of them.", least=0, most=len(EVENTS))] | UnsetType = (
        UNSET
    )


def schema() -> dict[str, Any]:
    """The JSON schema of tolerance files."""
    return schema_of("tolerance", "Tolerance of a comparison", [ToleranceFile], ())
