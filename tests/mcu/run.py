"""Runs this folder's tests under whatever interpreter runs this: ``python -m tests.mcu.run``, or ``micropython``'s."""

import gc
import sys

MODULES = ("test_heap", "test_wire", "test_firmware", "test_alarms")  # the heap first, while it is in one piece


def run_all():
    """Runs every test function and returns how many failed."""
    failed = 0
    for name in MODULES:
        if hasattr(gc, "threshold"):  # as the board's main does it, so that code doesn't break the heap into pieces
            gc.threshold(8192)
        module = getattr(__import__("tests.mcu." + name).mcu, name)
        if hasattr(gc, "threshold"):
            gc.threshold(-1)
        for test in sorted(dir(module)):
            if not test.startswith("test_"):
                continue
            try:
                getattr(module, test)()
                print("ok", name, test)
            except Exception as error:  # noqa: BLE001  the next test runs all the same
                failed += 1
                print("FAILED", name, test, repr(error))
                if hasattr(sys, "print_exception"):
                    sys.print_exception(error)
    print("failed:", failed)
    return failed


if __name__ == "__main__":
    sys.exit(1 if run_all() else 0)
