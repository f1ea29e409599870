"""What a pump counted over restarts, after which it goes on from what it had kept."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import telemetry
from rig.counted import Counted


def of(*boots: list[int]) -> np.ndarray:
    """Samples of one boot after another, with these counters."""
    rows = np.zeros(sum(map(len, boots)), telemetry.SAMPLE_DTYPE)
    rows["boot"] = np.repeat(np.arange(1, len(boots) + 1), list(map(len, boots)))
    rows["commanded_nl"] = np.concatenate([*map(np.array, boots)])
    return rows


def total_of(rows: np.ndarray) -> int | None:
    counted = Counted()
    counted.see_samples(rows)
    return counted.total_nl


def test_what_was_not_kept_over_a_restart_is_carried() -> None:
    assert total_of(of([100, 1488], [100, 230], [200, 274])) == 1488 + 130 + 74


def test_what_the_pump_counted_while_nobody_heard_it_stays() -> None:
    assert total_of(of([0, 1000], [1500, 1600])) == 1600


counters = st.lists(st.lists(st.integers(0, 10**12), min_size=1, max_size=5).map(sorted), min_size=1, max_size=5)


@given(counters, st.integers(1, 7))
def test_the_total_is_all_that_was_seen_to_rise(boots: list[list[int]], together: int) -> None:
    rows = of(*boots)
    counted = Counted()
    for first in range(0, len(rows), together):
        counted.see_samples(rows[first : first + together])
    carried = rows["commanded_nl"] + counted.carried_nl(rows["boot"])
    rises = np.diff(rows["commanded_nl"]).clip(0)
    assert counted.total_nl == total_of(rows) == carried[-1] == boots[0][0] + rises.sum()
    assert (np.diff(carried) == rises).all()
