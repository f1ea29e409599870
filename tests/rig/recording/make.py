"""Synthetic runs, for whoever needs a run file with known content."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from firmware_link import telemetry, vocabulary, wire
from firmware_link.clock import ManualClock
from rig.recording.summary import Summary
from rig.recording.writer import RunWriter
from rig.session import Batch, ControlFrame, DeviceInfo, Event, Gap, LinkChange, LinkState, SessionInfo

#: A run file and its log: ending -> content.
Files = dict[str, bytes]

UTC_US = 1_700_000_000_000_000
FLOW_NL_DAY = 20_000_000

DEVICE = DeviceInfo(
    device_id="00000000c0ffee07",
    firmware_version="1.0.0",
    protocol=wire.PROTOCOL,
    table_crc=wire.TABLE_CRC,
    capabilities=frozenset({"balance", "pressure", "virtual"}),
    boot_count=1,
    settings={row[1]: row[4] for row in vocabulary.SETTINGS},
)
SESSION = SessionInfo("sim:?seed=7", "virtual rig", DEVICE, can_control=True, can_seek=False, virtual=True)


def samples(
    first: int, count: int, interval_us: int = 100_000, boot: int = 1, balance: bool = True
) -> NDArray[np.void]:
    """(count,) samples of a pump at 20 mL/day, from index ``first`` on, in blocks of ten as the link brings them."""
    rows = np.zeros(count, telemetry.SAMPLE_DTYPE)
    index = np.arange(first, first + count)
    rows["boot"], rows["index"] = boot, index
    rows["t_us"] = 1_000_000 + index * interval_us
    rows["host_us"] = UTC_US + (index // 10 + 1) * 10 * interval_us
    delivered_nl = index * interval_us * FLOW_NL_DAY // 86_400_000_000
    rows["commanded_nl"] = delivered_nl
    noise_nl = np.random.default_rng(first).integers(-200, 201, count)
    rows["measured_nl"] = delivered_nl + noise_nl if balance else wire.MISSING
    rows["flow_pl_s"] = FLOW_NL_DAY * 1000 // 86_400
    rows["pressure_pa"] = 4000 + (800 * np.sin(index / 9)).astype(int)
    rows["reservoir_nl"] = 20_000_000 - delivered_nl
    rows["battery_mv"], rows["charge_permille"], rows["temperature_cc"] = 3650, 900, 3700
    rows["state"], rows["flags"] = vocabulary.RUNNING, 1
    return rows


def event(number: int, kind: str = "started", value: int = 0, host_us: int = UTC_US) -> Event:
    """One entry of a pump's log."""
    priority = vocabulary.EVENT_PRIORITIES[vocabulary.EVENT_KINDS[kind]]
    return Event(number, kind, priority, 1, number * 1000, number * 1000, UTC_US // 1_000_000, value, 0, host_us)


def batches(count: int, interval_us: int = 100_000) -> list[Batch]:
    """``count`` samples with a boot, a start, an occlusion, control traffic and one gap among them."""
    half = count // 2
    return [
        Batch(
            samples=samples(0, half, interval_us),
            events=(event(1, "boot"), event(2, "started", vocabulary.RUNNING)),
            links=(LinkChange(LinkState.ONLINE, UTC_US),),
            frames=(ControlFrame(UTC_US, True, "hello", 0, b"\x01\x00\x00hello"),),
        ),
        Batch(
            samples=samples(half + 50, count - half, interval_us),
            events=(event(3, "occlusion", 70_000), event(4, "occlusion_over", 4_000)),
            gaps=(Gap("samples", 1, half * interval_us, (half + 50) * interval_us, 50),),
        ),
    ]


def make_run(path: Path, count: int = 1000, interval_us: int = 100_000, why: str | None = "duration") -> Summary | None:
    """A run file of ``batches(count, interval_us)`` with one note; ``why`` None leaves it cut short.

    It is made once: who asks for the same again gets a copy, of the same run.
    """
    summary, files = _made(count, interval_us, why)
    put(path, files)
    return summary


def put(path: Path, files: Files) -> None:
    """Writes what was ``taken``, as ``path`` and beside it; nothing is overwritten."""
    for ending, content in files.items():
        with Path(f"{path}{ending}").open("xb") as file:
            file.write(content)


def taken(path: Path) -> Files:
    """The run file ``path`` and its log, where there is one."""
    return {file.name.removeprefix(path.name): file.read_bytes() for file in path.parent.glob(f"{path.name}*")}


@cache
def _made(count: int, interval_us: int, why: str | None) -> tuple[Summary | None, Files]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.run.duckdb"
        return _make(path, count, interval_us, why), taken(path)


def _make(path: Path, count: int, interval_us: int, why: str | None) -> Summary | None:
    clock = ManualClock(UTC_US)
    writer = RunWriter(path, clock, SESSION)
    for batch in batches(count, interval_us):
        writer.add(batch)
        clock.advance(len(batch.samples) * interval_us / 1e6)
    writer.note("The catheter was kinked by hand.", UTC_US)
    if why is not None:
        return writer.finish(why, planned_nl=count * interval_us * FLOW_NL_DAY // 86_400_000_000)
    writer.commit()
    writer.close()
    return None
