"""One error tree, split by whose fault it is.

Each error says what happened (``str``), and in ``remedy`` what to do.  Errors of other libraries are translated
where they are met, with their cause attached.
"""

from collections.abc import Callable

from firmware_link import vocabulary


class PumpError(Exception):
    """Everything that this program raises on purpose.  ``exit_code`` is what the command line ends with."""

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def sentence(self) -> str:
        """What happened and what to do, for people."""
        return f"{self.what} {self.remedy}".strip()


class UsageError(PumpError):
    """The caller asked for something that doesn't make sense: an address, a file, a value."""

    exit_code = 4


class PortError(PumpError):
    """This computer's side of the cable."""

    exit_code = 12


class NoPump(PortError):
    """Nothing that looks like a pump is connected, or more than one is."""

    exit_code = 10


class PortBusy(PortError):
    """Somebody else holds the port, or this user may not open it."""

    exit_code = 11


class PortLost(PortError):
    """The port went away while in use: unplugged, reset, or the other end closed."""


class PeerError(PumpError):
    """The other end speaks, but not as a pump of ours should."""

    exit_code = 12


class NotAPump(PeerError):
    """What answers is another device, a board at its prompt, or noise."""


class WrongPump(PeerError):
    """A pump answers, but not the one this session belongs to."""


class VersionMismatch(PeerError):
    """Program and pump speak different versions of the wire."""

    exit_code = 13


class RequestTimeout(PumpError):
    """The pump didn't answer a command in time, resends included; whether it acted is unknown."""

    exit_code = 15


class Withdrawn(PumpError):
    """A stop has overtaken this command, so it was not carried out."""

    exit_code = 14


class SafetyStop(PumpError):
    """The pump stopped itself."""

    exit_code = 14


class DeviceFault(PumpError):
    """The pump understood a command and refused it."""

    def __init__(self, code: int, detail: int = 0, command: str = "") -> None:
        self.code = code
        self.name = vocabulary.ERROR_NAMES.get(code, f"error_{code}")
        self.detail = detail
        self.command = command
        text, remedy = FAULT_TEXTS.get(self.name, (f"it gave the unknown error code {code}.", "Update this program."))
        said = text.format(detail=_DETAILS.get(self.name, str)(detail))
        super().__init__(f"The pump refused {command.replace('_', ' ') or 'the command'}: {said}", remedy)


def _alarm(bit: int) -> str:
    return next((name.replace("_", " ") for at, name, *_ in vocabulary.ALARMS if at == bit), f"alarm {bit}")


def _setting(key: int) -> str:
    return next((name.replace("_", " ") for at, name, *_ in vocabulary.SETTINGS if at == key), f"setting {key}")


def _tests(bits: int) -> str:
    return ", ".join(name for at, name in enumerate(vocabulary.SELF_TESTS) if bits >> at & 1) or "none"


def _wait(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"


#: name in vocabulary.ERRORS -> how the number that comes with it is said
_DETAILS: dict[str, Callable[[int], str]] = {
    "alarm_active": _alarm,
    "not_stopped": _setting,
    "self_test": _tests,
    "lockout": _wait,
    "daily_maximum": _wait,
    "too_fast": lambda flow_pl_s: f"{flow_pl_s * 86_400e-9:.4g} mL/day",
    "reservoir_too_low": lambda volume_nl: f"{volume_nl / 1e6:.4g} mL",
}


# name in vocabulary.ERRORS -> (what the pump says, what to do)
FAULT_TEXTS = {
    "stale": ("the command was out of order.", "Reconnect."),
    "wrong_session": ("another session has taken over.", "Close the other program, then reconnect."),
    "malformed": ("the command's content makes no sense to it.", "Report this with the diagnostic log."),
    "out_of_range": (
        "a value is outside what it allows (field or setting {detail}).",
        "Choose a value within the limits.",
    ),
    "no_program": ("it holds no program.", "Write a program first."),
    "not_staged": ("the program was not completely transferred.", "Write it again."),
    "digest_mismatch": (
        "what it received differs from what was sent.",
        "Write it again; check the cable if this repeats.",
    ),
    "too_fast": (
        "the flow is beyond its hard limit of {detail}.",
        "Lower the dose, let a bolus take longer, or choose a higher concentration.",
    ),
    "too_large": ("the program has more segments than it can hold ({detail}).", "Use fewer steps."),
    "busy_bolus": ("a bolus is being delivered.", "Wait until it ends, or stop the pump."),
    "alarm_active": ("an alarm keeps it stopped: {detail}.", "Remove the cause, clear the alarm, then start."),
    "clock_unset": ("its clock is unset since it lost power.", "Reconnect, so that the clock is set."),
    "not_running": ("it is not running.", "Start it first."),
    "reservoir_too_low": ("the reservoir holds less than that ({detail} left).", "Refill first."),
    "storage": ("it could not write its memory.", "Power-cycle the pump; if this repeats, replace the board."),
    "unknown_command": ("it doesn't know this command.", "Update the pump's firmware."),
    "not_stopped": ("its calibration can't change while it delivers ({detail}).", "Stop the pump first."),
    "lockout": (
        "its last on-demand bolus was too short a while ago ({detail} to wait).",
        "Wait, or write a program with a shorter lockout.",
    ),
    "daily_maximum": (
        "it has given the most on-demand boluses that 24 h allow ({detail} to wait).",
        "Wait, or write a program that allows more.",
    ),
    "no_demand": ("its program has no on-demand bolus.", "Write a program that has one."),
    "self_test": (
        "its self-test has failed ({detail}).",
        "Power-cycle the pump; if this repeats, replace the board.",
    ),
    "version": ("it speaks another protocol version.", "Update the older side."),
}
