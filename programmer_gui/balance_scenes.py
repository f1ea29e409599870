"""The showcase of a laboratory balance: where one is named, what it shows, and what it says when it is gone."""

from typing import TYPE_CHECKING

from programmer_gui.scenes import SIZES
from programmer_gui.views.connect_dialog import ConnectDialog

if TYPE_CHECKING:
    from programmer_gui.showcase import Stage

DEVICE = 4
BESIDE = "sim:?seed=7&speed=max with mt-sics:sim?cup=open"
NOWHERE = "sim:?seed=7&speed=max with sbi:/dev/no-such-port?baud=1200&bits=7&parity=odd"


def beside(stage: "Stage") -> None:
    """On the Device page, beside a pump; and one whose port isn't there."""
    window, balance = stage.parts.window, stage.parts.models.link.balance
    window.show_page(DEVICE)
    _connect(stage, BESIDE)
    stage.until("the balance", lambda: balance.state is not None and balance.state.mass_ug is not None)
    stage.let(20)
    _pictures(stage, "device-balance")
    _connect(stage, NOWHERE)
    stage.until("its trouble", lambda: balance.state is not None and bool(balance.state.trouble))
    _pictures(stage, "device-balance-gone")
    dialog = ConnectDialog(window, stage.parts.window.theme, list, [BESIDE])
    dialog.show()
    stage.picture("connect-balance", dialog)
    dialog.close()


def _connect(stage: "Stage", target: str) -> None:
    link = stage.parts.models.link
    stage.parts.controls.connect(target)
    stage.until("the pump", lambda: link.can_control and link.target == target)


def _pictures(stage: "Stage", name: str) -> None:
    window = stage.parts.window
    before = window.size()
    for suffix, size in SIZES.items():
        window.resize(*size)
        stage.turn(0.1)
        stage.picture(name + suffix)
    window.resize(before)
