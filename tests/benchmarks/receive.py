"""1 MB/s of telemetry through a pseudo-terminal: how much of a core it takes, and that nothing is lost.

A process of its own plays the pump.  Our session receives and decodes, then once more records as well; pymavlink's
link receives as many bytes of its own.  Seconds of each by argument (60):

    python -m tests.benchmarks.receive 60
"""

import os
import select
import subprocess
import sys
import tempfile
import time
import tty
from binascii import crc32
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from struct import pack_into

from cobs import cobs
from pymavlink import mavutil
from pymavlink.dialects.v20 import ardupilotmega as mavlink

from firmware_link import serial_port, wire
from firmware_link.clock import SystemClock
from rig.live import LiveSession
from rig.recording.writer import RunWriter
from rig.session import LinkState
from tests.benchmarks import table
from tests.firmware_link.fake_pump import FakePump

RATE = 1_000_000  # bytes a second: USB full speed
ROWS = 10  # a block


# The pump's process


def send(kind: str, descriptor: int, seconds: float) -> None:
    """Plays a pump, or a mavlink system, and prints how many samples it has sent."""
    if kind == "pump":
        pump = FakePump()
        while "get_status" not in pump.done:
            pump.feed(os.read(descriptor, 4096))
            os.write(descriptor, pump.take())
        time.sleep(0.1)
        print(paced(descriptor, pump_blocks(), ROWS, seconds, pump))
    else:
        print(paced(descriptor, mavlink_messages(), 1, seconds, None))


def paced(descriptor: int, frames: Iterator[bytes], samples: int, seconds: float, pump: FakePump | None) -> int:
    """Writes frames as fast as ``RATE`` allows, answering what comes in."""
    began = time.monotonic()
    sent = count = 0
    while (elapsed := time.monotonic() - began) < seconds:
        while sent < elapsed * RATE:
            sent += os.write(descriptor, next(frames))
            count += samples
        if pump and select.select([descriptor], [], [], 0.001)[0]:
            pump.feed(os.read(descriptor, 4096))
            os.write(descriptor, pump.take())
        time.sleep(0.001)
    return count


def pump_blocks() -> Iterator[bytes]:
    rows = tuple((i * 33, 10**9 + i, 10**9, 277_778, 101_325, 10**7, 3600, 990, 2150, 1, 1, 0) for i in range(ROWS))
    payload = bytearray(wire.pack_payload("telemetry", 0, (0, 0), rows))
    for n in range(1 << 30):
        pack_into("<IQ", payload, 3, n * ROWS, n * ROWS * 33)
        pack_into("<I", payload, len(payload) - 4, crc32(payload[:-4]))
        yield cobs.encode(bytes(payload)) + b"\0"


def mavlink_messages() -> Iterator[bytes]:
    sender = mavlink.MAVLink(None, srcSystem=1)
    message = mavlink.MAVLink_highres_imu_message(1, *(1.5 + i for i in range(13)), 0)
    frames = []
    for _ in range(256):
        frames.append(bytes(message.pack(sender)))
        sender.seq = (sender.seq + 1) % 256
    while True:
        yield from frames


# The host's


@contextmanager
def line(kind: str, seconds: float) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """(path of the port, the process at its other end)."""
    master, slave = os.openpty()
    tty.setraw(slave)
    command = [sys.executable, "-m", "tests.benchmarks.receive", "--send", kind, str(master), str(seconds)]
    with subprocess.Popen(command, pass_fds=[master], stdout=subprocess.PIPE, text=True) as process:
        yield os.ttyname(slave), process
    os.close(master)
    os.close(slave)


def ours(seconds: float, record: bool) -> tuple[float, int, int]:
    """(share of a core, samples received, samples lost)."""
    clock = SystemClock()
    with line("pump", seconds) as (path, process), tempfile.TemporaryDirectory() as folder:
        session = LiveSession(path, lambda: serial_port.open_port(path), clock, Random(1))
        while not any(link.state is LinkState.ONLINE for link in session.poll(1.0).links):
            pass
        writer = RunWriter(Path(folder) / "bench.run.duckdb", clock, session.info) if record else None
        received = idle = bad = 0
        began, busy = time.monotonic(), time.process_time()
        while idle < 2:
            batch = session.poll(0.25)
            received += len(batch.samples)
            idle = 0 if len(batch.samples) else idle + (process.poll() is not None)
            bad = batch.counters.frames_bad + len(batch.gaps)
            if writer:
                writer.add(batch)
                writer.commit_if_due(clock.monotonic())
        if writer:
            writer.finish("benchmark")
        share = (time.process_time() - busy) / (time.monotonic() - began - 0.5)
        session.close()
        assert process.stdout
        return share, received, int(process.stdout.read()) - received + bad


def peer(seconds: float) -> float:
    """Share of a core."""
    with line("mavlink", seconds) as (path, process):
        link = mavutil.mavlink_connection(path, baud=115200)
        received = 0
        began, busy = time.monotonic(), time.process_time()
        while process.poll() is None:
            message = link.recv_match(blocking=True, timeout=0.25)
            received += message is not None and message.get_type() == "HIGHRES_IMU"
        share = (time.process_time() - busy) / (time.monotonic() - began)
        link.close()
        assert received
        return share


def main(seconds: float) -> None:
    table.head()
    theirs = peer(min(seconds, 10.0)) * 100
    for record, name, target in ((False, "receive", "<= 6 %"), (True, "receive and record", "<= 15 %")):
        share, received, lost = ours(seconds, record)
        table.row(f"{name} 1 MB/s for {seconds:.0f} s, of a core", share * 100, theirs, "%", target)
        table.row(f"{name}: lost of {received:,} samples", lost, None, "", "0")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--send"]:
        send(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
