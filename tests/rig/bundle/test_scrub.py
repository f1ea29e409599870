"""What is nobody else's business doesn't get into text for others; what helps them stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rig.bundle.scrub import Scrubber

SCRUBBER = Scrubber(("jdoe", "Jane", "lab-pc-7", "lab-pc-7.example.org", "root", "x"))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("can't write /home/jdoe/Study 4/patients.yaml: disk full", "can't write …/*.yaml: disk full"),
        ("~/My Disk/The secret plan.yaml is gone.", "…/*.yaml is gone."),
        ("/mnt/Mrs Smith of ward 9/a.run.duckdb, then /tmp/b", "…/*.run.duckdb, then …"),
        ('File "/opt/My Programs/rig/live.py", line 7', 'File "…/live.py", line 7'),
        (r"C:\Users\Jane\runs\a.run.duckdb is locked", "…/*.run.duckdb is locked"),
        ("socket://jdoe:secret@10.0.0.7:5000 refused", "socket://… refused"),
        ("/dev/ttyACM0: busy", "/dev/ttyACM0: busy"),
        ("/dev/cu.usbmodem14201 (Pico, 2e8a:0005, serial:E6614)", "/dev/cu.usbmodem142… (Pico, 2e8a:0005, serial:…)"),
        ("/dev/serial/by-id/usb-Pico_E6614", "…"),
        ("by JDOE on lab-pc-7, mail jane@doe.org", "by … on …, mail …"),
        ("0.2 mL/day of 500 µg/mL, 3/4", "0.2 mL/day of 500 µg/mL, …"),
        ("root cause: janet isn't Jane", "root cause: janet isn't …"),
        ("sim:?seed=7&faults=/tmp/jdoe/a.yaml", "sim:?seed=7&faults=…/*.yaml"),
        ("link lost after 3 s; reconnecting", "link lost after 3 s; reconnecting"),
    ],
)
def test_names_and_places_go_and_the_rest_stays(said: str, left: str) -> None:
    assert SCRUBBER.text(said) == left


_WORD = st.text("abcdefghijklmnopqrstuvwxyzABCDEF0123456789_-", min_size=5, max_size=12)


@given(st.lists(_WORD, min_size=2, max_size=6), st.sampled_from("/\\"), st.sampled_from(["", "C:", "~", "smb:/"]))
def test_no_folder_of_a_path_is_left(folders: list[str], slash: str, root: str) -> None:
    said = f"Before {root}{slash}{slash.join(folders)}.yaml after"
    left = Scrubber(()).text(said)
    assert not any(folder in left for folder in folders)
    assert left.startswith("Before ")
    assert left.endswith("after")


@given(st.text(max_size=300))
def test_any_text_comes_through(text: str) -> None:
    once = SCRUBBER.text(text)
    assert "jdoe" not in once.lower().replace("xjdoe", "").split()
