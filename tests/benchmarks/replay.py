"""A recording replayed as fast as it goes, in microseconds a sample, beside mcap reading one message a sample.

Both give every sample's numbers out: ours in arrays, mcap's packed as they are here, so that it has no text to read.

    python -m tests.benchmarks.replay
"""

import math
import struct
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer

from firmware_link import telemetry
from firmware_link.clock import SystemClock
from rig.replay.session import ReplaySession
from tests.benchmarks import _long, table

SAMPLES = 3_000_000
PEER_SAMPLES = 50_000
ROUNDS = 3
HOST_US = list(telemetry.SAMPLE_DTYPE.names or ()).index("host_us")
_ROW = struct.Struct("<15q")


def ours(path: Path) -> int:
    """All of it through the session that the window and ``replay`` play."""
    session = ReplaySession(f"replay:{path}", path, SystemClock(), speed=math.inf)
    count = 0
    while session.playback.playing:
        count += len(session.poll(1.0).samples)
    session.close()
    return count


def write_mcap(path: Path) -> None:
    """One message a sample, in chunks that aren't compressed."""
    with path.open("wb") as stream:
        writer = Writer(stream, compression=CompressionType.NONE)
        writer.start()
        schema = writer.register_schema("sample", "", b"")
        channel = writer.register_channel("/samples", "", schema)
        for row in _long.samples(0, PEER_SAMPLES).tolist():
            at_ns = row[HOST_US] * 1000
            writer.add_message(channel, at_ns, _ROW.pack(*row), at_ns)
        writer.finish()


def mcap(path: Path) -> int:
    """All of it through mcap's own reader."""
    with path.open("rb") as stream:
        return sum(len(_ROW.unpack(message.data)) > 0 for _, _, message in make_reader(stream).iter_messages())


def best(play: Callable[[Path], int], path: Path, samples: int) -> tuple[float, float]:
    """Microseconds a sample of the best of some rounds, and of the processor."""
    times = []
    for _ in range(ROUNDS):
        began, busy = perf_counter(), process_time()
        count = play(path)
        times.append(((perf_counter() - began) / count * 1e6, (process_time() - busy) / count * 1e6))
        assert count == samples, f"{count} of {samples} samples came"
    return min(times)


def main() -> None:
    table.head()
    with TemporaryDirectory() as name:
        run, peer = Path(name) / "long.run.duckdb", Path(name) / "peer.mcap"
        _long.make(run, SAMPLES)
        write_mcap(peer)
        (taken, busy), (theirs, _) = best(ours, run, SAMPLES), best(mcap, peer, PEER_SAMPLES)
    table.row(f"replay {SAMPLES:.0e} samples, as fast as it goes", taken, theirs, "us", "a sample; >= 50x")
    table.row("... processor time of it", busy, None, "us", "")


if __name__ == "__main__":
    main()
