"""Which cases of scripts are meant: by words of their titles, by tag, by row of the table."""

import re
from collections.abc import Callable, Iterable

from firmware_link.errors import UsageError
from rig.qa.script import Script

_TOKEN = re.compile(r"\s*(\(|\)|\b(?:and|or|not)\b)\s*", re.IGNORECASE)
_MOST_TOKENS = 200
_EXAMPLE = 'For example -k "occlusion and not low".'
Test = Callable[[str], bool]


def picked(scripts: Iterable[Script], words: str = "", tags: str = "", case: str = "") -> tuple[Script, ...]:
    """Those whose title and file's name fit the expression ``words``, that have one of ``tags`` (with commas between),
    and whose row of the table has ``case`` in it.  Raises UsageError for an expression that makes no sense."""
    fits = _parsed(words) if words.strip() else lambda text: True
    wanted = {tag.strip().lower() for tag in tags.split(",") if tag.strip()}
    return tuple(
        script
        for script in scripts
        if fits(f"{script.path.name} {script.title}".lower())
        and (not wanted or wanted & {tag.lower() for tag in script.tags})
        and case.lower() in script.case.lower()
    )


def _parsed(words: str) -> Test:
    """ "occlusion and not (low or 24 mL/day)": what is between and, or, not and parentheses is searched for."""
    tokens = [token.strip() for token in _TOKEN.split(words) if token.strip()]
    parser = _Parser(tokens[:_MOST_TOKENS], words)
    test = parser.either()
    if parser.left or len(tokens) > _MOST_TOKENS:
        raise parser.wrong()
    return test


class _Parser:
    """One expression, from the left to the right."""

    def __init__(self, tokens: list[str], words: str) -> None:
        self.left = tokens
        self._words = words

    def wrong(self) -> UsageError:
        return UsageError(f'"{self._words[:200]}" is no expression: and, or, not, words, parentheses.', _EXAMPLE)

    def either(self) -> Test:
        tests = [self._both()]
        while self._next("or"):
            tests.append(self._both())
        return lambda text: any(test(text) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._next("and"):
            tests.append(self._one())
        return lambda text: all(test(text) for test in tests)

    def _one(self) -> Test:
        if self._next("not"):
            test = self._one()
            return lambda text: not test(text)
        if self._next("("):
            inner = self.either()
            if not self._next(")"):
                raise self.wrong()
            return inner
        if not self.left or self.left[0].lower() in ("and", "or", ")"):
            raise self.wrong()
        word = self.left.pop(0).lower()
        return lambda text: word in text

    def _next(self, token: str) -> bool:
        if self.left and self.left[0].lower() == token:
            del self.left[0]
            return True
        return False
