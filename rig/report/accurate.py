"""How accurate a recorded run was, in a few facts and curves: for the window."""

from dataclasses import dataclass, replace
from pathlib import Path

from rig.accuracy import curves
from rig.measured import Curve
from rig.recording.reader import RunReader
from rig.report import accuracy
from rig.report.evidence import Evidence, Options


@dataclass(frozen=True)
class Accuracy:
    """Of one run; ``why`` says why there are no facts."""

    facts: tuple[tuple[str, str], ...]
    curves: tuple[Curve, ...]  # of its longest even flow, then what the steps of its scripts were judged by
    why: str = ""


def accuracy_of(path: Path) -> Accuracy:
    """Of the run file ``path``.  Raises RunFileError for one that can't be read."""
    with RunReader(path) as reader:
        evidence = Evidence(reader, Options(verify=False))
        judged = tuple(
            replace(curve, title=f"Step {step.number}: {curve.title}")
            for step in reader.steps()
            for curve in step.curves
        )
        steady = "What was planned isn't known." if evidence.plan is None else accuracy.steadiest(evidence)
        if isinstance(steady, str):
            return Accuracy((), judged, steady)
        masses = steady.mass_g, steady.windows, steady.rate_ml_h
        drawn = [curve for curve in (curves.start_up(*masses), curves.trumpet(*masses)) if curve.x]
        whole = tuple(replace(curve, title=f"{curve.title}: longest even flow") for curve in drawn)
        return Accuracy(accuracy.facts(evidence, steady), whole + judged)
