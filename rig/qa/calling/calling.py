"""What the verb ``qa`` does: from the words of the command line to results."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_link.errors import UsageError
from rig.interrupt import Interrupt
from rig.measured import CANCELLED
from rig.places import SCRIPT_SUFFIX
from rig.qa.calling.carrying import Carrying
from rig.qa.calling.picking import picked
from rig.qa.calling.targets import Sessions
from rig.qa.files import script_file
from rig.qa.script import Script
from rig.qa.telling.outputs import Outputs
from rig.qa.telling.printed import Live, Operator
from rig.qa.telling.results import Result, Tally
from rig.qa.told import StepEvent
from rig.terminal import Bar
from rig.therapy import units

NOTHING_CHOSEN = "pump-programmer: No test script is chosen. To see which there are: pump-programmer qa --list"


@dataclass(frozen=True)
class Wanted:
    """The options as they were given."""

    target: str
    balance: str = ""  # the address of a laboratory balance
    junit: Path | None = None
    report: Path | None = None
    record: Path | None = None
    exit_first: bool = False
    attended: bool = False  # somebody sits at the terminal
    force: bool = False


def files(given: Sequence[str], usual: Sequence[Path] = ()) -> tuple[Path, ...]:
    """The script files that are ``given`` as paths or names; ``usual`` where none are.  Raises UsageError for what is
    neither, and where nothing is said at all."""
    if not given and not usual:
        names = ", ".join(path.name.removesuffix(SCRIPT_SUFFIX) for path in script_file.library())
        raise UsageError("No script is named.", f"Give a file, a folder or one of these: {names}.")
    return script_file.collect([script_file.find(one) for one in given] or usual)


def collected(paths: Sequence[Path], words: str = "", tags: str = "", case: str = "") -> tuple[Script, ...]:
    """The cases that are meant; raises UsageError with all that is wrong in any of the files."""
    scripts: list[Script] = []
    wrong: list[str] = []
    for path in paths:
        try:
            scripts += script_file.load(path)
        except UsageError as error:
            wrong.append(error.sentence())
    if wrong:
        raise UsageError("\n".join(wrong))
    return picked(scripts, words, tags, case)


def listed(scripts: Sequence[Script]) -> tuple[list[dict[str, Any]], str]:
    """What there is, as plain data and as text."""
    data = [
        {
            "script": str(one.path),
            "name": one.name,
            "case": one.case,
            "about": one.about,
            "tags": list(one.tags),
            "duration_s": one.duration_ms / 1000,
            "interval_s": one.interval_ms / 1000,
        }
        for one in scripts
    ]
    width = max((len(one.stem) for one in scripts), default=0)
    lines = [f"{one.stem:<{width}}  {units.duration_text(one.duration_ms):>10}  {one.title}" for one in scripts]
    return data, "\n".join(lines)


def carry_out(scripts: Sequence[Script], wanted: Wanted, write: Callable[[str], None], bar: Bar) -> list[Result]:
    """Carries out all ``scripts`` and writes what was wanted of it; ``write`` is told lines as they come.

    Raises UsageError for a target or files that make no sense before anything is begun, and KeyboardInterrupt where
    Ctrl-C came a second time.
    """
    if not wanted.target:
        raise UsageError("No target is given.", 'For example --target "sim:?seed=7", or auto for the connected pump.')
    if wanted.record is not None:
        _make_folder(wanted.record)
    with closing(Sessions(wanted.target, wanted.balance)) as sessions:
        tally = Tally(sessions.made(scripts))
        outputs = Outputs(tally, wanted.junit, wanted.report, wanted.force)
        _carry_out(tally, sessions, wanted, outputs, Live(tally, write, bar))
    outputs.finish()
    return tally.results


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} can't be a folder for recordings: {error.strerror}.", "Choose another.") from error


def _carry_out(tally: Tally, sessions: Sessions, wanted: Wanted, outputs: Outputs, live: Live) -> None:
    def told(index: int, event: StepEvent) -> None:
        live.take(index, event)
        outputs.while_running()

    answer = Operator(live.bar).answer if wanted.attended else None
    with Interrupt() as interrupt:
        carrying = Carrying(tally, sessions, wanted.record, answer, interrupt, told)
        outputs.begin()
        for index in range(len(tally.scripts)):
            result = carrying.case(index)
            live.ended(result)
            outputs.ended(result, live.write)
            if _is_last(result, carrying, wanted):
                break


def _is_last(result: Result, carrying: Carrying, wanted: Wanted) -> bool:
    """Whether no other case is to be begun after it."""
    return (
        result.why == CANCELLED
        or carrying.gone(result)
        or (wanted.exit_first and result.verdict not in ("pass", "skipped"))
    )
