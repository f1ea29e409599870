"""One way of the line between host and pump, with the faults in force on it.

What becomes of a byte depends on the seed and on how many bytes went this way before it, never on the portions in
which they were handed over.  Time is the rig's.
"""

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rig.physics import noise
from rig.virtual.board import LINK_ROOM
from rig.virtual.schedule import NEVER_US

PIECE_US = 100  #: from one split piece to the next: about a byte's time at 115,200 baud
BURST_US = 10_000  #: a burst that isn't whole after so long is let go as it is
REORDERED = 64  #: one burst in so many is reordered, so that frames still come through
LINE_ROOM = 1 << 20  #: bytes that a slow line holds before it takes no more
SHAPING = ("link_delay", "link_split", "link_merge", "link_reorder")  #: faults that hold bytes, none for ever

_Bytes = NDArray[np.uint8]
_Numbers = NDArray[np.uint64]


def stirred(numbers: _Numbers) -> _Numbers:
    """``noise.mix`` of each."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


class Way:
    """Bytes that ``enter`` come out of ``take``.  ``faults`` are those in force, with their amounts; ``stall`` is the
    one that holds this way."""

    def __init__(self, seed: int, name: str, stall: str, faults: Mapping[str, float]) -> None:
        self._seed, self._name, self._stall, self._faults = seed, name, stall, faults
        self._keys: dict[str, int] = {}
        self._entered = 0  # bytes ever: what they were damaged by
        self._passed = 0  # of them, behind drops and duplicates: what bursts and pieces are counted by
        self._burst = b""  # the beginning of one that will be reordered
        self._burst_due_us = NEVER_US
        self._line: deque[tuple[int, bytes]] = deque()  # (due_us, bytes), in order
        self._gathered_us = 0  # end of the gathering under way
        self.held = 0  #: bytes on the line

    @property
    def due_us(self) -> int:
        """When something comes out next, ``NEVER_US`` for not by itself."""
        if self._stall in self._faults:
            return NEVER_US
        return min(self._line[0][0] if self._line else NEVER_US, self._burst_due_us)

    @property
    def room(self) -> int:
        """How many bytes the line takes; less than nothing where it was handed more at once."""
        return (LINK_ROOM if self._stall in self._faults else LINE_ROOM) - self.held

    def enter(self, data: bytes, now_us: int) -> None:
        """Bytes come to this end of the line."""
        first = self._entered
        self._entered += len(data)
        if "link_cut" in self._faults:
            return
        if any(name in self._faults for name in ("link_drop", "link_flip", "link_duplicate")):
            data = self._damaged(data, first)
        self.held += len(data)
        if "link_reorder" in self._faults:
            self._enter_bursts(data, now_us)
        else:
            self._pass_on(data, now_us)

    def ready(self, now_us: int) -> bool:
        """Whether something has come out by now."""
        if self._burst_due_us <= now_us:
            self.end_burst(now_us)
        return self.due_us <= now_us

    def take(self, now_us: int) -> bytes:
        """What has come out by now: all of it, or the next piece on a line that splits."""
        if not self.ready(now_us):
            return b""
        taken = [self._line.popleft()[1]]
        while "link_split" not in self._faults and self._line and self._line[0][0] <= now_us:
            taken.append(self._line.popleft()[1])
        data = b"".join(taken)
        self.held -= len(data)
        return data

    def put_back(self, data: bytes, due_us: int) -> None:
        """What was taken and can't be handed over before ``due_us``."""
        self.held += len(data)
        self._line.appendleft((due_us, data))

    def release(self, now_us: int) -> None:
        """What is held for a later moment is due now."""
        self.end_burst(now_us)
        self._line = deque((min(due_us, now_us), data) for due_us, data in self._line)
        self._gathered_us = 0

    def clear(self) -> None:
        """What is on its way is lost."""
        self._burst, self._burst_due_us = b"", NEVER_US
        self._line.clear()
        self._gathered_us = self.held = 0

    # Damage

    def _key(self, fault: str) -> int:
        if fault not in self._keys:
            self._keys[fault] = noise.stream(self._seed, f"{fault} {self._name}")
        return self._keys[fault]

    def _rolls(self, fault: str, first: int, count: int) -> _Numbers:
        """(count,) 64 random bits for each byte from number ``first`` on."""
        return stirred(np.arange(first, first + count, dtype=np.uint64) ^ np.uint64(self._key(fault)))

    def _hit(self, fault: str, rolls: _Numbers) -> NDArray[np.bool_]:
        share = self._faults.get(fault, 0.0) / 100
        return (rolls >> np.uint64(11)) * 2.0**-53 < share

    def _damaged(self, data: bytes, first: int) -> bytes:
        values: _Bytes = np.frombuffer(data, np.uint8)
        count = len(values)
        flips = self._rolls("link_flip", first, count)
        bits = (np.uint64(1) << (flips & np.uint64(7))).astype(np.uint8)
        values = np.where(self._hit("link_flip", flips), values ^ bits, values)
        times = 1 + self._hit("link_duplicate", self._rolls("link_duplicate", first, count)).astype(np.int64)
        times[self._hit("link_drop", self._rolls("link_drop", first, count))] = 0
        return np.repeat(values, times).tobytes()

    # Order

    def _enter_bursts(self, data: bytes, now_us: int) -> None:
        """Bytes are counted off in bursts of so many; those whose number says so wait until they are whole."""
        size = int(self._faults["link_reorder"])
        while data:
            burst, begun = divmod(self._passed + len(self._burst), size)
            part, data = data[: size - begun], data[size - begun :]
            if noise.mix(self._key("link_reorder") ^ burst) % REORDERED:
                self._pass_on(part, now_us)
                continue
            if not self._burst:
                self._burst_due_us = now_us + BURST_US
            self._burst += part
            if begun + len(part) == size:
                self.end_burst(now_us)

    def end_burst(self, now_us: int) -> None:
        """What there is of it goes on, in an order that its place in the stream decides."""
        burst, self._burst, self._burst_due_us = self._burst, b"", NEVER_US
        if burst:
            order = np.argsort(self._rolls("link_reorder", self._passed, len(burst)), kind="stable")
            self._pass_on(np.frombuffer(burst, np.uint8)[order].tobytes(), now_us)

    # Time

    def _pass_on(self, data: bytes, now_us: int) -> None:
        """Puts bytes on the line, due when they come out of it."""
        faults = self._faults
        if "link_merge" in faults:
            if self._gathered_us <= now_us:
                self._gathered_us = now_us + round(faults["link_merge"] * 1000)
            now_us = self._gathered_us
        due_us = now_us + round(faults.get("link_delay", 0.0) * 1000)
        size = int(faults.get("link_split", 0.0))
        while data:
            begun = self._passed % size if size else 0
            part, data = (data[: size - begun], data[size - begun :]) if size else (data, b"")
            self._put(part, due_us, begun)
            self._passed += len(part)

    def _put(self, part: bytes, due_us: int, begun: int) -> None:
        """A piece, or the rest of one of which ``begun`` bytes went before."""
        if self._line:
            last_us, last = self._line[-1]
            if begun and last_us >= due_us:
                self._line[-1] = (last_us, last + part)
                return
            due_us = max(due_us, last_us + (PIECE_US if "link_split" in self._faults else 0))
        self._line.append((due_us, part))
