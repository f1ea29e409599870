"""What is wrong with one value of a script."""

from firmware_link.errors import UsageError


class WrongValue(UsageError):
    """``where`` is the field below the one that was read: "limit", "[2].label", "" for that itself."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        self.where = where
        super().__init__(what, remedy)


def joined(path: str, where: str) -> str:
    """``where`` below ``path``: "steps[2].trumpet[0]"."""
    if not where or not path:
        return path or where
    return path + where if where.startswith("[") else f"{path}.{where}"
