"""What a live session has heard since its last batch, and who it heard it from."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link import vocabulary
from firmware_link.decode import Message
from firmware_link.errors import PeerError, PumpError
from rig.rows import joined
from rig.session import (
    Batch,
    ControlFrame,
    DeviceInfo,
    Event,
    Gap,
    LinkChange,
    LinkCounters,
    LinkState,
    Reply,
    Status,
    no_samples,
)
from rig.truth import Strike


class Gathering:
    """Fills up between two batches; true when there is anything to tell."""

    def __init__(self) -> None:
        self.samples: list[NDArray[np.void]] = []
        self.events: list[Event] = []
        self.replies: list[Reply] = []
        self.links: list[LinkChange] = []
        self.gaps: list[Gap] = []
        self.frames: list[ControlFrame] = []
        self.traces: list[str] = []
        self.status: Status | None = None

    def __bool__(self) -> bool:
        return bool(
            self.samples or self.events or self.replies or self.links or self.gaps or self.traces or self.status
        )

    def frame(self, message: Message, outgoing: bool, host_us: int) -> None:
        """Keeps a control message as evidence; that alone is no reason for a batch."""
        self.frames.append(ControlFrame(host_us, outgoing, message.name, message.sequence, message.payload))

    def link(self, state: LinkState, host_us: int, error: PumpError | None) -> None:
        """The link has changed."""
        self.links.append(LinkChange(state, host_us, error))

    def take(self, counters: LinkCounters, truth: NDArray[np.void], strikes: tuple[Strike, ...]) -> Batch:
        """Everything as a batch, with what else belongs to it; the gathering begins anew."""
        batch = Batch(
            joined(self.samples) if self.samples else no_samples(),
            tuple(self.events),
            tuple(self.replies),
            tuple(self.links),
            tuple(self.gaps),
            tuple(self.frames),
            self.status,
            tuple(self.traces),
            counters,
            truth,
            strikes,
        )
        self.__init__()  # type: ignore[misc]
        return batch


def device_info(welcome: dict[str, Any], settings: tuple[tuple[int, ...], ...]) -> DeviceInfo:
    """Who answered, from the fields of its welcome and the records of its configuration.

    Raises PeerError where one of the settings is missing.
    """
    names = {row[0]: row[1] for row in vocabulary.SETTINGS}
    missing = set(names) - {key for key, _ in settings}
    if missing:
        what = f"The pump doesn't tell a valid {names[min(missing)].replace('_', ' ')}."
        raise PeerError(what, "Update its firmware; if this repeats, replace the board.")
    version = welcome["firmware_version"]
    return DeviceInfo(
        device_id=f"{welcome['device_id']:016x}",
        firmware_version=f"{version >> 16}.{version >> 8 & 0xFF}.{version & 0xFF}",
        protocol=welcome["protocol"],
        table_crc=welcome["table_crc"],
        capabilities=frozenset(
            name for bit, name in enumerate(vocabulary.CAPABILITIES) if welcome["capabilities"] >> bit & 1
        ),
        boot_count=welcome["boot_count"],
        settings={names.get(key, f"setting_{key}"): value for key, value in settings},
    )
