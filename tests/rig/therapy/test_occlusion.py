import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_link.vocabulary import SETTINGS
from rig.firmware.program import Program
from rig.therapy import occlusion
from rig.therapy.units import DAY_MS
from tests.rig.therapy.bench import PUMP

RISE_PA = 70_000
ML = 10**9  # pl


@pytest.mark.parametrize(("ml_day", "minutes"), [(24, 4.2), (1, 101), (0.25, 403)])
def test_a_blocked_line_is_noticed_as_late_as_the_flow_is_slow(ml_day: float, minutes: float) -> None:
    noticed_s = occlusion.noticed_s(PUMP.compliance_pl_pa, RISE_PA, ml_day * ML)  # domain.md's reference values
    assert noticed_s is not None
    assert noticed_s / 60 == pytest.approx(minutes, abs=0.5 if minutes > 100 else 0.05)


def test_what_comes_out_when_it_opens_is_compliance_times_pressure() -> None:
    assert PUMP.compliance_pl_pa * RISE_PA == 70 * 10**6


def test_it_is_said_no_finer_than_it_is_known() -> None:
    assert occlusion.expectation(6048) == "An occlusion would be noticed after about 1 h 41 min at this rate."
    assert occlusion.span_text(252) == "4 min 10 s"
    assert occlusion.span_text(0.0) == "10 s"
    assert occlusion.span_text(34 * 3600 + 1700) == "1 d 10 h"
    assert occlusion.expectation(None) == ""


def test_where_nothing_flows_none_is_noticed() -> None:
    assert occlusion.noticed_s(PUMP.compliance_pl_pa, RISE_PA, 0) is None
    assert occlusion.slowest_pl_day(Program(0, 0, (), ((0, DAY_MS),))) is None


def test_the_slowest_flow_is_of_what_flows() -> None:
    program = Program(0, 0, ((ML, DAY_MS),), ((0, 3_600_000), (ML // 4, DAY_MS // 2), (ML, DAY_MS // 2)))
    assert occlusion.slowest_pl_day(program) == ML / 2


@given(st.floats(0, 300_000), st.floats(1.0, 24.0 * ML))
def test_at_the_alarms_pressure_it_is_noticed_at_once_and_above_it_too(over_pa: float, flow_pl_day: float) -> None:
    assert occlusion.noticed_s(PUMP.compliance_pl_pa, -over_pa, flow_pl_day) == 0.0
    later, sooner = (occlusion.noticed_s(PUMP.compliance_pl_pa, over_pa, flow_pl_day / part) for part in (2, 1))
    assert later is not None
    assert sooner is not None
    assert later >= sooner


def test_the_pumps_own_limit_is_a_little_below_the_reference() -> None:
    (limit_pa,) = (row[4] for row in SETTINGS if row[1] == "occlusion_pa")
    noticed_s = occlusion.noticed_s(PUMP.compliance_pl_pa, limit_pa, ML)
    assert noticed_s == pytest.approx(99.36 * 60)
