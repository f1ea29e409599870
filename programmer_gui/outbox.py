"""The way from the engine to the window: bounded, in order, and never in the engine's way."""

import threading
from collections import deque
from dataclasses import fields, replace

import numpy as np

from programmer_gui.messages import Message, PictureSkipped, Received
from rig.session import Batch, no_samples
from rig.tracker import Delivered

CAPACITY = 512
NOTHING = Delivered(*(np.empty(0) for _ in range(4)))


class Outbox:
    """Messages for the window.  Neighbouring batches become one; when even that is too much, samples are left out of
    the picture (never out of the recording) and ``PictureSkipped`` says so."""

    def __init__(self, capacity: int = CAPACITY, max_samples: int = 2_000_000) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Message] = deque()
        self._capacity = capacity
        self._max_samples = max_samples
        self._samples = 0
        self._skipped = 0

    def put(self, message: Message) -> None:
        """From any thread; never blocks for long."""
        with self._lock:
            if isinstance(message, Received):
                message = self._bounded(message)
            self._waiting.append(message)
            if len(self._waiting) > self._capacity:
                self._waiting = deque(joined(list(self._waiting)))

    def drain(self) -> list[Message]:
        """All that waits, in order, neighbouring batches joined into one."""
        with self._lock:
            waiting, self._waiting = list(self._waiting), deque()
            self._samples = 0
            skipped, self._skipped = self._skipped, 0
        return joined(waiting) + ([PictureSkipped(skipped)] if skipped else [])

    def _bounded(self, message: Received) -> Received:
        count = len(message.batch.samples)
        if self._samples + count > self._max_samples:
            self._skipped += count
            return replace(message, batch=replace(message.batch, samples=no_samples()), delivered=NOTHING)
        self._samples += count
        return message


def joined(messages: list[Message]) -> list[Message]:
    """The same, with neighbouring ``Received`` made one."""
    result: list[Message] = []
    run: list[Received] = []
    for message in messages:
        if isinstance(message, Received):
            run.append(message)
            continue
        if run:
            result.append(join(run))
            run = []
        result.append(message)
    if run:
        result.append(join(run))
    return result


def join(run: list[Received]) -> Received:
    """One message that tells all that those of ``run`` (one at least) tell; nothing from before a seek."""
    sought = [at for at, message in enumerate(run) if message.batch.moment is not None]
    run = run[sought[-1] :] if sought else run
    if len(run) == 1:
        return run[0]
    columns = (
        np.concatenate([getattr(message.delivered, field.name) for message in run]) for field in fields(Delivered)
    )
    batch, last = join_batches([message.batch for message in run]), run[-1]
    return Received(batch, Delivered(*columns), last.totals, last.standing, last.playback)


def join_batches(batches: list[Batch]) -> Batch:
    """One batch that tells all that ``batches`` (one at least) tell, in their order."""
    statuses = [batch.status for batch in batches if batch.status]
    balances = [batch.balance for batch in batches if batch.balance]
    return Batch(
        samples=np.concatenate([batch.samples for batch in batches]),
        events=tuple(event for batch in batches for event in batch.events),
        replies=tuple(reply for batch in batches for reply in batch.replies),
        links=tuple(link for batch in batches for link in batch.links),
        gaps=tuple(gap for batch in batches for gap in batch.gaps),
        frames=tuple(frame for batch in batches for frame in batch.frames),
        status=statuses[-1] if statuses else None,
        traces=tuple(trace for batch in batches for trace in batch.traces),
        truth=np.concatenate([batch.truth for batch in batches]),
        strikes=tuple(strike for batch in batches for strike in batch.strikes),
        counters=batches[-1].counters,
        weighings=np.concatenate([batch.weighings for batch in batches]),
        balance=balances[-1] if balances else None,
        moment=batches[0].moment,
    )
