"""The table's own Python, as the board runs it, against the C library of the host."""

import pytest
from cobs import cobs
from hypothesis import given
from hypothesis import strategies as st

from firmware_link import messages, vocabulary, wire


@given(st.binary(max_size=600))
def test_stuffing_is_that_of_the_c_library(data: bytes) -> None:
    assert wire.cobs_encode(data) == cobs.encode(data)
    assert wire.cobs_decode(wire.cobs_encode(data)) == data


@pytest.mark.parametrize("size", [253, 254, 255, 508, 509])
def test_stuffing_of_full_runs(size: int) -> None:
    data = bytes(range(1, 255)) * 3
    assert wire.cobs_encode(data[:size]) == cobs.encode(data[:size])
    assert wire.cobs_decode(cobs.encode(data[:size])) == data[:size]


@given(st.binary(min_size=1, max_size=300))
def test_unstuffing_refuses_what_the_c_library_refuses(data: bytes) -> None:
    try:
        expected = cobs.decode(data)
    except cobs.DecodeError:
        with pytest.raises(wire.FrameError):
            wire.cobs_decode(data)
    else:
        assert wire.cobs_decode(data) == expected


@given(st.binary(max_size=600))
def test_unpacking_raises_nothing_but_frame_errors(data: bytes) -> None:
    with pytest.raises(wire.FrameError):
        wire.unpack(data)


@pytest.mark.parametrize("name", list(wire.BY_NAME))
def test_the_largest_message_of_each_kind_fits_a_frame(name: str) -> None:
    layout = wire.BY_NAME[name]
    values = tuple(b"x" * 96 if name == "trace" and field == "text" else 1 for field in layout.fields)
    records = tuple(tuple(1 for _ in layout.record_fields) for _ in range(layout.max_records))
    assert len(wire.pack(name, 0xFFFF, values, records)) <= wire.MAX_FRAME
    if records:
        with pytest.raises(wire.FrameError):
            wire.pack(name, 0, values, (*records, records[0]))


def test_ids_names_and_kinds_are_given_once() -> None:
    assert len(wire.LAYOUTS) == len(wire.BY_NAME) == len(messages.MESSAGES)
    assert len(vocabulary.EVENT_NAMES) == len(vocabulary.EVENT_KINDS) == len(vocabulary.EVENTS)
    assert len(vocabulary.ERROR_NAMES) == len(vocabulary.ERROR_CODES) == len(vocabulary.ERRORS)
    assert len(vocabulary.SETTING_KEYS) == len({row[0] for row in vocabulary.SETTINGS}) == len(vocabulary.SETTINGS)
