"""What becomes of the on-demand boluses given, over resets and whatever the clock is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rig.firmware.clock import WallClock
from rig.firmware.demand import Demands
from rig.firmware.state import State
from tests.boards import PowerCut, copy_regions
from tests.mcu.bench import UTC_S, Bench
from tests.rig.firmware.doing import HOUR_US, LOCKOUT_S, LOCKOUT_US, SECOND_US, delivering, presses_at, refused


def restarted(bench: Bench, off_s: int, told_s: int = 0) -> Bench:
    """A pump like this after ``off_s`` without power, and after a host has set the clock, ``told_s`` fast, and has
    started it."""
    utc_s = bench.firmware.pump.clock.utc_s(bench.board.t_us) + off_s
    again = Bench(copy_regions(bench.board.regions))
    again.hello()
    again.press()
    assert refused(again, "demand", 1) == "clock_unset"
    again.must("set_clock", utc_s + told_s, 0)
    again.must("start")
    return again


def test_a_reset_forgets_none_of_those_given() -> None:
    bench = delivering()
    told = presses_at(bench, 0, 3 * HOUR_US)
    assert [kind for kind, _ in told] == ["demand_granted", "demand_granted"]
    again = restarted(restarted(bench, 1000), 1000)
    assert again.status()["demands_day"] == 2
    assert again.status()["demand_wait_s"] in (LOCKOUT_S - 2001, LOCKOUT_S - 2000)
    again.run((LOCKOUT_S - 2002) * SECOND_US)
    assert refused(again, "demand", 2) == "lockout"
    again.run(2 * SECOND_US)
    again.must("demand", 3)
    assert again.status()["demands_day"] == 3


@pytest.mark.parametrize("back_s", [1, 10**5, 10**8])
def test_a_clock_set_back_after_a_reset_locks_out_no_longer_than_anew(back_s: int) -> None:
    bench = delivering()
    bench.press()
    bench.run(60 * SECOND_US)
    again = restarted(bench, 0, -back_s)
    assert LOCKOUT_S - 61 <= again.status()["demand_wait_s"] <= LOCKOUT_S
    again = restarted(restarted(again, 0, -2 * back_s), 0, -3 * back_s)
    assert again.status()["demand_wait_s"] <= LOCKOUT_S
    again.run(LOCKOUT_US)
    again.must("demand", 2)


def test_a_wrong_clock_that_is_put_right_forgets_none_of_those_given() -> None:
    bench = delivering()
    bench.press()
    bench.run(60 * SECOND_US)
    for wrong_s in (-(10**7), 10**7):
        again = restarted(bench, 60, wrong_s)
        again.must("set_clock", UTC_S + 120, 0)
        assert refused(again, "demand", 2) == "lockout"


def test_power_that_fails_in_a_grant_gives_nothing_unremembered() -> None:
    bench = delivering()
    outcomes = set()
    for budget in range(0, 900, 7):
        torn = restarted(bench, 0)
        before = torn.board.rotor_steps()
        torn.board.store_budget = budget
        try:
            torn.press()
        except PowerCut:
            assert torn.board.rotor_steps() == before
        else:
            torn.board.store_budget = None
            assert restarted(torn, 0).status()["demands_day"] == 1
        outcomes.add(torn.board.store_budget is None)
    assert outcomes == {True, False}


boots = st.lists(
    st.tuples(
        st.integers(0, 3 * 86_400),  # s off before
        st.lists(
            st.tuples(st.integers(1, 30_000), st.one_of(st.just(None), st.integers(-(10**7), 10**7))), max_size=12
        ),
    ),
    min_size=1,
    max_size=4,
)


class Life:
    """Boots of one pump whose button is pressed every so often.

    ``granted_s`` is by a clock that is never wrong; ``worst_s`` are the moments as which they may count instead, where
    a wrong clock made earlier boots unknown.
    """

    def __init__(self, lockout_s: int, per_day: int) -> None:
        self.lockout_s, self.per_day = lockout_s, per_day
        self.true_s = UTC_S
        self.state = State()
        self.granted_s: list[int] = []
        self.worst_s: list[int] = []

    def boot(self, off_s: int) -> None:
        self.true_s += off_s
        self.booted_s = self.true_s
        self.clock = WallClock()
        self.demands = Demands(self.state, self.clock)
        self.tell(0)

    def tell(self, wrong_s: int) -> None:
        """A host sets the clock, so much fast."""
        if wrong_s:
            self.worst_s = [max(at_s, self.booted_s) for at_s in self.worst_s]
        self.clock.set(self.now_us(), self.true_s + wrong_s)
        self.demands.clock_set()

    def now_us(self) -> int:
        return (self.true_s - self.booted_s) * SECOND_US

    def press(self) -> tuple[int, str]:
        told: tuple[int, str] = self.demands.wait(self.now_us(), self.lockout_s, self.per_day)
        if not told[1]:
            self.demands.grant(self.now_us())
            self.granted_s.append(self.true_s)
            self.worst_s.append(self.true_s)
        self.demands.keep()
        return told

    def allows(self, granted_s: list[int]) -> bool:
        """Whether the rule allows another after these."""
        day = [at_s for at_s in granted_s if at_s > self.true_s - 86_400]
        return len(day) < self.per_day and (not day or day[-1] + self.lockout_s <= self.true_s)


@settings(max_examples=200)
@given(st.integers(1, 86_400), st.integers(1, 24), boots)
def test_whatever_the_clock_no_more_are_granted_and_none_is_refused_for_long(
    lockout_s: int, per_day: int, story: list[tuple[int, list[tuple[int, int | None]]]]
) -> None:
    life = Life(lockout_s, per_day)
    for off_s, turns in story:
        life.boot(off_s)
        for wait_s, wrong_s in turns:
            life.true_s += wait_s
            if wrong_s is not None:
                life.tell(wrong_s)
                life.tell(0)  # put right again
            may, may_at_worst = life.allows(life.granted_s), life.allows(life.worst_s)
            waiting_s, why = life.press()
            assert may_at_worst <= (not why) <= may
            assert 0 <= waiting_s <= 86_400
