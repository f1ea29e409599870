"""What tests of the link share."""

import pytest

from tests.firmware_link.fake_pump import FakePump
from tests.firmware_link.pair import Pair


@pytest.fixture
def pair() -> Pair:
    """A connection that is welcomed by a pump."""
    pair = Pair(FakePump())
    pair.open()
    return pair
