"""What the board starts with, copied to its root: the pump, for ever; after a failure that it can't live with, anew."""

import sys
import time

import machine

from firmware_link import wire

RESTART_MS = 1000


def main():
    try:
        from rig.firmware.board_pico import PicoBoard
        from rig.firmware.core import run

        run(PicoBoard())
    except Exception as error:  # noqa: BLE001  the prompt would take the link, and the pump with it
        sys.stdout.buffer.write(wire.pack("trace", 0, (0, repr(error).encode()[:96])))
        time.sleep_ms(RESTART_MS)
        machine.reset()


if __name__ == "__main__":
    main()
