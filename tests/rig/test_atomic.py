from pathlib import Path

import pytest

from firmware_link.errors import UsageError
from rig import atomic


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "µ.yaml"
    atomic.write_text(path, "a: 1\r\n")
    path.chmod(0o640)
    atomic.write_text(path, "b: µ\n")
    assert path.read_bytes() == "b: µ\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in path.parent.iterdir()] == ["µ.yaml"]


def test_a_new_file_is_for_whom_new_files_are(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    atomic.write_text(tmp_path / "new.html", "for all to read")
    assert (tmp_path / "new.html").stat().st_mode == usual.stat().st_mode


def test_a_link_goes_on_pointing_to_its_file(tmp_path: Path) -> None:
    path, link = tmp_path / "true.yaml", tmp_path / "link.yaml"
    path.write_text("old", encoding="utf-8")
    link.symlink_to(path)
    atomic.write_text(link, "new")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "new"


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.mkdir()
    (path / "in it").touch()
    with pytest.raises(UsageError, match="taken can't be written: "):
        atomic.write_text(path, "text", "Elsewhere.")
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken"]
