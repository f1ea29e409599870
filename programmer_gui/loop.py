"""Runs something that can be stepped on a thread of its own, until it is told to end."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Loop:
    """``step`` is called over and over; ``finish`` once at the end, on the same thread."""

    def __init__(
        self,
        name: str,
        step: Callable[[], None],
        finish: Callable[[], None],
        wake: Callable[[], None],
        on_crash: Callable[[BaseException], None],
    ) -> None:
        self._step, self._finish, self._wake, self._on_crash = step, finish, wake, on_crash
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def end(self, timeout_s: float) -> bool:
        """Asks it to end and waits; returns whether it did in time."""
        self._ending.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._step()
            except Exception as error:  # a thread must never die silently
                log.exception("%s failed", self._thread.name)
                self._on_crash(error)
                self._ending.wait(0.2)
        try:
            self._finish()
        except Exception as error:
            log.exception("%s could not finish", self._thread.name)
            self._on_crash(error)
