"""A healthy rig raises no alarm: hundreds of days over the whole range of rates, while people do what they do with it.

The benchmark ``detection`` counts false alarms over years.
"""

from collections.abc import Callable

import pytest

from rig.virtual.base import Rig
from rig.virtual.parameters import load
from tests.rig.virtual.ward import DAY_S, POOR, Ward, false_alarms, live


def check(ward: Ward, days: float) -> None:
    assert ward.rig.truth().t_us >= days * DAY_S * 1e6
    assert false_alarms(ward) == []
    assert ward.rig.truth().delivered_nl > 0


@pytest.mark.parametrize(
    ("seed", "ml_day", "days"),
    [(1, 0.006, 60), (2, 0.05, 60), (3, 0.25, 60), (4, 1, 60), (5, 2.4, 40), (6, 6, 15), (7, 24, 5)],
)
def test_weeks_at_one_rate_raise_nothing(seed: int, ml_day: float, days: float, make_rig: Callable[..., Rig]) -> None:
    ward = Ward(make_rig("sim", seed), ml_day)
    live(ward, ml_day, days)
    check(ward, days)


@pytest.mark.parametrize(("seed", "ml_day", "days"), [(11, 0.05, 25), (12, 0.5, 25), (13, 2.4, 14), (14, 12, 5)])
def test_boluses_stops_refills_and_an_open_window_raise_nothing(
    seed: int, ml_day: float, days: float, make_rig: Callable[..., Rig]
) -> None:
    bolus = (round(ml_day * 1e9 / 12), 600_000)  # half of what is delivered comes in six boluses of ten minutes
    ward = Ward(make_rig("sim", seed), ml_day, bolus=bolus)
    live(ward, ml_day, days, busy=True)
    check(ward, days)


@pytest.mark.parametrize(("seed", "ml_day", "days"), [(21, 0.05, 40), (22, 1, 40), (23, 24, 2)])
def test_a_poor_balance_raises_nothing_where_its_uncertainty_is_set(
    seed: int, ml_day: float, days: float, make_rig: Callable[..., Rig]
) -> None:
    ward = Ward(make_rig("sim", seed, parameters=load("poor-balance")), ml_day, POOR)
    live(ward, ml_day, days)
    check(ward, days)


def test_a_poor_balance_is_noticed_where_its_uncertainty_is_not_set(make_rig: Callable[..., Rig]) -> None:
    ward = Ward(make_rig("sim", 3, parameters=load("poor-balance")), 1)
    live(ward, 1, 5)
    assert false_alarms(ward)
