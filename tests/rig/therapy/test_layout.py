"""The stages of titration, taper and infusion trial; how steps lie in a day or week is in test_compile."""

import pytest

from firmware_link.errors import UsageError
from firmware_link.vocabulary import MAX_SEGMENTS
from rig.therapy import modes
from rig.therapy.compile import stages
from tests.rig.therapy.bench import DAY_MS, HOUR_MS, compiled, program


def test_a_titration_steps_at_once_and_never_past_its_target() -> None:
    mode = modes.Titration(100_000, 160_000, 2000, DAY_MS)
    doses = [100_000 * 1.2, 100_000 * 1.44, 160_000]
    assert [stage.dose_ng_day for stage in stages(program(mode))] == doses
    device = compiled(mode)
    assert [volume // 2000 for volume, _ in device.prelude] == doses[:-1]
    assert device.cycle == ((320_000_000, DAY_MS),)
    down = modes.Titration(100_000, 60_000, 3000, DAY_MS)
    assert [stage.dose_ng_day for stage in stages(program(down))] == [70_000, 60_000]
    same = compiled(modes.Titration(100_000, 100_000, 2000))
    assert (same.prelude, same.cycle) == ((), ((200_000_000, DAY_MS),))


def test_a_taper_begins_with_its_dose_and_ends_stopped_at_nothing() -> None:
    mode = modes.Taper(120_000, 0, 50_000, 12 * HOUR_MS)
    assert [tuple(stage) for stage in stages(program(mode))] == [
        (120_000, 12 * HOUR_MS),
        (70_000, 12 * HOUR_MS),
        (20_000, 12 * HOUR_MS),
        (0, None),
    ]
    device = compiled(mode)
    assert device.prelude_pl == (120 + 70 + 20) * 1_000_000
    assert device.cycle == ()
    assert compiled(modes.Taper(120_000, 30_000, 50_000)).cycle == ((60_000_000, DAY_MS),)


def test_an_infusion_trial_holds_its_maximum() -> None:
    device = compiled(modes.InfusionTrial(100_000, 50_000, 12 * HOUR_MS, 220_000))
    assert [volume // 1_000_000 for volume, _ in device.prelude] == [100, 150, 200]
    assert device.cycle == ((440_000_000, DAY_MS),)


@pytest.mark.parametrize(
    "mode",
    [
        modes.Taper(1_000_000, 0, 1000),
        modes.InfusionTrial(1000, 1, HOUR_MS, 2000),
        modes.Titration(100_000, 900_000, 10),
    ],
)
def test_too_many_stages_are_refused_by_the_name_of_the_field(mode: modes.Mode) -> None:
    with pytest.raises(UsageError, match=r"^step: .*256"):
        compiled(mode)


def test_as_many_stages_as_the_pump_holds_are_taken() -> None:
    device = compiled(modes.InfusionTrial(1000, 1000, HOUR_MS, MAX_SEGMENTS * 1000))
    assert len(device.prelude) + len(device.cycle) == MAX_SEGMENTS
    with pytest.raises(UsageError, match="step"):
        compiled(modes.InfusionTrial(1000, 1000, HOUR_MS, MAX_SEGMENTS * 1000 + 1))


@pytest.mark.parametrize(
    "mode",
    [modes.Titration(100, 200, 0), modes.Taper(100, 200, 50), modes.InfusionTrial(300, 50, HOUR_MS, 200)],
)
def test_a_step_that_leads_nowhere_is_refused(mode: modes.Mode) -> None:
    with pytest.raises(UsageError, match="step"):
        compiled(mode)
