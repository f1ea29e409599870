"""Target addresses: one string, everywhere, for what to connect to; and the one place where a session is made of it."""

import random
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from firmware_link import serial_port
from firmware_link.clock import Clock, SystemClock
from firmware_link.errors import UsageError
from rig.live import LiveSession
from rig.replay.speeds import parse_speed
from rig.session import Session
from rig.virtual.pace import MAX_SPEED

if TYPE_CHECKING:
    from rig.virtual.base import Rig

#: (how it is written, what it is)
FORMS = (
    ("auto", "the one pump that is connected by USB"),
    ("serial:NUMBER", "the pump whose USB serial number this is"),
    ("/dev/ttyACM0, COM3", "a serial port by its name"),
    ("socket://HOST:PORT", "a serial server, raw"),
    ("rfc2217://HOST:PORT", "a serial server that speaks RFC 2217"),
    ("sim:?seed=7&speed=60", "a virtual rig in this process; speed is a factor, or max"),
    ("upy:?seed=7&speed=60", "a virtual rig whose firmware runs in a real MicroPython"),
    ("sim:?rig=worn-tube&faults=night-occlusion", "another rig, with faults to come; each by its name, or a file's"),
    ("replay:FILE?speed=60", "a recording, played as if it were a pump; speed as above"),
    ("auto with mt-sics:/dev/ttyUSB1", "a pump, and a laboratory balance beside it"),
)
_WITH = re.compile(r"(?P<pump>.*\S)\s+with\s+(?P<balance>(mt-sics|sbi):.*)", re.DOTALL)
_REPLAY = re.compile(r"replay:(?P<file>.*?)(\?speed=(?P<speed>[^?&=]*))?", re.DOTALL)
_FASTEST = 100_000.0
_PARAMETERS = {"seed", "speed", "faults", "rig"}
_SERVERS = ("socket", "rfc2217")


@dataclass(frozen=True)
class VirtualTarget:
    """A virtual rig's address, read: which host runs the firmware, and how."""

    host: str  # "sim" or "upy"
    seed: int = 1
    speed: float = 1.0  # MAX_SPEED: as fast as it goes
    faults: str = ""  # a fault file, or the name of one that comes with the program; "" for none
    rig: str = ""  # a rig's file, or the name of one that comes with the program; "" for the bench rig


@dataclass(frozen=True)
class ReplayTarget:
    """A recording's address, read."""

    file: Path
    speed: float = 1.0  # MAX_SPEED: as fast as it goes


def parse_replay(address: str) -> ReplayTarget | None:
    """ "replay:FILE?speed=60" in parts, None for another kind of address; raises UsageError for a file or a speed that
    can't be one."""
    found = _REPLAY.fullmatch(address)
    if found is None:
        return None
    if not found["file"] or "\0" in found["file"]:
        raise UsageError(f'"{address}" names no recording.', 'For example "replay:bench.run.duckdb".')
    speed = found["speed"]
    return ReplayTarget(Path(found["file"]), 1.0 if speed is None else parse_speed(speed))


def pump_and_balance(address: str) -> tuple[str, str]:
    """ "auto with mt-sics:/dev/ttyUSB1" in parts: the pump's address, and the balance's or ""."""
    found = _WITH.fullmatch(address)
    return (found["pump"], found["balance"].strip()) if found else (address, "")


def is_virtual(address: str) -> bool:
    """Whether ``address`` names a virtual rig."""
    return address.split(":", 1)[0] in ("sim", "upy") and ":" in address


def parse_virtual(address: str) -> VirtualTarget:
    """ "sim:?seed=7&speed=60" in parts; raises UsageError naming the parameter and what it may be."""
    host, _, query = address.partition(":")
    remedy = 'For example "sim:?seed=7&speed=60".'
    if query and not query.startswith("?"):
        raise UsageError(f'"{address}" is not the address of a virtual rig.', remedy)
    try:  # a "+" in a file's name is one
        said = query[1:].replace("+", "%2B")
        pairs = parse_qsl(said, keep_blank_values=True, strict_parsing=bool(said), max_num_fields=10)
    except ValueError as error:
        raise UsageError(f'The parameters of "{address}" can\'t be read.', remedy) from error
    values = dict(pairs)
    if len(values) != len(pairs) or set(values) - _PARAMETERS:
        known = "There are seed, speed, faults and rig."
        raise UsageError(f'"{address}" has a parameter that is unknown or given twice.', f"{known} {remedy}")
    seed, speed = values.get("seed", "1"), values.get("speed", "1")
    if not (seed.isascii() and seed.isdigit() and len(seed) <= 10 and int(seed) < 2**32):
        raise UsageError(f'The seed "{seed}" is not a whole number from 0 to 4294967295.', remedy)
    for name in ("faults", "rig"):
        file = values.get(name)
        if file is not None and (not file or "\0" in file):
            raise UsageError(f'"{address}" names no file after "{name}=".', "Name one, or leave it out.")
    return VirtualTarget(host, int(seed), _speed(speed), values.get("faults", ""), values.get("rig", ""))


