from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.therapy.trend import trend

ML = 1_000_000


@dataclass
class Refill:
    difference_nl: int
    delivered_nl: int


def test_refills_are_added_up_before_they_are_compared() -> None:
    found = trend([Refill(-500_000, 15 * ML), Refill(-450_000, 16 * ML), Refill(-520_000, 14 * ML), Refill(0, ML)])
    assert (found.refills, found.difference_nl, found.delivered_nl) == (4, -1_470_000, 46 * ML)
    assert found.permille == pytest.approx(-31.96, abs=0.01)
    assert found.sentence == "It delivers 3.2 % less than it counts, over 4 refills, 1.47 mL of 46 mL."
    assert "more than it counts" in trend([Refill(ML, 10 * ML)] * 2).sentence
    assert "what it counts, to 0.1 %" in trend([Refill(1000, 10 * ML)] * 2).sentence


@pytest.mark.parametrize("refills", [[], [Refill(ML, ML)], [Refill(ML, ML), Refill(ML, 0)]])
def test_one_refill_is_no_trend(refills: list[Refill]) -> None:
    found = trend(refills)
    assert found.permille is None
    assert "Too few" in found.sentence


@given(st.lists(st.builds(Refill, st.integers(-(10**8), 10**8), st.integers(0, 10**8)), max_size=8))
def test_any_refills_come_to_something(refills: list[Refill]) -> None:
    assert trend(refills).sentence.endswith(".")
