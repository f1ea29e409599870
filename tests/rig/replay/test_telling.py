"""The verb: how things stood at a moment, and what happened from then on, for people and for programs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from firmware_link.clock import ManualClock
from firmware_link.errors import UsageError
from rig.cli import app
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.replay.telling import Wanted, tell
from rig.session import Batch
from tests.rig.recording import make

RUN = "lived.run.duckdb"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make.make_run(tmp_path / RUN, 1000)
    return tmp_path / RUN


def lines(path: Path, *options: str) -> list[str]:
    result = CliRunner().invoke(app, ["replay", str(path), "--speed", "max", *options], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout.splitlines()


def test_all_that_happened_is_told_and_then_the_state(path: Path) -> None:
    told = lines(path)
    *happened, end = [line for line in told if not line.startswith(" ")]
    assert end == "00:01:45.000  2023-11-14T22:15:05.000Z"
    assert [line.split("  ", 1)[1] for line in happened] == [
        "· Info    Started up",
        "· Info    Started: running",
        "■ High    Occlusion: 70.0 kPa",
        "· Info    Occlusion: over: 4.0 kPa",
        "– Link    Link online",
        "– Lost    5 s of samples, 50 missing",
    ]
    assert happened[-1].startswith("00:00:56.000"), "when the sample after it came"
    assert {"  samples          1,000", "  gaps             1", "  delivered        23.958 µL"} <= set(told)


def test_each_line_is_a_json_object(path: Path) -> None:
    told = [json.loads(line) for line in lines(path, "--json")]
    assert [one["type"] for one in told] == [*["event"] * 4, "link", "gap", "state"]
    with RunReader(path) as reader:
        summary = reader.summary()
    totals = told[-1]["totals"]
    assert (totals["samples"], totals["commanded_nl"]) == (summary.samples, summary.commanded_nl)
    assert told[-1]["readings"]["battery_mv"] == 3650
    assert [one["at_us"] for one in told] == sorted(one["at_us"] for one in told)


def test_from_a_moment_to_another(path: Path) -> None:
    told = [json.loads(line) for line in lines(path, "--json", "--at", "00:00:30", "--until", "40 s")]
    assert [(one["type"], one["at"], one["totals"]["samples"]) for one in told] == [
        ("state", "00:00:30.000", 300),
        ("state", "00:00:40.000", 400),
    ]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"at": "1 h"}, "goes from 00:00:00 to 00:01:45"),
        ({"at": "1 min", "until": "50 s"}, "before the beginning"),
        ({"at": "soon"}, "soon"),
    ],
)
def test_times_that_it_has_not(path: Path, wanted: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        tell(Wanted(path, **wanted), False, print)
    assert said in raised.value.sentence()
    assert said in raised.value.sentence() or raised.value.remedy


def test_a_terminal_is_told_words_only(tmp_path: Path) -> None:
    """A file may say anything, above all what a terminal takes for an order."""
    path = tmp_path / RUN
    with RunWriter(path, ManualClock(make.UTC_US), make.SESSION) as writer:
        writer.add(Batch(events=(replace(make.event(1), kind="\x1b[2J\x07gone"),)))
        writer.finish("test")
    told = lines(path)
    assert all(line.isprintable() for line in told)
    assert "gone" in told[0].lower()
