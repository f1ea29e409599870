"""Where things are in a document, the plain nested form of a program file: "steps[2].rate".  Free of Qt.

Documents are never changed in place: every edit makes a new one, so that undoing is going back to the one before.
"""

import re
from collections.abc import Iterable
from typing import Any

Document = dict[str, Any]
Edits = Iterable[tuple[str, Any]]
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def steps_of(path: str) -> list[str | int]:
    """The keys and places on the way; [] for the document itself."""
    return [key if key else int(place) for key, place in _PART.findall(path)]


def get(document: Any, path: str) -> Any:
    """What stands at ``path``; None for nothing."""
    for step in steps_of(path):
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def put(document: Document, path: str, value: Any) -> Document:
    """``document`` with ``value`` at ``path``; None removes what is there.  A list's end is one place beyond its last.

    Raises ValueError for a path that leads nowhere: through a text, or beyond the end of a list.
    """
    result: Document = _put(document, steps_of(path), value, path)
    return result


def change(document: Document, edits: Edits) -> Document:
    """``document`` after all of ``edits``, one after the other."""
    for path, value in edits:
        document = put(document, path, value)
    return document


def _put(node: Any, steps: list[str | int], value: Any, path: str) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if node is None:
        node = [] if isinstance(step, int) else {}
    if isinstance(step, int) and isinstance(node, list) and step <= len(node):
        below = _put(node[step] if step < len(node) else None, rest, value, path)
        kept = [] if below is None else [below]
        return [*node[:step], *kept, *node[step + 1 :]]
    if isinstance(step, str) and isinstance(node, dict):
        below = _put(node.get(step), rest, value, path)
        if below is None:
            return {key: one for key, one in node.items() if key != step}
        return node | {step: below}
    raise ValueError(f"{path!r} leads nowhere in this document")
