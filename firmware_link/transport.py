"""The narrow edge: bytes to and from one pump."""

from typing import Protocol


class Transport(Protocol):
    """A byte pipe that never blocks but in ``wait``.

    Every method but ``wake`` belongs to one thread.  ``read``, ``write`` and ``wait`` raise ``PortLost`` once the
    other end is gone; ``close`` may be called twice.
    """

    name: str  #: what to call it before a person, "/dev/ttyACM0"

    def read(self) -> bytes:
        """Everything that has come in, b"" when nothing has."""

    def write(self, data: bytes) -> int:
        """Hands over as much as fits now and says how many bytes that was; the caller keeps the rest."""

    def wait(self, timeout_s: float, gather_s: float = 0.0) -> None:
        """Returns when bytes are there to read, on ``wake``, or after ``timeout_s``.

        With ``gather_s`` it may go on resting that long after the first bytes, so that more come in one ``read``.
        """

    def wake(self) -> None:
        """Makes a ``wait`` under way, or else the next, return at once.  Safe from any thread."""

    def close(self) -> None:
        """Lets go of the port."""
