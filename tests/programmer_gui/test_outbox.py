"""The way to the window: in order, joined, bounded."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import telemetry
from programmer_gui.messages import Closed, Message, PictureSkipped, Received
from programmer_gui.outbox import Outbox
from rig.session import Batch, LinkCounters
from rig.tracker import Delivered, Totals


def received(first: int, count: int) -> Received:
    """``count`` samples whose index goes on from ``first``."""
    samples = np.zeros(count, telemetry.SAMPLE_DTYPE)
    samples["index"] = np.arange(first, first + count)
    placed = Delivered(*(np.arange(first, first + count, dtype=float) for _ in range(4)))
    return Received(Batch(samples, counters=LinkCounters(frames_in=first + count)), placed, Totals(first + count))


def indices(messages: list[Message]) -> list[int]:
    return [int(i) for one in messages if isinstance(one, Received) for i in one.batch.samples["index"]]


def fill(outbox: Outbox, counts: list[int]) -> int:
    at = 0
    for count in counts:
        if count:
            outbox.put(received(at, count))
        else:
            outbox.put(Closed("x"))
        at += count
    return at


@given(st.lists(st.integers(0, 5), max_size=60), st.integers(1, 8))
def test_nothing_is_lost_and_order_stays(counts, capacity):
    outbox = Outbox(capacity)
    total = fill(outbox, counts)
    messages = outbox.drain()
    assert indices(messages) == list(range(total))
    assert sum(isinstance(message, Closed) for message in messages) == counts.count(0)
    for message in messages:
        if isinstance(message, Received):
            assert list(message.delivered.t_s) == list(message.batch.samples["index"])


def test_neighbours_become_one_with_the_latest_totals():
    outbox = Outbox()
    fill(outbox, [3, 4, 5])
    (message,) = outbox.drain()
    assert message.totals.samples == 12
    assert message.batch.counters.frames_in == 12
    assert outbox.drain() == []


def test_too_much_for_the_picture_is_left_out_and_said():
    outbox = Outbox(max_samples=10)
    fill(outbox, [6, 6, 3])
    messages = outbox.drain()
    assert indices(messages) == [*range(6), 12, 13, 14]
    assert messages[-1] == PictureSkipped(6)
    fill(outbox, [2])
    assert [type(message) for message in outbox.drain()] == [Received]
