"""Commands, from their name and numbers to a message, checked against the table of the wire."""

import struct
from dataclasses import dataclass, field

from firmware_link import messages, wire
from firmware_link.errors import UsageError

_FIRST_PUMP_MESSAGE = 64
_CODES = {name: (dict(fields), dict(record)) for _, name, fields, record in messages.MESSAGES}

#: Every command by name; ``hello`` and ``get_outcome`` belong to the connection.
COMMANDS = tuple(
    row[1] for row in messages.MESSAGES if row[0] < _FIRST_PUMP_MESSAGE and row[1] not in ("hello", "get_outcome")
)
#: Those that must not act twice: they carry a number of their own.
ONCE = frozenset(name for name in COMMANDS if "command_id" in _CODES[name][0])
#: Those that may set the rotor turning: a stop that comes after them cancels them.
DELIVERS = frozenset({"start", "bolus", "commit", "demand"})
_OF_THE_CONNECTION = ("session", "command_id")


@dataclass(eq=False)
class Request:
    """One command on its way through the link, until its answer."""

    ticket: int
    name: str
    values: dict[str, int] = field(default_factory=dict)
    records: tuple[tuple[int, ...], ...] = ()
    command_id: int = 0
    lasting: bool = True  # is taken up again after a lost link
    give_up_at: float = float("inf")
    sent: bool = False  # it has been on a wire, so it may have acted
    withdrawn: bool = False  # a stop has overtaken it: it must not act any more

    def payload(self, session: int, sequence: int) -> bytes:
        """Unstuffed, CRC included."""
        numbers = {"session": session, "command_id": self.command_id, **self.values}
        head = [numbers[name] for name in wire.BY_NAME[self.name].fields]
        packed: bytes = wire.pack_payload(self.name, sequence, head, self.records)
        return packed


def check(name: str, values: dict[str, int], records: tuple[tuple[int, ...], ...]) -> None:
    """Raises UsageError for a command that the table doesn't have, or whose numbers don't fit it."""
    if name not in COMMANDS:
        raise UsageError(f"There is no command “{name}”.", f"There are: {', '.join(COMMANDS)}.")
    head, record = _CODES[name]
    wanted = [
        field for field in head if field not in _OF_THE_CONNECTION or (name, field) == ("get_outcome", "command_id")
    ]
    if sorted(values) != sorted(wanted):
        raise UsageError(f"“{name}” takes {', '.join(wanted) or 'no numbers'}, not {', '.join(values) or 'none'}.")
    for field_name in wanted:
        _check_number(name, field_name, head[field_name], values[field_name])
    if len(records) > wire.BY_NAME[name].max_records:
        raise UsageError(f"“{name}” takes at most {wire.BY_NAME[name].max_records} records, not {len(records)}.")
    for row in records:
        if len(row) != len(record):
            raise UsageError(f"A record of “{name}” is {', '.join(record)}, not {len(row)} numbers.")
        for (field_name, code), number in zip(record.items(), row, strict=True):
            _check_number(name, field_name, code, number)


def _check_number(name: str, field_name: str, code: str, number: int) -> None:
    try:
        struct.pack("<" + code, number)
    except struct.error as error:
        raise UsageError(f"“{name}” can't send {number!r} as {field_name}: {error}.") from error
