"""Ctrl-C as a question that is asked when it suits."""

import signal
import threading
from types import FrameType
from typing import Any


class Interrupt:
    """While entered, Ctrl-C waits for the next ``check``: in the middle of a commit it would cost a recording its end.

    Where nobody checks, a second one comes through at once.  Outside the main thread, which has no signals, nothing.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: Any = None

    def check(self) -> None:
        """Raises KeyboardInterrupt where Ctrl-C was pressed since the last check."""
        if self._asked:
            self._asked = False
            raise KeyboardInterrupt

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def __enter__(self) -> "Interrupt":
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *raised: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
