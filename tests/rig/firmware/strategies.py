"""Open inputs for the firmware's property tests."""

from hypothesis import strategies as st

from rig.firmware.program import Program
from tests.mcu.bench import UTC_S

MAXIMUM_FLOW_PL_S = 277_778
MAXIMUM_BOLUS_FLOW_PL_S = 8_333_333


@st.composite
def segments(draw: st.DrawFn, least: int, most: int, longest_ms: int) -> list[tuple[int, int]]:
    """(volume_pl, duration_ms) no faster than the default hard limit, some of them without flow."""
    found = []
    for _ in range(draw(st.integers(least, most))):
        duration_ms = draw(st.integers(1, longest_ms))
        fastest_pl = MAXIMUM_FLOW_PL_S * duration_ms // 1000
        found.append((draw(st.one_of(st.just(0), st.integers(0, fastest_pl))), duration_ms))
    return found


@st.composite
def demands(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """An on-demand bolus that a new pump takes: (volume_pl, duration_ms, lockout_s, per_day)."""
    duration_ms = draw(st.integers(1, 600_000))
    volume_pl = draw(st.integers(1, MAXIMUM_BOLUS_FLOW_PL_S * duration_ms // 1000))
    return volume_pl, duration_ms, draw(st.integers(-(-duration_ms // 1000), 86_400)), draw(st.integers(1, 24))


@st.composite
def programs(draw: st.DrawFn, longest_ms: int = 600_000) -> Program:
    """A program that a new pump takes; some hold a bolus in their cycle."""
    prelude = draw(segments(0, 4, longest_ms))
    cycle = draw(segments(0 if prelude else 1, 5, longest_ms))
    if cycle and draw(st.booleans()):
        bolus_ms = draw(st.integers(1, 60_000))
        volume_pl = MAXIMUM_BOLUS_FLOW_PL_S * bolus_ms // 1000
        cycle += [(volume_pl, bolus_ms), (0, volume_pl * 1000 // MAXIMUM_FLOW_PL_S + 1)]
    anchor_utc_s = UTC_S + draw(st.integers(-100_000, 100_000))
    return Program(anchor_utc_s, 60, prelude, cycle, draw(st.none() | demands()), draw(st.integers(0, 10_080)))
