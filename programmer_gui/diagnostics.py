"""The diagnostic log, and what becomes of errors that nobody expected: the user sees a sentence, the log all of it."""

import logging
import sys
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from types import TracebackType

from platformdirs import user_log_path

from firmware_link.errors import PumpError

log = logging.getLogger(__name__)


def start_log(name: str) -> None:
    """Diagnostics go to a file of bounded size, where one can be written."""
    folder = user_log_path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "window.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def catch_exceptions(close: Callable[[], object], show: Callable[[str, PumpError], None]) -> None:
    """Ctrl-C calls ``close``; anything else is logged whole and given to ``show``, with the details on request."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            close()
            return
        log.error("unexpected", exc_info=(kind, error, trace))
        found = PumpError(f"Something in this program failed: {error}.", "The pump is not affected. See the log.")
        found.__cause__ = RuntimeError("".join(traceback.format_exception(kind, error, trace)[-4:]))
        show("fault", found)

    sys.excepthook = hook
