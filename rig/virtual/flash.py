"""The board's memory that survives power loss, in memory of this process."""

SIZES = {"state": 64 * 1024, "events": 4096 * 32}  # of each region, bytes


class Flash:
    """Regions of bytes; what was never written reads as 0xFF."""

    def __init__(self) -> None:
        self._regions = {name: bytearray(b"\xff" * size) for name, size in SIZES.items()}

    def load(self, region: str, offset: int, size: int) -> bytes:
        """``size`` bytes; raises ValueError beyond the region's end."""
        self._check(region, offset, size)
        return bytes(self._regions[region][offset : offset + size])

    def store(self, region: str, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Writes ``data``; raises ValueError beyond the region's end."""
        self._check(region, offset, len(data))
        self._regions[region][offset : offset + len(data)] = data

    def _check(self, region: str, offset: int, size: int) -> None:
        if offset < 0 or offset + size > len(self._regions[region]):
            raise ValueError(f"{size} bytes at {offset} are beyond the {region} flash")
