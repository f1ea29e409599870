"""Samples and events are complete, or what is missing is a gap."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import telemetry
from firmware_link.decode import Message
from rig.session import Gap
from rig.streams import EventStream, SampleStream


def rows(*indices: int, boot: int = 1) -> np.ndarray:
    samples = np.zeros(len(indices), telemetry.SAMPLE_DTYPE)
    samples["boot"], samples["index"] = boot, indices
    samples["t_us"] = np.array(indices) * 10
    return samples


def test_rows_that_follow_each_other_have_no_gap() -> None:
    stream = SampleStream()
    assert stream.receive(rows(7, 8)) == []
    assert stream.receive(rows(9)) == []


def test_a_jump_is_a_gap_between_chunks_and_within() -> None:
    stream = SampleStream()
    stream.receive(rows(0, 1))
    assert stream.receive(rows(4, 5, 9, 10)) == [Gap("samples", 1, 10, 40, 2), Gap("samples", 1, 50, 90, 3)]


def test_a_lost_link_is_a_gap_up_to_the_next_sample() -> None:
    stream = SampleStream()
    stream.interrupt()
    assert stream.receive(rows(3)) == []
    stream.interrupt()
    assert stream.receive(rows(9, 10)) == [Gap("link", 1, 30, 90, 5)]
    assert stream.receive(rows(11)) == []


def test_after_another_boot_what_was_missed_is_unknown() -> None:
    stream = SampleStream()
    stream.receive(rows(500))
    assert stream.receive(rows(3, 4, boot=2)) == [Gap("link", 2, 0, 30, 0)]


@given(st.sets(st.integers(0, 60)), st.lists(st.integers(1, 10)))
def test_samples_and_missing_ones_add_up(kept: set[int], sizes: list[int]) -> None:
    indices = sorted(kept)
    stream = SampleStream()
    gaps: list[Gap] = []
    for size in [*sizes, 100]:
        chunk, indices = indices[:size], indices[size:]
        gaps += stream.receive(rows(*chunk)) if chunk else []
    if kept:
        assert sum(gap.missing for gap in gaps) + len(kept) == max(kept) - min(kept) + 1


def status(last: int, acked: int = 0) -> dict[str, int]:
    return {"last_event": last, "acked_event": acked}


def events(sequence: int, *numbers: int) -> Message:
    return Message("events", sequence, {}, tuple((number, 1, 0, 1, number * 100, 2, 3, 4) for number in numbers), b"")


def numbers(stream: EventStream, sequence: int, *sent: int) -> tuple[list[int], list[Gap]]:
    found, gaps = stream.receive(events(sequence, *sent), 9)
    return [event.number for event in found], gaps


def answered(stream: EventStream) -> int | None:
    wanted = stream.wanted
    stream.asked()
    stream.answered()
    return wanted


def test_before_the_status_it_is_unknown_which_event_is_next() -> None:
    stream = EventStream()
    assert numbers(stream, 0, 4, 5) == ([], [])
    stream.status(status(5, acked=3))
    assert answered(stream) == 4
    assert numbers(stream, 1, 4, 5) == ([4, 5], [])
    assert stream.wanted is None


def test_an_event_tells_its_times_and_its_name() -> None:
    stream = EventStream()
    stream.status(status(0))
    (event,), _ = stream.receive(events(0, 1), 77)
    assert (event.kind, event.boot, event.occurred_us, event.detected_us) == ("boot", 1, 100, 2100)
    assert (event.value, event.utc_s, event.host_us) == (3, 4, 77)


def test_each_event_comes_once() -> None:
    stream = EventStream()
    stream.status(status(0))
    assert numbers(stream, 0, 1, 2) == ([1, 2], [])
    assert numbers(stream, 1, 1, 2, 3) == ([3], [])


def test_events_of_a_lost_frame_are_asked_for() -> None:
    stream = EventStream()
    stream.status(status(0))
    numbers(stream, 0, 1)
    assert numbers(stream, 2, 3) == ([], [])
    assert answered(stream) == 2
    assert numbers(stream, 3, 2, 3) == ([2, 3], [])


def test_events_that_the_pump_dropped_are_a_gap_at_once() -> None:
    stream = EventStream()
    stream.status(status(0))
    numbers(stream, 0, 1)
    assert numbers(stream, 1, 4, 7) == ([4, 7], [Gap("events", 1, 100, 400, 2), Gap("events", 1, 400, 700, 2)])
    assert stream.wanted is None


def test_events_that_the_answer_lacks_are_a_gap() -> None:
    stream = EventStream()
    stream.status(status(9))
    numbers(stream, 6, 5)
    assert answered(stream) == 1
    assert numbers(stream, 7, 5, 6) == ([5, 6], [Gap("events", 1, 0, 500, 4)])
    assert stream.wanted is None


def test_events_whose_answers_are_lost_again_and_again_are_asked_for_until_they_come() -> None:
    stream = EventStream()
    stream.status(status(9))
    for sequence in range(2, 22, 2):
        assert answered(stream) == 1
        assert numbers(stream, sequence, 5) == ([], [])  # the frame before it was the answer
    assert answered(stream) == 1
    assert numbers(stream, 21, 1, 2, 3, 4, 5) == ([1, 2, 3, 4, 5], [])


def test_what_follows_an_answer_that_was_passed_over_proves_nothing() -> None:
    stream = EventStream()
    stream.status(status(9))
    numbers(stream, 6, 5)
    assert stream.wanted == 1
    stream.asked()
    assert numbers(stream, 7, 5, 6) == ([], [])  # the word that this is the answer was lost, and comes again
    stream.answered()
    assert numbers(stream, 8, 7) == ([], [])
    assert answered(stream) == 1
    assert numbers(stream, 9, 5, 6, 7) == ([5, 6, 7], [Gap("events", 1, 0, 500, 4)])


def test_an_answer_lost_with_the_link_proves_nothing() -> None:
    stream = EventStream()
    stream.status(status(0))
    numbers(stream, 0, 1)
    stream.status(status(3))
    stream.status(status(3))
    assert answered(stream) == 2
    stream.restart()
    assert numbers(stream, 1, 4) == ([], [])
    assert stream.wanted == 2


def test_the_last_event_is_missed_by_the_status() -> None:
    stream = EventStream()
    stream.status(status(0))
    stream.status(status(1))  # may be on its way
    assert stream.wanted == 1
    stream.asked()
    stream.status(status(1))
    assert stream.wanted is None
    stream.answered()
    stream.status(status(1))
    assert stream.wanted == 1


def test_a_pump_whose_memory_began_anew_is_listened_to_from_its_beginning() -> None:
    stream = EventStream()
    stream.status(status(0))
    numbers(stream, 0, *range(1, 40))
    stream.restart()
    stream.status(status(2))
    assert answered(stream) == 1
    assert numbers(stream, 0, 1, 2) == ([1, 2], [])


def test_a_status_repeated_late_brings_no_event_again() -> None:
    stream = EventStream()
    stream.status(status(0))
    numbers(stream, 0, 1, 2, 3)
    stream.status(status(1))
    assert numbers(stream, 1, 2, 3, 4) == ([4], [])
    assert stream.wanted is None


def test_an_answer_that_was_under_way_when_the_link_went_counts_no_more() -> None:
    stream = EventStream()
    stream.status(status(3))
    stream.asked()
    stream.restart()
    assert stream.wanted is None
    stream.status(status(3))
    stream.status(status(3))
    assert stream.wanted == 1
