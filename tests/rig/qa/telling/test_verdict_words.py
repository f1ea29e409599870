"""Measurements are said with their unit, no more figures than they have, and beside what they are held to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.measured import VERDICTS, Measurement
from rig.qa.telling.said import measurement_text
from rig.qa.telling.verdict_words import WORDS, limits_text, number_text, value_text

DELIVERED = Measurement("delivered", 24.8134, "µL", 23.75, 26.25, 0.1234, "pass")


def test_every_verdict_has_a_word_and_a_symbol_of_its_own():
    assert set(WORDS) == set(VERDICTS)
    assert len({words.symbol for words in WORDS.values()}) == len({words.word for words in WORDS.values()}) == 5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "24.81 ± 0.12 µL"),
        ({"uncertainty": 0.0}, "24.81 µL"),
        ({"uncertainty": 12.0, "value": 1234.5}, "1234 ± 12 µL"),
        ({"uncertainty": 0.0, "value": -0.0012346, "unit": "%"}, "−0.001235 %"),
        ({"uncertainty": 0.0, "value": 3.0, "unit": ""}, "3"),
        ({"uncertainty": 0.5, "value": -0.04}, "−0.04 ± 0.50 µL"),
        ({"uncertainty": 0.0, "value": 0.0}, "0 µL"),
        ({"uncertainty": 0.0, "value": 26.2500004, "verdict": "fail"}, "26.2500004 µL"),
        ({"value": None, "detail": "running"}, "running"),
        ({"value": None}, "–"),
    ],
)
def test_a_value_is_said_with_the_figures_that_it_has(change, said):
    assert value_text(replace(DELIVERED, **change)) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (23.75, 26.25, "23.75 to 26.25 µL"),
        (5.0, None, "at least 5 µL"),
        (None, 0.1, "at most 0.1 µL"),
        (2.0, 2.0, "2 µL"),
        (None, None, ""),
        (-5.0, 5.0, "−5 to 5 µL"),
        (-0.0, 0.0, "0 µL"),
    ],
)
def test_limits_are_said_as_they_are_written(low, high, said):
    assert limits_text(replace(DELIVERED, low=low, high=high)) == said


def test_what_is_held_to_nothing_has_not_passed():
    loose = replace(DELIVERED, low=None, high=None)
    assert [measurement_text(one) for one in (DELIVERED, loose)] == [
        "delivered: 24.81 ± 0.12 µL (23.75 to 26.25 µL): PASS",
        "delivered: 24.81 ± 0.12 µL",
    ]
    assert measurement_text(replace(loose, value=None, detail="State is running.")).endswith(": PASS")


@given(st.floats())
def test_any_number_can_be_said(value):
    assert number_text(value)
    assert value_text(replace(DELIVERED, value=value))
    assert value_text(replace(DELIVERED, uncertainty=abs(value)))
