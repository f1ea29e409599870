"""Tolerance files."""

import json

import msgspec
import pytest

from firmware_link import telemetry
from firmware_link.errors import UsageError
from rig import schemas, yamlfile
from rig.compare import tolerance
from rig.compare.tolerance_file import CHANNELS, ToleranceFile
from rig.resources import resource

HEAD = "tolerance: 1\nname: Mine\n"


def test_the_standard_says_something_of_every_channel() -> None:
    standard = tolerance.standard()
    assert set(standard.channels) == {channel.field for channel in telemetry.CHANNELS}
    assert standard.time_s == 2.0
    assert standard.channel("pressure_pa").time_s == 60.0
    assert standard.channel("flow_pl_s").time_s == 2.0
    assert not standard.event("session_opened").checked
    assert standard.event("occlusion") == tolerance.EventTolerance(2.0, 0, 0, True)


def test_what_a_file_leaves_out_is_as_in_the_standard() -> None:
    text = HEAD + "time: 5 s\nchannels:\n  - channel: delivered\n    least: 0.02 mL\n"
    text += "events:\n  - event: occlusion\n    missing: 1\n    time: 1 min\n"
    mine = tolerance.loads(text)
    assert mine.name == "Mine"
    assert mine.channel("measured_nl") == tolerance.ChannelTolerance(0.015, 20.0, 5.0, True)
    assert mine.channel("flow_pl_s").share == 0.01
    assert mine.event("occlusion") == tolerance.EventTolerance(60.0, 1, 0, True)
    assert mine.event("stopped").time_s == 5.0
    assert not mine.event("session_opened").checked


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty or no tolerance file"),
        ("- a", "empty or no tolerance file"),
        ("tolerance: 2\nname: x", 'mine.yaml:1: tolerance: Schema "2" is not known'),
        (HEAD + "tiem: 3 s", 'mine.yaml:3: tiem: Unknown field "tiem". Is "time" meant?'),
        (HEAD + "time: 3", "mine.yaml:3: time: "),
        (HEAD + "channels:\n  - channel: flwo", "mine.yaml:4: channels[0].channel: "),
        (HEAD + "channels:\n  - share: 1 %", "Channel is missing"),
        (HEAD + "channels:\n  - channel: flow\n    least: 3 kPa", '"3 kPa" is not an amount of flow'),
        (HEAD + "channels:\n  - channel: flow\n    least: -3 mL/day", '"-3 mL/day" is not an amount of flow'),
        (HEAD + "channels:\n  - channel: flow\n  - channel: flow", '"flow" is there twice'),
        (HEAD + "events:\n  - event: no_such", "mine.yaml:4: events[0].event: "),
        (HEAD + "events:\n  - event: occlusion\n    missing: -1", "Missing is out of range"),
        (HEAD + "program: ignored", '"ignored" is not known here. Valid here: counts, shown.'),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        tolerance.loads(text, "mine.yaml")
    assert says in caught.value.sentence()


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        tolerance.loads(HEAD + "time: soon\ncompared: 200 %\n", "mine.yaml")
    assert "mine.yaml:3: time" in caught.value.sentence()
    assert "mine.yaml:4: compared" in caught.value.sentence()


def test_a_name_that_is_none_names_those_there_are() -> None:
    with pytest.raises(UsageError, match='no tolerance file "strict"') as caught:
        tolerance.load("strict")
    assert "bench" in caught.value.remedy


def test_the_schema_knows_every_channel_and_event() -> None:
    made = json.dumps(schemas.schema("tolerance"))
    assert all(f'"{name}"' in made for name in CHANNELS)
    assert '"occlusion_over"' in made


def test_the_standard_file_is_a_tolerance_file() -> None:
    path = resource("tolerances/bench.yaml")
    document = yamlfile.plain(yamlfile.parse(yamlfile.read_text(path), str(path)), str(path))
    assert msgspec.convert(document, ToleranceFile, strict=True).name == "Bench"
