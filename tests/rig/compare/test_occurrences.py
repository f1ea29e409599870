"""Which events of two runs are the same one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rig.compare.occurrences import match

TIMES = st.lists(st.floats(0, 1000, allow_nan=False), max_size=40).map(sorted).map(np.array)


def found(golden: list[float], new: list[float], within_s: float = 2.0) -> tuple[object, ...]:
    one = match(np.array(golden), np.array(new), within_s)
    return one.pairs, one.missing, one.extra


def test_events_that_came_a_little_late_are_the_same() -> None:
    assert found([1, 50], [1.5, 48.5]) == (((0, 0), (1, 1)), (), ())


def test_one_that_moved_far_is_still_itself_where_nothing_else_can_be_meant() -> None:
    assert found([1, 50, 100], [1, 70, 100]) == (((0, 0), (1, 1), (2, 2)), (), ())


def test_what_only_one_run_has_is_missing_or_extra() -> None:
    assert found([1, 50, 100], [1, 100]) == (((0, 0), (2, 1)), (1,), ())
    assert found([1, 100], [1, 50, 100]) == (((0, 0), (1, 2)), (), (1,))
    assert found([], [3]) == ((), (), (0,))


@given(TIMES, TIMES, st.floats(0, 50))
def test_every_event_is_told_once_and_pairs_keep_their_order(
    golden: np.ndarray, new: np.ndarray, within_s: float
) -> None:
    one = match(golden, new, within_s)
    assert sorted([*(i for i, _ in one.pairs), *one.missing]) == list(range(len(golden)))
    assert sorted([*(j for _, j in one.pairs), *one.extra]) == list(range(len(new)))
    assert list(one.pairs) == sorted(one.pairs)
    assert [j for _, j in one.pairs] == sorted(j for _, j in one.pairs)


@given(TIMES, st.floats(0, 50))
def test_a_list_beside_itself_is_all_pairs(times: np.ndarray, within_s: float) -> None:
    one = match(times, times, within_s)
    assert one.pairs == tuple((i, i) for i in range(len(times)))
