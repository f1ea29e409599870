"""What is judged by doesn't hang on how what came in was cut into batches."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.qa.judging.material import Material
from rig.qa.running.keeping import Tally
from rig.qa.running.merging import merged
from rig.qa.running.planning import Planned
from rig.session import Batch
from tests.rig.qa.running.run_bench import carry_out, script
from tests.rig.qa.running.test_runner import RUN

HOUR_US = 3_600_000_000


@pytest.fixture(scope="module")
def batches() -> list[Batch]:
    """Of a run whose link was lost, and that began anew."""
    away = "- do: unplug\n  for: 20 s\n- wait: 1 min\n"
    reset = "- do: fault\n  what: reset\n- wait: 1 min\n"
    return carry_out(script(RUN + "- wait: 1 min\n" + away + reset)).batches


def fed(batches: list[Batch]) -> tuple[Material, Planned]:
    material, planned = Material({"sample_interval_ms": 1000}), Planned()
    for batch in batches:
        material.add(batch)
        planned.add(batch, batch.status)
    return material, planned


@given(data=st.data())
def test_batches_merged_anyhow_come_to_the_same(batches: list[Batch], data: st.DataObject) -> None:
    cuts = data.draw(st.sets(st.integers(1, len(batches) - 1)))
    parts = [merged(batches[first:stop]) for first, stop in pairwise([0, *sorted(cuts), len(batches)])]
    one, other = fed(batches)[0], fed(parts)[0]
    assert one.counts() == other.counts()
    assert np.array_equal(one.samples(), other.samples())
    assert (one.events, one.links, one.gaps, one.status) == (other.events, other.links, other.gaps, other.status)
    assert one.latest == other.latest
    boots = {int(boot) for boot in one.samples()["boot"]}
    assert len(boots) == 2
    assert [one.axis_us(boot, 0) for boot in boots] == [other.axis_us(boot, 0) for boot in boots]
    tally = Tally()
    for part in parts:
        tally.add(part)
    mark = tally.mark(0)
    assert {name: getattr(mark, name) for name in one.counts()} == one.counts()


def test_an_event_that_is_sent_twice_came_once(batches: list[Batch]) -> None:
    once, twice = fed(batches)[0], fed([*batches, *batches])[0]
    assert twice.events == once.events
    assert twice.counts()["samples"] == 2 * once.counts()["samples"]


def test_nothing_is_planned_before_the_first_sample() -> None:
    assert Planned().between_nl(0, HOUR_US) is None
