"""Addresses of balances: which protocol, which port, and how that is set."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from firmware_link.errors import UsageError
from firmware_link.serial_port import Line
from rig.balance.language import Language
from rig.balance.mt_sics import MtSics
from rig.balance.sbi import Sbi

LANGUAGES: dict[str, type[Language]] = {"mt-sics": MtSics, "sbi": Sbi}
#: (how it is written, what it is)
FORMS = (
    ("mt-sics:/dev/ttyUSB1", "a Mettler-Toledo balance, or one that speaks its MT-SICS, on a serial port"),
    ("sbi:COM5?baud=1200&bits=7&parity=odd", "a Sartorius balance (SBI), with the settings of its port"),
    ("mt-sics:socket://HOST:PORT", "a balance on a serial server"),
    ("mt-sics:sim?interval=1&cup=oil", "a virtual one under a virtual rig, asked each second; cup is oil or open"),
)
SIM = "sim"
CUPS = ("oil", "open")
_REMEDY = f"There are: {'; '.join(form for form, _ in FORMS)}."
_LINE = Line(9600)
_PARAMETERS = {"baud", "bits", "parity", "interval", "cup"}
_LEAST_S, _MOST_S = 0.1, 3600.0


@dataclass(frozen=True)
class BalanceAddress:
    """A balance's address, read."""

    text: str
    language: str  # of LANGUAGES
    port: str  # SIM for a virtual one
    line: Line = _LINE
    interval_s: float = 1.0  # from one reading to the next
    cup: str = "oil"  # of CUPS: of a virtual one


def parse(text: str) -> BalanceAddress:
    """ "mt-sics:/dev/ttyUSB1?baud=9600" in parts; raises UsageError that says what may be given."""
    language, _, rest = text.partition(":")
    port, _, query = rest.partition("?")
    if language not in LANGUAGES or not port.strip() or "\0" in port:
        raise UsageError(f'"{text}" is not the address of a balance.', _REMEDY)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=10)
    except ValueError as error:
        raise UsageError(f'The parameters of "{text}" can\'t be read.', _REMEDY) from error
    values = dict(pairs)
    allowed = {"interval", "cup"} if port == SIM else _PARAMETERS - {"cup"}
    if len(values) != len(pairs) or set(values) - allowed:
        raise UsageError(
            f'"{text}" has a parameter that is unknown or given twice.', f"There are {', '.join(sorted(allowed))}."
        )
    cup = values.get("cup", "oil")
    if cup not in CUPS:
        raise UsageError(f'The cup "{cup}" is none.', "It is oil (a film keeps the water) or open.")
    return BalanceAddress(text, language, port, _line(values), _interval_s(values.get("interval", "1")), cup)


def _line(values: dict[str, str]) -> Line:
    baud, bits, parity = values.get("baud", "9600"), values.get("bits", "8"), values.get("parity", "none")
    if not (baud.isascii() and baud.isdigit() and 300 <= int(baud[:7]) <= 921_600 and len(baud) <= 6):
        raise UsageError(f'The baud rate "{baud}" is none.', "Give a number from 300 to 921600, like 9600.")
    if bits not in ("7", "8") or parity not in ("none", "even", "odd"):
        remedy = "Of a port, bits are 7 or 8, and parity is none, even or odd."
        raise UsageError(f'No port is set to {bits} bits with parity "{parity}".', remedy)
    return Line(int(baud), int(bits), parity)


def _interval_s(text: str) -> float:
    try:
        interval_s = float(text)
    except ValueError:
        interval_s = 0.0
    if not _LEAST_S <= interval_s <= _MOST_S:
        raise UsageError(
            f'The interval "{text}" is not from {_LEAST_S:g} to {_MOST_S:.0f} s.', "For example interval=1."
        )
    return interval_s
