"""The pump's side of the link: sequences, repetitions, nonsense, a link that is full or gone."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_link import messages, wire
from firmware_link.vocabulary import ACTIVE, ERROR_NAMES, MAX_SEGMENTS, SETTING_KEYS, SETTINGS, STAGED, STATES
from rig.firmware.program import Program
from tests.mcu.bench import SESSION, UTC_S, Bench

SECOND_US = 1_000_000
PROGRAM = Program(UTC_S, 0, [(10_000_000, 60_000)], [(1_000_000 + i, 3_600_000) for i in range(MAX_SEGMENTS - 1)])


def _code(reply: tuple[str | None, dict[str, int]]) -> str:
    assert reply[0] == "refused"
    return ERROR_NAMES[reply[1]["code"]]


def test_a_repeated_command_gets_its_reply_again_and_acts_once() -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    before = bench.must("start")
    sequence = bench.replies[-1][1]
    assert bench.send("start", sequence=sequence) == ("ok", before)
    assert _code(bench.send("start", sequence=sequence - 1)) == "stale"
    assert _code(bench.send("start", sequence=sequence + 2)) == "stale"
    assert _code(bench.send("start", session=99)) == "wrong_session"
    assert bench.kinds().count("started") == 1


def test_a_stop_acts_out_of_turn_and_leaves_the_turn_alone() -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    bench.must("start")
    sequence = bench.replies[-1][1]
    assert bench.send("stop", 0, session=0, sequence=sequence + 0x8000)[0] == "ok"
    assert STATES[bench.firmware.pump.doing] == "stopped"
    assert bench.send("get_status", sequence=sequence + 1)[0] == "status"


def test_a_command_with_an_id_acts_once_over_sessions_and_resets() -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    bench.must("start")
    bench.must("bolus", 10**18, 50_000_000, 30_000, 0)
    bench.run(60 * SECOND_US)
    commanded = bench.status()["commanded_pl"]
    bench.hello(SESSION + 1)
    assert bench.send("bolus", 10**18, 50_000_000, 30_000, 0, session=SESSION + 1)[0] == "ok"
    assert bench.send("get_outcome", 10**18, session=SESSION + 1)[1]["state"] == 2
    assert bench.send("get_outcome", 10**18 + 1, session=SESSION + 1)[1]["state"] == 0
    assert bench.send("get_status", session=SESSION + 1)[1]["commanded_pl"] == commanded
    again = Bench(bench.board.regions).open()
    assert again.must("get_outcome", 10**18)["state"] == 2


def test_events_go_out_until_acknowledged_over_sessions_and_resets() -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    bench.run(SECOND_US)
    first = [event[0] for event in bench.events]
    assert first == list(range(1, len(first) + 1))
    bench.must("ack_events", 2)
    bench.must("get_events", 1)
    bench.run(SECOND_US)
    assert [event[0] for event in bench.events[len(first) :]] == first[2:]
    bench.must("start")  # which saves
    again = Bench(bench.board.regions)
    again.hello()
    again.run(SECOND_US)
    assert [event[0] for event in again.events][:3] == [3, 4, 5]
    status = again.status()
    assert (status["acked_event"], status["first_event"], status["last_event"]) == (2, 3, again.events[-1][0])


def test_a_program_is_staged_read_back_and_committed_by_its_digest() -> None:
    bench = Bench().open()
    assert _code(bench.send("read_program", ACTIVE, 0)) == "no_program"
    assert _code(bench.send("start")) == "no_program"
    bench.stage(PROGRAM)
    back: list[tuple[int, ...]] = []
    while len(back) < MAX_SEGMENTS:
        bench.must("read_program", STAGED, len(back))
        back += bench.replies[-1][3]
    assert tuple(back) == PROGRAM.prelude + PROGRAM.cycle
    assert _code(bench.send("commit", 1001, PROGRAM.digest() ^ 1)) == "digest_mismatch"
    bench.must("commit", 1002, PROGRAM.digest())
    assert bench.must("read_program", ACTIVE, 0)["digest"] == PROGRAM.digest()
    assert _code(bench.send("commit", 1003, PROGRAM.digest())) == "not_staged"
    again = Bench(bench.board.regions).open()
    assert again.status()["digest"] == PROGRAM.digest()


@pytest.mark.parametrize(
    ("name", "values", "records", "why"),
    [
        ("stage_begin", (0, 0, 200, 57, 0, 0, 0, 0, 0), (), "too_large"),
        ("stage_chunk", (0,), ((1, 1),), "not_staged"),
        ("read_program", (2, 0), (), "out_of_range"),
        ("read_program", (STAGED, 0), (), "not_staged"),
        ("set_config", (), ((1, 19),), "out_of_range"),
        ("set_config", (), ((99, 1),), "out_of_range"),
        ("set_config", (), ((1, 50), (4, 99)), "out_of_range"),
        ("set_clock", (5, 1500), (), "out_of_range"),
        ("refill", (1, 0, 0, 4_100_000_000), (), "out_of_range"),
    ],
)
def test_what_makes_no_sense_is_refused(
    name: str, values: tuple[int, ...], records: tuple[tuple[int, int], ...], why: str
) -> None:
    bench = Bench().open()
    before = bench.firmware.pump.memory.pack()
    assert _code(bench.send(name, *values, records=records)) == why
    after = bench.firmware.pump.memory
    assert after.settings == {row[0]: row[4] for row in SETTINGS}
    assert len(before) <= len(after.pack())


def test_a_partly_staged_program_can_not_be_committed() -> None:
    bench = Bench().open()
    bench.must("stage_begin", 0, 0, 0, 3, 0, 0, 0, 0, 0)
    bench.must("stage_chunk", 0, records=((1, 1), (2, 2)))
    assert _code(bench.send("commit", 1001, Program(0, 0, [], [(1, 1), (2, 2)]).digest())) == "not_staged"
    assert _code(bench.send("stage_chunk", 2, records=((1, 1), (2, 2)))) == "out_of_range"
    bench.must("stage_chunk", 2, records=((3, 3),))
    bench.must("commit", 1002, Program(0, 0, [], [(1, 1), (2, 2), (3, 3)]).digest())


def test_another_version_is_welcomed_but_opens_nothing() -> None:
    bench = Bench()
    bench.board.incoming.extend(wire.pack("hello", 0, (wire.PROTOCOL + 1, wire.TABLE_CRC, 5)))
    name, fields = bench.exchange(0)
    assert (name, fields["protocol"], fields["session"]) == ("welcome", wire.PROTOCOL, 5)
    assert _code(bench.send("get_status", session=5)) == "wrong_session"


def test_frames_of_another_table_get_a_word_and_echoes_none() -> None:
    bench = Bench().open()

    def answers(payload: bytes) -> list[str]:
        before = len(bench.replies)
        frame = payload + (wire.crc32(payload) & 0xFFFFFFFF).to_bytes(4, "little")
        bench.board.incoming.extend(wire.cobs_encode(frame) + b"\0")
        bench.exchange(-1)
        return [_code((name, fields)) for name, _, fields, _ in bench.replies[before:]]

    assert answers(b"\x3f\x09\x00....") == ["unknown_command"]
    assert answers(b"\x02\x09\x00....more") == ["malformed"]
    assert answers(b"\x41\x09\x00....") == []  # an "ok" of our own, come back
    assert answers(b"\x7f\x09\x00") == []


@settings(max_examples=100)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=80),
            st.tuples(st.integers(1, 24), st.binary(max_size=60)).map(
                lambda made: (
                    wire.cobs_encode(
                        (body := bytes([made[0], 9, 0]) + made[1])
                        + (wire.crc32(body) & 0xFFFFFFFF).to_bytes(4, "little")
                    )
                    + b"\0"
                )
            ),
        ),
        max_size=8,
    )
)
def test_no_bytes_disturb_the_pump(chunks: list[bytes]) -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    bench.must("start")
    for chunk in chunks:
        bench.board.incoming.extend(chunk)
        bench.poll()
        bench.run(SECOND_US // 7)
    assert bench.firmware.failures == 0
    bench.board.incoming.extend(b"\0")  # the next frame begins here, whatever came before
    assert bench.send("get_status")[0] == "status"


VALUES = {"B": 0xFF, "H": 0xFFFF, "h": 0x7FFF, "I": 0xFFFFFFFF, "i": 0x7FFFFFFF, "q": 2**63 - 1, "Q": 2**64 - 1}


@settings(max_examples=200)
@given(st.data())
def test_any_numbers_get_exactly_one_reply(data: st.DataObject) -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from([row for row in messages.MESSAGES if 2 <= row[0] < 64]))

        def number(code: str) -> int:
            top = VALUES[code]
            low = -top - 1 if code in "hiq" else 0
            return data.draw(st.one_of(st.integers(low, top), st.integers(0, 40), st.just(top)))

        values = [number(code) for _, code in row[2][1:]]
        records = [tuple(number(code) for _, code in row[3]) for _ in range(data.draw(st.integers(0, 3)))]
        before = len(bench.replies)
        bench.send(row[1], *values, records=records if row[3] else ())
        assert len(bench.replies) == before + 1
        bench.run(data.draw(st.integers(1, 3 * SECOND_US)))
    assert not bench.traces


def test_sensors_beyond_their_fields_are_cut_to_them() -> None:
    bench = Bench().open()
    bench.board.pressure_pa = -(2**40)
    bench.board.battery_mv, bench.board.charge_permille, bench.board.temperature_cc = 70_000, -3, 99_999
    bench.run(SECOND_US)
    assert bench.samples[-1][1][4:9] == (-(2**31), 20_000_000, 0xFFFF, 0, 32_767)
    assert not bench.traces


def test_a_full_link_delays_replies_and_events_and_costs_only_telemetry() -> None:
    bench = Bench().open()
    bench.run(SECOND_US)
    bench.board.writable = False
    bench.send("get_config")
    bench.run(2 * SECOND_US)
    bench.board.writable = True
    rows = len(bench.samples)
    bench.run(2 * SECOND_US)
    assert bench.replies[-1][0] == "config"
    assert 18 <= len(bench.samples) - rows <= 23
    gap_us = bench.samples[rows][0] - bench.samples[rows - 1][0]
    assert 1_500_000 < gap_us < 2_500_000


def test_a_host_that_asks_and_never_reads_takes_no_room() -> None:
    bench = Bench().open()
    bench.board.writable = False
    for sequence in range(1000, 1100):
        bench.send("stop", 0, sequence=sequence)
    bench.board.writable = True
    before = len(bench.replies)
    bench.run(SECOND_US)
    assert len(bench.replies) - before == 8


def test_a_host_that_is_gone_ends_the_session_and_not_the_delivery() -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    bench.must("start")
    bench.board.writable = False
    bench.run(15 * SECOND_US)
    assert bench.firmware.link.session == 0
    polls = bench.polls
    bench.run(60 * SECOND_US)
    assert bench.polls - polls < 10
    assert STATES[bench.firmware.pump.doing] == "running"
    bench.board.writable = True
    bench.hello(SESSION + 1)
    bench.run(SECOND_US)
    assert bench.samples[-1][0] > 75 * SECOND_US


def test_rows_come_on_a_grid_and_missed_ones_leave_a_gap_in_the_index() -> None:
    bench = Bench().open()
    bench.must("set_config", records=[(SETTING_KEYS["sample_interval_ms"], 20)])
    bench.run(SECOND_US)
    start_us = bench.board.t_us
    times = [t_us for t_us, _ in bench.samples[-20:]]
    assert {later - earlier for earlier, later in pairwise(times)} == {20_000}
    index = bench.firmware._telemetry.index
    bench.board.t_us = start_us + 505_000  # nobody polled
    bench.poll()
    bench.run(SECOND_US)
    assert bench.firmware._telemetry.index - index == (bench.board.t_us - start_us) // 20_000


def test_a_failure_inside_is_told_and_delivery_goes_on() -> None:
    bench = Bench().open()
    bench.commit(PROGRAM)
    bench.must("start")

    def fail() -> None:
        raise ValueError("no sensor")

    sense, bench.board.sense = bench.board.sense, fail  # type: ignore[assignment,method-assign]
    bench.run(10 * SECOND_US)
    bench.board.sense = sense  # type: ignore[method-assign]
    assert any(b"no sensor" in trace for trace in bench.traces)
    assert bench.firmware.failures > 5
    bench.run(50 * SECOND_US)
    assert bench.status()["commanded_pl"] == 10_000_000
