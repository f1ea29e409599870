"""A full event ring and the longest program leave the heap alone, on both interpreters."""

from firmware_link.vocabulary import MAX_SEGMENTS
from rig.firmware.events import DEPTH, RECORD_SIZE, EventLog
from rig.firmware.program import Program
from tests.boards import MemoryBoard
from tests.mcu.bench import UTC_S, Bench


def _heap():
    """Bytes in use; None where the interpreter doesn't say."""
    import gc

    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else None


class _Flash:
    """A region of 1 KiB blocks, taken at once; records don't cross them."""

    def __init__(self, size):
        self._blocks = [bytearray(b"\xff" * 1024) for _ in range(size // 1024)]

    def load(self, offset, size):
        at = offset % 1024
        return bytes(self._blocks[offset // 1024][at : at + size])

    def store(self, offset, data):
        at = offset % 1024
        self._blocks[offset // 1024][at : at + len(data)] = data


def test_a_full_event_ring_is_not_held_in_the_heap():
    board = MemoryBoard({"events": _Flash(DEPTH * RECORD_SIZE)})
    log = EventLog(board, 1, 0, 0)
    for number in range(DEPTH):
        log.add("started" if number % 2 else "occlusion", number, number, number, 0)
    before = _heap()
    for number in range(200):
        log.add("started" if number % 2 else "occlusion", number, number, number, 0)
    again = EventLog(board, 2, 0, 0)
    assert len(log.read_from(1, 17)) == 17
    assert again.last == log.last >= DEPTH + 200
    after = _heap()
    assert before is None or after - before < 4096


def test_the_longest_program_runs_for_a_day():
    bench = Bench().open()
    bench.must("set_config", records=[(1, 3600000)])
    bench.commit(Program(UTC_S, 0, [(10**6, 60000)] * 8, [(10**6 + i, 600000) for i in range(MAX_SEGMENTS - 8)]))
    bench.must("start")
    before = _heap()
    bench.run(86400 * 1000000)
    bench.samples = []
    bench.replies = []
    bench.events = []
    after = _heap()
    assert before is None or after - before < 4096
    assert bench.firmware.failures == 0
