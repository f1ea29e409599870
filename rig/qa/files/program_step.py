"""The program that a step writes: of a file beside the script, a shipped one, or a plain flow."""

from functools import lru_cache
from pathlib import Path

from firmware_link.errors import UsageError
from rig.places import PART_SUFFIX, SCRIPT_SUFFIX
from rig.qa.deeds import WriteProgram
from rig.qa.files.slots import Place, Values
from rig.qa.files.values import is_file, suggestion
from rig.qa.files.wrong import WrongValue
from rig.resources import resource
from rig.therapy import limits, program_file, units
from rig.therapy.check import UNTIL_CONNECTED, check
from rig.therapy.program import Program

_SUFFIX = ".yaml"
_PLAIN = """\
pump-program: 2
name: Continuous, {flow}
mode: simple continuous
drug: water
concentration: 500 ug/mL
flow: {flow}
"""


def program_of(values: Values, place: Place) -> WriteProgram:
    """The deed that ``values`` say; raises WrongValue for a file that is missing or no program."""
    if ("file" in values) == ("flow" in values):
        both = "Both are given" if "file" in values else "Neither is given"
        raise WrongValue("file" if "file" in values else "", f"{both}: file and flow.", "Give either file or flow.")
    key, said = ("file", values["file"]) if "file" in values else ("flow", "")
    try:
        text = program_file.read_text(_path(said, place.folder)) if said else plain_text(values["flow"])
        program = program_file.loads(text, said or "flow")
    except UsageError as error:
        raise WrongValue(key, error.what, error.remedy) from error
    stopped, confirm = values.get("stopped", False), values.get("confirm", "")
    _check(program, text, key, confirm)
    return WriteProgram(program, text, said, stopped, confirm)


def _check(program: Program, text: str, key: str, confirm: str) -> None:
    """Raises WrongValue for what the write would refuse on any pump; what hangs on one is checked then."""
    for severity, what, remedy in _against_limits(program, text):
        if severity == "hard":
            raise WrongValue(key, what, remedy)
        if severity == "soft" and not confirm:
            reason = 'Correct it, or add a reason, for example "confirm: a test with water".'
            raise WrongValue("confirm", f"{what} That needs a reason.", reason)


@lru_cache(maxsize=64)
def _against_limits(program: Program, text: str) -> tuple[tuple[str, str, str], ...]:
    """(severity, what, remedy) of each finding, worst first; a script may write the same program many times."""
    found = check(program, limits.standard(program.limits), without=UNTIL_CONNECTED)
    return tuple((one.severity, one.what, one.remedy) for one in found)


def plain_text(flow_pl_day: int) -> str:
    """The text of the program that delivers this flow, day and night."""
    return _PLAIN.format(flow=units.write(flow_pl_day, units.FLOW))


def _path(said: str, folder: Path) -> Path:
    beside = folder / said
    if is_file(beside):
        return beside
    shipped = {path.stem: path for path in sorted(resource("programs").glob(f"*{_SUFFIX}"))}
    found = shipped.get(said.removesuffix(_SUFFIX))
    if found is None:
        names = [path.name for path in sorted(folder.glob(f"*{_SUFFIX}"))[:100]]
        near = [name for name in names if not name.endswith((SCRIPT_SUFFIX, PART_SUFFIX))]
        raise UsageError(f'There is no program "{said[:80]}".', suggestion(said, [*near, *shipped], "There are"))
    return found


def program_said(body: WriteProgram, place: Place) -> Values:
    """What a file says to mean ``body``."""
    said = {"file": body.file} if body.file else {"flow": body.source.rpartition("flow: ")[2].strip()}
    return said | ({"stopped": "yes"} if body.stopped else {}) | ({"confirm": body.confirm} if body.confirm else {})
