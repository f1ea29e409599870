"""The verbs of the command line that make a script of a recording, and have recordings reviewed: arguments only."""

from pathlib import Path
from typing import Annotated

import typer

from firmware_link.clock import SystemClock
from firmware_link.errors import UsageError
from rig.places import RUN_SUFFIX
from rig.terminal import AsJson, plain, print_result

_Run = Annotated[Path, typer.Argument(help="A run file.", readable=False)]
_Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]


def script(
    run: _Run,
    output: Annotated[Path, typer.Option("--output", "-o", help="The script to make, *.qa.yaml.")],
    name: Annotated[str, typer.Option("--name", help="What to call it; the recording's name, if not given.")] = "",
    force: _Force = False,
    as_json: AsJson = False,
) -> None:
    """Makes a test script that does again what was done in a recording, with limits around what was measured."""
    from rig.qa.taking import recorded_verb

    made = recorded_verb.prepare(run, output, name or run.name.removesuffix(RUN_SUFFIX))
    for remark in made.remarks:
        typer.echo(plain(f"pump-programmer: {remark}"), err=True)
    print_result(*recorded_verb.told(made), as_json)
    recorded_verb.save(made, force)


def blind(
    run: _Run,
    output: Annotated[Path, typer.Option("--output", "-o", help="The copy to make, *.run.duckdb.")],
    key: Annotated[
        Path | None, typer.Option("--key", help="Where to keep the key; on this computer, if not given.")
    ] = None,
    force: _Force = False,
    as_json: AsJson = False,
) -> None:
    """Makes a copy of a recording without names, settings, programs, notes and verdicts, to be reviewed blind."""
    from rig.review import verb

    print_result(*verb.of_copy(verb.make_copy(run, output, key, force, SystemClock())), as_json)


def review(
    runs: Annotated[list[Path], typer.Argument(help="Run files, or a blinded copy.", readable=False)],
    verdict: Annotated[str, typer.Option("--verdict", help="pass, fail or inconclusive: what you say of it.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who says so.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    copy: Annotated[
        Path | None, typer.Option("--take", help="Take over what was said of this blinded copy of it.", readable=False)
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="The copy's key; this computer's, if not given.")] = None,
    output: Annotated[Path | None, typer.Option("--report", help="Also as a report: *.html or *.pdf.")] = None,
    force: _Force = False,
    as_json: AsJson = False,
) -> None:
    """Says or shows what operator, blinded reviewer and instrument say of recordings, and how far they agree."""
    from rig.report import reviews
    from rig.report import verb as reporting
    from rig.review import verb

    if (by or reason) and not verdict:
        raise UsageError("Somebody is named, but no verdict.", "Give --verdict pass, fail or inconclusive.")
    if output is not None:
        reporting.check_output(output, force)
    found = verb.do(runs, verb.Words(verdict, by, reason, copy, key), SystemClock())
    if output is not None:
        reporting.save(reviews.report_of(runs, SystemClock()), output)
    print_result(*verb.told(found), as_json)


#: In the order of the help.
VERBS = (script, blind, review)
