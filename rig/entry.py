"""Where the command begins: Ctrl-C while the rest is still being imported ends it as it does afterwards."""

import sys


def main() -> None:
    """The console script."""
    try:
        from rig import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit(2)  # as cli.INTERRUPTED, which may not be there yet
