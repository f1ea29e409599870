"""What a session without a laboratory balance says of it."""

from firmware_link.errors import UsageError


class Unweighed:
    """The part of ``rig.session.Session`` that is about a balance, where there is none."""

    @property
    def balance(self) -> None:
        return None

    def zero_balance(self) -> None:
        raise UsageError(
            "There is no laboratory balance.", 'Connect one with the pump: "--balance mt-sics:/dev/ttyUSB1".'
        )
