"""Parameters of scripts: ``${rate}`` in a value stands for what was said for it; ``$${`` for "${" itself."""

import re
from dataclasses import dataclass, field
from typing import Any

from firmware_link.errors import UsageError
from rig.qa.files.values import suggestion, words_of
from rig.qa.files.wrong import WrongValue

NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
MOST = 100  # parameters of a file
_LONGEST = 2000  # characters of a value, filled in
_MEANT = re.compile(r"\$\$\{|\$\{([^{}$]{0,60})(\}?)")


@dataclass
class Scope:
    """What may be used where, and what was."""

    values: dict[str, str]
    used: set[str] = field(default_factory=set)

    def with_count(self, n: int) -> "Scope":
        """The same, with the ``n`` of a repetition."""
        return Scope(self.values | {"n": str(n)}, self.used)

    def fill(self, said: Any, where: str = "") -> Any:
        """``said``, a plain value, with all parameters in place; raises WrongValue with the field below."""
        if isinstance(said, str):
            return self._text(said, where) if "${" in said else said
        if isinstance(said, list):
            return [self.fill(item, f"{where}[{index}]") for index, item in enumerate(said)]
        if isinstance(said, dict):
            return {key: self.fill(item, f"{where}.{key}" if where else str(key)) for key, item in said.items()}
        return said

    def _text(self, said: str, where: str) -> str:
        def meant(match: re.Match[str]) -> str:
            name = match[1]
            if name is None:
                return "${"
            if not match[2]:
                raise WrongValue(where, '"${" begins a parameter that has no end.', 'Write it like "${rate}".')
            if name not in self.values:
                known = suggestion(name, self.values, "There are") if self.values else 'Add it under "parameters".'
                raise WrongValue(where, f'There is no parameter "{name[:40]}".', known)
            self.used.add(name)
            return self.values[name]

        filled = _MEANT.sub(meant, said)
        if len(filled) > _LONGEST:
            raise WrongValue(where, f"It has {len(filled)} characters, filled in.", f"At most {_LONGEST} are read.")
        return filled


def escaped(said: Any) -> Any:
    """``said`` so that a file means exactly it: nothing in it is a parameter."""
    if isinstance(said, str):
        return said.replace("${", "$${")
    if isinstance(said, list):
        return [escaped(item) for item in said]
    return {key: escaped(item) for key, item in said.items()} if isinstance(said, dict) else said


def read_parameters(said: Any, open_ones: bool = False) -> dict[str, str | None]:
    """The parameters that a file has, each with its value; None for one that must be given, where that may be.

    Raises WrongValue with the field below.
    """
    if not isinstance(said, dict):
        raise UsageError("Names and values are expected here.", 'For example "{rate: 24 mL/day}".')
    if len(said) > MOST:
        raise UsageError(f"{len(said)} are too many.", f"Give at most {MOST}.")
    found: dict[str, str | None] = {}
    for key, value in said.items():
        name = str(key)
        if not NAME.fullmatch(name):
            raise WrongValue(name, f'"{name[:40]}" is no name.', "Letters, digits and dashes; a letter first.")
        if name == "n":
            raise WrongValue(name, '"n" counts repetitions.', "Choose another name.")
        if value is None and open_ones:
            found[name] = None
            continue
        try:
            text = words_of(value)
        except UsageError as error:
            raise WrongValue(name, error.what, error.remedy) from error
        if len(text) > 200:
            raise WrongValue(name, f"It has {len(text)} characters.", "At most 200 are kept.")
        if "${" in text:
            raise WrongValue(name, "A parameter can't be made of others.", "Write its value out.")
        found[name] = text
    return found
