"""Ctrl-C, or the system's wish that this program ends, as a question that is asked when it suits."""

import signal
import threading
from types import FrameType
from typing import Any


class Interrupt:
    """While entered, Ctrl-C and SIGTERM wait for the next ``check``: in a commit they would cost a recording its end.

    Where nobody checks, a second one comes through at once.  Outside the main thread, which has no signals, nothing.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

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
            self._before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *raised: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
