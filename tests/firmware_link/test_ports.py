"""Choosing a port by what its system says of it, and saying why one can't be opened."""

import errno
import os
import subprocess
import sys

import pytest

from firmware_link.errors import NoPump, PortBusy, PortError
from firmware_link.ports import PortInfo, find_pump, holders_of, why_not_open

PICO = PortInfo("/dev/ttyACM0", (0x2E8A, 0x0005), "E66141", "Board in FS mode")
OTHER_PICO = PortInfo("/dev/ttyACM1", (0x2E8A, 0x0005), "E66142", "Board in FS mode")
ADAPTER = PortInfo("/dev/ttyUSB0", (0x0403, 0x6001), "A5069RR4", "FT232R")
ONBOARD = PortInfo("/dev/ttyS0", None, "", "")


def test_the_one_board_is_found_among_other_ports() -> None:
    assert find_pump([ONBOARD, ADAPTER, PICO]) is PICO


def test_none_is_no_pump_and_lists_what_there_is() -> None:
    with pytest.raises(NoPump, match=r"No pump.*ttyS0.*ttyUSB0 \(FT232R, 0403:6001, serial:A5069RR4\)") as caught:
        find_pump([ONBOARD, ADAPTER])
    assert caught.value.exit_code == 10
    with pytest.raises(NoPump, match="has no serial port"):
        find_pump([])


def test_two_boards_are_not_chosen_between() -> None:
    with pytest.raises(NoPump, match=r"2 boards.*serial:E66141.*serial:E66142") as caught:
        find_pump([PICO, OTHER_PICO])
    assert "serial:NUMBER" in caught.value.remedy


def test_a_serial_number_chooses_whatever_has_it() -> None:
    assert find_pump([PICO, OTHER_PICO, ADAPTER], "e66142") is OTHER_PICO
    assert find_pump([PICO, ADAPTER], "A5069RR4") is ADAPTER
    with pytest.raises(NoPump, match=r"serial number XYZ.*ttyACM0"):
        find_pump([PICO], "XYZ")


def test_no_number_is_not_the_number_of_a_port_without_one() -> None:
    with pytest.raises(NoPump, match="names no number"):
        find_pump([PICO, ONBOARD], "")


def os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))


def test_a_forbidden_port_names_the_group_to_join() -> None:
    grp = pytest.importorskip("grp")
    error = why_not_open("/dev/null", os_error(errno.EACCES), [])
    assert isinstance(error, PortBusy)
    assert error.exit_code == 11
    assert f"usermod -aG {grp.getgrgid(os.stat('/dev/null').st_gid).gr_name} " in error.remedy


def test_a_port_that_is_not_there_lists_those_that_are() -> None:
    error = why_not_open("/dev/ttyACM7", os_error(errno.ENOENT), [ADAPTER])
    assert isinstance(error, NoPump)
    assert "There is no port /dev/ttyACM7." in str(error)
    assert "ttyUSB0" in str(error)


def test_a_port_that_fails_otherwise_says_how() -> None:
    error = why_not_open("/dev/does-not-exist", os_error(errno.EIO), [])
    assert type(error) is PortError
    assert os.strerror(errno.EIO) in str(error)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="there is no /proc to look into")
def test_who_holds_a_device_is_named() -> None:
    master, slave = os.openpty()
    path = os.ttyname(slave)
    program = "import sys; port = open(sys.argv[1]); print(flush=True); sys.stdin.read()"
    try:
        with subprocess.Popen(
            [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout
            holder.stdout.readline()
            assert [name for name in holders_of(path) if f"(process {holder.pid})" in name]
            error = why_not_open(path, os_error(errno.EWOULDBLOCK), [])
            holder.communicate()
        assert isinstance(error, PortBusy)
        assert f"(process {holder.pid})" in str(error)
        assert holders_of(path) == ["this program"]
        assert isinstance(why_not_open(path, os_error(errno.EBUSY), []), PortBusy)
    finally:
        os.close(master)
        os.close(slave)
