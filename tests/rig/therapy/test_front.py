import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.therapy import modes
from rig.therapy.front import (
    BASAL_TANKS,
    PRIME_TANKS,
    Front,
    front_of,
    outlet_fraction,
    outlet_volume,
    share_volume,
)
from rig.therapy.program import Program
from tests.rig.therapy.bench import HOUR_MS, program

HOUR_S = 3600
DAY_S = 86_400


def front(made: Program, held_ng_ml: int | None = None) -> Front:
    found = front_of(made, held_ng_ml)
    assert found is not None
    return found


def arrivals(found: Front) -> list[float]:
    return [moment for moment in found.arrival_s if moment is not None]


def test_a_bridge_brings_the_new_concentration_when_its_volume_has_passed() -> None:
    found = front(program(modes.Bridge(500_000, 200_000, 200_000), ug_ml=2000))
    assert found.dead_volume_pl == 431_400_000
    assert found.plug_s is not None
    assert found.plug_s / HOUR_S == pytest.approx(25.88, abs=0.005)  # domain.md
    assert found.before_ng_day == pytest.approx(200_000)
    assert found.after_ng_day == pytest.approx(200_000)
    tenth, half, most = arrivals(found)
    assert tenth < half < found.plug_s < most


def test_without_the_bridge_the_old_drug_goes_on_at_the_new_flow() -> None:
    weak = front(program(modes.SimpleContinuous(200_000), ug_ml=2000), held_ng_ml=500_000)
    assert weak.plug_s is not None
    assert weak.plug_s / DAY_S == pytest.approx(4.31, abs=0.005)  # domain.md
    assert weak.before_ng_day == pytest.approx(50_000)
    strong = front(program(modes.SimpleContinuous(200_000), ug_ml=500), held_ng_ml=2_000_000)
    assert strong.plug_s is not None
    assert strong.plug_s / HOUR_S == pytest.approx(25.88, abs=0.05)
    assert strong.before_ng_day == pytest.approx(800_000)  # a fourfold overdose
    assert strong.after_ng_day == pytest.approx(200_000)
    assert strong.dose_rate_ng_day[0] == pytest.approx(800_000)
    assert strong.dose_rate_ng_day[-1] == pytest.approx(200_000, rel=0.01)


def test_a_fast_prime_brings_drug_early_and_then_a_diluted_tail() -> None:
    both: tuple[modes.Path, ...] = ("pump", "catheter")
    found = front(program(modes.Prime(both, 2_000_000_000, 100_000)))
    assert found.tanks == PRIME_TANKS
    assert found.plug_s is not None
    assert found.plug_s == pytest.approx(431.4 / 2000 * DAY_S, rel=1e-6)
    tenth, _, most = arrivals(found)
    assert tenth < 0.6 * found.plug_s
    assert most > 1.5 * found.plug_s  # at the basal flow, long after the prime
    # By the end of the prime V exp(-5) 5^5 / 5! of the new drug is out: 17.5 % of a dead volume.
    share = math.exp(-5) * 5**5 / math.factorial(5)
    assert found.early_ng == pytest.approx(share * 431.4e-3 * 500_000, rel=1e-9)
    at_end = np.interp(found.plug_s, found.t_s, found.dose_ng)
    assert at_end == pytest.approx(found.early_ng, rel=1e-3)
    assert front(program(modes.Prime(("catheter",), 2_000_000_000))).dead_volume_pl == 231_400_000


def test_a_prime_that_ends_in_a_stop_never_brings_the_rest() -> None:
    found = front(program(modes.Prime(("catheter",), 2_000_000_000)))
    assert found.arrival_s[0] is not None
    assert found.arrival_s[2] is None
    assert found.volume_nl[-1] == pytest.approx(231_400)


def test_speed_decides_how_much_a_front_mixes() -> None:
    highest = program().pump.flow_high_pl_day // 2000  # ng a day at 500 ug/mL
    basal = front(program(modes.SimpleContinuous(highest)), held_ng_ml=1)
    fast = front(program(modes.SimpleContinuous(highest + 1000)), held_ng_ml=1)
    assert (basal.tanks, fast.tanks) == (BASAL_TANKS, PRIME_TANKS)


@pytest.mark.parametrize("held", [None, 500_000])
def test_where_nothing_changes_there_is_no_front(held: int | None) -> None:
    assert front_of(program(modes.SimpleContinuous(100_000)), held) is None


