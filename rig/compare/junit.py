"""A comparison as JUnit XML, for continuous integration: a suite a run, a case a finding, the numbers as properties."""

from pathlib import Path
from xml.etree import ElementTree

from rig import junit
from rig.compare.findings import Against, Comparison, Finding


def report(comparison: Comparison) -> str:
    """The XML.  A difference that isn't judged is a case that was skipped."""
    return junit.document("pump-programmer compare", (_suite(comparison, one) for one in comparison.against))


def write(path: Path, comparison: Comparison) -> None:
    """The report into ``path``, whole or not at all, over an older report but over nothing else.

    Raises UsageError where it can't be written, or where another kind of file is there.
    """
    junit.write(path, report(comparison))


def _suite(comparison: Comparison, one: Against) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=junit.fit(f"{one.path.name} against {comparison.golden.name}"))
    facts = {
        "golden": comparison.golden.name,
        "new": one.path.name,
        "aligned": str(comparison.alignment),
        "tolerance": comparison.tolerance,
        "compared_from_s": f"{one.start_s:.3f}",
        "compared_to_s": f"{one.end_s:.3f}",
    }
    junit.properties(suite, facts.items())
    suite.extend(_case(finding) for finding in one.findings)
    suite.set("tests", str(len(one.findings)))
    suite.set("failures", str(len(one.failures)))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(finding.verdict == "not judged" for finding in one.findings)))
    return suite


def _case(finding: Finding) -> ElementTree.Element:
    classname = f"compare.{finding.group.lower()}"
    case = ElementTree.Element("testcase", classname=classname, name=junit.fit(finding.name), time="0")
    facts = {key: f"{value:.9g}" if isinstance(value, float) else str(value) for key, value in finding.values.items()}
    said = {"golden": finding.golden, "new": finding.new, "allowed": finding.allowed}
    junit.properties(case, {**said, **facts}.items())
    if finding.failed:
        failure = ElementTree.SubElement(case, "failure", type="difference", message=junit.fit(finding.what))
        lines = (finding.what, f"golden: {finding.golden}", f"new: {finding.new}", f"allowed: {finding.allowed}")
        failure.text = junit.fit("\n".join(lines))
    elif finding.verdict == "not judged":
        ElementTree.SubElement(case, "skipped", message=junit.fit(f"Not judged. {finding.what}"))
    return case
