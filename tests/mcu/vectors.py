"""Prints what the firmware makes of fixed inputs, byte for byte, so that two interpreters can be compared."""

from binascii import hexlify

from firmware_link import wire
from rig.firmware.program import Program, cumulative
from tests.mcu.bench import UTC_S, Bench
from tests.mcu.ticking import TickBoard

PROGRAM = Program(
    UTC_S - 12345,
    -90,
    [(123456789, 60001), (0, 500)],
    [(9 * 10**8 + 7 * i, 3600000 - i) for i in range(24)],
    (7654321, 4321, 3600, 4),
    30,
)


def _show(label, data):
    print(label, hexlify(data).decode())


def _arithmetic():
    print("table", wire.TABLE_CRC)
    _show("program", PROGRAM.pack())
    print("digest", PROGRAM.digest())
    phase_us = PROGRAM.phase_us(UTC_S * 1000000)
    t_us = 1
    while t_us < 7 * 365 * 86400 * 1000000:
        print("cumulative", t_us, cumulative(PROGRAM, t_us, phase_us))
        t_us = t_us * 3 + 17


class _Recorder(TickBoard):
    """Prints every frame, move and store."""

    def write(self, data):
        _show("frame", data)
        return TickBoard.write(self, data)

    def step(self, count, start_us, end_us):
        print("step", count, start_us, end_us)
        TickBoard.step(self, count, start_us, end_us)

    def sound(self, priority):
        print("sound", priority)
        TickBoard.sound(self, priority)

    def store(self, region, offset, data):
        _show("store " + region + " " + str(offset), data)
        TickBoard.store(self, region, offset, data)


class _TickBench(Bench):
    """Its time goes through the ticks."""

    def run(self, us):
        end_us = self.board.t_us + us
        while self.board.t_us < end_us:
            self.board.sleep_until(min(self.due_us, end_us))
            self.poll()


def _session():
    bench = _TickBench(board=_Recorder()).open()
    bench.must("set_config", records=[(1, 700), (2, 20000001)])
    bench.commit(PROGRAM)
    bench.must("start")
    bench.run(30 * 1000000)
    bench.must("bolus", 0xFEDCBA9876543210, 7654321, 4321, 0)
    bench.run(10 * 1000000)
    bench.send("bolus", 12, 1 << 63, 1, 0)
    bench.press()
    bench.run(10 * 1000000)
    bench.press()
    bench.send("demand", 13)
    bench.board.pressure_pa = 70000
    bench.board.temperature_cc = -1234
    bench.run(3 * 1000000)
    bench.must("clear_alarms", 0xFFFFFFFF)
    bench.must("refill", 14, 19000000, 20000000, 123456)
    bench.must("get_config")
    bench.must("ack_events", 5)
    _TickBench(board=_Recorder(bench.board.regions)).open().status()


if __name__ == "__main__":
    _arithmetic()
    _session()
