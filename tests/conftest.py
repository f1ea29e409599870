"""Rules for every test: no display, no user's files, nothing left behind."""

import atexit
import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything makes a QApplication

settings.register_profile("project", deadline=None, max_examples=60, print_blob=True)
settings.register_profile("ci", settings.get_profile("project"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "project")

_PROC = Path("/proc/self")
# What holds a pump's link open: serial ports, pseudo-terminals and sockets.
_LINKS = ("/dev/pts/", "/dev/ptmx", "/dev/tty", "socket:")
_GRACE_S = 2.0


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings, logs and runs of tests go to a temporary folder, never to the user's."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        yield


def _open_links() -> set[tuple[str, str]]:
    """(descriptor, what it is) of every open port, pseudo-terminal and socket; empty where /proc is missing."""
    found = set()
    for entry in (_PROC / "fd").iterdir() if _PROC.exists() else ():
        with contextlib.suppress(OSError):  # closed since it was listed
            what = os.readlink(entry)
            if what.startswith(_LINKS):
                found.add((entry.name, what))
    return found


def _children() -> set[str]:
    """Process ids of this process's children, those that nobody has waited for included."""
    found: set[str] = set()
    for task in (_PROC / "task").iterdir() if _PROC.exists() else ():
        with contextlib.suppress(OSError):  # the thread has ended since
            found |= set((task / "children").read_text().split())
    return found


def _left(before: tuple[set[threading.Thread], set[tuple[str, str]], set[str]]) -> list[str]:
    threads, links, children = before
    return [
        *(f"thread {thread.name}" for thread in set(threading.enumerate()) - threads),
        *(f"open {what}" for _, what in _open_links() - links),
        *(f"child process {pid}" for pid in _children() - children),
    ]


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fails a test that leaves a thread, an open link or a child process."""
    before = set(threading.enumerate()), _open_links(), _children()
    yield
    deadline = time.monotonic() + _GRACE_S
    while (left := _left(before)) and time.monotonic() < deadline:
        time.sleep(0.01)  # what has been told to end may need a moment
    if left:
        pytest.fail("left behind: " + ", ".join(sorted(left)), pytrace=False)


@atexit.register
def _quiet_end() -> None:
    """DuckDB's binding may list, after the summary, what it believes it leaked; the summary is to be the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def pytest_report_header() -> str:
    """What the run depends on beside the versions pytest names itself."""
    return f"python {sys.executable}, hypothesis profile {'ci' if os.environ.get('CI') else 'project'}"
