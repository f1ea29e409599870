"""A balance on a pseudo-terminal or a server of its own, and the real serial code at this end."""

import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Queue

import pytest
import serial

from firmware_link.clock import SystemClock
from firmware_link.errors import NoPump, SafetyStop
from firmware_link.transport import Transport
from rig.balance.ports import Aside, TwinPort, twin_of
from rig.balance.ready import NoBalance, await_balance
from rig.record import Order, record
from rig.recording.reader import RunReader
from rig.session import Batch
from rig.targets import open_session
from rig.virtual.faults import Fault
from rig.virtual.rig import VirtualRig
from rig.virtual.serve import serve_pty

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal needs a POSIX system")

SPEED = 60.0


@pytest.fixture(params=["mt-sics", "sbi"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """(the pump's address, the balance's) of a rig whose tube lets 60 mL/h through."""
    stop, addresses = threading.Event(), Queue[str]()

    def run() -> None:
        rig = VirtualRig(7, SPEED)
        rig.inject(Fault("free_flow", amount=60.0))
        serve_pty(rig, addresses.put, stopped=stop.is_set, balance=twin_of(rig, 7, request.param))

    with ThreadPoolExecutor(1) as pool:
        served = pool.submit(run)
        try:
            yield addresses.get(timeout=10), addresses.get(timeout=10)
        finally:
            stop.set()
        served.result(10)  # raises what it raised


def test_both_are_recorded_on_one_clock(served: tuple[str, str], tmp_path: Path) -> None:
    pump, balance = served
    run = tmp_path / "a.run.duckdb"
    order = Order(pump, run, duration_us=90_000_000, balance=f"{balance}?interval=0.1")
    assert isinstance(record(order, lambda *told: None).error, SafetyStop)  # the pump notices it, too
    with RunReader(run) as reader:
        rows, samples = reader.weighings(), reader.samples(0, 10_000)
        assert reader.run.balance == f"Virtual, 0, through {balance}?interval=0.1"
    assert len(rows) > 5
    assert samples["host_us"][0] - 5_000_000 < rows["host_us"][0] < rows["host_us"][-1]
    assert abs(int(rows["host_us"][-1] - samples["host_us"][-1])) < 1_000_000
    span_s = float(rows["host_us"][-1] - rows["host_us"][0]) * 1e-6 * SPEED
    ul_s = float(rows["mass_ug"][-1] - rows["mass_ug"][0]) / 998 / span_s
    assert ul_s == pytest.approx(60 / 3.6, rel=0.2)  # 60 mL/h, as far as clocks under load agree
    assert not rows["stable"].any()


def test_a_terminal_that_knows_nothing_of_it_gets_an_answer(served: tuple[str, str]) -> None:
    language, _, path = served[1].partition(":")
    asked, says = (
        (b"I4\r\n", b'I4 A "0"\r\n') if language == "mt-sics" else (b"\x1bx2_\r\n", b"SerNo.0             \r\n")
    )
    with serial.Serial(path, 9600, timeout=5) as port:
        port.write(asked)
        assert port.readline() == says


def test_a_balance_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rig.balance.ready.PATIENCE_S", 0.0)
    session = open_session("sim:?seed=7&speed=max", balance="mt-sics:/dev/no-such-port")
    taken: list[Batch] = []
    session.poll(1.0)
    with pytest.raises(NoBalance, match="no-such-port"):
        await_balance(session, taken.append, SystemClock())
    session.close()


def test_a_server_that_takes_its_time_keeps_no_pump_waiting() -> None:
    reached = threading.Event()

    def slow() -> Transport:
        reached.wait(10)
        return TwinPort(twin_of(rig, 7, "sbi"), "balance")

    rig = VirtualRig(7)
    opener = Aside(slow, "socket://balance:4001")
    for _ in range(2):
        with pytest.raises(NoPump, match="hasn't answered yet"):
            opener()
    reached.set()
    while True:
        try:
            port = opener()
        except NoPump:
            continue
        break
    port.write(b"\x1bP\r\n")
    assert b" g" in port.read()
    rig.close()


def test_a_balance_on_a_server_weighs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, number = server.getsockname()
        session = open_session("sim:?seed=7&speed=max", balance=f"mt-sics:socket://{host}:{number}")
        session.poll(1.0)
        far, _ = server.accept()
        with far:
            far.setblocking(False)
            heard = b""
            while b"SI\r\n" not in heard:
                session.poll(1.0)
                with suppress(BlockingIOError):
                    heard += far.recv(100)
            far.sendall(b"S S     1.5000 g\r\n")
            while session.balance is None or session.balance.mass_ug is None:
                session.poll(1.0)
            assert session.balance.mass_ug == 1_500_000
        session.close()
