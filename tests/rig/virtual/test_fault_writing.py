from hypothesis import given
from hypothesis import strategies as st

from rig.virtual.fault_file import loads
from rig.virtual.fault_kinds import KINDS, FaultKind
from rig.virtual.fault_writing import add, dumps
from rig.virtual.faults import Fault


@st.composite
def faults(draw: st.DrawFn, kind: FaultKind) -> Fault:
    at_s = draw(st.integers(0, 10**9)) / 1000
    duration_s = draw(st.none() | st.integers(1, 10**9).map(lambda ms: ms / 1000)) if kind.lasts else None
    if kind.amount is None:
        return Fault(kind.name, at_s, duration_s)
    low, high = kind.amount.low, kind.amount.high
    number = st.integers(int(low), int(high)) if kind.amount.whole else st.floats(low, high)
    return Fault(kind.name, at_s, duration_s, round(float(draw(number)), 6))


@given(st.sampled_from(KINDS).flatmap(faults))
def test_what_was_done_is_read_back_the_same(fault: Fault) -> None:
    assert loads(dumps("Once more", [fault])).faults == (fault,)


def test_what_was_ended_by_hand_has_lasted_so_long() -> None:
    done = add(add([], Fault("stall", 10.0)), Fault("stall", 25.5, ends=True))
    assert done == [Fault("stall", 10.0, 15.5)]


def test_what_was_cancelled_before_it_began_never_was() -> None:
    done = add(add([], Fault("stall", 10.0)), Fault("stall", 10.0, ends=True))
    assert done == []


def test_the_end_of_one_fault_leaves_the_others() -> None:
    done = [Fault("stall", 1.0), Fault("unplug", 2.0)]
    assert add(done, Fault("stall", 3.0, ends=True)) == [Fault("stall", 1.0, 2.0), Fault("unplug", 2.0)]
    assert add(done, Fault("leak", 3.0, ends=True)) == done
