"""Every number of every command, at the ends of what the wire carries and just beyond."""

import struct
from typing import Any

import pytest

from firmware_link import client, messages
from firmware_link.errors import UsageError

_BITS = {"B": 8, "H": 16, "h": 16, "I": 32, "i": 32, "Q": 64, "q": 64}
FIELDS = [
    (name, field, code)
    for _, name, head, _ in messages.MESSAGES
    for field, code in head
    if name in client.COMMANDS and field not in ("session", "command_id")
]


def ends(code: str) -> tuple[int, int]:
    """The smallest and the largest number of this struct code."""
    bits = _BITS[code]
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if code.islower() else (0, (1 << bits) - 1)


def values_of(name: str, **changed: Any) -> dict[str, Any]:
    (head,) = [head for _, message, head, _ in messages.MESSAGES if message == name]
    return {field: 1 for field, _ in head if field not in ("session", "command_id")} | changed


@pytest.mark.parametrize(("name", "field", "code"), FIELDS)
def test_a_number_of_a_command_fits_up_to_its_ends_and_no_further(name: str, field: str, code: str) -> None:
    low, high = ends(code)
    for number in (low, high):
        client.check(name, values_of(name, **{field: number}), ())
        assert struct.unpack("<" + code, struct.pack("<" + code, number)) == (number,)
    for number in (low - 1, high + 1, 0.5, float("nan"), float("inf"), "1", None):
        with pytest.raises(UsageError, match=field):
            client.check(name, values_of(name, **{field: number}), ())


@pytest.mark.parametrize("segment", [(-1, 1), (1 << 64, 1), (1, -1), (1, 1 << 32)])
def test_a_segment_beyond_the_wire_is_refused(segment: tuple[int, int]) -> None:
    with pytest.raises(UsageError):
        client.check("stage_chunk", {"offset": 0}, (segment,))
    client.check("stage_chunk", {"offset": 0}, ((0, 0), ((1 << 64) - 1, (1 << 32) - 1)))


def test_no_command_lacks_or_gains_a_number() -> None:
    for name in client.COMMANDS:
        values = values_of(name)
        client.check(name, values, ())
        with pytest.raises(UsageError):
            client.check(name, values | {"more": 1}, ())
        for field in values:
            with pytest.raises(UsageError):
                client.check(name, {key: value for key, value in values.items() if key != field}, ())
