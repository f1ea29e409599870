"""State and events over cuts of power, and the event ring at its limits."""

import struct
from binascii import crc32
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link.vocabulary import EVENT_NAMES, OUTCOME_DONE, SETTING_KEYS, SETTINGS
from rig.firmware.events import DEPTH, DROP_BATCH, RECORD_SIZE, EventLog
from rig.firmware.program import Program, unpack
from rig.firmware.state import CORRECTED, FRESH, JOURNAL_DEPTH, LOST, SLOT_SIZE, WHOLE, State, Store
from tests.boards import MemoryBoard, PowerCut, copy_regions
from tests.mcu.bench import UTC_S


def _state(number: int) -> State:
    state = State()
    state.commanded_pl = number * 10**12
    state.boot_count = number
    state.settings[SETTING_KEYS["revolution_pl"]] = 10**7 + number
    state.program = bytes([number]) * (10 + 12 * number)
    state.demands = list(range(number, number + number % 25))
    for i in range(number):
        state.note(10**18 + i, OUTCOME_DONE)
    return state


@given(st.integers(1, 20), st.integers(1, 60), st.integers(0, 1200))
def test_a_cut_at_any_byte_leaves_the_old_state_or_the_new(saves: int, number: int, budget: int) -> None:
    board = MemoryBoard()
    store = Store(board)
    old = _state(number + 1)
    for _ in range(saves):
        store.save(old)
    new = _state(number)
    board.store_budget = budget
    try:
        store.save(new)
        cut = False
    except PowerCut:
        cut = True
    state, found = Store(MemoryBoard(board.regions)).load()
    assert state.pack() == (old if cut else new).pack()
    assert found in (WHOLE, CORRECTED)


def _save_as_before(board: MemoryBoard, slot: int, program: Program) -> None:
    """What the firmware of format 1 wrote: no on-demand boluses, 16 settings, no tube, a program's head of 10 bytes."""
    body = struct.pack("<IBIhQQQQQIIIII", 5, 1, UTC_S, 60, 10**9, 0, 2 * 10**10, 0, 77, 1 << 5, 0, 0, 40, 44)
    defaults = [row[4] for row in SETTINGS[:16]]
    body += struct.pack("<16q", *defaults[:5], 3_000_000, *defaults[6:])
    head = struct.pack("<IhHH", program.anchor_utc_s, program.utc_offset_min, len(program.prelude), len(program.cycle))
    segments = b"".join(struct.pack("<QI", *segment) for segment in program.prelude + program.cycle)
    packed = struct.pack("<QBB", 10**18, OUTCOME_DONE, 0) + head + segments
    body += struct.pack("<BH", 1, len(head + segments)) + packed
    header = struct.pack("<IHH", 9, 1, len(body))
    board.store("state", slot * SLOT_SIZE, header + struct.pack("<I", crc32(header + body)) + body)


@pytest.mark.parametrize("slots", [(0,), (1,), (0, 1)])
def test_an_update_of_the_firmware_loses_nothing(slots: tuple[int, ...]) -> None:
    program = Program(UTC_S, -90, [(1, 2)], [(3, 4), (5, 6)])
    board = MemoryBoard()
    for slot in slots:
        _save_as_before(board, slot, program)
    state, found = Store(board).load()
    assert found == (WHOLE if len(slots) == 2 else CORRECTED)
    assert (state.boot_count, state.state, state.utc_s, state.utc_offset_min) == (5, 1, UTC_S, 60)
    assert (state.commanded_pl, state.empty_at_pl, state.prelude_elapsed_us) == (10**9, 2 * 10**10, 77)
    assert (state.alarms, state.acked_event, state.last_event) == (1 << 5, 40, 44)
    assert state.settings[SETTING_KEYS["low_reservoir_nl"]] == 3_000_000
    assert state.settings[SETTING_KEYS["reminder_min"]] == 60
    assert (state.journal, state.demands) == ([[10**18, OUTCOME_DONE, 0]], [])
    assert unpack(state.program).pack() == program.pack()
    Store(board).save(state)
    assert Store(board).load()[0].pack() == state.pack()


