"""What the board starts with, copied to its root: the pump, for ever; after a failure that it can't live with, anew."""

import gc
import sys
import time

import machine

from firmware_link import wire

RESTART_MS = 1000


def main():
    try:
        gc.threshold(8192)  # so that code in the making and code made don't break the heap into pieces
        from rig.firmware.board_pico import PicoBoard
        from rig.firmware.core import run

        gc.threshold(-1)
        run(PicoBoard())
    except Exception as error:  # noqa: BLE001  the prompt would take the link, and the pump with it
        sys.stdout.buffer.write(wire.pack("trace", 0, (0, repr(error).encode()[:96])))
        time.sleep_ms(RESTART_MS)
        machine.reset()


if __name__ == "__main__":
    main()
