"""Frames on their way into a port that takes only as much as fits."""

from collections import deque
from collections.abc import Callable


class Outbox:
    """Whole frames in order; an urgent one overtakes all but the frame that is partly sent."""

    def __init__(self) -> None:
        self._begun = b""  # what is left of a frame of which some bytes are sent
        self._urgent: deque[bytes] = deque()
        self._normal: deque[bytes] = deque()

    def __len__(self) -> int:
        """Bytes not handed over yet."""
        return len(self._begun) + sum(map(len, self._urgent)) + sum(map(len, self._normal))

    def add(self, frame: bytes, urgent: bool = False) -> None:
        """Puts a frame in line."""
        (self._urgent if urgent else self._normal).append(frame)

    def flush(self, write: Callable[[bytes], int]) -> int:
        """Hands over as much as ``write`` takes and returns how many bytes that was; raises what ``write`` raises."""
        sent = 0
        while len(self):
            frame = self._begun or (self._urgent or self._normal).popleft()
            self._begun = frame
            count = write(frame)
            sent += count
            self._begun = frame[count:]
            if self._begun:
                break
        return sent

    def clear(self) -> None:
        """Forgets everything: the stream is gone."""
        self._begun = b""
        self._urgent.clear()
        self._normal.clear()
