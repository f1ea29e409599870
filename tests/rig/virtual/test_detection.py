"""Each fault is noticed within its delay, by what the pump's sensors say; and what it can't know, it doesn't say."""

import random
from collections.abc import Callable

import pytest

from firmware_link.vocabulary import ALARM_BITS, ALARMS, HIGH
from rig.session import Batch, LinkState, Session
from rig.targets import open_session
from rig.virtual import detection
from rig.virtual.base import Rig
from rig.virtual.delays import DAY_S, Case
from rig.virtual.fault_kinds import BY_HAND, BY_NAME, KINDS, LINK
from rig.virtual.faults import Fault
from tests.rig.virtual import cases
from tests.rig.virtual.ward import Ward

MEDIUM_ML_DAY = 6  # where a turn takes minutes
#: what follows from an alarm: the pump stands still, or delivers its least
CONSEQUENCES = {"stopped_reminder", "minimum_rate", "bolus_cut_short"}
#: what is said beside the answer, and is true as well
BESIDE = {
    "power_cut_in_write": {"memory_corrected"},
    "memory_corruption": {"self_test_failed"},
    "battery_step": {"battery_eri", "battery_eos"},
}


def names(faults: tuple[tuple[str, float | None], ...]) -> list[str]:
    return [what if amount is None else f"{what}-{amount:g}" for what, amount in faults]


def prove(rig: Rig, what: str, amount: float | None, ml_day: float) -> None:
    """It is noticed in time, not before it was, by a word that answers it and no other."""
    found = cases.measure(rig, what, amount, ml_day)
    answer = detection.ANSWERS[what]
    if found.expected_s is not None:
        assert found.delay_s is not None, f"not noticed within {found.expected_s:.0f} s"
        assert 0 <= found.delay_s <= found.expected_s
        assert -found.expected_s <= found.since_s <= found.delay_s  # an estimate, or when all was last well
    assert set(found.raised) <= {*answer.by, *CONSEQUENCES, *BESIDE.get(what, ())}


@pytest.mark.parametrize("ml_day", cases.RATES_ML_DAY)
@pytest.mark.parametrize(("what", "amount"), cases.FAULTS, ids=names(cases.FAULTS))
def test_each_fault_is_noticed_within_its_delay(
    what: str, amount: float | None, ml_day: float, make_rig: Callable[..., Rig]
) -> None:
    prove(make_rig("sim", 7), what, amount, ml_day)


@pytest.mark.parametrize(("what", "amount"), cases.FAULTS, ids=names(cases.FAULTS))
def test_each_fault_is_noticed_under_micropython_too(
    what: str, amount: float | None, make_rig: Callable[..., Rig]
) -> None:
    prove(make_rig("upy", 8), what, amount, MEDIUM_ML_DAY)


@pytest.mark.parametrize("ml_day", [0.25, MEDIUM_ML_DAY, 24])
@pytest.mark.parametrize(("what", "amount"), cases.UNNOTICED, ids=names(cases.UNNOTICED))
def test_what_cannot_be_known_is_not_given_a_false_name(
    what: str, amount: float | None, ml_day: float, make_rig: Callable[..., Rig]
) -> None:
    found = cases.measure(make_rig("sim", 9), what, amount, ml_day)
    assert found.expected_s is None
    assert found.raised == ()


@pytest.mark.parametrize("ml_day", cases.RATES_ML_DAY)
def test_a_balance_that_shakes_is_told_as_that_and_stops_nothing(ml_day: float, rig: Rig) -> None:
    found = cases.measure(rig, "vibration", 300, ml_day)
    assert found.raised == ("sensor_fault",)
    assert rig.truth().turning


def test_a_stall_and_its_recovery_are_two_entries(rig: Rig) -> None:
    ward = Ward(rig, MEDIUM_ML_DAY)
    ward.run(300)
    before_us = rig.truth().device_us
    rig.inject(Fault("stall"))
    ward.run(200)
    held = rig.truth().rotor_steps
    (stall,) = [entry for entry in ward.entries if entry.name == "motor_stall"]
    assert before_us - 2e6 <= stall.occurred_us < stall.detected_us  # within the step before
    rig.inject(Fault("stall", ends=True))
    assert ward.command("clear_alarms", 1 << ALARM_BITS["motor_stall"]) == "ok"
    started_us = rig.truth().device_us
    assert ward.command("start") == "ok"
    ward.run(200)
    (recovered,) = [entry for entry in ward.entries if entry.name == "stall_recovered"]
    assert stall.detected_us < started_us - 1e5 <= recovered.occurred_us < recovered.detected_us
    assert rig.truth().rotor_steps > held
    eighth = 3200 // 8
    assert eighth < recovered.value < 3 * eighth
    assert "stall_recovered" not in ward.alarms()


