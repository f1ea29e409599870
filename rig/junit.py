"""JUnit XML (the family that is called xunit1), as continuous integration reads it: what all such reports share."""

import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from firmware_link.errors import UsageError
from rig import atomic

#: What XML 1.0 can't hold, and what could turn text around.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
_HEAD = 1000  # bytes in which a report says that it is one


def fit(text: str) -> str:
    """``text`` without what XML can't hold."""
    return _UNFIT.sub("\ufffd", text)


def properties(parent: Element, facts: Iterable[tuple[str, str]]) -> None:
    """Names with their values, which readers show beside a suite or a case."""
    under = ElementTree.SubElement(parent, "properties")
    for name, value in facts:
        ElementTree.SubElement(under, "property", name=fit(name), value=fit(value))


def document(name: str, suites: Iterable[Element]) -> str:
    """The XML of all suites; the counts of each add up."""
    root = Element("testsuites", name=name)
    root.extend(suites)
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def check_output(path: Path) -> None:
    """Raises UsageError where a report can't go to ``path``: over an older report it may, over nothing else."""
    try:
        with path.open("rb") as file:
            taken = b"<testsuite" not in file.read(_HEAD)
    except FileNotFoundError:
        taken = False
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.", "Choose another name.") from error
    if taken:
        raise UsageError(f"{path} exists already, and is no report.", "Choose another name; nothing is overwritten.")


def write(path: Path, text: str) -> None:
    """The document ``text`` into ``path``, whole or not at all; raises UsageError as ``check_output``."""
    check_output(path)
    atomic.write_text(path, text)
