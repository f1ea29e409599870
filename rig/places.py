"""Where things are kept on this computer."""

from pathlib import Path

APP = "pump-programmer"
RUN_SUFFIX = ".run.duckdb"  # of recordings
SCRIPT_SUFFIX = ".qa.yaml"  # of test scripts
PART_SUFFIX = ".qa-part.yaml"  # of what they include
WAL_SUFFIX = ".wal"  # after it: holds the newest rows until a recording is finished


def runs_folder() -> Path:
    """Where recordings go unless somebody says otherwise."""
    import platformdirs  # only when asked: the window is painted before

    return Path(platformdirs.user_data_dir(APP, appauthor=False)) / "runs"


def templates_folder() -> Path:
    """Where programs are kept that somebody wants to begin with again."""
    import platformdirs

    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "templates"


def log_folder() -> Path:
    """Where the diagnostic log is."""
    import platformdirs

    return Path(platformdirs.user_log_dir(APP))


def state_folder() -> Path:
    """Where this program keeps what it remembers of its own doings."""
    import platformdirs

    return Path(platformdirs.user_state_dir(APP, appauthor=False))


def pumps_folder(runs: Path) -> Path:
    """What is kept about each pump: beside the recordings."""
    return runs.parent / "pumps"


def scripts_folder(runs: Path) -> Path:
    """The test scripts that somebody wrote here: beside the recordings."""
    return runs.parent / "scripts"


def programs_folder(runs: Path) -> Path:
    """The programs that were written to pumps, by digest: beside the recordings."""
    return runs.parent / "programs"
