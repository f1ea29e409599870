"""Serial transports on real pseudo-terminals and sockets: what goes in, comes out, breaks, or is held by others."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from firmware_link import serial_port
from firmware_link.errors import NoPump, PortBusy, PortError, PortLost
from firmware_link.ports import PortInfo
from firmware_link.serial_port import PolledTransport, SerialTransport, open_port, resolver

pytest.importorskip("pty", reason="there are no pseudo-terminals here")
DEADLINE_S = 5.0


@dataclass
class Line:
    """A transport on one end of a pseudo-terminal, and the other end as a descriptor."""

    transport: SerialTransport
    far: int

    def hang_up(self) -> None:
        os.close(self.far)
        self.far = -1


@pytest.fixture
def line() -> Iterator[Line]:
    far, near = os.openpty()
    transport = open_port(os.ttyname(near))
    os.close(near)
    assert isinstance(transport, SerialTransport)
    line = Line(transport, far)
    yield line
    transport.close()
    if line.far >= 0:
        line.hang_up()


def receive(transport: SerialTransport | PolledTransport, size: int) -> bytes:
    data = b""
    deadline = time.monotonic() + DEADLINE_S
    while len(data) < size and time.monotonic() < deadline:
        transport.wait(0.1)
        data += transport.read()
    return data


def test_bytes_go_through_unchanged_both_ways(line: Line) -> None:
    everything = bytes(range(256))
    assert line.transport.read() == b""
    assert line.transport.write(everything) == 256
    assert os.read(line.far, 1000) == everything
    os.write(line.far, everything)
    assert receive(line.transport, 256) == everything
    assert line.transport.read() == b""


def test_the_name_is_the_path(line: Line) -> None:
    assert line.transport.name.startswith("/dev/")


def test_a_wait_ends_when_bytes_come_when_woken_and_in_time(line: Line) -> None:
    began = time.monotonic()
    line.transport.wait(0.02)
    assert time.monotonic() - began >= 0.02
    os.write(line.far, b"x")
    line.transport.wait(60.0)
    assert line.transport.read() == b"x"
    line.transport.wake()
    line.transport.wait(60.0)
    waker = threading.Timer(0.01, line.transport.wake)
    waker.start()
    line.transport.wait(60.0)
    waker.join()
    assert time.monotonic() - began < DEADLINE_S


def test_gathering_lets_more_bytes_come_but_ends_when_woken(line: Line) -> None:
    os.write(line.far, b"x")
    began = time.monotonic()
    line.transport.wait(60.0, gather_s=0.02)
    assert time.monotonic() - began >= 0.02
    line.transport.wake()
    line.transport.wait(60.0, gather_s=60.0)
    assert time.monotonic() - began < DEADLINE_S


def test_many_wakes_are_one_and_never_block(line: Line) -> None:
    for _ in range(100_000):
        line.transport.wake()
    line.transport.wait(60.0)
    began = time.monotonic()
    while time.monotonic() - began < DEADLINE_S:
        before = time.monotonic()
        line.transport.wait(0.05)
        if time.monotonic() - before >= 0.05:
            return
    pytest.fail("wakes are left over")


def test_a_full_port_takes_less_and_never_blocks(line: Line) -> None:
    sent = 0
    for _ in range(1000):
        count = line.transport.write(b"z" * 4096)
        sent += count
        if not count:
            break
    assert count == 0
    got = b""
    while len(got) < sent:
        got += os.read(line.far, 65536)
    assert got == b"z" * sent
    assert line.transport.write(b"more") == 4


@pytest.mark.parametrize("act", ["read", "write", "wait"])
def test_an_unplugged_port_is_lost_with_its_cause(line: Line, act: str) -> None:
    acts = {
        "read": line.transport.read,
        "write": lambda: line.transport.write(b"x"),
        "wait": lambda: wait_and_read(line),
    }
    line.hang_up()
    with pytest.raises(PortLost) as caught:
        acts[act]()
    assert line.transport.name in str(caught.value)
    assert caught.value.exit_code == 12


def wait_and_read(line: Line) -> None:
    began = time.monotonic()
    line.transport.wait(60.0)
    assert time.monotonic() - began < DEADLINE_S
    line.transport.read()


def test_what_came_before_an_unplug_is_still_read(line: Line) -> None:
    os.write(line.far, b"last words")
    line.transport.wait(1.0)
    data = line.transport.read()
    line.hang_up()
    assert data == b"last words"
    with pytest.raises(PortLost):
        line.transport.read()


def test_a_closed_transport_may_be_closed_and_woken_again(line: Line) -> None:
    line.transport.close()
    line.transport.close()
    line.transport.wake()
    with pytest.raises(PortLost):
        line.transport.wait(0.0)
    with pytest.raises(PortLost):
        line.transport.read()


def test_a_port_is_opened_once(line: Line) -> None:
    with pytest.raises(PortBusy, match="in use") as caught:
        open_port(line.transport.name)
    assert caught.value.__cause__ is not None


def test_a_port_that_was_let_go_is_free(line: Line) -> None:
    far, near = os.openpty()
    path = os.ttyname(near)
    for _ in range(2):
        open_port(path).close()
    os.close(far)
    os.close(near)


def test_what_is_not_there_or_no_port_is_an_error_of_the_tree(tmp_path: os.PathLike[str]) -> None:
    with pytest.raises(NoPump, match="no port /dev/ttyNONE"):
        open_port("/dev/ttyNONE")
    file = os.path.join(tmp_path, "file")
    with open(file, "w"):
        pass
    for no_port in (file, os.path.dirname(file), os.devnull):
        with pytest.raises(PortError, match="is not a serial port"):
            open_port(no_port)
    with pytest.raises(PortError):
        open_port("gopher://pump")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may open anything")
def test_a_forbidden_port_is_not_busy_but_forbidden() -> None:
    far, near = os.openpty()
    os.fchmod(near, 0)
    try:
        with pytest.raises(PortBusy, match="may not open"):
            open_port(os.ttyname(near))
    finally:
        os.close(far)
        os.close(near)


def test_addresses_are_looked_up_at_each_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[PortInfo] = []
    monkeypatch.setattr(serial_port, "list_ports", lambda: seen)
    with pytest.raises(NoPump):
        resolver("auto")()
    far, near = os.openpty()
    seen.append(PortInfo(os.ttyname(near), (0x2E8A, 0x0005), "E1", ""))
    for address in ("auto", "serial:E1", seen[0].path):
        transport = resolver(address)()
        assert transport.name == seen[0].path
        transport.close()
    os.close(far)
    os.close(near)


def test_the_ports_of_this_computer_are_listed_by_path() -> None:
    ports = serial_port.list_ports()
    assert ports == sorted(ports)
    assert all(port.path for port in ports)


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(DEADLINE_S)
        yield server


def test_a_socket_is_a_port_too(server: socket.socket) -> None:
    transport = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}")
    assert isinstance(transport, SerialTransport)
    far, _ = server.accept()
    with far:
        far.sendall(b"hello")
        assert receive(transport, 5) == b"hello"
        assert transport.read() == b""
        assert transport.write(b"answer") == 6
        assert far.recv(100) == b"answer"
    transport.wait(DEADLINE_S)
    with pytest.raises(PortLost):
        transport.read()
    transport.close()


def test_a_socket_without_a_server_is_no_pump(server: socket.socket) -> None:
    port = server.getsockname()[1]
    server.close()
    with pytest.raises(NoPump, match="can't be reached"):
        open_port(f"socket://127.0.0.1:{port}")
