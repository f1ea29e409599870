"""Flow judged by the balance: what is sound never alarms, what isn't does, however often somebody looks."""

from hypothesis import given
from hypothesis import strategies as st

from firmware_link.vocabulary import SETTING_KEYS, SETTINGS
from rig.firmware.balance import FreeFlow, is_handled
from rig.firmware.tolerance import DAY_US, PROOFS, NoFlow, Tolerance, reading

DEFAULTS = {key: default for key, _, _, _, default in SETTINGS}
UNCERTAINTY_NL = DEFAULTS[SETTING_KEYS["balance_uncertainty_nl"]]
EVAPORATION_NL_DAY = DEFAULTS[SETTING_KEYS["evaporation_nl_day"]]
SLOT_NL = 35_639  # eleven strokes: the first whole ones beyond uncertainty / tolerance
NO_FLOW_NL = 15_000

Reading = tuple[int, ...]
#: Slower, what evaporates is no longer little beside what flows.
BRISK = [50_000, 250_000, 1_000_000, 6_000_000, 24_000_000]
rates = st.sampled_from([6_000, *BRISK])  # nL a day
errors = st.integers(-UNCERTAINTY_NL // 2, UNCERTAINTY_NL // 2)


def row(commanded_nl: int, share: int, nl_day: int, error_nl: int = 0, pressure_pa: int = 0, cc: int = 2200) -> Reading:
    """When so much was commanded, and ``share`` percent of it came, less what evaporated."""
    t_us = commanded_nl * DAY_US // nl_day
    balance_nl = commanded_nl * share // 100 - EVAPORATION_NL_DAY * t_us // DAY_US + error_nl
    found: Reading = reading(t_us, commanded_nl, balance_nl, pressure_pa, cc, DEFAULTS)
    return found


def told(rows: list[Reading]) -> tuple[list[tuple[int, int]], list[tuple[bool, int, int]]]:
    """What both find in these."""
    no_flow, tolerance = NoFlow(), Tolerance()
    none = [found for now in rows if (found := no_flow.check(now, DEFAULTS))]
    return none, [found for now in rows if (found := tolerance.check(now, DEFAULTS))]


@given(rates, st.integers(95, 104), st.lists(st.tuples(st.integers(1, 30_000), errors), min_size=30, max_size=200))
def test_a_sound_pump_is_never_blamed_whatever_the_balance_shows_within_its_uncertainty(
    nl_day: int, share: int, looks: list[tuple[int, int]]
) -> None:
    commanded_nl, rows = 0, []
    for passed_nl, error_nl in looks:
        commanded_nl += passed_nl
        rows.append(row(commanded_nl, share, nl_day, error_nl))
    none, found = told(rows)
    assert none == []
    assert not any(is_out for is_out, _, _ in found)


@given(st.sampled_from(BRISK), st.sampled_from([55, 70, 75, 130, 200]), st.integers(100, 5000), st.integers(0, 200_000))
def test_a_share_too_little_or_too_much_is_found_within_three_slots_however_often_one_looks(
    nl_day: int, share: int, each_nl: int, sound_nl: int
) -> None:
    """From a quarter on the shortest windows find it; readings lengthen each slot by one at most."""
    rows = [row(commanded_nl, 100, nl_day) for commanded_nl in range(0, sound_nl, each_nl)]
    rows += [
        (t_us, nl, measured - (nl - sound_nl) * (100 - share) // 100, *rest)
        for nl in range(sound_nl, sound_nl + 3 * (SLOT_NL + each_nl) + 1, each_nl)
        for t_us, _, measured, *rest in [row(nl, 100, nl_day)]
    ]
    none, found = told(rows)
    assert none == []
    first = next(verdict for verdict in found if verdict[0])
    assert abs(first[1] - sound_nl * DAY_US // nl_day) <= (SLOT_NL + each_nl) * DAY_US // nl_day
    assert first[2] < 0 if share < 100 else first[2] > 0
    assert abs(first[2] - (share - 100) * 10) <= abs(share - 100) * 7  # part of it was sound


@given(st.sampled_from(BRISK), st.integers(100, 5000), st.integers(0, 100_000))
def test_nothing_flowing_is_found_within_one_window_and_a_half(nl_day: int, each_nl: int, sound_nl: int) -> None:
    last_nl = sound_nl + 3 * (NO_FLOW_NL + each_nl) // 2 + PROOFS * each_nl
    rows = [row(nl, 100, nl_day) for nl in range(0, sound_nl, each_nl)]
    rows += [
        (t_us, nl, measured - nl + sound_nl, *rest)
        for nl in range(sound_nl, last_nl, each_nl)
        for t_us, _, measured, *rest in [row(nl, 100, nl_day)]
    ]
    none, _ = told(rows)
    assert abs(none[0][0] - sound_nl * DAY_US // nl_day) <= (NO_FLOW_NL // 2 + 2 * each_nl) * DAY_US // nl_day
    assert NO_FLOW_NL // 2 <= none[0][1] <= NO_FLOW_NL + PROOFS * each_nl


@given(st.integers(-30_000_000, 30_000_000), st.integers(1, 99), st.integers(100, 5000))
def test_something_put_on_or_taken_off_the_cup_is_no_fault_of_the_flow(put_nl: int, at: int, each_nl: int) -> None:
    """Unseen, between any two readings."""
    rows = [row(nl, 100, 1_000_000) for nl in range(0, 100 * each_nl, each_nl)]
    rows[at:] = [(t_us, nl, measured + put_nl, *rest) for t_us, nl, measured, *rest in rows[at:]]
    assert not any(is_out for is_out, _, _ in told(rows)[1])


def test_an_occlusion_that_builds_up_and_its_end_are_explained_by_the_pressure() -> None:
    """69 uL are dammed up at 69 kPa; then they come at once."""
    rows = [row(nl, 100, 1_000_000) for nl in range(0, 200_000, 1000)]
    for at in range(50, 119):
        t_us, nl, measured, _, cc = rows[at]
        rows[at] = (t_us, nl, measured - (at - 50) * 1000, (at - 50) * 1000, cc)
    assert told(rows)[0] == []
    assert not any(is_out for is_out, _, _ in told(rows)[1])
    free_flow = FreeFlow()
    found = [free_flow.check(t_us, measured, nl, pa, UNCERTAINTY_NL) for t_us, nl, measured, pa, _ in rows]
    assert not any(found)
    deaf = [free_flow.check(t_us, measured, nl, 0, 5000) for t_us, nl, measured, _, _ in rows]
    assert not any(deaf)  # all of it between two readings: somebody may have put it there


def test_a_balance_that_cools_is_granted_what_that_moves_it() -> None:
    """By 15 degrees, while 15 uL come: on the balance nothing comes."""
    cooled = [
        (t_us, nl, measured - min(nl, 15_000), pressure_pa, 2200 - min(nl, 15_000) // 10)
        for t_us, nl, measured, pressure_pa, _ in [row(nl, 100, 250_000) for nl in range(0, 300_000, 200)]
    ]
    none, found = told(cooled)
    assert none == []
    assert not any(is_out for is_out, _, _ in found)
    assert told([(*now[:4], 2200) for now in cooled])[0] != []


def test_a_tolerance_of_0_judges_nothing() -> None:
    settings = DEFAULTS | {SETTING_KEYS["tolerance_permille"]: 0}
    tolerance = Tolerance()
    assert not any(tolerance.check(row(nl, 30, 10**6), settings) for nl in range(0, 500_000, 1000))
    assert tolerance.due_nl is None


def test_windows_end_after_whole_strokes_of_the_rollers() -> None:
    tolerance, stroke_nl = Tolerance(), 19_438.991 / 6
    tolerance.check(row(0, 100, 10**6), DEFAULTS)
    assert tolerance.due_nl == SLOT_NL
    assert SLOT_NL == -(-11 * 19_438_991 // 6 // 1000)
    fine = DEFAULTS | {SETTING_KEYS["balance_uncertainty_nl"]: 100}
    tolerance.forget()
    tolerance.check(row(0, 100, 10**6), fine)
    assert abs(tolerance.due_nl - 3 * stroke_nl) <= 1  # two slots are a revolution


def test_hands_are_told_from_flow_and_evaporation() -> None:
    minute_us = 60_000_000
    assert not is_handled(minute_us, 8_333 * 60, UNCERTAINTY_NL)  # the fastest bolus
    assert not is_handled(15 * minute_us, -2_400_000 // 96, UNCERTAINTY_NL)  # an open cup
    assert is_handled(250_000, -11_000, UNCERTAINTY_NL)
    assert is_handled(250_000, 1_000_000, UNCERTAINTY_NL)
