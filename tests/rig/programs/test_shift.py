"""Clocks that have changed since a program was written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.firmware.program import Program, cumulative
from rig.programs.shift import moved, shifted
from rig.zones import offset_at

DAY_MS = 86_400_000
PARIS = offset_at("Europe/Paris")
WINTER_S = int(datetime(2026, 1, 10, tzinfo=UTC).timestamp())
#: the last second of winter time in 2026
CHANGE_S = int(datetime(2026, 3, 29, 1, 0, tzinfo=UTC).timestamp())
DAY = Program(WINTER_S - 3600, 60, [(1000, 60_000)], [(10_000_000, DAY_MS // 4), (20_000_000, 3 * DAY_MS // 4)])


def test_before_the_change_nothing_is_to_be_done_and_after_it_says_what() -> None:
    assert moved(DAY, PARIS, CHANGE_S - 1) is None
    found = moved(DAY, PARIS, CHANGE_S)
    assert found is not None
    assert (found.before_min, found.now_min) == (60, 120)
    assert "UTC+01:00" in found.sentence
    assert "UTC+02:00" in found.sentence
    assert "1 h later" in found.sentence


def test_back_in_autumn_it_comes_earlier() -> None:
    summer = Program(DAY.anchor_utc_s - 3600, 120, [], DAY.cycle)
    found = moved(summer, PARIS, int(datetime(2026, 10, 25, 1, 0, tzinfo=UTC).timestamp()))
    assert found is not None
    assert "1 h earlier" in found.sentence
    assert moved(summer, PARIS, int(datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC).timestamp())) is None


@pytest.mark.parametrize("cycle", [[], [(10_000_000, DAY_MS)]])
def test_what_is_the_same_at_any_hour_needs_no_other_offset(cycle: list[tuple[int, int]]) -> None:
    assert moved(Program(0, 60, [(1000, 60_000)], cycle), PARIS, CHANGE_S) is None


@given(st.sampled_from([-300, 0, 60, 120, 345]), st.sampled_from([-240, 0, 60, 120, 345]), st.integers(0, 47))
def test_a_shifted_program_delivers_the_same_at_the_same_local_time(before: int, after: int, half_hour: int) -> None:
    held = Program(WINTER_S - before * 60, before, [(1000, 60_000)], DAY.cycle, (1000, 60_000, 3600, 2), 30)
    other = shifted(held, after)
    local_s = WINTER_S + half_hour * 1800
    minute = [
        cumulative(
            Program(one.anchor_utc_s, offset, [], one.cycle), 60_000_000, one.phase_us((local_s - offset * 60) * 10**6)
        )
        for one, offset in ((held, before), (other, after))
    ]
    assert minute[0] == minute[1]
    assert other.prelude == ()  # given already
    assert (other.demand, other.reminder_min, other.utc_offset_min) == (held.demand, 30, after)


def test_a_program_without_a_cycle_keeps_its_prelude() -> None:
    only = Program(0, 0, [(1000, 60_000)], [])
    assert shifted(only, 60).prelude == only.prelude
