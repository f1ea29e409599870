"""The set-up script on machines that lack something."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setup() -> ModuleType:
    """A fresh copy of .ci/setup.py as a module."""
    spec = importlib.util.spec_from_file_location("project_setup", ROOT / ".ci/setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_missing_library_names_its_debian_package(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    before = setup.missing_packages()
    assert "libnothing0" not in before
    monkeypatch.setitem(setup.LIBRARIES, "libnothing.so.0", "libnothing0")
    assert setup.missing_packages() == sorted({*before, "libnothing0"}, key=[*before, "libnothing0"].index)


def test_without_root_one_sentence_has_the_command(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as ended:
        setup.install_packages(["libegl1", "libgl1"])
    assert "`sudo apt-get update && sudo apt-get install libegl1 libgl1`" in str(ended.value)
    assert str(ended.value).count(".") == 1


def test_without_apt_it_says_what_is_missing_and_goes_on(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    setup.install_packages(["libegl1"])
    assert "libegl1" in capsys.readouterr().out


def test_too_old_a_python_is_refused(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer"):
        setup.main()
