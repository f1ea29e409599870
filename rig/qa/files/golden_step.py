"""The step that compares the run with a golden one."""

import os
from pathlib import Path

from firmware_link.errors import UsageError
from rig.compare import tolerance as tolerances
from rig.places import RUN_SUFFIX
from rig.qa import expectations as expected
from rig.qa.files.slots import Place, Slot, StepKind, Values
from rig.qa.files.values import Text, is_file, suggestion
from rig.qa.files.wrong import WrongValue

_RUN = Slot(
    "run", "Run", "A recording beside this script that this one is to be like.", Text(), "golden.run.duckdb", True, "-"
)
_ALLOWED = Slot("tolerance", "Tolerance", "A tolerance file, or the name of one.", Text(), "bench")


def _golden(values: Values, place: Place) -> expected.ExpectGolden:
    run = place.folder / values["run"]
    if not run.name.endswith(RUN_SUFFIX):
        raise WrongValue("run", f'"{run.name[:80]}" is no recording.', f"Its name ends in {RUN_SUFFIX}.")
    if not is_file(run):
        near = [path.name for path in sorted(place.folder.glob("*.run.duckdb"))[:100]]
        remedy = suggestion(values["run"], near, "There are") if near else "Record it first, or correct the name."
        raise WrongValue("run", f'There is no golden run "{values["run"][:80]}" beside the script.', remedy)
    if not _is_database(run):
        remedy = "Record it again, or take it from where it is kept."
        raise WrongValue("run", f'"{run.name[:80]}" is no recording, whatever its name says.', remedy)
    return expected.ExpectGolden(run, _tolerance(values.get("tolerance", ""), place))


def _is_database(path: Path) -> bool:
    """Whether it begins as a DuckDB file does: a checksum of 8 bytes, then "DUCK".  More is seen where it is read."""
    try:
        with path.open("rb") as file:
            return file.read(12)[8:] == b"DUCK"
    except OSError:
        return False


def _tolerance(said: str, place: Place) -> str:
    """The path or the name of the tolerances that ``said`` means; raises WrongValue where they can't be read."""
    names, beside = tolerances.names(), place.folder / said
    if not said:
        return said
    if said not in names and not is_file(beside):
        raise WrongValue("tolerance", f'There is no tolerance file "{said[:80]}".', suggestion(said, names))
    tolerance = said if said in names else str(beside)
    try:
        tolerances.load(tolerance)
    except UsageError as error:
        raise WrongValue("tolerance", error.what, error.remedy) from error
    return tolerance


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
