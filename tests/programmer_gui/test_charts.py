"""What feeds the Bench's charts: samples beside their plan, gaps, events, resets."""

import numpy as np
import pytest
from numpy.typing import NDArray

from firmware_link import telemetry, wire
from programmer_gui.charts import BenchCharts
from programmer_gui.messages import Received
from programmer_gui.models.link import LinkModel
from rig.session import Batch, Event, Gap
from rig.tracker import Tracker

ROW_US = 100_000


def rows(first: int, count: int, boot: int = 1, balance: bool = True) -> NDArray[np.void]:
    """``count`` samples from index ``first`` on, a nanolitre each."""
    samples = np.zeros(count, telemetry.SAMPLE_DTYPE)
    samples["boot"], samples["index"] = boot, np.arange(first, first + count)
    samples["t_us"] = samples["index"] * ROW_US
    samples["host_us"] = 1_700_000_000_000_000 + samples["t_us"] + (boot - 1) * 60_000_000
    samples["commanded_nl"] = samples["index"]
    samples["measured_nl"] = samples["index"] if balance else wire.MISSING
    return samples


@pytest.fixture
def charts(qapp, theme):
    return BenchCharts(theme, LinkModel())


@pytest.fixture
def feed(charts):
    tracker = Tracker()

    def take(samples, gaps=(), events=()):
        batch = Batch(samples, gaps=tuple(gaps), events=tuple(events))
        charts.take(Received(batch, tracker.add(batch), tracker.totals))

    return take


def drawn(charts, field: str) -> list[float]:
    return list(charts.stack.data.track(field).y(field))


def test_samples_are_drawn_in_microlitres_since_the_first(charts, feed):
    feed(rows(5, 3))
    assert drawn(charts, "measured") == pytest.approx([0, 0.001, 0.002])
    assert list(charts.stack.data.track("measured").x) == pytest.approx([0, 0.1, 0.2])


def test_without_a_balance_what_was_commanded_is_drawn(charts, feed):
    feed(rows(0, 3, balance=False))
    assert drawn(charts, "measured") == pytest.approx([0, 0.001, 0.002])


def test_a_gap_inside_a_batch_breaks_the_curve_where_it_lies(charts, feed):
    samples = np.concatenate([rows(0, 3), rows(8, 3)])
    feed(samples, [Gap("samples", 1, 2 * ROW_US, 8 * ROW_US, 5)])
    assert list(charts.stack.data.gaps) == [(pytest.approx(0.2), pytest.approx(0.8))]
    values = drawn(charts, "measured")
    assert np.isnan(values[3])
    assert values[2] == pytest.approx(0.002)
    assert values[4] == pytest.approx(0.008)


def test_two_gaps_in_one_batch_and_one_of_an_unknown_boot(charts, feed):
    samples = np.concatenate([rows(0, 2), rows(4, 2), rows(8, 2)])
    gaps = [
        Gap("samples", 1, 5 * ROW_US, 8 * ROW_US, 2),
        Gap("samples", 1, 1 * ROW_US, 4 * ROW_US, 2),
        Gap("link", 9, 0, 1, 0),
    ]
    feed(samples, gaps)
    assert len(charts.stack.data.gaps) == 2
    assert int(np.isnan(drawn(charts, "measured")).sum()) == 2


def test_after_a_reset_time_goes_on(charts, feed):
    feed(rows(0, 3))
    feed(rows(0, 3, boot=2))
    x = list(charts.stack.data.track("measured").x)
    assert x == sorted(x)
    assert x[-1] > 59


def test_events_are_marks_where_they_occurred(charts, feed):
    event = Event(7, "motor_stall", 3, 1, ROW_US, 2 * ROW_US, 0, 0, 0, 0)
    feed(rows(0, 5), events=[event])
    (mark,) = charts.stack.data.marks
    assert (mark.x, mark.priority, mark.title) == (pytest.approx(0.1), 3, "Motor stalled")


def test_an_event_told_before_the_first_sample_is_marked_when_that_comes_and_once(charts, feed):
    early = Event(7, "boot", 0, 1, 0, 0, 0, 0, 0, 0)
    feed(rows(0, 0), events=[early])
    assert len(charts.stack.data.marks) == 0
    feed(rows(0, 5), events=[early])
    (mark,) = charts.stack.data.marks
    assert mark.x == pytest.approx(0.0)


def test_another_session_begins_with_an_empty_picture(charts, feed):
    feed(rows(0, 5))
    charts.clear()
    assert charts.stack.data.extent is None
