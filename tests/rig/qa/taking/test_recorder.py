"""What is done at the bench becomes the steps of a script."""

from pathlib import Path

import pytest

from rig.places import RUN_SUFFIX
from rig.qa import deeds as d
from rig.qa.taking.deeds_seen import seen
from rig.qa.taking.recorder import at_most_ms, draft, nice_ms
from rig.qa.taking.taken import Taken, of_run
from rig.recording.reader import RunReader
from rig.recording.writer import RunWriter
from rig.session import Batch
from tests.rig.qa.taking.taken_bench import FAST, Bench, occlusion


@pytest.fixture(scope="module")
def morning() -> Taken:
    return occlusion().end()


def test_every_deed_becomes_a_step_and_waits_become_conditions(morning: Taken) -> None:
    bodies = [step.body for step in draft(morning).steps]
    assert [type(body) for body in bodies] == [
        d.WriteProgram, d.Wait, d.MakeFault, d.WaitEvent, d.MakeFault, d.Wait, d.ClearAlarms, d.Wait, d.Start, d.Wait,
        d.Bolus, d.Wait, d.Bolus, d.WaitEvent, d.Stop, d.Wait,
    ]  # fmt: skip
    assert bodies[1] == d.Wait(600_000)  # 598 s: 10 minutes were meant
    assert bodies[3].event == "occlusion"
    assert bodies[4] == d.MakeFault("occlusion", ends=True)
    assert bodies[13].event == "bolus_ended"


def test_what_the_pump_refuses_is_a_step_that_is_to_be_refused(morning: Taken) -> None:
    refused = [step.refused for step in draft(morning).steps if isinstance(step.body, d.Bolus)]
    assert refused == ["", "busy_bolus"]


def test_a_fault_that_ended_by_itself_has_its_duration_and_a_pulled_cable_is_one() -> None:
    bench = Bench()
    bench.fault("stall", lasts_s=3)
    bench.wait(5)
    bench.fault("unplug", lasts_s=30)
    bench.wait(60)
    found = [step.body for step in draft(bench.end()).steps]
    assert found == [d.MakeFault("stall", duration_ms=3000), d.Wait(5000), d.MakeFault("unplug", duration_ms=30_000),
                     d.Wait(60_000)]  # fmt: skip


def test_what_is_done_at_the_very_moment_of_a_write_is_a_deed_of_its_own() -> None:
    bench = Bench()
    bench.program()
    bench.send("bolus", volume_pl=10**8, duration_ms=60_000, after=0)
    bench.send("stop", reason=0)
    deeds = seen(bench.end()).deeds
    assert [type(one.body) for one in deeds] == [d.WriteProgram, d.Bolus, d.Stop]
    assert deeds[0].end_us == deeds[1].begin_us  # virtual time stood


def test_a_cable_that_somebody_pulled_is_known_by_the_link_alone() -> None:
    bench = Bench()
    bench.wait(5)
    bench.fault("unplug", lasts_s=20)
    bench.wait(40)
    taken = bench.end()
    taken.strikes.clear()  # as on a real pump
    (unplugged,) = [step.body for step in draft(taken).steps if isinstance(step.body, d.MakeFault)]
    assert unplugged.what == "unplug"
    assert unplugged.duration_ms == pytest.approx(20_000, abs=3000)


def test_what_is_done_to_the_rig_by_hand_belongs_to_the_command_it_was_done_for() -> None:
    bench = Bench()
    bench.wait(5)
    bench.send("refill", withdrawn_nl=1_000_000, filled_nl=15_000_000, concentration_ng_ml=500_000)
    bench.fault("fill_reservoir", amount=14.0)
    bench.wait(5)
    bench.send("battery_replaced")
    bench.fault("new_battery")
    bench.fault("press_button")
    found = [one.body for one in seen(bench.end()).deeds]
    assert found == [
        d.Refill(15_000_000, 1_000_000, 500_000, really_nl=14_000_000),
        d.ReplaceBattery(),
        d.OnDemand(button=True),
    ]


def test_a_blocked_outlet_that_is_opened_before_any_alarm_was_opened_at_a_pressure() -> None:
    bench = Bench()
    bench.program()
    bench.wait(60)
    bench.fault("occlusion")
    bench.wait(120)
    bench.fault("occlusion", ends=True)
    (waited,) = [step.body for step in draft(bench.end()).steps if isinstance(step.body, d.WaitField)]
    assert waited.field == "pressure"
    assert 20 < (waited.limits.low or 0) < 60


def test_settings_that_were_changed_are_set_and_the_interval_is_the_scripts() -> None:
    bench = Bench()
    bench.send("set_config", records=((7, 50_000), (1, 500)))
    assert [one.body for one in seen(bench.end()).deeds] == [d.Set((("occlusion_pa", 50_000),))]


def test_a_program_whose_file_nobody_has_is_left_out_and_that_is_said() -> None:
    bench = Bench()
    bench.program()
    taken = bench.end()
    taken.wrote = [type(one)(one.host_us, one.name, "", one.digest) for one in taken.wrote]
    found = seen(taken)
    assert not any(isinstance(one.body, d.WriteProgram) for one in found.deeds)
    assert "nobody here has its file" in found.remarks[0]


def test_the_recording_gives_the_same_steps_as_the_session_did(tmp_path: Path) -> None:
    bench = Bench()
    path = tmp_path / f"bench{RUN_SUFFIX}"
    writer = RunWriter(path, bench.session.clock, bench.session.info)
    live = bench.taken.add

    def both(batch: Batch) -> None:
        live(batch)
        writer.add(batch)

    bench.take = both
    compiled, receipt = bench.program()
    writer.program(receipt.name, FAST, compiled, receipt)
    bench.wait(120)
    bench.fault("stall", lasts_s=30)
    bench.wait(45)
    bench.send("stop", reason=0)
    taken = bench.end()
    writer.finish("finished", None)
    with RunReader(path) as reader:
        again = of_run(reader)
    assert [step.body for step in draft(again).steps] == [step.body for step in draft(taken).steps]


@pytest.mark.parametrize(
    ("lasted_ms", "said_ms"),
    [
        (598_700, 600_000),
        (10_000, 10_000),
        (3_580_000, 3_600_000),
        (900, 1000),
        (47_300, 47_000),
        (86_000_000, 86_400_000),
    ],
)
def test_waits_are_said_in_round_numbers(lasted_ms: int, said_ms: int) -> None:
    assert nice_ms(lasted_ms) == said_ms


def test_a_condition_may_last_three_times_as_long_as_it_took() -> None:
    assert at_most_ms(240_000) >= 3 * 240_000
