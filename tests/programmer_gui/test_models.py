"""Models without a window: draft, undo, comparison, log and its filter, what the pump does in words."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from firmware_link import telemetry
from programmer_gui.models import plan_curve
from programmer_gui.models.compare import compare
from programmer_gui.models.draft import Draft, evaluate
from programmer_gui.models.eventlog import DETAILS, EventFilter, EventLogModel, LogEntry, entry_of
from programmer_gui.models.program import ProgramModel, draft_of
from programmer_gui.models.pump import Progress, PumpModel, significant
from programmer_gui.tokens import LIGHT
from rig.resources import resource
from rig.session import Batch, Event
from rig.therapy import limits
from rig.therapy.compile import compile_program
from rig.therapy.program import Bolus, Program

LIMITS = limits.load(resource("limits/bench.yaml"))


@pytest.fixture
def model(qapp):
    made = ProgramModel(lambda: LIMITS)
    made.begin()
    return made


def severities(draft: Draft) -> dict[str, str]:
    return {remark.field: remark.severity for remark in evaluate(draft, LIMITS, None).remarks}


def test_a_good_draft_is_a_program_with_its_rate_beside_the_dose():
    evaluated = evaluate(Draft(), LIMITS, None)
    assert evaluated.writable
    assert evaluated.program.dose_ng_day == 100_000
    assert "0.2 mL/day" in evaluated.derived["dose"]


@pytest.mark.parametrize("text", ["", "100", "100 apples", "-5 µg/day", "1e400 µg/day"])
def test_what_cannot_be_read_is_said_beside_its_field(text):
    evaluated = evaluate(Draft(dose=text), LIMITS, None)
    assert not evaluated.writable
    assert [(r.field, r.severity) for r in evaluated.remarks] == [("dose", "bad")]
    assert evaluated.remarks[0].remedy


def test_limits_are_findings_at_the_form_s_own_fields():
    assert severities(Draft(dose="3000 µg/day"))["dose"] == "soft"
    assert severities(Draft(dose="5 g/day"))["dose"] == "hard"
    assert severities(Draft(with_bolus=True, bolus_dose="100 µg", bolus_duration="1 s"))["bolus_duration"] == "hard"


def test_a_soft_limit_needs_a_reason_and_a_hard_one_forbids():
    assert evaluate(Draft(dose="3000 µg/day"), LIMITS, None).needs_reason
    assert not evaluate(Draft(dose="5 g/day"), LIMITS, None).writable


def test_a_single_bolus_has_no_base_and_stops():
    program = evaluate(Draft(mode="bolus", dose="nonsense"), LIMITS, None).program
    assert program.dose_ng_day == 0
    assert program.bolus.after == "stop"


@pytest.mark.parametrize("name", ["bolus-then-continuous", "continuous-100ug", "continuous-20ml", "single-bolus"])
def test_a_program_file_becomes_a_draft_that_means_the_same(name):
    from rig.therapy import program as program_file

    program = program_file.load(resource(f"programs/{name}.yaml"))
    assert evaluate(draft_of(program), LIMITS, None).program == program


def test_typing_on_in_a_field_is_one_step_to_undo(model):
    for text in ("1", "10", "100 µg", "200 µg/day"):
        model.edit("dose", text)
    model.edit("name", "Another")
    model.undo_stack.undo()
    assert model.draft == Draft(dose="200 µg/day")
    model.undo_stack.undo()
    assert model.draft == Draft()
    assert model.undo_stack.isClean()
    model.undo_stack.redo()
    assert model.evaluated.program.dose_ng_day == 200_000


def test_loading_a_program_can_be_undone(model):
    model.load(Program("Loaded", "saline", 2_000_000, 50_000))
    assert model.draft.name == "Loaded"
    model.undo_stack.undo()
    assert model.draft == Draft()


def test_the_pumps_own_label_and_limits_are_checked(model):
    model.set_settings(_settings() | {"concentration_ng_ml": 2_000_000})
    assert any("labelled" in remark.what for remark in model.evaluated.remarks)


def _settings() -> dict[str, int]:
    from firmware_link import vocabulary

    return {row[1]: row[4] for row in vocabulary.SETTINGS}


def test_the_comparison_marks_what_changes_and_only_that():
    held = compile_program(Program("a", "water", 500_000, 100_000), 0, 0)
    rows = compare(held, Program("b", "water", 500_000, 200_000, Bolus(20_000, 600_000)), 500_000)
    changed = {row.title for row in rows if row.changed}
    assert changed == {"Base dose", "Base rate", "First, a bolus of", "lasting"}
    assert not any(row.changed for row in compare(held, Program("c", "x", 500_000, 100_000), 500_000))
    assert {row.pump for row in compare(None, None, 0)} == {"–"}


def test_the_plan_of_the_first_day_ends_at_the_days_volume():
    program = Program("a", "water", 500_000, 100_000, Bolus(50_000, 600_000))
    curve = plan_curve.of_program(program)
    assert curve.hours[-1] == 24
    assert curve.volume_ul[-1] == pytest.approx(100 + 200 * (1 - 10 / 1440), rel=1e-6)
    assert list(curve.volume_ul) == sorted(curve.volume_ul)
    single = plan_curve.of_program(Program("b", "water", 500_000, 0, Bolus(50_000, 600_000, "stop")))
    assert single.volume_ul[-1] == pytest.approx(100)
    assert plan_curve.of_program(None).hours == ()


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
