"""The command line as a shell sees it: output, error sentences, exit codes."""

import json
import os
import pty
import select
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firmware_link import wire
from rig.resources import resource
from tests.firmware_link.fake_pump import FakePump

PROGRAM = str(resource("programs/continuous-20ml.yaml"))


@contextmanager
def on_a_port(answer: Callable[[bytes], bytes], greeting: bytes = b"") -> Iterator[str]:
    """The path of a port behind which ``answer`` makes output of input, until the block ends."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    end, ending = os.pipe()

    def serve() -> None:
        os.write(master, greeting)
        while True:
            ready, _, _ = select.select([master, end], [], [])
            if end in ready:
                return
            os.write(master, answer(os.read(master, 4096)))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield os.ttyname(slave)
    finally:
        os.write(ending, b"\0")
        thread.join()
        for descriptor in (master, slave, end, ending):
            os.close(descriptor)


def record_from(port: str, folder: Path) -> list[str]:
    return ["record", "--target", port, "--output", str(folder / "a.run.duckdb"), "--duration", "1s", "--json"]


def test_record_and_info_print_one_json_object_and_agree(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    path = str(tmp_path / "a.run.duckdb")
    words = ("--target", "sim:?seed=7&speed=max", "--program", PROGRAM, "--duration", "10min", "--output", path)
    code, out, err = run("record", *words, "--json")
    assert (code, err) == (0, "")
    recorded = json.loads(out)
    names = {"samples", "events", "commanded_nl", "measured_nl", "planned_nl", "gaps", "ended", "run"}
    assert set(recorded) == names
    code, out, err = run("info", path, "--json")
    assert (code, err) == (0, "")
    described = json.loads(out)
    assert {name: described[name] for name in names} == recorded
    assert described["programs"]
    assert described["program_version"]
    assert described["events_by_kind"]["started"] == 1
    code, out, _ = run("info", path)
    assert code == 0
    assert "Continuous, 20 mL/day" in out


def test_an_existing_recording_is_never_overwritten(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "a.run.duckdb").write_bytes(b"precious")
    code, out, err = run(*record_from("sim:?speed=max", tmp_path))
    assert (code, out) == (4, "")
    assert "exists already" in err
    assert (tmp_path / "a.run.duckdb").read_bytes() == b"precious"


def test_a_recording_is_called_as_one(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    code, _, err = run("record", "-o", str(path), "--target", "sim:?seed=7&speed=max", "-d", "1s")
    assert code == 4
    assert "Give a name that ends in .run.duckdb." in err
    assert not path.exists()


def test_without_a_pump_it_lists_what_it_sees(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    for target in ("auto", "serial:NOSUCH", "/dev/ttyNOSUCH"):
        code, out, err = run(*record_from(target, tmp_path))
        assert (code, out) == (10, "")
        assert "port" in err
    assert not list(tmp_path.iterdir())


def test_a_busy_port_names_who_holds_it(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    from firmware_link import serial_port

    with on_a_port(lambda data: b"") as port:
        held = serial_port.open_port(port)
        try:
            code, _, err = run(*record_from(port, tmp_path))
        finally:
            held.close()
    assert code == 11
    assert "in use" in err


@pytest.mark.parametrize(
    ("greeting", "answer", "says"),
    [
        (b"MicroPython v1.24.1 on 2024-11-29; Raspberry Pi Pico\r\n>>> ", b">>> ", "MicroPython prompt"),
        (b"$GPGGA,123519,4807.038,N,01131.000,E\r\n", b"$GPGGA,1\r\n", "Another device"),
        (b"", b"\xff\x00\x7f\x00\x01", "noise"),
        (b"", b"", "Nothing answers"),
    ],
    ids=["prompt", "chatter", "noise", "silence"],
)
def test_what_is_no_pump_is_named(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, greeting: bytes, answer: bytes, says: str
) -> None:
    with on_a_port(lambda data: answer, greeting) as port:
        code, out, err = run(*record_from(port, tmp_path))
    assert (code, out) == (12, "")
    assert says in err
    assert port in err


@pytest.mark.parametrize(
    ("protocol", "side"), [(wire.PROTOCOL + 1, "Update this program"), (0, "Install the firmware")]
)
def test_another_version_names_the_side_to_update(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, protocol: int, side: str
) -> None:
    pump = FakePump(protocol=protocol, table_crc=1)

    def answer(data: bytes) -> bytes:
        pump.feed(data)
        return pump.take()

    with on_a_port(answer) as port:
        code, _, err = run(*record_from(port, tmp_path))
    assert code == 13
    assert side in err


@pytest.mark.parametrize("words", [("record",), ("nosuch",), ("sim", "--speed", "0")])
def test_wrong_words_end_with_usage(run: Callable[..., tuple[int, str, str]], words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (4, "")
    assert "Usage" in err


@pytest.mark.parametrize(
    "target", ["sim:seed=7", "sim:?sped=7", "sim:?seed=-1", "sim:?speed=0", "sim:?seed=1&seed=2", "upy:?speed=nan"]
)
def test_an_address_that_makes_no_sense_is_explained(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path, target: str
) -> None:
    code, _, err = run(*record_from(target, tmp_path))
    assert code == 4
    assert "sim:?seed=7&speed=60" in err or "speed=60" in err


def test_a_malformed_program_is_refused_before_anything_is_touched(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    program = tmp_path / "mine.yaml"
    program.write_text(
        Path(PROGRAM).read_text(encoding="utf-8").replace("flow: 20 mL/day", "flow: 20"), encoding="utf-8"
    )
    code, _, err = run("record", "-t", "sim:?speed=max", "-p", str(program), "-o", str(tmp_path / "a.run.duckdb"))
    assert code == 4
    assert "mine.yaml:7: flow" in err
    assert "a number and its unit" in err
    assert not (tmp_path / "a.run.duckdb").exists()


def test_info_on_what_is_no_run_file_is_a_sentence(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "a.run.duckdb"
    path.write_bytes(b"not a database at all")
    code, out, err = run("info", str(path))
    assert (code, out) == (4, "")
    assert "a.run.duckdb" in err
    assert "Traceback" not in err


def test_info_names_even_the_folder_it_is_in(run: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = run("info", ".")
    assert code != 0
    assert ": . is a folder. Choose a file." in err


def test_devices_and_doctor_speak_json(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = run("devices", "--json")
    assert code == 0
    assert isinstance(json.loads(out), list)
    _, out, _ = run("doctor", "--json")
    names = [finding["name"] for finding in json.loads(out)]
    assert {"Pump Programmer", "Python", "duckdb", "Runs folder", "MicroPython"} <= set(names)


@pytest.mark.parametrize("words", [(), ("program",), ("limits",), ("pump",), ("catheter",), ("faults",)])
def test_a_schema_is_json_on_standard_output(run: Callable[..., tuple[int, str, str]], words: tuple[str, ...]) -> None:
    code, out, err = run("schema", *words)
    assert (code, err) == (0, "")
    assert json.loads(out)["$id"].endswith(words[0] if words else "program")


def test_a_schema_that_does_not_exist_is_refused_with_those_that_do(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("schema", "nosuch")
    assert (code, out) == (4, "")
    assert "program, limits, pump, catheter, faults" in err


def test_fault_files_are_checked_with_all_that_is_wrong_in_them(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, out, err = run("check", str(resource("faults/power.yaml")))
    assert (code, err) == (0, "")
    assert "Power, memory and clock: 11 faults to come" in out
    path = tmp_path / "wrong.yaml"
    path.write_text("faults: 1\nname: Wrong\nsteps:\n  - {at: 1 s, what: stal}\n  - {at: 1, what: leak}\n")
    code, out, err = run("check", str(path))
    assert (code, out) == (4, "")
    assert 'wrong.yaml:4: steps[0].what: There is no fault "stal". Is "stall" meant?' in err
    assert "wrong.yaml:5: steps[1].at: " in err
    code, out, _ = run("check", "--json", str(resource("faults/bad-cable.yaml")))
    assert code == 0
    assert json.loads(out)["to_come"][0]["what"] == "link_flip"


def test_a_link_to_no_terminal_is_refused(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("sim", "--listen", "127.0.0.1:0", "--link", "pump")
    assert (code, out) == (4, "")
    assert "--link" in err


@pytest.mark.parametrize(("option", "known"), [("--faults", "night-occlusion"), ("--rig", "poor-balance")])
def test_a_rig_that_cannot_be_made_is_not_served(
    run: Callable[..., tuple[int, str, str]], option: str, known: str
) -> None:
    code, out, err = run("sim", "--pty", option, "nosuch")
    assert (code, out) == (4, "")
    assert known in err
