"""What a rig never does: it says so instead of going on with numbers that can't be."""

from firmware_link.errors import PumpError


class RigFault(PumpError):
    """The virtual rig was asked for the impossible, or its physics came to it: this is a fault of the program."""


def require(possible: bool, what: str) -> None:
    """Raises RigFault with ``what`` unless it is ``possible``; a NaN never is, when it is compared."""
    if not possible:
        raise RigFault(f"The virtual rig can't go on: {what}.", "Report this with the rig's seed, file and faults.")
