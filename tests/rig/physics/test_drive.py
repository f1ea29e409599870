import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rig.physics.drive import Move, Rotor

S = 1_000_000


def turn(rotor: Rotor, until_us: int) -> None:
    """Lets it begin and end its orders."""
    while (due_us := rotor.due_us()) is not None and due_us <= until_us:
        rotor.settle(due_us)
        rotor.turn_over(due_us)


def test_steps_come_at_the_moments_that_the_board_promises() -> None:
    move = Move(7, 10, 1010)
    move.follow(10, 0, 0.0)
    seen = [move.steps_at(t) for t in range(10, 1100)]
    assert [10 + seen.index(k) for k in range(1, 8)] == [10 + k * 1000 // 7 for k in range(1, 8)]


@pytest.mark.parametrize("lost", [0.01, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("count", [1, 7, 400])
def test_missed_steps_are_lost_evenly_whatever_the_size_of_the_orders(lost: float, count: int) -> None:
    rotor = Rotor()
    rotor.miss(lost, 0)
    orders = 1000 // count
    for i in range(orders):
        rotor.order(count, i * S, (i + 1) * S)
        turn(rotor, (i + 1) * S)
        asked = (i + 1) * count
        assert rotor.steps((i + 1) * S) == pytest.approx(asked * (1 - lost), abs=1)
        assert rotor.position((i + 1) * S) == pytest.approx(rotor.steps((i + 1) * S), abs=1e-6)


def test_steps_are_lost_from_the_moment_on_and_no_longer() -> None:
    rotor = Rotor()
    rotor.order(1000, 0, 100 * S)
    turn(rotor, 0)
    for t_s, lost in ((20, 0.5), (60, 0.0)):
        rotor.settle(t_s * S)
        rotor.miss(lost, t_s * S)
    turn(rotor, 100 * S)
    assert rotor.steps(100 * S) == 200 + 200 + 400


def test_a_held_rotor_loses_its_steps_and_goes_on_with_the_rest() -> None:
    rotor = Rotor()
    rotor.order(1000, 0, 100 * S)
    turn(rotor, 0)
    rotor.settle(30 * S)
    rotor.hold(True, 30 * S)
    assert not rotor.turning
    assert rotor.steps(50 * S) == rotor.position(50 * S) == 300
    rotor.hold(False, 50 * S)
    assert rotor.turning
    turn(rotor, 100 * S)
    assert rotor.steps(100 * S) == 800


orders = st.tuples(st.integers(0, 50), st.integers(0, 2 * S), st.integers(S // 10, 5 * S), st.integers(0, 3 * S))


@given(st.lists(st.tuples(orders, st.sampled_from([0.0, 0.0, 0.3, 0.9]), st.booleans()), max_size=20))
@example([((7, 0, S // 10, S // 80), 0.0, False)] * 20)
def test_it_never_turns_back_and_stays_by_its_steps(course: list[tuple[tuple[int, ...], float, bool]]) -> None:
    """Halted, held and missing anyhow: position and steps never fall; what the position is ahead by is little even of
    orders that are replaced before their first step, again and again."""
    rotor, now, most = Rotor(), 0, 1
    steps, position = 0, 0.0
    for (count, after, lasts, on), lost, held in course:
        rotor.order(count, now + after, now + after + lasts)
        rotor.settle(now)
        rotor.miss(lost, now)
        rotor.hold(held, now)
        now += on
        turn(rotor, now)
        assert rotor.steps(now) >= steps
        assert rotor.position(now) >= position - 1e-6
        steps, position = rotor.steps(now), rotor.position(now)
        most = max(most, count)
        assert -2 < position - steps < most + 1


class Pulses:
    """The same rotor pulse by pulse, as the board sends them: missed by millionths that add up, lost when held."""

    def __init__(self) -> None:
        self.steps = self.part = 0
        self.kept, self.held = S, False
        self.moments: list[int] = []  # of the pulses to come
        self.next: tuple[int, list[int]] | None = None

    def order(self, count: int, start_us: int, end_us: int) -> None:
        self.next = start_us, [start_us + k * (end_us - start_us) // count for k in range(1, count + 1)]

    def advance(self, until_us: int) -> None:
        if self.next is not None and self.next[0] <= until_us:
            (start_us, moments), self.next = self.next, None
            self.advance(start_us)
            self.moments = moments
        while self.moments and self.moments[0] <= until_us:
            del self.moments[0]
            if not self.held:
                whole, self.part = divmod(self.part + self.kept, S)
                self.steps += whole


@given(st.lists(st.tuples(orders, st.sampled_from([0.0, 0.3, 0.9, 1.0]), st.booleans()), max_size=20))
def test_held_and_missing_it_takes_each_step_that_is_left_at_its_moment(
    course: list[tuple[tuple[int, ...], float, bool]],
) -> None:
    rotor, pulses, now = Rotor(), Pulses(), 0
    for (count, after, lasts, on), lost, held in course:
        for one in (rotor, pulses):
            one.order(count, now + after, now + after + lasts)
        turn(rotor, now)
        pulses.advance(now)
        rotor.settle(now)
        rotor.miss(lost, now)
        rotor.hold(held, now)
        pulses.kept, pulses.held = S - round(lost * S), held
        for until in (now + on // 3, now + on):
            turn(rotor, until)
            pulses.advance(until)
            assert rotor.steps(until) == pulses.steps
        now += on
