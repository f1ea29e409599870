"""Events and lost time by the million: what is drawn stands for all there is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.plot.gaps import Gaps
from programmer_gui.plot.marks import Mark, Marks
from programmer_gui.plot.timeview import Window

WINDOW = Window(100.0, 0.5, 200)
times = st.floats(0.0, 400.0)


@given(st.lists(st.tuples(times, st.integers(0, 3))))
def test_marks_are_in_order_and_each_is_seen_or_counted(told: list[tuple[float, int]]) -> None:
    marks = Marks()
    for x, priority in told:
        marks.add(Mark(x, priority, f"{x}"))
    assert [mark.x for mark in marks] == sorted(x for x, _ in told)
    seen = marks.seen(WINDOW, WINDOW.end)
    others = sum(int(mark.detail.split()[1]) for mark in seen if mark.detail)
    for priority in range(4):
        inside = [x for x, of in told if of == priority and WINDOW.begin <= x <= WINDOW.end]
        assert bool(inside) == any(mark.priority == priority for mark in seen)
    assert len(seen) + others == sum(WINDOW.begin <= x <= WINDOW.end for x, _ in told)
    assert all(float(mark.title) == mark.x for mark in seen)


def test_a_million_marks_are_a_few_signs_that_stay_while_the_time_moves() -> None:
    marks = Marks()
    marks.show(np.arange(1e6) / 1e4, np.zeros(1_000_000, np.int64), lambda index: (str(index), ""))
    seen = marks.seen(Window(10.0, 0.05, 1_000), 60.0)
    assert len(seen) <= 1_000 / 8 + 1
    moved = marks.seen(Window(10.05, 0.05, 1_000), 60.05)
    assert {mark.title for mark in moved} >= {mark.title for mark in seen[1:]}


@given(st.lists(st.tuples(times, times).map(sorted)), st.floats(100.0, 250.0))
def test_what_is_lost_is_shaded_and_nothing_else_wider_than_a_pixel(spans: list[list[float]], until: float) -> None:
    gaps = Gaps()
    for begin, end in spans:
        gaps.add(begin, end)
    seen = gaps.seen(WINDOW, until)
    last = min(WINDOW.end, until)
    inside = sorted((begin, min(end, last)) for begin, end in spans if end >= WINDOW.begin and begin < last)
    assert seen == sorted(seen)
    assert all(any(low <= begin and end <= high for low, high in seen) for begin, end in inside)
    for low, high in seen:
        reached = low
        for begin, end in inside:
            if low <= begin and end <= high:
                assert begin <= reached + WINDOW.per_px
                reached = max(reached, end)
        assert reached == high


def test_gaps_by_the_hundred_thousand_are_as_many_as_pixels() -> None:
    gaps = Gaps()
    begins = np.arange(100_000) / 500.0
    gaps.show(np.column_stack((begins, begins + 0.001)))
    assert len(gaps) == 100_000
    assert len(gaps.seen(WINDOW, np.inf)) == 1
