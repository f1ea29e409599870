"""Pieces of work one after the other on a thread of their own, each with what is to be done with its result."""

from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from firmware_link.errors import PumpError
from programmer_gui.background import Background


def _nothing(_: object) -> None:
    """With the result of what is no longer wanted."""


class Chores(QObject):
    """Belongs to whoever has them done; ``failed`` is told what went wrong."""

    def __init__(self, parent: QObject, name: str, failed: Callable[[PumpError], None]) -> None:
        super().__init__(parent)
        self._background = Background(self, name)
        self._background.ended.connect(self._end)
        self._failed = failed
        self._waiting: deque[tuple[Callable[[], object], Callable[[Any], None]]] = deque()
        self._then: Callable[[Any], None] | None = None

    @property
    def busy(self) -> bool:
        """Whether anything is under way or waits."""
        return self._then is not None or bool(self._waiting)

    def do(self, work: Callable[[], object], then: Callable[[Any], None]) -> None:
        """Does ``work`` there, after those before it; ``then`` here with what it returned."""
        self._waiting.append((work, then))
        self._next()

    def close(self) -> None:
        """Waits for what is under way; what comes of it, and what waits, isn't wanted any more."""
        self._waiting.clear()
        self._then = _nothing
        self._background.close()

    def _next(self) -> None:
        if self._waiting and self._then is None:
            work, self._then = self._waiting.popleft()
            self._background.start(work)

    def _end(self, result: object, error: PumpError | None) -> None:
        then, self._then = self._then, None
        try:
            if error is not None:
                self._failed(error)
            elif then is not None:
                then(result)
        finally:
            self._next()
