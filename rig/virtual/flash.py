"""The board's memory that survives power loss, in memory of this process."""

import struct
from typing import NamedTuple

from rig.firmware.state import SLOT_SIZE

SIZES = {"state": 64 * 1024, "events": 4096 * 32}  # of each region, bytes
_HEADER = "<IHHI"  # of a saved state: sequence, format, size of what follows, CRC
_HEADER_SIZE = struct.calcsize(_HEADER)
_SLOTS = 2


class PowerFailed(BaseException):
    """The supply fails in the middle of a write.  Nothing that the firmware catches."""


class Copy(NamedTuple):
    """One copy of the saved state: where it lies in region "state", and its size in bytes."""

    offset: int
    size: int


class Flash:
    """Regions of bytes; what was never written reads as 0xFF."""

    def __init__(self) -> None:
        self._regions = {name: bytearray(b"\xff" * size) for name, size in SIZES.items()}
        self._left: int | None = None  # bytes that are still written before the supply fails

    def load(self, region: str, offset: int, size: int) -> bytes:
        """``size`` bytes; raises ValueError beyond the region's end."""
        self._check(region, offset, size)
        return bytes(self._regions[region][offset : offset + size])

    def store(self, region: str, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Writes ``data``; raises ValueError beyond the region's end, PowerFailed where the supply fails with so many
        bytes of it written as it lasted for."""
        self._check(region, offset, len(data))
        fails = self._left is not None and len(data) >= self._left
        data = data[: self._left] if fails else data
        self._regions[region][offset : offset + len(data)] = data
        if fails:
            self._left = None
            raise PowerFailed
        if self._left is not None:
            self._left -= len(data)

    def fail_after(self, count: int | None) -> None:
        """Lets the supply fail when ``count`` more bytes are written: at the next write for 0, not at all for None."""
        self._left = count

    def copies(self) -> list[Copy]:
        """The saved copies of the state, the newest first."""
        found = []
        for offset in range(0, _SLOTS * SLOT_SIZE, SLOT_SIZE):
            header = self.load("state", offset, _HEADER_SIZE)
            if header != b"\xff" * _HEADER_SIZE:
                sequence, _, size, _ = struct.unpack(_HEADER, header)
                found.append((sequence, Copy(offset, min(_HEADER_SIZE + size, SLOT_SIZE))))
        return [copy for _, copy in sorted(found, reverse=True)]

    def flip(self, copy: Copy, bit: int) -> None:
        """Turns one bit of ``copy`` over; ``bit`` counts round and round."""
        place, within = divmod(bit % (copy.size * 8), 8)
        self._regions["state"][copy.offset + place] ^= 1 << within

    def _check(self, region: str, offset: int, size: int) -> None:
        if offset < 0 or offset + size > len(self._regions[region]):
            raise ValueError(f"{size} bytes at {offset} are beyond the {region} flash")
