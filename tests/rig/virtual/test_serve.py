"""A served rig, and a client that knows nothing of it: pyserial on the pseudo-terminal, a socket over TCP."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from firmware_link import wire
from firmware_link.clock import SystemClock
from firmware_link.errors import PortBusy, UsageError
from firmware_link.serial_port import open_port
from rig.virtual.board import LINK_ROOM
from rig.virtual.faults import Fault
from rig.virtual.rig import VirtualRig
from rig.virtual.serve import serve_pty, serve_tcp
from tests.rig.virtual.host import Host

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal needs a POSIX system")


@pytest.fixture
def served() -> Iterator[Callable[..., str]]:
    """Serves a rig in a thread and gives its address; stops at the end."""
    stop = threading.Event()
    threads: list[threading.Thread] = []
    failures: list[BaseException] = []

    def start(serve: Callable[..., None], *args: object) -> str:
        addresses: Queue[str] = Queue()

        def run() -> None:
            try:
                serve(VirtualRig(7, 60.0), *args, announce=addresses.put, stopped=stop.is_set)
            except BaseException as error:  # noqa: BLE001  told by the fixture
                failures.append(error)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return addresses.get(timeout=10)

    yield start
    stop.set()
    for thread in threads:
        thread.join(10)
    assert failures == []


def talk(address: str, session: int) -> None:
    """A short session, from hello to rows that move."""
    transport = open_port(address)
    try:
        host = Host(transport)
        transport.write(b"\0")
        host.hello(session)
        host.run(SystemClock(), 0.1)
        assert len(host.rows) > 10
    finally:
        transport.close()


def test_pty_serves_one_client_after_the_other(served: Callable[..., str], tmp_path: Path) -> None:
    link = tmp_path / "pump"

    def serve(rig: VirtualRig, **options: object) -> None:
        serve_pty(rig, link=link, **options)  # type: ignore[arg-type]

    address = served(serve)
    assert os.readlink(link) == address
    talk(str(link), 1)
    talk(address, 2)


def test_a_rig_is_served_on_after_a_fault_that_takes_its_pump_away(served: Callable[..., str]) -> None:
    def serve(rig: VirtualRig, **options: object) -> None:
        rig.inject(Fault("unplug", at_s=12, duration_s=6))
        rig.inject(Fault("reset", at_s=30))
        serve_pty(rig, **options)  # type: ignore[arg-type]

    transport = open_port(served(serve))
    try:
        host = Host(transport)
        host.hello()
        host.run(SystemClock(), 0.25)  # 15 s of the rig: unplugged
        host.run(SystemClock(), 0.5)
        transport.write(b"\0")
        assert host.hello(2)["boot_count"] == 2
    finally:
        transport.close()


def test_tcp_serves_one_client_after_the_other(served: Callable[..., str]) -> None:
    address = served(serve_tcp, "127.0.0.1:0")
    talk(address, 1)
    talk(address, 2)
    port = address.rpartition(":")[2]
    with pytest.raises(PortBusy):
        serve_tcp(VirtualRig(7), f"127.0.0.1:{port}")


def under(serve: Callable[..., None], *faults: Fault) -> Callable[..., None]:
    """``serve`` of a rig whose link has these faults."""

    def struck(rig: VirtualRig, *args: object, **options: object) -> None:
        for fault in faults:
            rig.inject(fault)
        serve(rig, *args, **options)

    return struck


@pytest.mark.parametrize(("serve", "args"), [(serve_pty, ()), (serve_tcp, ("127.0.0.1:0",))])
def test_faults_of_the_link_reach_any_client(
    serve: Callable[..., None], args: tuple[str, ...], served: Callable[..., str]
) -> None:
    address = served(
        under(serve, Fault("link_flip", amount=100.0, duration_s=60), Fault("link_split", amount=3)), *args
    )
    transport = open_port(address)
    transport.write(b"\0" + wire.pack("hello", 0, (wire.PROTOCOL, wire.TABLE_CRC, 1)) * 3)
    transport.wait(0.1)
    assert transport.read() == b""  # what the pump heard was no hello
    transport.wait(1.0)  # the fault is over
    transport.close()
    talk(address, 2)


def test_a_line_that_holds_takes_only_so_much_from_a_client(served: Callable[..., str]) -> None:
    address = served(under(serve_pty, Fault("link_stall_out")))
    descriptor = os.open(address, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    taken = 0
    while taken < 1 << 20 and select.select([], [descriptor], [], 0.3)[1]:
        taken += os.write(descriptor, bytes(4096))
    os.close(descriptor)
    assert 0 < taken <= 8 * LINK_ROOM


def test_the_link_is_gone_afterwards_and_a_file_in_its_place_is_kept(tmp_path: Path) -> None:
    link = tmp_path / "pump"
    link.symlink_to("nowhere")
    serve_pty(VirtualRig(7), link=link, announce=lambda _: None, stopped=lambda: True)
    assert not link.is_symlink()
    link.write_text("mine")
    with pytest.raises(UsageError):
        serve_pty(VirtualRig(7), link=link, stopped=lambda: True)
    assert link.read_text() == "mine"


@pytest.mark.parametrize("address", ["", "nowhere", "127.0.0.1:70000", "127.0.0.1:x"])
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        serve_tcp(VirtualRig(7), address, stopped=lambda: True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_verb_ends_in_order_when_told_to(number: signal.Signals, tmp_path: Path) -> None:
    link = tmp_path / "pump"
    command = [sys.executable, "-m", "rig.cli", "sim", "--pty", "--speed", "60", "--link", str(link)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == os.readlink(link)
        talk(str(link), 1)
        process.send_signal(number)
        assert process.wait(10) == 0
    assert not link.is_symlink()
