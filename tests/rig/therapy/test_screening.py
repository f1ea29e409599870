import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from firmware_link.errors import UsageError
from rig.therapy import screening
from rig.therapy.modes import Given, Response, Screening
from rig.therapy.screening import (
    PROTOCOL,
    NextStep,
    Refusal,
    early_verdict,
    next_step,
    outcome,
    record_given,
    record_verdict,
    start_dose_ng_day,
)

HOUR_S = 3600
HOUR_MS = 3_600_000
NEW = Screening(60_000)
T0 = 1_767_600_000


def after(*seen: tuple[int, Response], hours: float = 25) -> Screening:
    """A screening whose last of these boluses was given ``hours`` before T0, the others a day apart."""
    times = [T0 - round(hours * HOUR_S) - 30 * HOUR_S * i for i in reversed(range(len(seen)))]
    boluses = [
        Given(ug * 1000, at, verdict, HOUR_MS * (verdict == "response"))
        for (ug, verdict), at in zip(seen, times, strict=True)
    ]
    return Screening(60_000, tuple(boluses))


def refused(made: Screening) -> str:
    step = next_step(made, T0)
    assert isinstance(step, Refusal)
    assert step.remedy
    return step.what


def test_the_protocol_goes_up_while_there_is_no_response() -> None:
    assert [(step.dose_ng, step.volume_pl / 1e9) for step in PROTOCOL] == [(50_000, 1), (75_000, 1.5), (100_000, 2)]
    assert next_step(NEW, T0) == PROTOCOL[0]
    assert next_step(after((50, "no response")), T0) == PROTOCOL[1]
    assert next_step(after((50, "no response"), (75, "no response")), T0) == NextStep(100_000, 2_000_000_000)


def test_without_a_verdict_there_is_no_next_step() -> None:
    assert "no verdict" in refused(after((50, "")))
    assert "no verdict" in refused(after((50, "no response"), (75, "")))


def test_an_earlier_bolus_without_a_verdict_is_waited_for_too() -> None:
    assert "no verdict on the 50 µg" in refused(after((50, ""), (75, "no response")))
    assert "no verdict on the 100 µg" in refused(after((100, ""), (50, "no response")))


def test_boluses_out_of_order_are_never_given_again() -> None:
    assert next_step(after((75, "no response"), (50, "no response")), T0) == PROTOCOL[2]
    assert outcome(after((100, "no response"), (50, "no response"))).kind == "no pump"


def test_steps_are_a_day_apart() -> None:
    assert "less than 24 h" in refused(after((50, "no response"), hours=24 - 1 / 3600))
    assert isinstance(next_step(after((50, "no response"), hours=24), T0), NextStep)
    assert "still to come" in refused(after((50, "no response"), hours=-1))


def test_a_response_ends_it_with_a_start_dose() -> None:
    made = after((50, "no response"), (75, "response"))
    assert "150 µg/day" in refused(made)
    assert outcome(made).kind == "implant"
    assert outcome(made).start_dose_ng_day == 150_000


def test_no_response_at_the_largest_means_no_pump() -> None:
    made = after((50, "no response"), (75, "no response"), (100, "no response"))
    assert "no pump" in refused(made)
    assert outcome(made).kind == "no pump"
    assert outcome(after((50, "no response"))).kind == "open"
    assert "nothing" in outcome(NEW).sentence


@pytest.mark.parametrize(("effect_h", "factor"), [(0, 2), (8, 2), (8 + 1 / HOUR_MS, 1), (20, 1)])
def test_the_start_dose_is_twice_the_bolus_or_itself_after_a_long_effect(effect_h: float, factor: int) -> None:
    assert start_dose_ng_day(75_000, round(effect_h * HOUR_MS)) == factor * 75_000


def test_a_whole_screening_is_kept_step_by_step() -> None:
    made = record_given(NEW, T0)
    with pytest.raises(UsageError, match="verdict"):
        record_given(made, T0 + 30 * HOUR_S)
    made = record_verdict(made, "no response", 0, T0 + 6 * HOUR_S)
    with pytest.raises(UsageError, match="24 h"):
        record_given(made, T0 + 23 * HOUR_S)
    made = record_given(made, T0 + 24 * HOUR_S)
    made = record_verdict(made, "response", 5 * HOUR_MS, T0 + 30 * HOUR_S)
    assert made.given == (
        Given(50_000, T0, "no response", 0),
        Given(75_000, T0 + 24 * HOUR_S, "response", 5 * HOUR_MS),
    )
    assert made.duration_ms == 60_000
    with pytest.raises(UsageError, match="implant"):
        record_given(made, T0 + 100 * HOUR_S)


def test_a_verdict_must_make_sense() -> None:
    with pytest.raises(UsageError, match="Nothing was given"):
        record_verdict(NEW, "response", 0, T0)
    made = record_given(NEW, T0)
    for effect_ms in (-1, 6 * HOUR_MS + 1):
        with pytest.raises(UsageError, match="longer than"):
            record_verdict(made, "response", effect_ms, T0 + 6 * HOUR_S)
    with pytest.raises(UsageError, match="still to come"):
        record_verdict(made, "response", 0, T0 - 1)
    with pytest.raises(UsageError, match="how long it lasted"):
        record_verdict(made, "response", 0, T0 + 6 * HOUR_S)


def test_a_verdict_before_four_hours_is_told() -> None:
    made = record_given(NEW, T0)
    early = early_verdict(made, T0 + 4 * HOUR_S - 1)
    assert early is not None
    assert "3 h 59 min only" in early.what
    assert early_verdict(made, T0 + 4 * HOUR_S) is None
    assert early_verdict(NEW, T0) is None


@for_any(st.lists(st.tuples(st.integers(1, 200_000), st.sampled_from(["", "response", "no response"])), max_size=5))
def test_whatever_was_given_the_next_step_is_larger_or_refused(seen: list[tuple[int, Response]]) -> None:
    made = Screening(1, tuple(Given(dose, T0 - 30 * HOUR_S, verdict) for dose, verdict in seen))
    step = next_step(made, T0)
    if isinstance(step, NextStep):
        assert all(given.verdict == "no response" for given in made.given[-1:])
        assert step.dose_ng > max((given.dose_ng for given in made.given[-1:]), default=0)


def test_the_trial_is_the_published_one() -> None:
    assert screening.TRIAL.dose_ng_day == 100_000
    assert (screening.TRIAL.step_ng_day, screening.TRIAL.every_ms) == (50_000, 12 * HOUR_MS)
    assert screening.TRIAL.maximum_ng_day == 900_000
