"""The end of a cell's life, as the firmware finds it out from what its gauge and its counter say."""

from collections.abc import Callable

import pytest

from firmware_link.vocabulary import SETTING_KEYS
from rig.virtual.base import Rig
from tests.rig.virtual.host import Host

DAY_S = 86_400
ML = 1_000_000_000  # pl


def delivering(rig: Rig, flow_pl_day: int, interval_ms: int = 3_600_000) -> Host:
    """With a row an hour, unless it says otherwise."""
    host = Host(rig.connect())
    host.hello()
    assert host.command("set_config", records=[(SETTING_KEYS["sample_interval_ms"], interval_ms)])[0] == "ok"
    host.deliver(flow_pl_day, rig.clock.utc_us() // 1_000_000)
    return host


def moments(host: Host) -> dict[str, int]:
    """Of each kind of event its first."""
    return {name: row["occurred_us"] for name, row in reversed(host.events)}


def test_the_end_is_near_at_8_percent_and_there_90_days_later(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig("sim")
    host = delivering(rig, ML // 20)
    rig.plant.power.set_charge(0.0812)
    host.run(rig.clock, 1 * DAY_S)
    assert "battery_eri" not in moments(host)
    while "battery_eri" not in moments(host):
        host.run(rig.clock, DAY_S / 4)
    assert rig.truth().charge == pytest.approx(0.0805, abs=0.0002)  # which its counter calls 80 permille
    host.run(rig.clock, 89.7 * DAY_S)
    assert "battery_eos" not in moments(host)
    host.run(rig.clock, DAY_S)
    seen = moments(host)
    assert (seen["battery_eos"] - seen["battery_eri"]) / 1e6 == pytest.approx(90 * DAY_S, abs=3600)
    assert rig.truth().charge > 0.04  # it is the age that ended it


@pytest.mark.parametrize(
    ("volt", "found"), [(3.31, set()), (3.29, {"battery_eri"}), (2.79, {"battery_eri", "battery_eos"})]
)
def test_a_loaded_voltage_below_the_marks_is_found_in_a_few_readings(volt: float, found: set[str], rig: Rig) -> None:
    host = delivering(rig, 20 * ML)
    host.run(rig.clock, 60)
    rig.plant.power.set_supply(volt)
    host.run(rig.clock, 1800)
    assert {name for name in moments(host) if name.startswith("battery")} == found


@pytest.mark.parametrize("dip_v", [0.8, 2.0])
def test_a_dip_of_seconds_at_a_start_is_no_end(dip_v: float, rig: Rig) -> None:
    rig.plant.power.passivate(dip_v)
    host = delivering(rig, 20 * ML, 100)
    host.run(rig.clock, 120)
    lowest_mv = min(row["battery_mv"] for row in host.rows)
    assert lowest_mv == pytest.approx(3560 - 1000 * dip_v, abs=60)
    assert not [name for name in moments(host) if name.startswith("battery")]
