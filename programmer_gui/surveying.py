"""Looks into recordings, finishes them and takes them to the trash, on a thread of its own.  Free of Qt.

The names of a folder's recordings come at once, what is known of them from before next, and then what each one is,
those that are in sight first.
"""

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from firmware_link.clock import Clock
from firmware_link.errors import PumpError, UsageError
from programmer_gui.surveyed import (
    BroughtBack,
    Described,
    FinishRun,
    First,
    Keep,
    Listed,
    Look,
    News,
    Order,
    RescueRun,
    RunFinished,
    RunRescued,
    TakeBack,
    Throw,
    Thrown,
    Working,
)
from programmer_gui.trash import Trash, Trashed
from rig.places import RUN_SUFFIX
from rig.recording import catalog
from rig.recording.catalog import RECORDING, Found, Known
from rig.recording.looker import Looker

T = TypeVar("T")
R = TypeVar("R")
KEEP_AFTER = 200  # runs looked into: then what is known of them is kept, should this program end before the last


@dataclass
class Shelf:
    """A folder as the survey knows it."""

    folder: Path
    found: dict[str, Found] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)  # names to look into, in this order
    fresh: int = 0  # looked into since what is known was kept

    def knows(self, one: Found) -> bool:
        """Whether it was looked into as it is now."""
        return one.name in self.known and self.known[one.name].found == one

    def is_busy(self, name: str) -> bool:
        """Whether it was being recorded when it was last looked at."""
        return name in self.known and self.known[name].card.state == RECORDING


class Survey:
    """``put`` says what to do, ``step`` does a piece of it, ``take`` gives what came of it; ``on_news`` is called from
    the thread of ``step`` when there is something to take again."""

    def __init__(self, clock: Clock, trash: Trash, on_news: Callable[[], None]) -> None:
        self._clock, self._trash, self._on_news = clock, trash, on_news
        self._looker = Looker()
        self._ending = False
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._news: list[News] = []
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None

    def put(self, order: Order) -> None:
        """From any thread."""
        self._orders.put(order)

    def end(self) -> None:
        """From any thread: ends ``step``, whatever it does."""
        self._ending = True
        self._looker.interrupt()
        self._orders.put(None)

    def take(self) -> list[News]:
        """From any thread: what came since it was last asked for."""
        with self._lock:
            taken, self._news = self._news, []
        return taken

    def step(self, timeout_s: float = 0.0) -> bool:
        """Does what was asked for, or looks into one run, or waits; returns whether it did anything."""
        waiting = self._shelf is not None and bool(self._shelf.waiting)
        try:
            order = self._orders.get_nowait() if waiting or not timeout_s else self._orders.get(timeout=timeout_s)
        except queue.Empty:
            order = None
        if order is not None:
            self._do(order)
        elif waiting:
            self._look_into_next()
        return waiting or order is not None

    def close(self) -> None:
        """Keeps what is known."""
        self._looker.close()
        self._keep()

    def _tell(self, news: News) -> None:
        with self._lock:
            first = not self._news
            last = self._news[-1] if self._news else None
            if isinstance(news, Described) and isinstance(last, Described) and last.folder == news.folder:
                last.cards.update(news.cards)
            else:
                self._news.append(news)
        if first:
            self._on_news()

    def _do(self, order: Order) -> None:
        match order:
            case Look():
                self._look(order)
            case Keep():
                catalog.keep_places(order.path, order.places)
            case First():
                self._prefer(order.names)
            case FinishRun():
                self._finish(order.path)
            case RescueRun():
                self._rescue(order.path)
            case Throw():
                self._throw(order.paths)
            case TakeBack():
                self._take_back(order.thrown)

    # -- looking -------------------------------------------------------------------------------------------------

    def _look(self, order: Look) -> None:
        folder, shelf = order.folder, self._shelf
        try:
            found = {one.name: one for one in catalog.found(folder)}
        except PumpError as error:
            self._shelf = None
            self._tell(Listed(folder, error=error))
            return
        if shelf is None or shelf.folder != folder or shelf.found != found:
            self._tell(Listed(folder, tuple(found.values()), folder.exists()))
        if shelf is None or shelf.folder != folder:
            shelf = self._begin(folder, found)
        shelf.found = found
        shelf.known = {name: known for name, known in shelf.known.items() if name in found}
        newest_first = sorted(found, reverse=True)  # the window names recordings by their start
        shelf.waiting = {name: None for name in newest_first if not shelf.knows(found[name]) or shelf.is_busy(name)}

    def _begin(self, folder: Path, found: dict[str, Found]) -> Shelf:
        """With another folder."""
        self._keep()
        shelf = self._shelf = Shelf(folder, known=catalog.recalled(folder))
        recalled = {name: shelf.known[name].card for name, one in found.items() if shelf.knows(one)}
        if recalled:
            self._tell(Described(folder, recalled))
        return shelf

    def _prefer(self, names: Iterable[str]) -> None:
        if self._shelf is not None:
            waiting = self._shelf.waiting
            self._shelf.waiting = {name: None for name in names if name in waiting} | waiting

    def _look_into_next(self) -> None:
        shelf = self._shelf
        assert shelf is not None
        name = next(iter(shelf.waiting))
        del shelf.waiting[name]
        card = self._looker.look(shelf.folder / name)
        if self._ending:
            return
        shelf.known[name] = Known(shelf.found[name], card)
        shelf.fresh += 1
        self._tell(Described(shelf.folder, {name: card}))
        if shelf.fresh >= KEEP_AFTER or not shelf.waiting:
            self._keep()

    def _keep(self) -> None:
        if self._shelf is not None and self._shelf.fresh:
            self._shelf.fresh = 0
            catalog.remember(self._shelf.folder, self._shelf.known.values())

    # -- doing ---------------------------------------------------------------------------------------------------

    def _finish(self, path: Path) -> None:
        from rig.recording.finish import finish_recording

        try:
            finish_recording(path, self._clock.utc_us(), lambda *done: self._go_on(path, *done))
        except PumpError as error:
            self._tell(RunFinished(path, error))
        else:
            self._tell(RunFinished(path))

    def _rescue(self, path: Path) -> None:
        from rig.recording.rescue import rescue

        output = path.with_name(f"{path.name.removesuffix(RUN_SUFFIX)}_rescued{RUN_SUFFIX}")
        try:
            rescued = rescue(path, output, self._clock.utc_us(), lambda done: self._go_on(path, done))
        except PumpError as error:
            self._tell(RunRescued(path, output, error=error))
        else:
            self._tell(RunRescued(path, output, rescued.lost))

    def _go_on(self, path: Path, done: int, total: int = 0) -> None:
        """It may be ended at any moment, and begun again."""
        if self._ending:
            raise UsageError(f"{path.name} was left as it is.", "Do it another time: nothing is lost.")
        percent = f"{100 * done // total} %" if total else f"{done:,} samples"
        self._tell(Working(f"{path.name}: {percent}"))

    def _throw(self, paths: tuple[Path, ...]) -> None:
        done, error = _each(self._trash.throw, paths)
        self._tell(Thrown(done, error))

    def _take_back(self, thrown: tuple[Trashed, ...]) -> None:
        done, error = _each(self._trash.take_back, thrown)
        self._tell(BroughtBack(done, error))


def _each(do: Callable[[T], R], things: Iterable[T]) -> tuple[tuple[R, ...], PumpError | None]:
    """Does it with each of them; returns what came of those that went well, and why the first of the others didn't."""
    done, error = [], None
    for thing in things:
        try:
            done.append(do(thing))
        except PumpError as raised:
            error = error or raised
    return tuple(done), error
