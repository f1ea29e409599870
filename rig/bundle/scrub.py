"""Text without what is nobody else's business: who, on which computer, in which folders."""

import getpass
import platform
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

_KEPT = re.compile(r"/dev/(tty|cu\.|pts/)[A-Za-z]*[0-9]{0,3}")  # a port's name tells nothing
_URL = re.compile(r"\b([a-z][a-z0-9+.-]{1,20})://[^\s\"'<>]+", re.IGNORECASE)
_QUOTED = re.compile(r"([\"'])((?:~|[A-Za-z]:)?[\\/][^\"'\n]*)\1")
#: From the root on, over spaces as long as a slash follows soon, or the kind of a file.
_PATH = re.compile(
    r"""(?<![\w.…:/\\]) (?:~|[A-Za-z]:)? [\\/] (?!dev/) [^\s"'<>|]*
    (?: (?<![,;:]) (?: [ ][^\s\\/,;:]+ ){0,6} [ ][^\s\\/]* [\\/] [^\s"'<>|]* )*
    (?: (?: [ ][^\s\\/]+ ){0,4}? [ ][^\s\\/]*
        \. (?:ya?ml|duckdb|html|pdf|csv|parquet|mcap|xml|zip|log|txt|json) \b )?""",
    re.VERBOSE,
)
_TOKEN = re.compile(r"""(?<![^\s"'<>|,;()\[\]=?&]) [^\s"'<>|,;()\[\]=?&]* [\\/] [^\s"'<>|,;()\[\]=?&]*""", re.VERBOSE)
_UNIT = re.compile(r"[A-Za-zµ%]{1,4}/[A-Za-z]{1,4}[.,]?")  # "mL/day" is no path
_SERIAL = re.compile(r"\bserial:\s*[^\s,)]+", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]+")
_LEAST = 3  # letters of a name that is looked for
_COMMON = frozenset({"root", "user", "admin", "pump", "localhost"})  # which say nothing, and may be words
_CODE = frozenset({".py", ".so", ".pyd", ".dll"})


def names_here() -> tuple[str, ...]:
    """What this user and this computer are called."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = ""
    return user, Path.home().name, platform.node(), platform.node().split(".")[0]


class Scrubber:
    """Makes text fit for others; ``names`` are those of people and computers."""

    def __init__(self, names: Iterable[str]) -> None:
        told = {name for name in names if len(name) >= _LEAST and name.lower() not in _COMMON}
        ordered = sorted(told, key=len, reverse=True)
        pattern = "|".join(re.escape(name) for name in ordered)
        self._names = re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", re.IGNORECASE) if pattern else None

    def text(self, text: str) -> str:
        """``text`` with folders, files, addresses and names taken out; the kind of a file stays."""
        text = _MAIL.sub("…", text)
        text = _URL.sub(lambda found: f"{found[1]}://…", text)
        text = _QUOTED.sub(lambda found: f"{found[1]}{_file(found[2])}{found[1]}", text)
        text = _PATH.sub(lambda found: _file(found[0]), text)
        text = _TOKEN.sub(lambda found: _reduced(found[0]), text)
        text = _SERIAL.sub("serial:…", text)
        return self._names.sub("…", text) if self._names else text


def _reduced(token: str) -> str:
    """A word with a slash in it."""
    if token.startswith("…") or token.endswith("//…") or _UNIT.fullmatch(token) or token in ("/", "\\", "n/a"):
        return token
    kept = _KEPT.match(token)
    if kept is not None:
        return kept[0] + (
            "…" if len(token) > len(kept[0]) and token[len(kept[0])] not in ":." else token[len(kept[0]) :]
        )
    return _file(token)


def _file(path: str) -> str:
    """ "…/engine.py" of this program's own code, "…/*.yaml" of anything else; what ends a sentence stays."""
    bare = path.rstrip(".:,;)]")
    end = path[len(bare) :]
    name = PurePosixPath(bare.replace("\\", "/")).name
    kinds = re.findall(r"\.[A-Za-z0-9]{1,8}(?=\.|$)", name)
    if kinds and kinds[-1] in _CODE and " " not in name:
        return f"…/{name}{end}"
    return f"…/*{''.join(kinds[-2:])}{end}" if kinds else f"…{end}"