def _speed(text: str) -> float:
    if text == "max":
        return MAX_SPEED
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.1 <= speed <= _FASTEST:
        raise UsageError(
            f'The speed "{text}" is not a factor from 0.1 to {_FASTEST:.0f}, nor max.', "For example speed=60."
        )
    return speed


def open_session(
    address: str,
    *,
    clock: Clock | None = None,
    rng: random.Random | None = None,
    keep_trying: bool = False,
    balance: str = "",
) -> Session:
    """A session with whatever ``address`` names; it connects while it is polled.

    ``rng`` makes session and command numbers; a virtual rig's are its seed's.  With ``keep_trying`` a first connection
    that fails is tried again instead of closing the session.  ``balance`` is the address of a laboratory balance
    (``rig.balance.address``), "" for none.  Raises UsageError for an address that can't be read.
    """
    clock = clock or SystemClock()
    address, beside = pump_and_balance(address)
    balance = balance or beside
    recording = parse_replay(address)
    if recording is not None:
        from rig.replay.session import ReplaySession

        if balance:
            raise UsageError("Beside a recording no balance weighs: it has its own weighings.", "Leave --balance out.")
        return ReplaySession(address, recording.file, clock, speed=recording.speed)
    if is_virtual(address):
        target = parse_virtual(address)
        return _virtual_session(target, address, rng or random.Random(target.seed), balance)
    _check_port(address)
    port = serial_port.resolver(address)
    rng = rng or random.SystemRandom()
    session = LiveSession(address, port, clock, rng, utc_offset_min=local_offset_min(), keep_trying=keep_trying)
    return _weighed(session, balance)


def _weighed(session: Session, balance: str, rig: "Rig | None" = None, seed: int = 0) -> Session:
    if not balance:
        return session
    from rig.balance.ports import weighed

    try:
        return weighed(session, balance, rig, seed)
    except UsageError:
        session.close()
        raise


def _check_port(address: str) -> None:
    remedy = f"There are: {'; '.join(form for form, _ in FORMS)}."
    if not address.strip() or address in ("sim", "upy"):
        raise UsageError(f'"{address}" is not a target.', remedy)
    if "://" not in address:
        return
    try:
        parts = urlsplit(address)
        known = parts.scheme in _SERVERS and parts.hostname and parts.port
    except ValueError:  # a port beyond 65535, a broken IPv6 address
        known = False
    if not known:
        raise UsageError(f'"{address}" is not the address of a serial server.', remedy)


def _virtual_session(target: VirtualTarget, address: str, rng: random.Random, balance: str) -> Session:
    rig = make_rig(target)
    offset_min, jumps = local_offset_min(), target.speed == MAX_SPEED
    session = LiveSession(
        address, rig.connect, rig.clock, rng, utc_offset_min=offset_min, surroundings=rig, jumps=jumps
    )
    return _weighed(session, balance, rig, target.seed)


def make_rig(target: VirtualTarget) -> "Rig":
    """The rig that ``target`` names, with its faults to come; raises UsageError for files that can't be read."""
    from rig.virtual import fault_file, parameters
    from rig.virtual.faults import Refused
    from rig.virtual.rig import VirtualRig
    from rig.virtual.upy import UpyRig

    to_come = fault_file.load(target.faults).faults if target.faults else ()
    made_of = parameters.load(target.rig) if target.rig else parameters.load()
    rig = (UpyRig if target.host == "upy" else VirtualRig)(target.seed, target.speed, parameters=made_of)
    try:
        for index, fault in enumerate(to_come):
            try:
                rig.inject(fault)
            except Refused as refused:
                raise fault_file.where(target.faults, index, refused) from refused
    except UsageError:
        rig.close()
        raise
    return rig


def local_offset_min() -> int:
    """This computer's present offset from UTC, in minutes."""
    return round(time.localtime().tm_gmtoff / 60)