def test_a_pump_that_stands_brings_nothing() -> None:
    found = front(program(modes.Stopped("test", HOUR_MS)), held_ng_ml=2_000_000)
    assert found.plug_s is None
    assert found.arrival_s == (None, None, None)
    assert math.isnan(found.after_ng_day)
    assert set(found.dose_ng) == {0.0}


def test_the_course_of_a_flex_day_has_both_sides_of_each_turn() -> None:
    mode = modes.FlexDay(100_000, (modes.Step(6 * HOUR_MS, 8 * HOUR_MS, dose_ng=50_000),))
    found = front(program(mode), held_ng_ml=250_000)
    assert np.all(np.diff(found.t_s) > 0)
    assert np.all(np.diff(found.volume_nl) >= 0)
    assert found.volume_nl[-1] == pytest.approx(3 * 431_400, rel=1e-6)
    flow = found.dose_rate_ng_day / found.concentration_ng_ml
    assert set(np.round(flow, 6)) == {0.2, 1.2}  # mL a day
    made = np.diff(found.t_s) * (found.dose_rate_ng_day[:-1] + found.dose_rate_ng_day[1:]) / 2 / DAY_S
    assert found.dose_ng[-1] == pytest.approx(made.sum(), rel=1e-3)


def test_many_tanks_are_a_plug() -> None:
    volume = np.array([0.0, 0.8, 0.95, 1.05, 1.2, 100.0, 1e9])
    assert outlet_fraction(volume, 1.0, 4000) == pytest.approx([0, 0, 0, 1, 1, 1, 1], abs=2e-3)
    assert outlet_volume(volume, 1.0, 4000)[:5] == pytest.approx([0, 0, 0, 0.05, 0.2], abs=1e-3)


def test_one_tank_is_an_exponential() -> None:
    volume = np.linspace(0, 20, 50)
    assert outlet_fraction(volume, 2.0, 1) == pytest.approx(1 - np.exp(-volume / 2), abs=1e-14)


tanks = st.one_of(st.sampled_from([1, 5, 50, 1000]), st.integers(1, 1000))
volumes = st.lists(st.floats(0, 1e5), min_size=1, max_size=10).map(lambda drawn: np.array(sorted(drawn)))


@given(volumes, st.floats(0.01, 1e5), tanks)
def test_what_entered_is_inside_or_has_come_out(volume: np.ndarray, dead: float, count: int) -> None:
    out = outlet_volume(volume, dead, count)
    # What is in tank k is the outlet of k tanks as large.
    inside = sum(outlet_fraction(volume, dead * k / count, k) for k in range(1, count + 1)) * dead / count
    assert np.allclose(out + inside, volume, rtol=1e-9, atol=1e-9 * dead)


@given(volumes, st.floats(0.01, 1e5), tanks)
def test_the_outlet_only_ever_gets_stronger(volume: np.ndarray, dead: float, count: int) -> None:
    fraction = outlet_fraction(volume, dead, count)
    assert np.all((fraction >= 0) & (fraction <= 1))
    assert np.all(np.diff(fraction) >= -1e-11)
    assert np.all(np.diff(outlet_volume(volume, dead, count)) >= -1e-9 * np.maximum(volume[1:], dead))


@given(st.floats(0.001, 0.999), st.floats(0.01, 1e5), tanks)
def test_the_volume_of_a_share_carries_it(share: float, dead: float, count: int) -> None:
    volume = share_volume(share, dead, count)
    assert outlet_fraction(np.array([volume]), dead, count)[0] == pytest.approx(share, abs=1e-9)


@given(st.integers(1000, 4_000_000), st.integers(1000, 4_000_000), st.integers(10_000, 10**6))
def test_all_drug_that_was_before_the_tip_comes_out(old: int, new: int, dose: int) -> None:
    made = replace(program(modes.SimpleContinuous(dose)), concentration_ng_ml=new)
    found = front_of(made, old)
    if found is None:
        assert old == new
        return
    entered = found.volume_nl * new / 1e6
    before = found.dead_volume_pl * old / 1e9  # what the tube held
    tail = found.dead_volume_pl * new / 1e9
    unmixed = 2e-3 * abs(before - tail)  # after three dead volumes
    assert found.dose_ng[-1] == pytest.approx(entered[-1] + before - tail, rel=1e-9, abs=unmixed)
