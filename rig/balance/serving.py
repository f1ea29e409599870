"""A virtual balance on a pseudo-terminal, for any program that talks to balances."""

import contextlib
import os

from rig.balance.twins import Twin

_SIZE = 4096
_UNREAD_MAX = 1 << 16  # bytes that wait for a host that doesn't read; more are lost, as on any serial line


class ServedTwin:
    """``twin`` at the far end of ``address``.  Its owner calls ``turn`` often."""

    def __init__(self, twin: Twin) -> None:
        import pty
        import tty

        self._twin = twin
        self._master, self._slave = pty.openpty()  # the slave stays open, so that hosts may come and go
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.address = f"{twin.language}:{os.ttyname(self._slave)}"
        self._unsent = b""

    def turn(self) -> None:
        """Hears what came in and says what there is to say."""
        with contextlib.suppress(OSError):  # nothing to read, or the host is gone
            self._twin.hear(os.read(self._master, _SIZE))
        self._unsent = (self._unsent + self._twin.say())[-_UNREAD_MAX:]
        with contextlib.suppress(OSError):
            self._unsent = self._unsent[os.write(self._master, self._unsent) :] if self._unsent else b""

    def close(self) -> None:
        """Ends the pseudo-terminal."""
        os.close(self._master)
        os.close(self._slave)