def test_a_stall_that_goes_on_is_found_again_and_has_no_recovery(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig("sim")
    ward = Ward(rig, MEDIUM_ML_DAY)
    rig.inject(Fault("stall"))
    ward.run(200)
    assert ward.command("clear_alarms", 1 << ALARM_BITS["motor_stall"]) == "ok"
    assert ward.command("start") == "ok"
    ward.run(200)
    names = [entry.name for entry in ward.entries]
    assert names.count("motor_stall") == 2
    assert "stall_recovered" not in names


# What the host sees


LINK_S = 40.0
#: fault of the link -> what of a session shows it, as ``detection`` says
SEEN: dict[str, Callable[[Session, list[Batch]], bool]] = {
    "unplug": lambda session, batches: is_lost(batches),
    "link_reset": lambda session, batches: is_lost(batches),
    "link_cut": lambda session, batches: is_lost(batches),
    "link_stall_in": lambda session, batches: is_lost(batches),
    "link_stall_out": lambda session, batches: batches[-1].counters.resends > 0,
    "link_drop": lambda session, batches: batches[-1].counters.frames_bad > 0,
    "link_flip": lambda session, batches: batches[-1].counters.frames_bad > 0,
    "link_duplicate": lambda session, batches: batches[-1].counters.frames_bad > 0,
    "link_reorder": lambda session, batches: batches[-1].counters.frames_bad > 0,
    "link_delay": lambda session, batches: batches[-1].counters.round_trip_us > 350_000,
    "link_split": lambda session, batches: is_whole(batches),
    "link_merge": lambda session, batches: is_whole(batches),
}


def is_lost(batches: list[Batch]) -> bool:
    return LinkState.LOST in [link.state for batch in batches for link in batch.links]


def is_whole(batches: list[Batch]) -> bool:
    return not (is_lost(batches) or any(batch.gaps for batch in batches) or batches[-1].counters.frames_bad)


def test_every_fault_of_the_link_is_seen_here() -> None:
    assert set(SEEN) == {kind.name for kind in KINDS if kind.group == LINK}


@pytest.mark.parametrize("what", SEEN)
def test_the_host_sees_the_faults_of_the_link_and_the_pump_does_not(what: str) -> None:
    session = open_session("sim:?seed=7&speed=max", rng=random.Random(3))
    try:
        batches = [session.poll(1.0) for _ in range(20)]
        session.inject(Fault(what, duration_s=LINK_S if BY_NAME[what].lasts else None))
        end_s = session.clock.monotonic() + LINK_S - 1
        while (left_s := end_s - session.clock.monotonic()) > 0:
            batches.append(session.poll(left_s))
    finally:
        session.close()
    assert SEEN[what](session, batches)
    assert not [event.kind for batch in batches for event in batch.events if event.kind in ALARM_BITS]


# The table


def test_every_fault_has_an_answer_or_a_reason_why_not() -> None:
    assert set(detection.ANSWERS) == set(BY_NAME)
    assert all(answer.how.endswith(".") for answer in detection.ANSWERS.values())
    assert {name for answer in detection.ANSWERS.values() for name in answer.by} <= set(ALARM_BITS)


def test_every_fault_that_the_pump_answers_is_proven_here() -> None:
    answered = {what for what, answer in detection.ANSWERS.items() if answer.by}
    assert answered == {what for what, _ in cases.FAULTS}
    rest = set(BY_NAME) - answered - {what for what, _ in cases.UNNOTICED}
    assert {BY_NAME[name].group for name in rest} == {LINK, BY_HAND}


def test_every_alarm_of_high_priority_is_an_answer_or_has_a_test_of_its_own() -> None:
    answers = {name for answer in detection.ANSWERS.values() for name in answer.by}
    own = {"empty_reservoir", "stopped_long", "start_stop_cycling"}  # by count, by the clock, by commands
    assert {name for _, name, priority, _, _ in ALARMS if priority == HIGH} <= answers | own


@pytest.mark.parametrize(
    ("ml_day", "minutes"),
    [(24, 4.2), (1, 101), (0.25, 403)],  # domain.md section 5, D
)
def test_an_occlusion_takes_as_long_as_the_domain_says_and_what_the_pump_adds(ml_day: float, minutes: float) -> None:
    case = Case(Fault("occlusion"), ml_day * 1e6 / DAY_S, {**cases.DEFAULTS, "occlusion_pa": 70_000})
    expected_s = detection.expected_s(case)
    assert expected_s is not None
    # Back-pressure takes an eighth of the flow, a cold room a twentieth; then a reading must come.
    assert 60 * minutes < expected_s - case.reading_s < 1.25 * 60 * minutes


@pytest.mark.parametrize(
    ("what", "amount", "ml_day", "minutes"),
    [
        ("stall", None, 24, 1.1),
        ("stall", None, 0.05, 95),
        ("disconnect", None, 1, 40),
        ("leak", 30, 1, 160),
        ("free_flow", 5, 24, 3),
        ("free_flow", 5, 0.05, 25),
        ("pressure_dead", None, 6, 4),
    ],
)
def test_what_is_promised_stays_promised(what: str, amount: float | None, ml_day: float, minutes: float) -> None:
    expected_s = detection.expected_s(cases.case_of(what, amount, ml_day))
    assert expected_s is not None
    assert expected_s < 60 * minutes


@pytest.mark.parametrize("what", ["stall", "disconnect", "occlusion", "leak"])
def test_at_a_lower_rate_it_takes_longer(what: str) -> None:
    delays = [detection.expected_s(cases.case_of(what, None, ml_day)) for ml_day in cases.RATES_ML_DAY]
    known = [delay_s for delay_s in delays if delay_s is not None]
    assert len(known) == len(delays)
    assert known == sorted(known, reverse=True)


@pytest.mark.parametrize(("what", "low", "high"), [("leak", 14, 17), ("tube_tear", 14, 17), ("kink", 600, 1000)])
def test_below_some_amount_nothing_is_promised(what: str, low: float, high: float) -> None:
    assert detection.expected_s(cases.case_of(what, low, 24)) is None
    assert detection.expected_s(cases.case_of(what, high, 24)) is not None
