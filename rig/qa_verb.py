"""The verb ``qa`` of the command line: arguments only."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rig.terminal import AsJson, Balance, plain, print_result, progress_bar

if TYPE_CHECKING:
    from rig.qa.calling.calling import Wanted
    from rig.qa.script import Script

NOTHING = 5  # as pytest's, where nothing was collected
_CANCELLED, _INTERRUPTED = 2, 130  # what typer ends with after Ctrl-C, and ``cli`` makes 2 of

_Scripts = Annotated[list[str] | None, typer.Argument(help="Files, folders, or names of the scripts that come along.")]
_Target = Annotated[
    str, typer.Option("--target", "-t", help='"sim:?seed=7", upy:, auto, a port; replay:RUN judges a recording.')
]
_Junit = Annotated[Path | None, typer.Option("--junit", help="Write a JUnit report into this file.")]
_Report = Annotated[Path | None, typer.Option("--report", help="Write a report: *.html or *.pdf.")]
_Record = Annotated[
    Path | None,
    typer.Option("--record", help="Keep every recording here; of virtual rigs else only those that didn't pass."),
]
_Words = Annotated[str, typer.Option("-k", help='Only cases whose title fits, like "occlusion and not low".')]
_First = Annotated[bool, typer.Option("--exitfirst", "-x", help="End at the first that doesn't pass.")]


def qa(
    scripts: _Scripts = None,
    target: _Target = "",
    balance: Balance = "",
    junit: _Junit = None,
    report: _Report = None,
    record: _Record = None,
    words: _Words = "",
    tags: Annotated[str, typer.Option("--tags", help="Only scripts with one of these tags: a,b.")] = "",
    case: Annotated[str, typer.Option("--case", help="Only rows of a table with this in their title.")] = "",
    exit_first: _First = False,
    unattended: Annotated[bool, typer.Option("--unattended", help="Nobody is there to answer.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only check the scripts: 4 where one is wrong.")] = False,
    only_list: Annotated[bool, typer.Option("--list", help="Only list the cases.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write a report over what is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Carries out test scripts and judges them: 1 where one fails or is inconclusive."""
    from rig.qa.calling import calling
    from rig.qa.files import script_file

    chosen = check or only_list or words or tags or case
    files = calling.files(scripts or [], script_file.library() if chosen else ())
    if check:
        raise typer.Exit(check_scripts(files, as_json))
    found = calling.collected(files, words, tags, case)
    if only_list:
        print_result(*calling.listed(found), as_json)
    if not found:
        typer.echo(calling.NOTHING_CHOSEN, err=True)
        raise typer.Exit(NOTHING)
    if not only_list:
        attended = not unattended and sys.stdin.isatty()
        wanted = calling.Wanted(target, balance, junit, report, record, exit_first, attended, force)
        raise typer.Exit(_carry_out(found, wanted, as_json))


def _carry_out(scripts: "tuple[Script, ...]", wanted: "Wanted", as_json: bool) -> int:
    """The exit code."""
    from rig.qa.calling import calling
    from rig.qa.telling import results, said

    with progress_bar("Test scripts") as bar:
        ended = calling.carry_out(scripts, wanted, (lambda line: None) if as_json else bar.line, bar)
    print_result({"cases": said.as_json(ended)}, said.summary(ended), as_json)
    code = results.exit_code(ended)
    return _INTERRUPTED if code == _CANCELLED else code


def check_scripts(files: "tuple[Path, ...]", as_json: bool) -> int:
    """Checks scripts without running them, and says what was found; the exit code."""
    from rig.qa.files import checking

    checked = checking.check_files(files)
    for one in checked:
        if as_json or not one.problems:
            print_result(checking.as_json(one), checking.as_text(one), as_json)
        for problem in one.problems:
            typer.echo(plain(f"pump-programmer: {problem.sentence()}"), err=True)
    return max((one.exit_code for one in checked), default=NOTHING)
