"""Beside which field a remark stands.  Free of Qt."""

from collections.abc import Iterable

from programmer_gui.models.document import steps_of
from programmer_gui.models.evaluation import Remark

#: What the check may name that no document says by that name, and where it is said instead.
_INSTEAD = {"flow": "dose", "dose": "flow", "target": "percent", "percent": "target"}


def by_field(remarks: Iterable[Remark], paths: Iterable[str]) -> tuple[dict[str, list[Remark]], list[Remark]]:
    """({path: its remarks, in order}, those that belong to none of ``paths``)."""
    known = set(paths)
    owned: dict[str, list[Remark]] = {}
    left = []
    for remark in remarks:
        path = owner(remark.field, known)
        if path is None:
            left.append(remark)
        else:
            owned.setdefault(path, []).append(remark)
    return owned, left


def owner(field: str, paths: set[str]) -> str | None:
    """The one of ``paths`` that is ``field``, stands for it, or is the nearest that holds it."""
    steps = steps_of(field)
    for length in range(len(steps), 0, -1):
        path = joined(steps[:length])
        for candidate in (path, _INSTEAD.get(path, "")):
            if candidate in paths:
                return candidate
    # A group has no row of its own: its first field speaks for it.
    return next((path for path in sorted(paths) if field and path.startswith(f"{field}.")), None)


def joined(steps: list[str | int]) -> str:
    """A path of its parts."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
