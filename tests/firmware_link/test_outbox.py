"""Frames into a port that is often full: whole, in order, and a stop before the rest."""

from hypothesis import given
from hypothesis import strategies as st

from firmware_link.outbox import Outbox


class Port:
    def __init__(self) -> None:
        self.taken = b""
        self.room = 0

    def write(self, data: bytes) -> int:
        count = min(len(data), self.room)
        self.taken += data[:count]
        self.room -= count
        return count


def test_an_urgent_frame_overtakes_all_but_the_one_begun() -> None:
    outbox, port = Outbox(), Port()
    outbox.add(b"aaaa")
    outbox.add(b"bbbb")
    port.room = 2
    assert outbox.flush(port.write) == 2
    outbox.add(b"!!", urgent=True)
    assert len(outbox) == 8
    port.room = 100
    outbox.flush(port.write)
    assert port.taken == b"aaaa!!bbbb"
    assert len(outbox) == 0


@given(st.lists(st.binary(min_size=1, max_size=20)), st.lists(st.integers(0, 15)))
def test_any_room_takes_all_frames_in_order(frames: list[bytes], rooms: list[int]) -> None:
    outbox, port = Outbox(), Port()
    for frame in frames:
        outbox.add(frame)
    for room in [*rooms, 10_000]:
        port.room = room
        outbox.flush(port.write)
    assert port.taken == b"".join(frames)


def test_what_waits_is_forgotten_with_the_stream() -> None:
    outbox, port = Outbox(), Port()
    outbox.add(b"aaaa")
    port.room = 1
    outbox.flush(port.write)
    outbox.add(b"bbbb", urgent=True)
    outbox.clear()
    port.room = 100
    assert outbox.flush(port.write) == 0
