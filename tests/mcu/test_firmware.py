"""The firmware on wrapping ticks, on both interpreters."""

from firmware_link.messages import PROGRAM_HEAD
from firmware_link.vocabulary import BOLUS, MINIMUM_RATE, RUNNING, SETTING_KEYS, STOPPED
from rig.firmware.board import SLEEP_MAX_US
from rig.firmware.core import Firmware
from rig.firmware.program import Program, cumulative, unpack
from rig.firmware.ticks import Ticks
from tests.boards import MemoryBoard, PowerCut, copy_regions
from tests.mcu.bench import UTC_S, Bench
from tests.mcu.ticking import TickBoard, run_loop

SECOND_US = 1000000
STEP_PL = 19438991 // 3200 + 1


def _step_off_pl(board, firmware):
    """How far the rotor is from what is commanded."""
    return abs(board.rotor_steps() * 19438991 // 3200 - firmware.pump.commanded_pl(board.t_us))


def test_ticks_go_on_over_the_wrap():
    ticks = Ticks((1 << 30) - 5, 30)
    assert ticks.extend((1 << 30) - 1) == 4
    assert ticks.extend(3) == 8
    assert ticks.extend(2) == 8 + (1 << 30) - 1


def test_products_beyond_64_bits_stay_exact():
    program = Program(0, 0, [], [((1 << 63) + 1, 0xFFFFFFFF)] * 3)
    cycle_us = 3 * 0xFFFFFFFF * 1000
    assert program.cycle_us == cycle_us
    assert cumulative(program, 5 * cycle_us, 0) == 15 * ((1 << 63) + 1)
    half = 0xFFFFFFFF * 1000 // 2
    assert cumulative(program, half, 0) == ((1 << 63) + 1) * half // (0xFFFFFFFF * 1000)
    assert unpack(program.pack()).digest() == program.digest()


def test_delivery_is_exact_over_wrapping_ticks():
    board = TickBoard()
    firmware = Firmware(board)
    program = Program(UTC_S, 0, [(123456789, 600000)], [(11111111, 601000), (0, 77000), (99999999, 1234567)])
    pump = firmware.pump
    pump.set_clock(0, UTC_S, 0)
    pump.commit(0, program)
    pump.start(0)
    pump.settle(0)
    for minutes in (1, 17, 18, 19, 36, 60, 240):
        run_loop(board, firmware, minutes * 60 * SECOND_US)
        assert pump.commanded_pl(board.t_us) == cumulative(program, board.t_us, 0)
        assert _step_off_pl(board, firmware) <= STEP_PL
    assert board.longest_sleep_us <= SLEEP_MAX_US
    assert firmware.failures == 0


def test_a_session_from_hello_to_stop():
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 1000)])
    program = Program(UTC_S, 60, [], [(10**7 + i, 3600000) for i in range(128)])
    bench.commit(program)
    bench.must("start")
    bench.run(10 * SECOND_US)
    assert bench.status()["state"] == RUNNING
    bench.must("bolus", 10**18, 5000000, 5000, 0)
    assert bench.status()["state"] == BOLUS
    bench.run(6 * SECOND_US)
    bench.must("stop", 0)
    assert bench.status()["state"] == STOPPED
    bench.run(SECOND_US)
    assert bench.kinds()[-7:] == [
        "program_committed",
        "started",
        "bolus_duration",
        "bolus_started",
        "bolus_ended",
        "started",
        "stopped",
    ]
    assert len(bench.samples) >= 15
    assert bench.samples[-1][1][1] == bench.status()["commanded_pl"] // 1000
    assert not bench.traces


def test_nonsense_is_refused():
    bench = Bench().open()
    for name, values in (("start", ()), ("commit", (1, 2)), ("bolus", (3, 1 << 60, 1, 0)), ("read_program", (9, 9))):
        assert bench.send(name, *values)[0] == "refused"
    bench.board.incoming.extend(bytes(range(256)) * 3 + b"\0")
    bench.poll()
    assert bench.send("get_status")[0] == "status"
    assert bench.firmware.failures == 0


def test_a_reset_comes_back_at_the_minimum_rate():
    bench = Bench().open()
    bench.commit(Program(UTC_S, 0, [], [(10**9, 3600000)]))
    bench.must("start")
    again = Bench(bench.board.regions)
    assert again.firmware.pump.doing == MINIMUM_RATE
    again.open()
    again.must("start")
    assert again.status()["digest"] == bench.status()["digest"]
    assert again.events[-1][0] > bench.events[-1][0]


def test_power_may_fail_at_any_byte_of_a_commit():
    bench = Bench().open()
    old = Program(UTC_S, 0, [], [(10**6, 3600000)], (10**6, 60000, 3600, 4), 30)
    new = Program(UTC_S, 0, [], [(10**6 + i, 3600000) for i in range(20)], (2 * 10**6, 50000, 7200, 24), 60)
    bench.commit(old)
    for budget in range(0, 1000, 37):
        torn = Bench(copy_regions(bench.board.regions)).open()
        torn.stage(new)
        torn.board.store_budget = budget
        try:
            torn.must("commit", 10**18, new.digest())
            whole = (new.pack(),)
        except PowerCut:
            whole = (old.pack(), new.pack())
        torn.board.store_budget = None
        assert Firmware(MemoryBoard(torn.board.regions)).pump.course.program.pack() in whole


def test_a_head_full_to_the_brim_is_refused_and_the_old_program_kept():
    bench = Bench().open()
    old = Program(UTC_S, -90, [], [(10**6, 3600000)], (10**6, 60000, 3600, 4), 30)
    bench.commit(old)
    brim = (0xFFFFFFFF, 1439, 0, 1, (1 << 64) - 1, 0xFFFFFFFF, 0xFFFFFFFF, 255, 0xFFFF)
    bench.must("stage_begin", *brim)
    bench.must("stage_chunk", 0, records=[(10**6, 3600000)])
    head = bench.must("read_program", 1, 0)
    assert tuple(head[name] for name, _ in PROGRAM_HEAD) == brim
    assert bench.send("commit", bench.command_id(), head["digest"])[0] == "refused"
    assert bench.status()["digest"] == old.digest()
    assert bench.firmware.failures == 0


def test_the_button_gives_a_bolus_and_then_waits():
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 3600000)])
    bench.commit(Program(UTC_S, 0, [], [(10**8, 86400000)], (50 * 10**6, 30000, 7200, 4)))
    bench.must("start")
    bench.press()
    assert bench.status()["state"] == BOLUS
    bench.run(60 * SECOND_US)
    bench.press()
    assert bench.status()["demand_wait_s"] == 7200 - 60
    assert bench.kinds()[-6:] == [
        "demand_granted",
        "bolus_duration",
        "bolus_started",
        "bolus_ended",
        "started",
        "demand_refused",
    ]
    again = Bench(bench.board.regions)
    again.hello()
    assert again.send("demand", 10**18)[0] == "refused"
    again.must("set_clock", UTC_S + 600, 0)
    again.must("start")
    assert again.status()["demand_wait_s"] == 7200 - 600
    assert not bench.traces + again.traces


def test_a_program_without_segments_stops():
    bench = Bench().open()
    bench.commit(Program(UTC_S, 0, [], [(10**8, 86400000)]))
    bench.must("start")
    bench.commit(Program(UTC_S, 0, [], [], None, 60))
    assert bench.status()["state"] == STOPPED
    assert bench.send("start")[0] == "refused"
