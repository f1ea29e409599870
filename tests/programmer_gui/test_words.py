"""Every word of the wire has words for people; colours can be read."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import vocabulary
from programmer_gui import words
from programmer_gui.tokens import DARK, LIGHT, Tokens
from rig.session import Event, LinkState
from rig.words import HOST_EVENTS


def event(kind: str, value: int) -> Event:
    return Event(1, kind, 0, 1, 0, 0, 1_700_000_000, value, 0, 0)


def test_every_state_alarm_setting_event_and_link_has_words():
    assert set(words.STATES) == set(vocabulary.STATES)
    assert set(words.ALARMS) == {row[1] for row in vocabulary.ALARMS}
    assert set(words.SETTINGS) == {row[1] for row in vocabulary.SETTINGS}
    assert set(words.STOP_REASONS) == set(vocabulary.STOP_REASONS)
    assert set(words.LINKS) == set(LinkState)
    plain = {row[1] for row in vocabulary.EVENTS} - set(words.ALARMS) - {f"{name}_over" for name in words.ALARMS}
    assert set(words.EVENTS) == plain


@given(st.sampled_from([*(row[1] for row in vocabulary.EVENTS), *HOST_EVENTS]), st.integers(-(2**31), 2**31 - 1))
def test_any_value_of_any_event_can_be_said(kind, value):
    assert words.event_title(kind)
    assert isinstance(words.event_detail(event(kind, value)), str)


@pytest.mark.parametrize(
    ("kind", "value", "detail"),
    [
        ("stopped", 0, "by the operator"),
        ("bolus_ended", 40_000, "40 µL"),
        ("bolus_duration", 600_000, "10 min"),
        ("clock_set", -1, "off for an unknown time"),
        ("battery_eri", 3310, "3.31 V"),
        ("occlusion", 69_000, "69.0 kPa"),
        ("config_changed", 4, "Rollers"),
        ("alarms_cleared", 1 << 4, "Motor stalled"),
        ("empty_reservoir_over", 500_000, "0.5 mL left"),
        ("host_clock_jump", 60_000, "by +60.000 s"),
        ("host_balance_trouble", 1, "it doesn't answer"),
        ("host_balance_tared", 12_300, "from 12.3 mg"),
    ],
)
def test_what_a_value_says(kind, value, detail):
    assert words.event_detail(event(kind, value)) == detail


def test_alarms_come_most_urgent_first_with_their_action():
    alarms = words.active_alarms(1 << 0 | 1 << 4)
    assert [alarm.name for alarm in alarms] == ["motor_stall", "low_reservoir"]
    assert alarms[0].level == "high"
    assert alarms[0].action == "stopped"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0059616, "0.0059616"), (3_600_000, "3\u202f600\u202f000"), (24.0, "24"), (6e-8, "0.00000006")],
)
def test_plain_numbers_have_no_exponent(value, text):
    assert words.plain(value) == text


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT_ON = [
    ("text", ("window", "surface", "raised", "hover", "accent_soft")),
    ("muted", ("window", "surface", "raised")),
    ("accent", ("surface", "raised")),
    ("accent_text", ("accent",)),
    ("stop_text", ("stop",)),
    ("good", ("surface", "raised")),
    ("alarm_high", ("surface", "raised", "alarm_high_soft")),
    ("alarm_medium", ("surface", "raised", "alarm_medium_soft")),
    ("alarm_low", ("surface", "raised", "alarm_low_soft")),
    ("broken", ("surface", "raised")),
]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_text_stands_out_from_what_it_is_on(tokens):
    weak = [
        f"{text} on {ground}: {contrast(getattr(tokens, text), getattr(tokens, ground)):.2f}"
        for text, grounds in TEXT_ON
        for ground in grounds
        if contrast(getattr(tokens, text), getattr(tokens, ground)) < 4.5
    ]
    assert weak == []


def test_both_themes_name_every_colour():
    for field in fields(Tokens):
        for tokens in (LIGHT, DARK):
            value = getattr(tokens, field.name)
            assert field.name == "name" or (value.startswith("#") and len(value) == 7)
