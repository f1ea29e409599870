"""An outline says what its samples say: first, least, greatest and last of each stretch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from firmware_link import telemetry, wire
from rig.recording import outlines
from rig.recording.rollup import rolled_up

values = st.one_of(st.just(wire.MISSING), st.integers(-(10**12), 10**12))


def rows_of(measured: list[int]) -> NDArray[np.void]:
    rows = np.zeros(len(measured), telemetry.SAMPLE_DTYPE)
    rows["boot"], rows["index"] = 1, np.arange(len(measured))
    rows["t_us"] = rows["index"] * 100_000
    rows["measured_nl"], rows["flow_pl_s"] = measured, np.arange(len(measured)) % 7
    return rows


@given(st.lists(values, max_size=60), st.integers(1, 20))
def test_every_stretch_shows_its_ends_and_its_extremes(measured: list[int], every: int) -> None:
    outline = outlines.of_samples(rows_of(measured), every).reshape(-1, 4)
    assert len(outline) == -(-len(measured) // every)
    for at, stretch in enumerate(outline):
        part = measured[at * every : (at + 1) * every]
        known = [value for value in part if value != wire.MISSING] or [wire.MISSING]
        assert stretch["measured_nl"].tolist() == [part[0], min(known), max(known), part[-1]]
        assert stretch["t_us"][0] == at * every * 100_000
        assert stretch["t_us"][3] == (at * every + len(part) - 1) * 100_000
        assert (np.diff(stretch["t_us"]) >= 0).all()


@given(st.lists(values, min_size=1, max_size=9_000), st.integers(1, 3))
def test_the_rollup_gives_the_outline_that_the_samples_give(measured: list[int], together: int) -> None:
    rows = rows_of((measured * (9_000 // len(measured) + 1))[:9_000])
    kept = rolled_up(rows, 0)[list(outlines.OUTLINE_DTYPE.names or ())]
    of_rollup, of_samples = outlines.of_rollup(kept, together), outlines.of_samples(rows, 4096 * together)
    for field in outlines.DRAWN:
        assert of_rollup[field].tolist() == of_samples[field].tolist()
    ends = of_rollup["t_us"].reshape(-1, 4)[:, [0, 3]]
    assert ends.tolist() == of_samples["t_us"].reshape(-1, 4)[:, [0, 3]].tolist()
