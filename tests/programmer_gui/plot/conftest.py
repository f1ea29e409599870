"""The widget under test."""

import pyqtgraph
import pytest
from pytestqt.qtbot import QtBot

from programmer_gui.plot.band import BandSpec
from programmer_gui.plot.curve import CurveSpec
from programmer_gui.plot.stack import ChartStack


@pytest.fixture
def stack(qtbot: QtBot) -> ChartStack:
    """Two charts, nothing in them, 900 by 600, that heed every move of the mouse."""
    pyqtgraph.setConfigOption("mouseRateLimit", 0)
    result = ChartStack(span_s=60.0)
    qtbot.addWidget(result)
    result.add_chart(
        "Volume",
        "µL",
        [CurveSpec("volume", "Delivered", "delivered"), CurveSpec("plan", "Planned", "plan", "dash")],
        band=BandSpec("low", "high", "Tolerance"),
        weight=2,
    )
    result.add_chart("Pressure", "kPa", [CurveSpec("pressure", "Pressure", "pressure", decimals=1)], least_span=5.0)
    result.resize(900, 600)
    result.show()
    qtbot.waitExposed(result)
    return result
