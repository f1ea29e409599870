"""What a rig never does: it says so instead of going on with numbers that can't be."""

from firmware_link.errors import PumpError


class RigFault(PumpError):
    """The virtual rig was asked for the impossible, or its physics came to it: this is a fault of the program."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The virtual rig can't go on: {what}.", "Report this, with the rig's seed, its file and its faults."
        )


def within(value: float, low: float, high: float, what: str) -> None:
    """Raises RigFault unless ``value`` of ``what`` is ``low`` to ``high``; a NaN never is."""
    if not low <= value <= high:
        raise RigFault(f"{value:g} {what} isn't within {low:g} and {high:g}")
