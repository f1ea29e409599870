"""Whole recordings beside each other."""

from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.compare import columns
from rig.compare.alignment import Alignment, parse_alignment
from rig.compare.comparing import compare
from rig.compare.findings import Against, Finding
from rig.compare.tolerance import loads
from rig.recording.errors import RunFileError
from rig.recording.writer import RunWriter
from tests.rig.compare.runs import EVENTS, record
from tests.rig.recording import make

NUMBERS = (
    "samples.t_us",
    "samples.commanded_nl",
    "samples.host_us",
    "gaps.start_us",
    "gaps.end_us",
    "gaps.boot",
    "events.occurred_us",
    "events.value",
    "events.boot",
)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("golden") / "golden.run.duckdb")


def against(golden: Path, new: Path, how: str = "start", tolerance: str = "") -> Against:
    allowed = loads(f"tolerance: 1\nname: Mine\n{tolerance}")
    return compare(golden, [new], parse_alignment(how), allowed).against[0]


def named(one: Against) -> dict[str, Finding]:
    return {finding.name: finding for finding in one.findings}


def failed(one: Against) -> set[str]:
    return {finding.name for finding in one.failures}


def test_a_run_beside_itself_is_the_same_in_everything(golden: Path) -> None:
    one = against(golden, golden)
    assert one.passed
    assert {finding.verdict for finding in one.findings} == {"same"}
    assert not one.differing
    assert (one.start_s, one.end_s, one.lost_s) == (0.0, 599.9, ())
    assert all(not np.nan_to_num(curve.deviation).any() for curve in one.curves)


def test_one_that_is_two_percent_slower_fails_naming_channel_and_moment(golden: Path, tmp_path: Path) -> None:
    one = against(golden, record(tmp_path / "slow.run.duckdb", speed=0.98))
    assert not one.passed
    assert failed(one) == {"commanded_nl", "flow_pl_s", "planned", "commanded"}
    flow = named(one)["flow_pl_s"]
    assert flow.difference == "−0.4 mL/day (−2 %)"
    assert flow.at_s == pytest.approx(0.1, abs=0.11)
    commanded = named(one)["commanded_nl"]
    assert commanded.values["deviation"] == pytest.approx(-2.77 + 0.48, abs=0.05)  # less what two seconds bring
    assert commanded.what.startswith("Commanded is 2.2")
    assert 1 < (commanded.at_s or 0) < 600


def test_two_percent_are_too_much_at_the_slowest_flow_too(tmp_path: Path) -> None:
    slow, slower = (record(tmp_path / f"{speed}.run.duckdb", speed=speed) for speed in (0.0024, 0.0024 * 0.98))
    assert failed(compare(slow, [slower]).against[0]) == {"flow_pl_s"}, "of 0.048 mL/day, in ten minutes"


