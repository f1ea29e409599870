"""Which faults are on when, and which can't be at once."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.virtual.fault_kinds import BY_NAME
from rig.virtual.faults import KINDS, Fault, Refused, check
from rig.virtual.schedule import NEVER_US, Schedule

SECOND_US = 1_000_000


def scheduled(*faults: Fault) -> Schedule:
    schedule = Schedule()
    for fault in faults:
        give(schedule, fault)
    return schedule


def give(schedule: Schedule, fault: Fault) -> None:
    schedule.add(check(fault, 0.0), round((fault.at_s or 0) * SECOND_US))


def changes(schedule: Schedule, until_s: float) -> list[tuple[float, str, bool]]:
    """(when, what, whether it begins) of all that has changed by then."""
    found = []
    while change := schedule.take(round(until_s * SECOND_US)):
        found.append((change.at_us / SECOND_US, change.what, change.begins))
    return found


def test_changes_come_in_order_of_time_and_giving() -> None:
    schedule = scheduled(Fault("stall", 5.0, 1.0), Fault("reset", 5.0), Fault("leak", 2.0, 3.0))
    assert schedule.due_us() == 2 * SECOND_US
    assert changes(schedule, 4.999) == [(2, "leak", True)]
    assert schedule.in_force == ("leak",)
    assert changes(schedule, 10) == [(5, "leak", False), (5, "stall", True), (5, "reset", True), (6, "stall", False)]
    assert schedule.in_force == ()
    assert schedule.due_us() == NEVER_US


def test_what_is_in_force_and_what_is_to_come_are_told_with_their_end() -> None:
    schedule = scheduled(Fault("occlusion", 1.0, amount=80.0), Fault("stall", 2.0, 8.0), Fault("reset", 7.0))
    changes(schedule, 2)
    told = [(one.what, one.begun, one.begin_us, one.end_us, one.amount) for one in schedule.faults]
    assert told == [
        ("reset", False, 7 * SECOND_US, 7 * SECOND_US, None),
        ("stall", True, 2 * SECOND_US, 10 * SECOND_US, None),
        ("occlusion", True, SECOND_US, NEVER_US, 80.0),
    ]


def test_one_ends_before_the_next_begins_whatever_the_order_of_giving() -> None:
    schedule = scheduled(Fault("occlusion", 10.0, 5.0, 50.0), Fault("occlusion", 5.0, 5.0, 100.0))
    assert [begins for _, _, begins in changes(schedule, 12)] == [True, False, True]
    assert schedule.in_force == ("occlusion",)


@pytest.mark.parametrize(
    ("given_before", "fault", "said", "remedy"),
    [
        (Fault("stall", 60.0), Fault("stall", 90.0), '"stall", from 1 min until it is ended', "Give that one an end"),
        (Fault("stall", 60.0, 30.0), Fault("stall", 89.0, 5.0), '"stall", from 1 min to 90 s', "Begin at 90 s"),
        (Fault("kink", 60.0, 30.0), Fault("occlusion", 50.0), '"kink", from 1 min', "Let it end by 1 min"),
        (Fault("disconnect", 1.0), Fault("leak", 2.0), "both concern the catheter's wall", "Give that one an end"),
        (Fault("disconnect", 1.0), Fault("occlusion", 2.0), "both concern the outlet", "Give that one an end"),
        (Fault("unplug", 0.0), Fault("link_stall_out", 2.0), "both concern the way to the pump", "End it first"),
        (Fault("pressure_dead", 5.0), Fault("pressure_noisy", 6.0), "the pressure sensor", "Give that one an end"),
        (Fault("battery_step", 5.0), Fault("battery_step", 5.0, amount=50.0), "at 5 s", "Leave one of them out"),
    ],
)
def test_what_cannot_be_at_once_is_refused_with_the_other_and_its_time(
    given_before: Fault, fault: Fault, said: str, remedy: str
) -> None:
    schedule = scheduled(given_before)
    changes(schedule, 0)
    with pytest.raises(Refused) as caught:
        give(schedule, fault)
    assert caught.value.field == "what"
    assert said in caught.value.problem
    assert remedy in caught.value.remedy
    assert len(schedule.faults) == 1


def test_what_is_in_force_has_to_be_ended_before_it_is_given_again() -> None:
    schedule = scheduled(Fault("stall", duration_s=90.0))
    changes(schedule, 30)
    with pytest.raises(Refused) as caught:
        give(schedule, Fault("stall", 31.0))
    assert caught.value.remedy == "End it first, or begin at 90 s."
    give(schedule, Fault("stall", 31.0, ends=True))
    give(schedule, Fault("stall", 31.0))
    assert changes(schedule, 1000) == [(31, "stall", False), (31, "stall", True)]


def test_what_concerns_different_places_may_be_at_once() -> None:
    schedule = scheduled(
        *(Fault(what) for what in ("stall", "leak", "occlusion", "tube_tear", "link_drop", "link_flip"))
    )
    changes(schedule, 0)
    assert len(schedule.in_force) == 6


def test_an_end_ends_what_goes_on_then_and_nothing_else() -> None:
    schedule = scheduled(Fault("stall", ends=True), Fault("stall", 1.0, 9.0), Fault("stall", 20.0))
    give(schedule, Fault("stall", 5.0, ends=True))
    give(schedule, Fault("stall", 15.0, ends=True))
    assert changes(schedule, 30) == [(1, "stall", True), (5, "stall", False), (20, "stall", True)]


def test_what_is_ended_as_it_begins_never_was() -> None:
    schedule = scheduled(Fault("stall", 1.0), Fault("stall", 1.0, ends=True))
    assert changes(schedule, 30) == []
    assert schedule.due_us() == NEVER_US


def fault_of(what: str, at_s: float, duration_s: float, share: float) -> Fault:
    """A fault that can be: ``share`` of the way through the range of its amount."""
    kind = BY_NAME[what]
    amount = None
    if kind.amount:
        amount = kind.amount.low + share * (kind.amount.high - kind.amount.low)
        amount = float(round(amount)) if kind.amount.whole else amount
    return Fault(what, at_s, duration_s if kind.lasts else None, amount)


faults_that_can_be = st.builds(
    fault_of, st.sampled_from([kind.name for kind in KINDS]), st.integers(0, 50), st.integers(1, 30), st.floats(0, 1)
)


@given(st.lists(faults_that_can_be, max_size=25))
def test_whatever_is_accepted_never_contradicts_itself_and_comes_to_its_end(faults: list[Fault]) -> None:
    schedule = Schedule()
    accepted = 0
    for fault in faults:
        with contextlib.suppress(Refused):
            give(schedule, fault)
            accepted += 1
    began = 0
    for second in range(100):
        began += sum(begins for _, _, begins in changes(schedule, second))
        names = schedule.in_force
        places = [place for name in names for place in BY_NAME[name].places]
        assert len(set(names)) == len(names)
        assert len(set(places)) == len(places)
    assert began == accepted
    assert schedule.faults == ()


def test_what_is_to_come_can_be_called_off() -> None:
    schedule = Schedule()
    schedule.add(Fault("reset"), 5_000_000)
    schedule.add(Fault("stall", duration_s=2.0), 6_000_000)
    schedule.add(Fault("reset", ends=True), 4_000_000)  # none is to come then
    assert [one.what for one in schedule.faults] == ["reset", "stall"]
    schedule.add(Fault("reset", ends=True), 5_000_000)
    schedule.add(Fault("stall", ends=True), 6_000_000)
    assert schedule.faults == ()
    assert schedule.due_us() == NEVER_US