def test_a_state_without_a_battery_age_is_read_as_a_new_battery() -> None:
    """As the firmware of format 2 wrote it: 19 settings."""
    program = Program(UTC_S, -90, [(1, 2)], [(3, 4)], (5, 6, 7, 8), 30)
    body = struct.pack("<IBIhQQQQQIIIQQII", 5, 1, UTC_S, 60, 10**9, 0, 2 * 10**10, 0, 77, 1 << 5, 0, 0, 11, 12, 40, 44)
    body += struct.pack("<19q", *[row[4] for row in SETTINGS[:18]], 2_000_000)
    body += struct.pack("<BBH", 1, 2, len(program.pack())) + struct.pack("<QBB", 10**18, OUTCOME_DONE, 0)
    body += struct.pack("<II", UTC_S, UTC_S + 1) + program.pack()
    header = struct.pack("<IHH", 9, 2, len(body))
    board = MemoryBoard()
    board.store("state", 0, header + struct.pack("<I", crc32(header + body)) + body)
    state, _ = Store(board).load()
    assert (state.boot_count, state.tube_from_pl, state.tube_compressions, state.last_event) == (5, 11, 12, 44)
    assert state.settings[SETTING_KEYS["refill_watch_nl"]] == 2_000_000
    assert state.settings[SETTING_KEYS["battery_life_days"]] == 2557
    assert (state.battery_age_s, state.demands) == (0, [UTC_S, UTC_S + 1])
    assert state.program == program.pack()


def test_a_cut_in_the_very_first_save_leaves_a_new_pump() -> None:
    board = MemoryBoard()
    board.store_budget = 100
    with pytest.raises(PowerCut):
        Store(board).save(_state(3))
    state, found = Store(MemoryBoard(board.regions)).load()
    assert (state.pack(), found) == (State().pack(), FRESH)


