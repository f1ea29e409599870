"""One way of the line: what comes out of it, and when."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.physics import noise
from rig.virtual.board import LINK_ROOM
from rig.virtual.line import BURST_US, PIECE_US, Way, stirred
from rig.virtual.schedule import NEVER_US

STALL = "link_stall_in"
DATA = bytes(range(256)) * 4

amounts = st.fixed_dictionaries(
    {},
    optional={
        "link_drop": st.floats(0.001, 100),
        "link_flip": st.floats(0.001, 100),
        "link_duplicate": st.floats(0.001, 100),
        "link_reorder": st.integers(2, 256),
        "link_delay": st.floats(1, 60_000),
    },
)
pieces: st.SearchStrategy[dict[str, float]] = st.one_of(
    st.just({}),
    st.integers(1, 512).map(lambda size: {"link_split": size}),
    st.floats(1, 10_000).map(lambda ms: {"link_merge": ms}),
)


def way(seed: int = 1, **faults: float) -> Way:
    return Way(seed, "to the host", STALL, faults)


def come_out(line: Way) -> list[tuple[int, bytes]]:
    """(moment, bytes) of all that comes out by itself."""
    out = []
    while line.due_us < NEVER_US:
        moment_us = line.due_us
        if data := line.take(moment_us):
            out.append((moment_us, data))
    return out


def through(line: Way, data: bytes = DATA) -> bytes:
    line.enter(data, 0)
    return b"".join(data for _, data in come_out(line))


@given(st.integers(0, 1 << 32), amounts, pieces, st.binary(max_size=600), st.lists(st.integers(0, 600), max_size=6))
def test_it_never_matters_in_which_portions_bytes_came(
    seed: int, faults: dict[str, float], pieces: dict[str, float], data: bytes, cuts: list[int]
) -> None:
    whole, portioned = way(seed, **faults, **pieces), way(seed, **faults, **pieces)
    whole.enter(data, 1000)
    for begin, end in itertools.pairwise([0, *sorted(cuts), 600]):
        portioned.enter(data[begin:end], 1000)
    assert come_out(whole) == come_out(portioned)
    assert whole.held == portioned.held == 0


def test_rolls_are_those_of_the_rig() -> None:
    numbers = [0, 1, 77, (1 << 64) - 1]
    assert stirred(np.array(numbers, np.uint64)).tolist() == [noise.mix(number) for number in numbers]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_share_of_the_bytes_is_hit(seed: int) -> None:
    data = bytes(100_000)
    assert len(through(way(seed, link_drop=1.0), data)) == pytest.approx(99_000, abs=100)
    assert len(through(way(seed, link_duplicate=1.0), data)) == pytest.approx(101_000, abs=100)
    flipped = [byte for byte in through(way(seed, link_flip=1.0), data) if byte]
    assert len(flipped) == pytest.approx(1000, abs=100)
    assert {byte.bit_count() for byte in flipped} == {1}
    assert len(set(flipped)) == 8


def test_all_of_them_are_all() -> None:
    assert through(way(link_drop=100)) == b""
    assert through(way(link_duplicate=100)) == bytes(np.repeat(np.frombuffer(DATA, np.uint8), 2))
    assert all((a ^ b).bit_count() == 1 for a, b in zip(through(way(link_flip=100)), DATA, strict=True))


def test_both_ways_and_other_seeds_fare_differently() -> None:
    fates = {
        through(Way(seed, name, STALL, {"link_flip": 10.0})) for seed in (1, 2) for name in ("to the host", "to pump")
    }
    assert len(fates) == 4


def test_bursts_change_their_order_and_nothing_else() -> None:
    data = DATA * 8
    out = through(way(link_reorder=16), data)
    assert len(out) == len(data)
    changed = [at for at in range(0, len(data), 16) if out[at : at + 16] != data[at : at + 16]]
    assert 2 <= len(changed) <= 20  # of 512, one in 64
    assert all(sorted(out[at : at + 16]) == sorted(data[at : at + 16]) for at in changed)


def test_a_burst_that_stays_unfinished_is_let_go() -> None:
    for line in (way(seed, link_reorder=16) for seed in range(1000)):
        line.enter(DATA[:8], 5)
        if not line.take(5):
            break
    assert line.due_us == 5 + BURST_US
    assert sorted(line.take(5 + BURST_US)) == sorted(DATA[:8])
    assert line.held == 0


def test_a_slow_line_is_slow_by_so_much_and_ends_at_once() -> None:
    line = way(link_delay=200.0)
    line.enter(b"one", 1000)
    line.enter(b"two", 1500)
    assert line.take(200_999) == b""
    assert line.take(201_000) == b"one"
    line.release(201_001)
    assert line.take(201_001) == b"two"


def test_pieces_come_one_after_the_other() -> None:
    line = way(link_split=3)
    line.enter(b"abcdefgh", 50)
    assert come_out(line) == [(50, b"abc"), (50 + PIECE_US, b"def"), (50 + 2 * PIECE_US, b"gh")]
    line.enter(b"ijkl", 1_000_000)  # the third piece's rest, alone, and then the next
    assert come_out(line) == [(1_000_000, b"i"), (1_000_000 + PIECE_US, b"jkl")]


def test_what_is_merged_comes_at_once() -> None:
    line = way(link_merge=500.0)
    for at_us in (0, 100_000, 499_999, 500_000):
        line.enter(b"%d " % at_us, at_us)
        assert line.take(at_us) in (b"", b"0 100000 499999 ")
    assert come_out(line) == [(1_000_000, b"500000 ")]


def test_a_stall_holds_no_more_than_a_port_does_and_lets_all_go() -> None:
    faults = {STALL: 0.0}
    line = Way(1, "to the host", STALL, faults)
    line.enter(bytes(LINK_ROOM - 1), 0)
    assert (line.room, line.due_us) == (1, NEVER_US)
    line.enter(b"\1", 7)
    assert line.room == 0
    assert line.take(1 << 40) == b""
    del faults[STALL]
    assert line.take(7) == bytes(LINK_ROOM - 1) + b"\1"


def test_a_cut_line_loses_what_comes() -> None:
    faults = {"link_cut": 0.0}
    line = Way(1, "to the host", STALL, faults)
    assert through(line) == b""
    del faults["link_cut"]
    assert through(line) == DATA
