"""A balance that shakes, told from a hand on the cup and from evaporation."""

from hypothesis import given
from hypothesis import strategies as st

from firmware_link.vocabulary import SENSORS
from rig.firmware.plausible import CONFIRM, SHAKEN, SHAKES, Plausible

UNCERTAINTY_NL = 5000
BALANCE = 1 << SENSORS.index("balance")
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US

weights = st.integers(-40_000_000, 40_000_000)  # nL, of whatever is put on or taken off


def shown(plausible: Plausible, at: int, balance_nl: int, apart_us: int = MINUTE_US) -> int | None:
    """What is left of this reading, the ``at``-th; all else is well."""
    pressure_pa = 200 + at % 7
    return plausible.check(at * apart_us, (at, pressure_pa, balance_nl, 3600, 990, 2200), UNCERTAINTY_NL)[2]


@given(st.lists(st.integers(-UNCERTAINTY_NL, UNCERTAINTY_NL), max_size=100), st.integers(0, 24_000_000))
def test_what_stays_within_the_uncertainty_is_believed(errors: list[int], nl_day: int) -> None:
    plausible = Plausible()
    for at, error_nl in enumerate(errors):
        balance_nl = nl_day * at // 1440 + error_nl
        assert shown(plausible, at, balance_nl) == balance_nl
    assert plausible.bits == 0


@given(st.lists(weights, max_size=6))
def test_hands_on_the_cup_now_and_then_are_believed(put: list[int]) -> None:
    plausible = Plausible()
    at = balance_nl = 0
    for weight_nl in put:
        balance_nl += weight_nl
        for _ in range(SHAKEN + 1):
            assert shown(plausible, at, balance_nl) == balance_nl
            at += 1
        assert not plausible.doubtful
    assert plausible.bits == 0


@given(st.integers(2 * UNCERTAINTY_NL + 20, 5_000_000))
def test_one_that_falls_again_and_again_is_not_believed_until_it_is_steady(shakes_nl: int) -> None:
    plausible = Plausible()
    at = 0
    while not plausible.bits:
        assert at <= 2 * SHAKES + CONFIRM
        shown(plausible, at, shakes_nl * (at % 2), SECOND_US // 4)
        at += 1
        assert plausible.doubtful or plausible.bits or at < 3
    assert plausible.bits == BALANCE
    for _ in range(SHAKEN + CONFIRM):
        at += 1
        last = shown(plausible, at, 0, SECOND_US // 4)
    assert last == 0
    assert plausible.bits == 0
