"""What is said of the pump's clock, and of how long an occlusion stays unnoticed."""

from dataclasses import replace

import pytest

from firmware_link.vocabulary import SETTINGS
from programmer_gui.models.occlusion import OcclusionModel
from programmer_gui.models.pump import PumpModel, Readings
from programmer_gui.views.care_cards import UNKNOWN, DeliveryCard
from programmer_gui.views.clock_card import MEASURING, ClockCard
from rig.clockfit import ClockJump, ClockState
from rig.therapy import profiles

GOOD = ClockState(boot=1, offset_s=0.0298, drift_ppm=16.6, residual_s=0.0018, samples=18_000, span_s=1800.0)
READ = Readings(0, 0, 1_000_000_000 // 86_400, 0, 20_000_000, 3600, 1000, 2260)  # 1 mL a day


@pytest.fixture
def pump(qapp) -> PumpModel:
    return PumpModel()


@pytest.fixture
def clock(pump) -> ClockCard:
    return ClockCard(pump)


def test_a_clock_that_goes_as_a_crystal_does_has_its_drift_offset_and_residual(pump, clock):
    pump.set_clock(GOOD)
    assert clock.value.text() == "+16.6 ppm"
    assert clock.note.text() == (
        "Fast. 29.8 ms ahead of this computer's since it was first heard. Residual of the fit: 1.8 ms."
    )
    assert clock.value.property("level") == ""
    assert clock.warning.isHidden()


def test_a_slow_clock_is_behind(pump, clock):
    pump.set_clock(replace(GOOD, drift_ppm=-7.04, offset_s=-1.25))
    assert clock.value.text() == "\u22127.0 ppm"
    assert clock.note.text().startswith("Slow. 1.25 s behind")


def test_before_a_minute_there_is_no_drift(pump, clock):
    pump.set_clock(replace(GOOD, drift_ppm=None))
    assert clock.value.text() == MEASURING
    assert "after a minute" in clock.note.text()


def test_more_than_a_crystal_drifts_is_told(pump, clock):
    pump.set_clock(replace(GOOD, drift_ppm=-180.0))
    assert clock.value.property("level") == "medium"
    assert "100 ppm" in clock.warning.text()


def test_a_jump_is_told_with_its_moment(pump, clock):
    jump = ClockJump(1, 5_000_000, 1_767_600_000_000_000, 60.0)
    pump.set_clock(replace(GOOD, jumps=2, last_jump=jump))
    assert clock.warning.text() == "It jumped by 1 min at 2026-01-05 08:00:00 UTC, the latest of 2."
    assert not clock.warning.isHidden()


def test_another_pump_has_a_clock_of_its_own(pump, clock):
    pump.set_clock(GOOD)
    pump.reset()
    assert clock.value.text() == UNKNOWN


def test_how_long_an_occlusion_stays_unnoticed_is_said_where_it_delivers(pump):
    model = OcclusionModel(pump, profiles.standard)
    card = DeliveryCard(pump, model)
    pump.care.settings = {row[1]: row[4] for row in SETTINGS} | {"occlusion_pa": 70_000}
    pump.state = "running"
    pump.readings_changed.emit(READ)
    assert model.text == "An occlusion would be noticed after about 1 h 41 min at this rate."
    assert model.short == "Occlusion: after 1 h 41 min"
    assert model.text in card.note.text()
    pump.readings_changed.emit(replace(READ, pressure_pa=35_000))
    assert "50 min" in model.text
    pump.state = "stopped"
    pump.readings_changed.emit(READ)
    assert model.text == ""


def test_where_nothing_flows_nothing_is_said_of_an_occlusion(pump):
    model = OcclusionModel(pump, profiles.standard)
    pump.care.settings = {row[1]: row[4] for row in SETTINGS}
    pump.state = "running"
    pump.readings_changed.emit(replace(READ, flow_pl_s=0))
    assert model.text == ""
