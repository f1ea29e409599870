"""Models without a window: log and its filter, what the pump does in words."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from firmware_link import telemetry
from programmer_gui.models.eventlog import DETAILS, EventFilter, EventLogModel, LogEntry, entry_of
from programmer_gui.models.pump import Progress, PumpModel, significant
from programmer_gui.tokens import LIGHT
from rig.session import Batch, Event


def entry(number: int, level: str, title: str, details: str = "", kind: str = "started") -> LogEntry:
    return LogEntry(number, 1_700_000_000_000_000, 0, level, kind, title, details)


@pytest.fixture
def log(qapp):
    made = EventLogModel(LIGHT)
    made.add(
        [
            entry(1, "info", "Started", "running"),
            entry(2, "low", "Reservoir low", "1.9 mL left"),
            entry(3, "high", "Motor stalled"),
            entry(0, "info", "Note", "Rotor was warm", kind="host_note"),
        ]
    )
    return made


def shown(proxy: EventFilter) -> list[str]:
    return [proxy.index(row, DETAILS).data() or proxy.index(row, 4).data() for row in range(proxy.rowCount())]


def test_the_filter_goes_by_priority_and_text_and_keeps_notes(log):
    proxy = EventFilter()
    proxy.setSourceModel(log)
    proxy.set_level("low")
    assert shown(proxy) == ["1.9 mL left", "Motor stalled", "Rotor was warm"]
    proxy.set_text("ROTOR")
    assert shown(proxy) == ["Rotor was warm"]
    proxy.set_text("")
    proxy.set_level("info")
    assert proxy.rowCount() == 4
    log.add([entry(4, "info", "Stopped", "by the operator")])
    assert proxy.rowCount() == 5


def test_a_playhead_that_moves_filters_nothing_anew(log, monkeypatch):
    proxy = EventFilter()
    proxy.setSourceModel(log)
    log.show_recorded([entry(number, "low", "Stopped")._replace(at_us=number) for number in range(1, 1000)], 0)
    proxy.set_text("stop")
    assert proxy.rowCount() == 999
    changed = []
    proxy.dataChanged.connect(lambda first, last, _: changed.append((first.row(), last.row())))
    monkeypatch.setattr(EventFilter, "filterAcceptsRow", lambda *_: changed.append("filtered") or True)
    log.set_now(700)
    assert changed == [(0, 699)]


def test_what_the_pump_tells_again_after_a_reconnect_is_listed_once(log):
    log.add([entry(2, "low", "Reservoir low"), entry(4, "info", "Stopped")])
    assert [one.number for one in log.entries] == [1, 2, 3, 0, 4]


def test_an_alarm_is_told_by_word_and_symbol_not_only_by_colour(log):
    cell = log.index(2, 3)
    assert "High" in cell.data()
    assert "■" in cell.data()
    assert cell.data(Qt.ItemDataRole.ForegroundRole) is not None


def test_an_event_without_the_pumps_clock_is_placed_by_the_hosts():
    event = Event(1, "boot", 0, 1, 0, 1_500_000, 0, 0, 2, 1_700_000_000_000_000)
    made = entry_of(event)
    assert made.utc_us == 1_700_000_000_000_000
    assert made.delay_ms == 1500
    assert "×3" in made.details


@pytest.mark.parametrize(
    ("progress", "permille"),
    [(Progress(99_000, 100_000, 100_000), -10), (Progress(None, 101_000, 100_000), 10), (Progress(0, 0, 0), None)],
)
def test_the_deviation_is_of_what_was_measured_where_it_was(progress, permille):
    assert progress.deviation_permille == permille


def test_rates_are_shown_to_what_the_wire_resolves():
    assert significant(199_987_200) == 200_000_000
    assert significant(12) == 12


def test_a_state_that_this_program_does_not_know_stops_nothing(qapp):
    pump = PumpModel()
    samples = np.zeros(1, telemetry.SAMPLE_DTYPE)
    samples["state"] = 9
    pump.take(Batch(samples=samples))
    assert (pump.state, pump.running) == ("state_9", True)
