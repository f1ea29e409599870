"""Alarms by the physics that cause them: free flow, tones, and a refill."""

from collections.abc import Callable

import pytest

from firmware_link.vocabulary import ALARM_BITS, HIGH, SILENCE_S
from rig.virtual.base import Rig
from rig.virtual.faults import Fault
from tests.rig.virtual.host import Host


def delivering(rig: Rig, flow_pl_day: int, interval_ms: int) -> Host:
    host = Host(rig.connect())
    host.hello()
    assert host.command("set_config", records=[(1, interval_ms)])[0] == "ok"
    host.deliver(flow_pl_day, rig.clock.utc_us() // 1_000_000)
    return host


def test_free_flow_is_noticed_while_it_runs_and_while_it_stands(rig: Rig) -> None:
    host = delivering(rig, 1_000_000_000, 1000)
    host.run(rig.clock, 60)
    rig.inject(Fault("free_flow", amount=10))
    before = rig.truth()
    host.run(rig.clock, 90)
    assert host.rows[-1]["alarms"] == 1 << ALARM_BITS["free_flow"]
    event = dict(host.events)["free_flow"]
    assert 55e6 <= event["occurred_us"] <= 70e6
    assert 50_000 < event["value"] < 60_000  # ten times what the balance may be off, and two seconds of more readings
    truth = rig.truth()
    assert truth.delivered_nl - before.delivered_nl == pytest.approx(10e6 * 90 / 3600, rel=0.05)
    assert not truth.turning
    rig.inject(Fault("free_flow", ends=True))
    host.run(rig.clock, 10)
    assert rig.truth().delivered_nl - truth.delivered_nl == pytest.approx(0, abs=1500)  # what the compliance held
    assert host.command("clear_alarms", 1 << ALARM_BITS["free_flow"])[0] == "ok"
    host.run(rig.clock, 600)
    assert host.rows[-1]["alarms"] == 0


def test_free_flow_draws_the_reservoir_empty_and_no_more(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig("sim")
    rig.inject(Fault("free_flow", amount=60))
    rig.rest(3600)
    assert rig.truth().reservoir_nl == 0
    assert rig.truth().delivered_nl == pytest.approx(20e6, rel=1e-3)


def test_the_end_of_an_occlusion_is_no_free_flow(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig("sim")
    host = delivering(rig, 24_000_000_000, 1000)
    rig.inject(Fault("occlusion", amount=100))
    host.run(rig.clock, 600)
    assert host.rows[-1]["alarms"] == 1 << ALARM_BITS["occlusion"]
    rig.inject(Fault("occlusion", ends=True))
    assert host.command("clear_alarms", 0xFFFF)[0] == "ok"
    assert host.command("start")[0] == "ok"
    host.run(rig.clock, 3600)
    assert host.rows[-1]["alarms"] == 0


def test_whoever_listens_hears_the_tones_and_the_silence(rig: Rig) -> None:
    host = delivering(rig, 20_000_000_000, 1000)
    host.run(rig.clock, 20)
    assert rig.truth().tones == 0
    rig.inject(Fault("stall", duration_s=60))
    host.run(rig.clock, 120)
    assert (rig.truth().sounding, rig.truth().tones) == (HIGH, 1)
    host.run(rig.clock, 600)
    name, status, _ = host.command("get_status")
    assert (name, status["tones"], rig.truth().tones) == ("status", 2, 2)
    assert host.command("silence")[0] == "ok"
    host.run(rig.clock, SILENCE_S - 1)
    assert rig.truth().sounding == 0
    host.run(rig.clock, 2)
    assert (rig.truth().sounding, rig.truth().tones) == (HIGH, 3)


def test_a_silence_ends_with_the_link(rig: Rig) -> None:
    host = delivering(rig, 20_000_000_000, 1000)
    rig.inject(Fault("stall", duration_s=60))
    host.run(rig.clock, 120)
    assert host.command("silence")[0] == "ok"
    host.transport.close()
    rig.rest(3)
    assert rig.truth().sounding == HIGH
    again = Host(rig.connect())
    again.hello(78)
    again.run(rig.clock, 1)
    assert dict(again.events)["silence_ended"]["value"] <= 2


def test_power_off_is_silence(rig: Rig) -> None:
    host = delivering(rig, 20_000_000_000, 1000)
    rig.inject(Fault("stall", duration_s=60))
    host.run(rig.clock, 120)
    rig.inject(Fault("power_cut", duration_s=60))
    rig.rest(1)
    assert rig.truth().sounding == 0


def test_a_refill_that_presses_liquid_through_is_told(rig: Rig) -> None:
    host = delivering(rig, 1_000_000_000, 1000)
    assert host.command("refill", 5, 0, 20_000_000, 500_000)[0] == "ok"
    rig.inject(Fault("free_flow", amount=60, duration_s=75))
    host.run(rig.clock, 120)
    assert 1_000_000 < dict(host.events)["refill_suspect"]["value"] < 1_050_000
