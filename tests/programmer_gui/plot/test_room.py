"""How high charts are, and that the axis of time is always in the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.room import LANE, LEAST_PLOT, TIME_AXIS, least_height, share
from programmer_gui.plot.stack import ChartStack
from tests.programmer_gui.plot.hands import feed, picture

WEIGHTS = st.lists(st.integers(1, 9), min_size=1, max_size=7)


@given(WEIGHTS, st.floats(0.0, 3000.0))
def test_charts_share_exactly_what_there_is_by_weight_none_too_low(weights: list[int], over: float) -> None:
    height = least_height(len(weights)) + over
    room = share(height, weights)
    used = LANE + TIME_AXIS + len(weights) * room.header + (len(weights) - 1) * room.gap + sum(room.plots)
    assert used == pytest.approx(height)
    assert min(room.plots) >= LEAST_PLOT - 1e-6
    ample = [plot / weight for plot, weight in zip(room.plots, weights, strict=True) if plot > LEAST_PLOT]
    assert not ample or max(ample) == pytest.approx(min(ample))


def test_the_axis_of_time_stays_in_the_picture_at_any_height(stack: ChartStack) -> None:
    for name in ("flow", "reservoir", "bad_frames"):  # as many as the Bench has
        stack.add_chart(name, "", [CurveSpec(name, name, "flow")])
    feed(stack)
    canvas = stack.canvas
    for height in (332, 335, 300, 308, 251, 420, 603):  # a banner comes and goes
        stack.resize(900, height)
        picture(stack)
        bottom = canvas.time_axis.sceneBoundingRect().bottom()
        assert canvas.height() - 1 <= bottom <= canvas.height() + 0.5, height
