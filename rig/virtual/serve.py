"""A virtual rig for any serial client: on a pseudo-terminal, or over TCP."""

import contextlib
import errno
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from firmware_link.errors import NoPump, PortBusy, PortError, PortLost, UsageError
from rig.balance.ports import twin_of
from rig.balance.serving import ServedTwin
from rig.balance.twins import Twin
from rig.targets import VirtualTarget, make_rig
from rig.virtual.base import Rig

_SIZE = 4096
_LOOK_S = 0.02  # real time after which somebody looks whether to stop


def serve(
    target: VirtualTarget,
    *,
    listen: str = "",
    link: Path | None = None,
    balance: str = "",
    announce: Callable[[str], object] = print,
) -> None:
    """Serves the rig ``target`` until SIGINT or SIGTERM, in the main thread; ``announce`` gets the address for clients.

    With ``balance``, a language of rig.balance.address and perhaps its cup ("mt-sics", "sbi:open"), a laboratory
    balance under its outlet has a pseudo-terminal of its own, and ``announce`` then gets its address.  Raises
    UsageError for an address or a file that can't be read, PortBusy or PortError where it can't be opened.
    """
    rig = make_rig(target)
    twin = twin_of(rig, target.seed, *balance.split(":", 1)) if balance else None
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job has it ignored
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        if listen:
            serve_tcp(rig, listen, announce)
        else:
            serve_pty(rig, announce, link, balance=twin)


def serve_pty(
    rig: Rig,
    announce: Callable[[str], object] = print,
    link: Path | None = None,
    stopped: Callable[[], bool] = lambda: False,
    balance: Twin | None = None,
) -> None:
    """Serves ``rig`` on a pseudo-terminal, whose path ``announce`` gets and ``link`` points to, until ``stopped``; and
    ``balance`` on another, whose address ``announce`` gets next."""
    try:
        import pty
        import tty
    except ImportError as error:
        raise UsageError(
            "This system has no pseudo-terminals.", "Serve the rig with --listen HOST:PORT instead."
        ) from error
    master, slave = pty.openpty()  # the slave stays open, so that clients may come and go
    beside = ServedTwin(balance) if balance else None
    try:
        tty.setraw(slave)
        os.set_blocking(master, False)
        path = os.ttyname(slave)
        with _pointing(link, path):
            announce(path)
            if beside:
                announce(beside.address)
                stopped = _serving(beside, stopped)
            client = Client(master)
            while not stopped():
                with contextlib.suppress(PortLost, NoPump):
                    _bridge(rig, client, stopped)
                client.receive()  # without a pump at the other end it is lost
                rig.rest(_LOOK_S)
    finally:
        if beside:
            beside.close()
        os.close(master)
        os.close(slave)


def _serving(balance: ServedTwin, stopped: Callable[[], bool]) -> Callable[[], bool]:
    """``stopped``, which is asked all the time, with a turn for ``balance`` each time."""

    def turned() -> bool:
        balance.turn()
        return stopped()

    return turned


def serve_tcp(
    rig: Rig,
    address: str,
    announce: Callable[[str], object] = print,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Serves ``rig`` to one client after the other on "HOST:PORT", until ``stopped``."""
    with _listening(address) as server:
        host, port = server.getsockname()[:2]
        announce(f"socket://{host}:{port}")
        while not stopped():
            rig.rest(0.0)
            if not select.select([server], [], [], _LOOK_S)[0]:
                continue
            connection, _ = server.accept()
            with connection:
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(PortLost, NoPump):  # the client sees that the connection ends
                    _bridge(rig, Client(connection.fileno()), stopped)


class Client:
    """The far end of a served link, by its non-blocking descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def receive(self) -> bytes | None:
        """What it has sent, None once it is gone."""
        try:
            return os.read(self._descriptor, _SIZE) or None
        except BlockingIOError:
            return b""
        except OSError:
            return None

    def send(self, data: bytes) -> int:
        """How many bytes it took."""
        try:
            return os.write(self._descriptor, data)
        except OSError:  # full; or gone, which ``receive`` says
            return 0

    def sends_within(self, real_s: float) -> bool:
        """Waits until it has sent something, so long at most."""
        return bool(select.select([self._descriptor], [], [], real_s)[0])


def _bridge(rig: Rig, client: Client, stopped: Callable[[], bool]) -> None:
    """Carries bytes between rig and client until that is gone, or ``stopped``; raises PortLost or NoPump where a fault
    takes the pump away."""

    def pause(real_s: float) -> None:
        if to_pump:  # the line takes no more, so the client isn't asked for any
            time.sleep(real_s)
        elif client.sends_within(real_s):
            rig.wake()

    transport = rig.connect()
    resting, rig.pause = rig.pause, pause
    to_pump, to_client = b"", b""
    try:
        while not stopped() and (data := to_pump or client.receive()) is not None:
            to_pump = data[transport.write(data) :]
            to_client = to_client[client.send(to_client) :]
            if to_client:  # it doesn't read: time goes on, and the pump finds its link full
                rig.rest(_LOOK_S)
            else:
                transport.wait(_LOOK_S)
                to_client = transport.read()
    finally:
        transport.close()
        rig.pause = resting


@contextlib.contextmanager
def _listening(address: str) -> Iterator[socket.socket]:
    host, _, port = address.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise UsageError(f'"{address}" is not an address to listen on.', "Give HOST:PORT, for example 127.0.0.1:7000.")
    try:
        server = socket.create_server((host.strip("[]") or "127.0.0.1", int(port)))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(f"{address} is in use by another program.", "Choose another port.") from error
        raise PortError(f"{address} can't be listened on: {error}.", "Choose another address.") from error
    with server:
        yield server


@contextlib.contextmanager
def _pointing(link: Path | None, path: str) -> Iterator[None]:
    """``link`` is a symbolic link to ``path`` meanwhile; a link that was there is replaced, a file refused."""
    if link is None:
        yield
        return
    if link.exists() and not link.is_symlink():
        raise UsageError(f"{link} exists and is not a symbolic link.", "Choose another name for the link.")
    try:
        link.unlink(missing_ok=True)
        link.symlink_to(path)
    except OSError as error:
        raise UsageError(f"{link} can't be made: {error.strerror}.", "Choose another place for the link.") from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            link.unlink()
