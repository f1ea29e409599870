import pytest

from rig import cli, entry


def test_ctrl_c_ends_it_as_interrupted_before_there_is_anything_to_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", pressed)
    with pytest.raises(SystemExit) as end:
        entry.main()
    assert end.value.code == cli.INTERRUPTED