@given(st.integers(0, SLOT_SIZE // 8), st.integers(0, SLOT_SIZE // 8), st.integers(1, 255))
def test_a_damaged_slot_is_noticed(first: int, second: int, change: int) -> None:
    board = MemoryBoard()
    store = Store(board)
    store.save(_state(40))
    store.save(_state(41))
    assert Store(board).load()[1] == WHOLE

    def damage(slot: int, at: int) -> None:
        offset = slot * SLOT_SIZE + at
        byte = board.load("state", offset, 1)[0]
        board.store("state", offset, bytes([byte ^ change]))

    damage(0, first)
    state, found = Store(board).load()
    assert (state.boot_count in (40, 41), found) == (True, CORRECTED)
    damage(1, second)
    assert Store(board).load()[1] == LOST


def test_the_journal_keeps_the_latest() -> None:
    state = State()
    for i in range(JOURNAL_DEPTH + 3):
        state.note(i, OUTCOME_DONE)
    assert [entry[0] for entry in state.journal] == list(range(3, JOURNAL_DEPTH + 3))
    assert state.recall(2) is None


# Events


def _add(log: EventLog, name: str, value: int = 0) -> int:
    number: int = log.add(name, 1_000_000, 2_500_000, value, 9)
    return number


def _numbers(log: EventLog) -> list[int]:
    found: list[int] = []
    while events := log.read_from(found[-1] + 1 if found else 1, 17):
        found += [event[0] for event in events]
    return found


def test_events_are_numbered_over_resets_and_kept_until_acknowledged() -> None:
    board = MemoryBoard()
    log = EventLog(board, 1, 0, 0)
    assert [_add(log, "boot"), _add(log, "started", 1), _add(log, "stopped")] == [1, 2, 3]
    assert log.read_from(2, 5)[0] == (2, 5, 0, 1, 1_000_000, 1500, 1, 9)
    log.acknowledge(2)
    again = EventLog(board, 2, log.acked, log.last)
    assert (again.first, again.last, _numbers(again)) == (3, 3, [3])
    assert _add(again, "boot") == 4
    again.acknowledge(99)
    assert (again.acked, again.first, _numbers(again)) == (4, 5, [])


def test_a_repetition_is_counted_until_it_is_read() -> None:
    board = MemoryBoard()
    log = EventLog(board, 1, 0, 0)
    for _ in range(5):
        _add(log, "command_refused", 3)
    assert [(event[0], event[2]) for event in log.read_from(1, 9)] == [(1, 4)]
    assert _add(log, "command_refused", 3) == 2
    _add(log, "command_refused", 3)
    _add(log, "command_refused", 4)
    kept = EventLog(board, 2, 0, 0)
    assert [(event[0], event[2]) for event in kept.read_from(1, 9)] == [(1, 4), (2, 1), (3, 0)]


@given(st.lists(st.sampled_from(["started", "occlusion", "stopped"]), max_size=6), st.integers(0, 40))
def test_a_cut_loses_no_event_but_the_one_being_written(names: list[str], budget: int) -> None:
    board = MemoryBoard()
    log = EventLog(board, 1, 0, 0)
    for name in names:
        _add(log, name)
    board.store_budget = budget
    try:
        _add(log, "refilled")
        whole = len(names) + 1
    except PowerCut:
        whole = len(names)
    again = EventLog(MemoryBoard(board.regions), 2, 0, 0)
    assert _numbers(again) == list(range(1, whole + 1))
    assert _add(again, "boot") == whole + 1


def _full(important: Callable[[int], bool]) -> tuple[MemoryBoard, EventLog]:
    board = MemoryBoard()
    log = EventLog(board, 1, 0, 0)
    for number in range(1, DEPTH + 1):
        _add(log, "occlusion" if important(number) else "started", number)
    return board, log


def _important(number: int) -> bool:
    return number % 3 == 0 or number < 40


def test_when_full_the_oldest_informational_go_and_that_is_said() -> None:
    board, log = _full(_important)
    last = _add(log, "stopped", 5)
    gone = [number for number in range(1, DEPTH + 1) if not _important(number)][:DROP_BATCH]
    expected = [number for number in range(1, last + 1) if number not in gone]
    assert _numbers(log) == expected
    lost, newest = log.read_from(last - 1, 2)
    assert (EVENT_NAMES[lost[1]], lost[6], newest[6]) == ("events_lost", DROP_BATCH, 5)
    assert _numbers(EventLog(board, 2, 0, 0))[-len(expected) :] == expected


def test_where_nothing_is_informational_the_oldest_go() -> None:
    _, log = _full(lambda number: True)
    _add(log, "occlusion")
    assert log.first == DROP_BATCH + 1
    assert _numbers(log) == list(range(DROP_BATCH + 1, log.last + 1))


FULL = _full(_important)[0].regions


@settings(max_examples=25)
@given(st.integers(0, 70 * RECORD_SIZE))
def test_a_cut_while_making_room_loses_nothing_important(budget: int) -> None:
    board = MemoryBoard(copy_regions(FULL))
    log = EventLog(board, 1, 0, 0)
    board.store_budget = budget
    with suppress(PowerCut):
        _add(log, "stopped")
    found = _numbers(EventLog(MemoryBoard(board.regions), 2, 0, 0))
    assert found == sorted(set(found))
    assert {number for number in range(1, DEPTH + 1) if _important(number)} <= set(found)


def test_a_long_life_goes_round_the_ring() -> None:
    board = MemoryBoard()
    log = EventLog(board, 1, 0, 0)
    for number in range(1, 2 * DEPTH + 500):
        assert _add(log, "started", number) == number
        if number % 1000 == 0:
            log.acknowledge(number - 10)
    assert log.first == 8000 - 9
    again = EventLog(board, 2, log.acked, log.last)
    assert _numbers(again) == list(range(8000 - 9, 2 * DEPTH + 500))


def test_one_damaged_record_costs_only_itself() -> None:
    board = MemoryBoard()
    log = EventLog(board, 1, 0, 0)
    for number in range(1, 101):
        _add(log, "started", number)
    board.store("events", 49 * RECORD_SIZE + 8, b"\0\1\2")
    expected = [number for number in range(1, 101) if number != 50]
    assert _numbers(log) == expected
    assert _numbers(EventLog(board, 2, 0, 0)) == expected
