"""The verbs of the command line that make and read run files: arguments only."""

from pathlib import Path
from typing import Annotated

import typer

from firmware_link.errors import UsageError
from rig.terminal import AsJson, Target, print_result, progress_bar

RUN_SUFFIX = ".run.duckdb"


def record(
    output: Annotated[Path, typer.Option("--output", "-o", help="The run file to make, *.run.duckdb.")],
    target: Target = "auto",
    program: Annotated[
        Path | None, typer.Option("--program", "-p", help="Write and start this program first.", readable=False)
    ] = None,
    duration: Annotated[
        str, typer.Option("--duration", "-d", help='Pump time, like "10min"; "forever" until Ctrl-C.')
    ] = "forever",
    confirm: Annotated[str, typer.Option("--confirm", help="The reason for going beyond a soft limit.")] = "",
    keep_running: Annotated[
        bool, typer.Option("--keep-running", help="Don't stop the pump that --program started.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Records a pump into a run file, optionally writing and starting a program first."""
    from rig import described
    from rig import record as verb

    if not output.name.endswith(RUN_SUFFIX):
        raise UsageError(f"{output} isn't called as a run file is.", f"Give a name that ends in {RUN_SUFFIX}.")
    order = verb.Order(target, output, program, verb.parse_duration(duration), confirm, keep_running)
    with progress_bar("Recording") as progress:
        result = verb.record(order, progress)
    print_result(*described.of_summary(result.summary, output), as_json)
    if result.error is not None:
        raise result.error
    if result.summary.ended == "interrupted":
        raise KeyboardInterrupt


def info(
    run: Annotated[Path, typer.Argument(help="A run file.", readable=False)],
    truth: Annotated[bool, typer.Option("--truth", help="Also what truly happened, of a virtual pump.")] = False,
    as_json: AsJson = False,
) -> None:
    """Says what a run file holds."""
    from rig import described

    print_result(*described.of_run(run, truth), as_json)


#: In the order of the help.
VERBS = (record, info)
