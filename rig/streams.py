"""What a pump sends by itself, checked for completeness: samples and events, each with its gaps."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from firmware_link import messages, vocabulary
from firmware_link.decode import Message
from rig.session import Event, Gap

_EVENT_FIELDS = tuple(name for name, _ in messages.EVENT)


class SampleStream:
    """Watches the index of the samples: a jump in it is lost time."""

    def __init__(self) -> None:
        self._boot = self._index = self._t_us = -1  # of the last sample
        self._interrupted = False

    def is_before(self, moment: tuple[int, int]) -> bool:
        """Whether ``moment``, (boot, t_us), is earlier than the last sample."""
        return moment < (self._boot, self._t_us)

    def interrupt(self) -> None:
        """The link is lost: what comes next follows a gap."""
        self._interrupted = self._boot >= 0

    def receive(self, rows: NDArray[np.void]) -> list[Gap]:
        """The gaps before and within ``rows``: (n,) of telemetry.SAMPLE_DTYPE of one boot, n > 0."""
        gaps = []
        boot, indices, times_us = int(rows["boot"][0]), rows["index"], rows["t_us"]
        first, last, first_us = int(indices[0]), int(indices[-1]), int(times_us[0])
        if self._interrupted or (self._boot >= 0 and boot != self._boot):
            gaps.append(self._link_gap(boot, first, first_us))
        elif self._boot >= 0 and first > self._index + 1:
            gaps.append(Gap("samples", boot, self._t_us, first_us, first - self._index - 1))
        if last - first != len(rows) - 1:
            gaps += self._gaps_within(rows)
        self._boot, self._index, self._t_us = boot, last, int(times_us[-1])
        self._interrupted = False
        return gaps

    def _link_gap(self, boot: int, first: int, first_us: int) -> Gap:
        """Within one boot the missing rows are known; a new boot begins at its time 0, with nothing known before."""
        if boot != self._boot:
            return Gap("link", boot, 0, first_us, 0)
        return Gap("link", boot, self._t_us, first_us, max(0, first - self._index - 1))

    @staticmethod
    def _gaps_within(rows: NDArray[np.void]) -> list[Gap]:
        jumps = np.diff(rows["index"].astype(np.int64))
        return [
            Gap("samples", int(rows["boot"][at]), int(rows["t_us"][at]), int(rows["t_us"][at + 1]), int(jumps[at]) - 1)
            for at in np.flatnonzero(jumps > 1).tolist()
        ]


class EventStream:
    """Keeps the pump's events in their order, each once.  ``wanted`` is the number to ask the pump for, if any."""

    def __init__(self) -> None:
        self.wanted: int | None = None
        self._next: int | None = None  # the number expected; None until the pump has said which it keeps
        self._next_at_link = 0  # what it was when this link began
        self._asking = False
        self._complete = False  # since the question no frame was lost, or passed over
        self._occurred_us = 0
        self._next_at_status: int | None = None
        self._frame_expected = -1  # sequence of the next frame that the pump sends by itself, where none is lost
        self._last_of_frame = -1  # number of the last event of the frame before

    def restart(self) -> None:
        """The link is lost, and with it the question under way."""
        self._asking = self._complete = False
        self.wanted = None
        self._next_at_link = self._next or 0
        self._next_at_status = None
        self._frame_expected = -1

    def status(self, values: dict[str, Any]) -> None:
        """The pump's status tells which events it has; those that don't come by themselves are asked for."""
        last = values["last_event"]
        # New to us, or its memory has begun anew.  Less than came over this link says only that the word is old: a lost
        # reply is repeated as it was.
        if self._next is None or last + 1 < self._next_at_link:
            self._next = self._next_at_link = values["acked_event"] + 1
            self._next_at_status = self._next
        if last >= self._next == self._next_at_status and not self._asking:
            self.wanted = self._next
        self._next_at_status = self._next

    def asked(self) -> None:
        """The question for ``wanted`` is on its way."""
        self.wanted = None
        self._asking = self._complete = True

    def answered(self) -> None:
        """The pump has agreed to send on from there: what comes from now on is its answer."""
        self._asking = False

    def follows(self, message: Message) -> bool:
        """Whether nothing was lost between this message and the one before of those that the pump sends by itself."""
        expected, self._frame_expected = self._frame_expected, (message.sequence + 1) & 0xFFFF
        follows: bool = message.sequence == expected
        self._complete &= follows
        return follows

    def receive(self, message: Message, host_us: int) -> tuple[list[Event], list[Gap]]:
        """The new ones of an ``events`` message, and a gap where the pump no longer has those that were expected.

        Missing numbers between frames that followed each other, or within one, or at the beginning of the answer to a
        question for them, are gone; else a frame was lost on the way, and the pump is asked again.
        """
        events: list[Event] = []
        gaps: list[Gap] = []
        previous = self._last_of_frame if self.follows(message) else None
        if self._complete and not self._asking and self._next is not None:  # the answer, or what follows an empty one
            previous, self._complete = self._next - 1, False
        for record in message.records:
            event = _event(record, host_us)
            self._last_of_frame, previous, before = event.number, event.number, previous
            if self._next is None or event.number < self._next:
                continue
            if event.number > self._next:
                if before != self._next - 1:
                    self.wanted = None if self._asking else self._next
                    self._last_of_frame = -1
                    self._complete = False
                    break
                gaps.append(Gap("events", event.boot, self._occurred_us, event.occurred_us, event.number - self._next))
            events.append(event)
            self._next, self._occurred_us = event.number + 1, event.occurred_us
        return events, gaps


def _event(record: tuple[int, ...], host_us: int) -> Event:
    row = dict(zip(_EVENT_FIELDS, record, strict=True))
    return Event(
        number=row["number"],
        kind=vocabulary.EVENT_NAMES.get(row["kind"], f"event_{row['kind']}"),
        priority=vocabulary.EVENT_PRIORITIES.get(row["kind"], vocabulary.INFO),
        boot=row["boot"],
        occurred_us=row["occurred_us"],
        detected_us=row["occurred_us"] + row["detected_after_ms"] * 1000,
        utc_s=row["utc_s"],
        value=row["value"],
        repeats=row["repeats"],
        host_us=host_us,
    )
