"""The step program itself, assembled and run cycle by cycle: when each pulse comes, and how many."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rig.firmware import pio

SOURCE = Path(__file__).parents[3] / "rig/firmware/stepper.py"
STEP_PIN = 2
PULSE_US = 10
SOONEST_US = 7  # from the start to the first pulse
SHORTEST_US = 15  # from one pulse to the next
LONGEST_US = 0xFFFFFFFF + 7  # the wait is a count of 32 bits

Make = Callable[[], tuple[Any, pio.StateMachine]]


@pytest.fixture(scope="module")
def make() -> Make:
    """Makes the board's Stepper on a state machine of its own; the source is the very file that the board loads."""
    spec = importlib.util.spec_from_file_location("stepper_on_the_board", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    machines: list[pio.StateMachine] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "rp2", pio.rp2_for(machines))
        patch.setitem(sys.modules, "machine", pio.MACHINE)
        spec.loader.exec_module(module)
    return lambda: (module.Stepper(0, STEP_PIN), machines[-1])


def rises(machine: pio.StateMachine) -> list[int]:
    return [at for at, level in machine.edges_us if level]


def falls(machine: pio.StateMachine) -> list[int]:
    return [at for at, level in machine.edges_us if not level]


@pytest.mark.parametrize(
    ("count", "delay_us", "duration_us"),
    [
        pytest.param(1, 0, SOONEST_US, id="one, as soon as it can be"),
        pytest.param(1, 0, 1000, id="one"),
        pytest.param(1, 123, 4567, id="one, later"),
        pytest.param(5, 0, 5 * SHORTEST_US, id="shortest period"),
        pytest.param(5, 0, 5 * (SHORTEST_US + 1), id="shortest period that waits"),
        pytest.param(300, 17, 300 * 250, id="many"),
        pytest.param(3, 0, 3 * LONGEST_US, id="longest period"),
        pytest.param(2, LONGEST_US - 1000, 2 * 1000, id="longest delay"),
    ],
)
def test_every_pulse_comes_in_its_microsecond(make: Make, count: int, delay_us: int, duration_us: int) -> None:
    stepper, machine = make()
    stepper.move(count, delay_us, duration_us)
    machine.run(delay_us + duration_us + LONGEST_US)
    expected = [delay_us + k * duration_us // count for k in range(1, count + 1)]
    assert rises(machine) == expected
    assert falls(machine) == [at + PULSE_US for at in expected]
    assert stepper.made() == count


@given(st.integers(1, 40), st.integers(0, 10**9), st.integers(SHORTEST_US, 10**8), st.integers(0, 39))
def test_what_does_not_divide_is_left_at_the_end(
    make: Make, count: int, delay_us: int, period_us: int, remainder_us: int
) -> None:
    stepper, machine = make()
    stepper.move(count, delay_us, count * period_us + remainder_us % count)
    machine.run(2 * 10**10)
    assert rises(machine) == [delay_us + k * period_us for k in range(1, count + 1)]


def test_a_period_too_short_makes_every_step_late_rather_than_fewer(make: Make) -> None:
    stepper, machine = make()
    stepper.move(4, 0, 4)
    machine.run(1000)
    assert rises(machine) == [SOONEST_US + k * SHORTEST_US for k in range(4)]
    assert stepper.made() == 4


def test_no_steps(make: Make) -> None:
    stepper, machine = make()
    stepper.move(0, 0, 1000)
    machine.run(LONGEST_US)
    assert machine.edges_us == []
    assert stepper.made() == 0


def test_the_program_itself_makes_no_step_of_a_count_of_0(make: Make) -> None:
    _, machine = make()
    for word in (0, 20, 20):
        machine.put(word)
    machine.active(1)
    machine.run(LONGEST_US)
    assert machine.edges_us == []


def test_pulses_are_counted_as_they_are_made(make: Make) -> None:
    stepper, machine = make()
    stepper.move(3, 50, 300)
    counted = []
    for at_us in (10, 149, 151, 249, 251, 349, 351, 10_000):
        machine.run(at_us)
        counted.append(stepper.made())
    assert counted == [0, 0, 1, 1, 2, 2, 3, 3]
    assert rises(machine) == [150, 250, 350]


@pytest.mark.parametrize("at_us", [420, 505, 599], ids=["between pulses", "in a pulse", "before a pulse"])
def test_a_move_ends_the_one_under_way(make: Make, at_us: int) -> None:
    stepper, machine = make()
    stepper.move(100, 0, 100 * 100)
    machine.run(at_us)
    made = at_us // 100
    stepper.move(2, 40, 60)
    assert machine.edges_us[-1][1] == 0
    machine.run(at_us + 5)  # no Python asks sooner
    assert stepper.made() == made
    machine.run(at_us + 5000)
    assert rises(machine) == [*(100 * k for k in range(1, made + 1)), at_us + 70, at_us + 100]
    assert stepper.made() == made + 2


def test_a_halt_ends_the_move_for_good(make: Make) -> None:
    stepper, machine = make()
    stepper.move(100, 0, 100 * 100)
    machine.run(450)
    stepper.move(0, 0, 0)
    machine.run(10**6)
    assert rises(machine) == [100, 200, 300, 400]
    assert stepper.made() == 4
