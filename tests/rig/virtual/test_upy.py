"""What only the rig on MicroPython has: a process, and a real serial path."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware_link.errors import PortLost, UsageError
from rig.virtual import interpreter
from rig.virtual.base import Rig
from rig.virtual.upy import UpyRig
from tests.rig.virtual.host import Host

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def upy(make_rig: Callable[..., Rig]) -> UpyRig:
    rig = make_rig("upy")
    assert isinstance(rig, UpyRig)
    return rig


def process_of(rig: UpyRig) -> "subprocess.Popen[bytes]":
    assert rig.interpreter is not None
    return rig.interpreter.process


def test_the_link_is_an_ordinary_serial_port(upy: UpyRig) -> None:
    transport = upy.connect()
    assert transport.name == upy.port
    assert os.path.exists(upy.port)


def test_a_killed_firmware_is_a_lost_port_and_boots_again(upy: UpyRig) -> None:
    host = Host(upy.connect())
    host.hello()
    os.kill(process_of(upy).pid, signal.SIGKILL)
    with pytest.raises(PortLost):
        host.run(upy.clock, 10)
    assert not upy.powered
    assert not upy.truth().turning
    upy.power_on()
    assert Host(upy.connect()).hello(2)["boot_count"] == 2


def test_reset_leaves_one_process(upy: UpyRig) -> None:
    first = process_of(upy)
    upy.power_off()
    upy.power_on()
    assert first.returncode is not None
    assert process_of(upy).poll() is None


def test_close_ends_the_process_and_may_be_called_twice(upy: UpyRig) -> None:
    process = process_of(upy)
    upy.connect()
    upy.close()
    upy.close()
    assert process.returncode is not None


def test_a_rig_that_nobody_closed_takes_its_process_along() -> None:
    pytest.importorskip("termios")
    rig = UpyRig(7)
    process = process_of(rig)
    del rig
    assert process.returncode is not None


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when another's child ends")
def test_a_killed_program_takes_its_process_along() -> None:
    code = (
        "import sys, time; from rig.virtual.upy import UpyRig; rig = UpyRig(7);"
        "print(rig.interpreter.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    watch = os.pidfd_open(child)
    try:
        parent.kill()
        parent.wait()
        parent.stdout.close()
        assert select.select([watch], [], [], 10)[0]  # readable once the process has ended
    finally:
        os.close(watch)


def test_a_missing_micropython_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(interpreter.sys, "executable", str(tmp_path / "python"))
    with pytest.raises(UsageError) as caught:
        UpyRig(7)
    assert "pump-programmer[micropython]" in caught.value.remedy
