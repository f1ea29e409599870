"""The step that compares the run with a golden one."""

import os
from pathlib import Path

from firmware_link.errors import UsageError
from rig.compare import tolerance as tolerances
from rig.qa import expectations as expected
from rig.qa.slots import Place, Slot, StepKind, Values
from rig.qa.values import Text, suggestion
from rig.qa.wrong import WrongValue

_RUN = Slot(
    "run", "Run", "A recording beside this script that this one is to be like.", Text(), "golden.run.duckdb", True, "-"
)
_ALLOWED = Slot("tolerance", "Tolerance", "A tolerance file, or the name of one.", Text(), "bench")


def _golden(values: Values, place: Place) -> expected.ExpectGolden:
    run = place.folder / values["run"]
    if not run.is_file():
        near = [path.name for path in sorted(place.folder.glob("*.run.duckdb"))[:100]]
        remedy = suggestion(values["run"], near, "There are") if near else "Record it first, or correct the name."
        raise WrongValue("run", f'There is no golden run "{values["run"][:80]}" beside the script.', remedy)
    tolerance = values.get("tolerance", "")
    if tolerance:
        beside = place.folder / tolerance
        tolerance = str(beside) if beside.is_file() else tolerance
        try:
            tolerances.load(tolerance)
        except UsageError as error:
            raise WrongValue("tolerance", error.what, error.remedy) from error
    return expected.ExpectGolden(run, tolerance)


def _golden_said(body: expected.ExpectGolden, place: Place) -> Values:
    tolerance = {"tolerance": _beside(Path(body.tolerance), place)} if body.tolerance else {}
    return {"run": _beside(body.run, place)} | tolerance


def _beside(path: Path, place: Place) -> str:
    return os.path.relpath(path, place.folder).replace(os.sep, "/") if path.is_absolute() else path.as_posix()


GOLDEN = StepKind(
    "expect",
    "golden",
    "Golden run",
    "The run so far is like a golden one.",
    expected.ExpectGolden,
    (_RUN, _ALLOWED),
    "expect: golden\nrun: golden.run.duckdb\ntolerance: bench",
    _golden,
    _golden_said,
)
