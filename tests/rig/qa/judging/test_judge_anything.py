"""Whatever a pump, a balance or a recording says, every kind of expectation is judged."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link import telemetry, wire
from rig.measured import VERDICTS, Mark
from rig.qa.deeds import Wait
from rig.qa.expectations import (
    ExpectAccuracy,
    Expectation,
    ExpectBackPressure,
    ExpectBoluses,
    ExpectEvent,
    ExpectField,
    ExpectFlow,
    ExpectNoEvent,
    ExpectOcclusion,
    ExpectVolume,
)
from rig.qa.judging.judging import blank_ug_s, curves_so_far, judge, so_far, stretch_of
from rig.qa.limits import Limits, Over
from rig.qa.told import Stretch
from rig.session import Batch
from rig.weighing import weighings
from tests.rig.qa.judging.judge_bench import START_US, Run, evenly

LIMITS = Limits(-5.0, 5.0, "%", "commanded")
SINCE = Over(since="there")
BODIES: tuple[Expectation, ...] = (
    ExpectVolume("measured", LIMITS),
    ExpectVolume("commanded", Limits(0, 1, "µL"), Over(last_ms=5000)),
    ExpectFlow("measured", LIMITS, turns=True),
    ExpectFlow("planned", Limits(0, 1, "mL/day"), Over(during="there")),
    ExpectEvent("occlusion", 1000),
    ExpectNoEvent(priority="low"),
    ExpectField("pressure", Limits(0, 1, "kPa"), within_ms=1000),
    ExpectField("delivered", Limits(0, 1, "µL"), extreme="most"),
    ExpectField("state", Limits(), "running"),
    ExpectAccuracy(overall=5.0, trumpet=((2.0, 5.0),), windows="standard"),
    ExpectAccuracy(rate_ml_h=1.0, overall=5.0, turns=False),
    ExpectBoluses(2, 1_000_000, mean=5.0, each=5.0, over=SINCE),
    ExpectOcclusion(SINCE, Limits(1, 2, "min"), Limits(1, 2, "kPa"), Limits(1, 2, "µL"), release="there"),
    ExpectBackPressure(((0.0, "there"), (100.0, "there")), 15.0),
)
BIG = 2**53  # beyond it a float isn't whole any more
COUNTER = st.one_of(st.integers(0, 10**9), st.integers(-BIG, BIG), st.just(wire.MISSING))
ROW = st.tuples(
    st.integers(1, 3),  # boot
    st.integers(0, 2**32 - 1),  # index
    st.integers(0, 10**10),  # later by so much
    st.integers(-(10**9), 10**9),  # the host's clock, beside the pump's
    st.integers(-BIG, BIG),  # commanded
    COUNTER,
    st.integers(-(2**31), 2**31 - 1),
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["bolus_started", "bolus_ended", "bolus_cut_short", "occlusion", "boot"]),
        st.floats(0, 1e5),
        st.integers(-(2**31), 2**31 - 1),
        st.integers(1, 4),
    ),
    max_size=6,
)
WEIGHED = st.lists(st.tuples(st.integers(0, 10**10), st.integers(-BIG, BIG), st.booleans()), max_size=6)


def samples(rows: list[tuple[int, ...]]) -> np.ndarray:
    made = np.zeros(len(rows), telemetry.SAMPLE_DTYPE)
    t_us = 0
    for at, (boot, index, later_us, host_us, commanded_nl, measured_nl, other) in enumerate(rows):
        t_us += later_us
        made[at]["boot"], made[at]["index"], made[at]["t_us"] = boot, index, t_us
        made[at]["host_us"] = START_US + t_us + host_us
        made[at]["commanded_nl"], made[at]["measured_nl"] = commanded_nl, measured_nl
        made[at]["flow_pl_s"] = made[at]["pressure_pa"] = other
    return made


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(BODIES), st.lists(ROW, max_size=12), EVENTS, WEIGHED, st.integers(0, 12), st.integers(0, 10**10))
def test_nothing_that_came_breaks_the_judging(
    body: Expectation,
    rows: list[tuple[int, ...]],
    events: list[tuple[str, float, int, int]],
    weighed: list[tuple[int, int, bool]],
    split: int,
    span_us: int,
) -> None:
    run = Run(evenly(0.0), balance_uncertainty_nl=5000, evaporation_nl_day=2400)
    made = samples(rows)
    run.material.add(Batch(samples=made[:split]))
    begin = run.mark(0)
    run.material.add(
        Batch(samples=made[split:], weighings=weighings([(START_US + at, *rest) for at, *rest in weighed]))
    )
    for kind, at_s, value, boot in events:
        run.event(kind, at_s, value, boot)
    end = Mark(START_US + span_us, 1, span_us, **run.material.counts())
    run.material.labels["there"] = Stretch(begin, end)
    context = run.context(begin)
    judged = judge(body, run.material, stretch_of(body, run.material, context, end), True, context)
    assert judged is not None
    assert judged.verdict in VERDICTS
    stretch = Stretch(begin, end)
    so_far(Wait(1000), run.material, stretch)
    curves_so_far(Wait(1000), run.material, stretch)
    blank_ug_s(run.material, stretch)
