"""Addresses that name nothing are refused before anything is tried."""

import pytest

from firmware_link.errors import UsageError
from rig.targets import open_session


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "sim",
        "upy",
        "socket://",
        "socket://localhost",
        "socket://localhost:99999",
        "rfc2217://[::1",
        "http://x:1",
    ],
)
def test_a_malformed_address_says_which_there_are(address: str) -> None:
    with pytest.raises(UsageError, match="is not") as caught:
        open_session(address)
    assert "socket://HOST:PORT" in caught.value.remedy


def test_a_server_is_not_looked_for_before_the_session_is_polled() -> None:
    session = open_session("socket://localhost:1")
    assert session.info.target == "socket://localhost:1"
    session.close()