def test_noise_of_the_balance_is_within(golden: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.run.duckdb"
    rows = make.samples(0, 6000)
    rows["measured_nl"] += np.random.default_rng(8).integers(-300, 301, len(rows))
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        writer.add(make.Batch(samples=rows))
        writer.finish("duration")
    delivered = named(against(golden, path))["measured_nl"]
    assert delivered.verdict == "within"
    assert abs(float(delivered.values["deviation"] or 0)) <= 0.5


def test_events_are_missing_extra_moved_or_say_something_else(golden: Path, tmp_path: Path) -> None:
    events = (("boot", 0.0, 0), ("started", 1.0, 3), ("occlusion", 320.0, 71_000), ("stopped", 500.0, 1))
    one = against(golden, record(tmp_path / "new.run.duckdb", events=events))
    assert failed(one) == {"started", "occlusion", "occlusion_over", "stopped"}
    found = named(one)
    assert found["started"].what == "Started at 0:00:01 says minimum rate instead of running."
    assert found["occlusion"].what == "Occlusion at 0:05:20 came 20 s late."
    assert found["occlusion"].difference == "moved by 20 s"
    assert found["occlusion_over"].what == "Occlusion: over at 0:06:00 is missing."
    assert found["stopped"].what == "Stopped at 0:08:20 is not in the golden run."
    assert [(one.kind, one.how, one.at_s) for one in one.differing] == [
        ("started", "value", 1.0),
        ("occlusion", "moved", 320.0),
        ("occlusion_over", "missing", 360.0),
        ("stopped", "extra", 500.0),
    ]


def test_an_event_that_one_run_no_longer_covers_is_not_the_other_ones_that_moved(golden: Path, tmp_path: Path) -> None:
    events = (("boot", 0.0, 0), ("stopped", 100.0, 1))
    one = against(
        record(tmp_path / "golden.run.duckdb", events=(("boot", 0.0, 0), ("stopped", 600.5, 0)), count=6010),
        record(tmp_path / "new.run.duckdb", events=events),
    )
    assert named(one)["stopped"].what == "Stopped at 0:01:40 is not in the golden run."
    assert named(one)["stopped"].difference == "1 extra"


def test_a_tolerance_file_allows_and_forbids(golden: Path, tmp_path: Path) -> None:
    new = record(tmp_path / "new.run.duckdb", speed=0.98, events=EVENTS[:3])
    wide = "channels:\n  - channel: commanded\n    share: 3 %\n  - channel: flow\n    difference: shown\n"
    one = against(golden, new, tolerance=wide + "events:\n  - event: occlusion_over\n    missing: 1\n")
    assert one.passed
    assert named(one)["flow_pl_s"].verdict == "not judged"
    assert named(one)["occlusion_over"].verdict == "within"
    strict = "channels:\n  - channel: delivered\n    share: 0.1 %\n    least: 0 uL\n"
    assert "measured_nl" in failed(against(golden, new, tolerance=strict))


def test_aligned_by_an_event_a_run_that_began_earlier_is_the_same(golden: Path, tmp_path: Path) -> None:
    """The second run was recorded 30 s earlier, so everything comes 30 s later in it."""
    path = tmp_path / "early.run.duckdb"
    moved = tuple((kind, at_s + 30, value) for kind, at_s, value in EVENTS)
    record(path, events=moved, count=6300)
    assert "occlusion" in failed(against(golden, path))
    one = against(golden, path, "event:occlusion")
    assert named(one)["occlusion"].verdict == "same"
    assert (one.golden_zero_s, one.new_zero_s) == (300.0, 330.0)
    assert (one.start_s, one.end_s) == (-300.0, 299.9)
    assert not named(one)["commanded_nl"].failed
    assert named(one)["duration"].failed  # 5 % longer


def test_aligned_by_the_clock_only_common_time_is_compared(golden: Path, tmp_path: Path) -> None:
    later = record(tmp_path / "later.run.duckdb", later_s=60.0)
    one = against(golden, later, "clock", "compared: 50 %\n")
    assert (one.start_s, one.end_s) == (60.0, 599.9)
    assert one.new_zero_s == -60.0
    assert named(one)["compared"].new == "89.99 %"
    assert not named(one)["compared"].failed
    assert "compared" in failed(against(golden, later, "clock"))
    with pytest.raises(UsageError, match="no moment in common"):
        against(golden, record(tmp_path / "next-day.run.duckdb", later_s=86_400.0), "clock")


def test_lost_time_is_left_out_and_told(golden: Path, tmp_path: Path) -> None:
    one = against(golden, record(tmp_path / "gap.run.duckdb", lost=(2000, 2300)))
    assert one.passed
    assert one.lost_s == ((199.9, 230.0),)
    at_s = one.at_columns(len(one.curves[0].deviation))
    inside = (at_s > 200) & (at_s < 229.9)
    assert all(np.isnan(curve.deviation[inside]).all() for curve in one.curves)
    assert named(one)["lost"].new == "30.1 s"
    assert named(one)["compared"].verdict == "within"
    most = against(golden, record(tmp_path / "most.run.duckdb", lost=(1000, 5000)))
    assert failed(most) == {"compared"}


def test_a_sensor_that_only_one_of_them_has_is_a_difference(golden: Path, tmp_path: Path) -> None:
    blind = record(tmp_path / "blind.run.duckdb", balance=False)
    one = against(golden, blind)
    assert failed(one) == {"measured_nl", "measured"}
    assert named(one)["measured_nl"].what == "Delivered has no value in the new run."
    assert named(against(blind, golden))["measured_nl"].what == "Delivered has no value in the golden run."
    assert "measured_nl" not in named(against(blind, blind))


def test_another_program_is_told_in_its_own_words(golden: Path, tmp_path: Path) -> None:
    one = against(golden, record(tmp_path / "new.run.duckdb", cycle_pl=19_600_000_000))
    assert failed(one) == {"program 1: A day of the cycle", "program 1: All the time"}
    assert "19.6 mL instead of 20 mL" in one.failures[0].what.replace(" = 9800 µg", "").replace(" = 10000 µg", "")
    assert against(golden, one.path, tolerance="program: shown\n").passed


def test_other_settings_are_shown_and_judged_where_asked(golden: Path, tmp_path: Path) -> None:
    new = record(tmp_path / "new.run.duckdb", settings={"occlusion_pa": 50_000})
    one = against(golden, new)
    assert one.passed
    assert named(one)["setting occlusion_pa"].verdict == "not judged"
    assert failed(against(golden, new, tolerance="settings: counts\n")) == {"setting occlusion_pa"}


def test_envelopes_say_the_same_as_samples(golden: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long runs are compared by the rollup that they keep."""
    first = record(tmp_path / "long.run.duckdb", count=60_000, stretch=100)
    slow = record(tmp_path / "slow.run.duckdb", count=60_000, stretch=100, speed=0.98)
    by_samples = against(first, slow)
    monkeypatch.setattr(columns, "EXACT_SAMPLES", 1000)
    by_rollup = against(first, slow)
    assert len(by_rollup.curves[0].deviation) == 300  # of 600 stretches
    assert failed(by_rollup) == failed(by_samples)
    assert against(first, first).passed
    exact, rough = (named(one)["commanded_nl"].values["deviation"] for one in (by_samples, by_rollup))
    assert rough == pytest.approx(exact, rel=0.2)  # a column is a sixth of it


def test_what_has_no_sample_can_not_be_compared(golden: Path, tmp_path: Path) -> None:
    path = tmp_path / "empty.run.duckdb"
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        writer.finish("no pump")
    with pytest.raises(UsageError, match="holds no samples"):
        against(golden, path)
    (tmp_path / "foreign.run.duckdb").write_bytes(b"not a database")
    with pytest.raises(RunFileError, match="not a run file"):
        against(golden, tmp_path / "foreign.run.duckdb")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rollup SET rows = 4000000000",
        "UPDATE rollup SET row = row + 7",
        "DELETE FROM samples WHERE rowid > 100",
        "UPDATE rollup SET first_us = 9223372036854775800",
        "UPDATE rollup SET host_us = -9223372036854775800",
    ],
)
def test_an_outline_that_was_altered_is_refused(golden: Path, tmp_path: Path, change: str) -> None:
    path = tmp_path / "altered.run.duckdb"
    path.write_bytes(golden.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute(change)
    with pytest.raises(RunFileError, match="was altered"):
        against(golden, path)


@given(data=st.data())
@settings(max_examples=8)
def test_whatever_an_altered_file_says_it_is_compared_or_refused(
    golden: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any number in samples, gaps and events."""
    column = data.draw(st.sampled_from(NUMBERS))
    table, name = column.split(".")
    value = data.draw(st.integers(-(2**63) + 1, 2**63 - 1))
    path = tmp_path_factory.mktemp("altered") / "altered.run.duckdb"
    path.write_bytes(golden.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute("INSERT INTO gaps VALUES ('samples', 1, 5000000, 6000000, 10)")
        connection.execute(f"UPDATE {table} SET {name} = {value} WHERE rowid % 3 = 0")
    with suppress(UsageError):
        against(golden, path)


def test_a_single_sample_is_compared_with_itself(tmp_path: Path) -> None:
    path = record(tmp_path / "one.run.duckdb", count=1, events=())
    assert against(path, path).passed


def test_nothing_is_written(golden: Path, tmp_path: Path) -> None:
    new = record(tmp_path / "new.run.duckdb", speed=0.98)
    before = golden.read_bytes(), new.read_bytes()
    against(golden, new)
    assert (golden.read_bytes(), new.read_bytes()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["new.run.duckdb"]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("start", Alignment("start")),
        ("clock", Alignment("clock")),
        ("event:occlusion", Alignment("event", "occlusion", 1)),
        ("event:occlusion:3", Alignment("event", "occlusion", 3)),
    ],
)
def test_alignments_read_as_they_are_written(text: str, means: Alignment) -> None:
    assert parse_alignment(text) == means
    assert str(means) == text


@pytest.mark.parametrize("text", ["", "begin", "event:", "event:x:0", "event:x;y", "event:" + "a" * 99])
def test_any_other_alignment_is_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match="says not how to align"):
        parse_alignment(text)


def test_an_event_that_is_not_there_can_not_align(golden: Path) -> None:
    with pytest.raises(UsageError, match="it has only 1") as caught:
        against(golden, golden, "event:occlusion:2")
    assert "occlusion_over" in caught.value.remedy
