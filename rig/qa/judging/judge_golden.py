"""A comparison with a golden run, as a verdict."""

from rig.compare.findings import Comparison, Finding
from rig.measured import Measurement, Verdict
from rig.qa.told import Judged

_VERDICTS: dict[str, Verdict] = {"same": "pass", "within": "pass", "beyond": "fail", "not judged": "skipped"}
_MOST = 200  # differences that are kept


def judged(comparison: Comparison) -> Judged:
    """What differs by more than is allowed fails; all that was compared is among the measurements."""
    findings = [finding for one in comparison.against for finding in one.findings]
    measured = tuple(_measured(finding) for finding in findings[:_MOST])
    failures = [finding for finding in findings if finding.failed]
    if not failures:
        return Judged("pass", measured, f"As {comparison.golden.name}, within {comparison.tolerance}.")
    first = failures[0]
    others = f" {len(failures) - 1} more differ." if len(failures) > 1 else ""
    return Judged("fail", measured, f"{first.title}: {first.what or first.difference}{others}")


def _measured(finding: Finding) -> Measurement:
    said = f"{finding.new} against {finding.golden}; difference {finding.difference}, allowed {finding.allowed}"
    return Measurement(finding.title, None, "", None, None, 0.0, _VERDICTS[finding.verdict], said)
