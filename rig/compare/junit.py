"""A comparison as JUnit XML, for continuous integration: a suite a run, a case a finding, the numbers as properties."""

import re
from pathlib import Path
from xml.etree import ElementTree

from firmware_link.errors import UsageError
from rig import atomic
from rig.compare.findings import Against, Comparison, Finding

#: What XML 1.0 can't hold, and what could turn text around.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
_HEAD = 1000  # bytes in which a report says that it is one


def report(comparison: Comparison) -> str:
    """The XML.  A difference that isn't judged is a case that was skipped."""
    root = ElementTree.Element("testsuites", name="pump-programmer compare")
    for one in comparison.against:
        root.append(_suite(comparison, one))
    for name in ("tests", "failures", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def write(path: Path, comparison: Comparison) -> None:
    """The report into ``path``, whole or not at all, over an older report but over nothing else.

    Raises UsageError where it can't be written, or where another kind of file is there.
    """
    try:
        with path.open("rb") as file:
            taken = b"<testsuite" not in file.read(_HEAD)
    except FileNotFoundError:
        taken = False
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}.", "Choose another name.") from error
    if taken:
        raise UsageError(f"{path} exists already, and is no report.", "Choose another name; nothing is overwritten.")
    atomic.write_text(path, report(comparison))


def _suite(comparison: Comparison, one: Against) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=_fit(f"{one.path.name} against {comparison.golden.name}"))
    facts = {
        "golden": comparison.golden.name,
        "new": one.path.name,
        "aligned": str(comparison.alignment),
        "tolerance": comparison.tolerance,
        "compared_from_s": f"{one.start_s:.3f}",
        "compared_to_s": f"{one.end_s:.3f}",
    }
    _properties(suite, facts)
    suite.extend(_case(finding) for finding in one.findings)
    suite.set("tests", str(len(one.findings)))
    suite.set("failures", str(len(one.failures)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(finding.verdict == "not judged" for finding in one.findings)))
    return suite


def _case(finding: Finding) -> ElementTree.Element:
    classname = f"compare.{finding.group.lower()}"
    case = ElementTree.Element("testcase", classname=classname, name=_fit(finding.name), time="0")
    facts = {key: f"{value:.9g}" if isinstance(value, float) else str(value) for key, value in finding.values.items()}
    said = {"golden": finding.golden, "new": finding.new, "allowed": finding.allowed}
    _properties(case, {**said, **facts})
    if finding.failed:
        failure = ElementTree.SubElement(case, "failure", type="difference", message=_fit(finding.what))
        lines = (finding.what, f"golden: {finding.golden}", f"new: {finding.new}", f"allowed: {finding.allowed}")
        failure.text = _fit("\n".join(lines))
    elif finding.verdict == "not judged":
        ElementTree.SubElement(case, "skipped", message=_fit(f"Not judged. {finding.what}"))
    return case


def _properties(parent: ElementTree.Element, facts: dict[str, str]) -> None:
    properties = ElementTree.SubElement(parent, "properties")
    for name, value in facts.items():
        ElementTree.SubElement(properties, "property", name=name, value=_fit(value))


def _fit(text: str) -> str:
    return _UNFIT.sub("�", text)
