"""Rows of a run file as they are played: read some thousand at a time, one page after the other."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

_KEPT = 2


class Pages:
    """``read`` gives the rows from its first argument to its second (excluded), in something that can be sliced."""

    def __init__(self, read: Callable[[int, int], Any], size: int) -> None:
        self._read, self._size = read, size
        self._pages: OrderedDict[int, Any] = OrderedDict()

    def parts(self, first: int, stop: int) -> list[Any]:
        """The rows from ``first`` to ``stop`` (excluded) in pieces, in order."""
        size = self._size
        pages = range(first // size, -(-stop // size)) if stop > first else ()
        return [self._page(page)[max(first - page * size, 0) : stop - page * size] for page in pages]

    def has(self, row: int) -> bool:
        """Whether ``row`` is at hand."""
        return row // self._size in self._pages

    def page_of(self, row: int) -> Any:
        """All that was read with ``row``."""
        return self._page(row // self._size)

    def _page(self, page: int) -> Any:
        if page not in self._pages:
            self._pages[page] = self._read(page * self._size, (page + 1) * self._size)
            if len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        self._pages.move_to_end(page)
        return self._pages[page]
