"""The steps of a day or a week: what is drawn of them, and what moving, adding and copying does to the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.models import schedule
from programmer_gui.models.document import change, get

NIGHT = {"start": "22:30", "end": "06:00", "rate": "150 ug/day"}
NOON = {"start": "12:00", "end": "13:00", "dose": "10 ug"}
DAY = {"mode": "flex day", "base": "100 ug/day", "steps": [NIGHT, NOON]}
WEEK = {
    "mode": "flex week",
    "base": "100 ug/day",
    "days": [{"weekdays": ["mon", "tue"], "steps": [NOON]}, {"weekdays": ["sun"], "steps": [NIGHT]}],
}


def test_a_block_has_its_times_and_its_rate_however_it_was_said():
    night, noon = schedule.blocks(DAY)
    assert (night.start, night.end, night.rate_ng_day) == (22 * 60 + 30, 30 * 60, 150_000)
    assert (noon.length, noon.rate_ng_day) == (60, 240_000)
    assert schedule.dose_of(NIGHT, night.length) == round(150_000 * 450 / 1440)


def test_a_step_after_midnight_goes_on_the_next_day_and_sunday_s_on_monday():
    (night,) = [block for block in schedule.blocks(WEEK) if block.lane == 6]
    assert schedule.pieces_of(night, 7) == [(6, 22 * 60 + 30, 1440), (0, 0, 360)]
    assert schedule.pieces_of(schedule.blocks(DAY)[0], 1) == [(0, 22 * 60 + 30, 1440), (0, 0, 360)]


def test_what_two_steps_share_is_an_overlap_also_across_midnight():
    late = {"start": "05:00", "end": "07:00", "rate": "120 ug/day"}
    assert schedule.overlaps(schedule.blocks(DAY)) == []
    assert schedule.overlaps(schedule.blocks(DAY | {"steps": [NIGHT, late]})) == [(0, 300, 360)]


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_a_place_is_read_back_as_it_was_written(start, length):
    document = change(DAY, schedule.placed("steps[0]", start, start + length))
    block = schedule.blocks(document)[0]
    assert (block.start, block.length) == (start, length)


@given(st.integers(0, 1380), st.integers(1, 60))
def test_a_new_step_goes_where_the_day_has_it(start, length):
    edits, path = schedule.added(DAY, 0, start, start + length, "120 ug/day")
    document = change(DAY, edits)
    assert get(document, path)["rate"] == "120 ug/day"
    assert len(document["steps"]) == 3


def test_a_new_step_on_a_day_without_a_pattern_makes_one():
    edits, path = schedule.added(WEEK, 3, 60, 120, "120 ug/day")
    document = change(WEEK, edits)
    assert path == "days[2].steps[0]"
    assert document["days"][2]["weekdays"] == ["thu"]
    assert change(document, schedule.removed(document, path)) == WEEK


def test_a_rate_is_said_as_it_was_said_before():
    night, noon = schedule.blocks(DAY)
    assert schedule.with_rate(DAY, night, 200_000) == [("steps[0].rate", "200 ug/day")]
    assert schedule.with_rate(DAY, noon, 480_000) == [("steps[1].dose", "20 ug")]


def test_a_typed_dose_takes_the_place_of_the_rate():
    step = get(change(DAY, schedule.typed("steps[0]", "dose", "30 ug")), "steps[0]")
    assert step == {"start": "22:30", "end": "06:00", "dose": "30 ug"}


@pytest.mark.parametrize("alike", [True, False])
def test_a_day_is_copied_to_others_and_changes_with_them_or_not(alike):
    document = schedule.copied(WEEK, 0, {2, 6}, alike)
    for lane in (0, 1, 2, 6):
        assert schedule.steps_of(document, lane) == [NOON]
    shared = schedule.pattern_of(document, 0) == schedule.pattern_of(document, 6)
    assert shared == alike
    taken = [name for pattern in document["days"] for name in pattern["weekdays"]]
    assert sorted(taken) == sorted({"mon", "tue", "wed", "sun"})


def test_copying_a_day_without_steps_leaves_the_others_at_the_base():
    document = schedule.copied(WEEK, 4, {0, 6}, alike=True)
    assert document["days"] == [{"weekdays": ["tue"], "steps": [NOON]}]


def test_a_separated_day_has_a_pattern_of_its_own():
    document = schedule.separated(WEEK, 1)
    assert [pattern["weekdays"] for pattern in document["days"]] == [["mon"], ["sun"], ["tue"]]
    assert schedule.separated(document, 1) == document


@pytest.mark.parametrize(
    ("rate", "up", "fine", "after"),
    [
        (100_000, True, False, 110_000),
        (100_000, False, False, 95_000),
        (104_000, True, False, 110_000),
        (104_000, True, True, 105_000),
        (1_000_000, True, False, 1_100_000),
        (2_000, False, False, 0),
        (0, False, False, 0),
    ],
)
def test_a_nudge_goes_to_the_next_round_rate(rate, up, fine, after):
    assert schedule.nudged(rate, up, fine) == after


def test_there_is_room_for_a_new_step_as_long_as_there_is_any():
    assert schedule.gap(DAY, 0) == (480, 540)
    full = [{"start": f"{hour:02}:00", "end": f"{hour + 1:02}:00", "rate": "1 ug/day"} for hour in range(23)]
    assert schedule.gap(DAY | {"steps": full}, 0) == (1380, 1440)


def test_the_total_of_a_day_counts_steps_and_base():
    assert schedule.day_total_ng(DAY, 0) == round((150 * 450 + 100 * 930) / 1440 * 1000 + 10_000)
    assert schedule.day_total_ng(DAY | {"base": "nonsense"}, 0) is None
