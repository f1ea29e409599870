"""Steps in words, as people read them."""

from pathlib import Path

import pytest

from rig.qa.files import script_file
from rig.qa.words import step_text

HEAD = "qa: 1\nname: Try\nduration: 30 h\ninterval: 1 s\nsteps:\n  - wait: 1 min\n    as: held\n  - "
WORDS = {
    "do: program\nflow: 1 mL/day\nstopped: yes": "Program “Continuous, 1 mL/day”, not started",
    "do: bolus\nvolume: 25 uL\nduration: 2 min\nafter: stop": "Bolus of 25 µL over 2 min, then stop",
    "do: refill\nfilled: 20 mL\nconcentration: 50 ug/mL\nwithdrawn: 3 mL\nreally: 15 mL": (
        "Refill with 20 mL of 50 µg/mL after 3 mL were withdrawn; really 15 mL"
    ),
    "do: set\nsettings: {tolerance: 5 %, rollers: 8}": "Set “Flow tolerance” to 5 %, “Rollers” to 8",
    "do: clear-alarms\nalarms: [occlusion, no-flow]": "Clear “Occlusion”, “No flow”",
    "do: fault\nwhat: occlusion\nhow-much: 80 %\nhow-long: 30 min\nafter: 5 min": (
        "Blocked outlet (blocked: 80 %) for 30 min, in 5 min"
    ),
    "do: end-fault\nwhat: occlusion": "Blocked outlet: over",
    "wait: 3 turns": "Wait for 3 turns of the rotor",
    "wait: event\nevent: low-reservoir\nat-most: 2 h": "Wait for “Reservoir low”, at most 2 h",
    "wait: field\nfield: state\nis: minimum-rate\nat-most: 2 h": "Wait until “State” is minimum rate, at most 2 h",
    "expect: volume\nof: commanded\nis: 100 uL\ntolerance: 5 %\nover: 10 min": (
        "The commanded volume over the last 10 min is 95 to 105 µL"
    ),
    "expect: flow\nis: commanded\ntolerance: 5 %\nover-turns: yes": (
        "The flow is within ±5 % of what was commanded, over whole turns"
    ),
    "expect: flow\nis: planned\ntolerance: -2 % to 5 %\nduring: held": (
        "The flow during “held” is within −2 to +5 % of what was planned"
    ),
    "expect: event\nevent: occlusion\nwithin: 15 min\nafter: 1 min\nsince: held": (
        "“Occlusion” comes within 15 min since “held”, not before 1 min"
    ),
    "expect: no-event\npriority: medium\nbesides: [flow-tolerance]\nfor: 1 h": (
        "Nothing of medium priority or above comes for 1 h, besides “Flow out of tolerance”"
    ),
    "expect: no-event\nevents: [occlusion, no-flow]": "No “Occlusion” or “No flow” comes",
    "expect: field\nfield: pressure\nat-most: 80 kPa\nwithin: 10 s": "“Pressure” is at most 80 kPa within 10 s",
    "expect: field\nfield: pressure\nat-most: 80 kPa\nextreme: most\nsince: held": (
        "The highest “Pressure” since “held” is at most 80 kPa"
    ),
    "expect: accuracy\nduring: held\noverall: 5 %\ntrumpet: [{window: 2 min, limit: 30 %}]": (
        "The accuracy during “held”: overall ±5 %, trumpet ±30 % over 2 min"
    ),
    "expect: boluses\ncount: 25\nvolume: 25 uL\nmean: 5 %": "25 boluses of 25 µL: mean ±5 %",
    "expect: occlusion\nsince: held\ntime: {at-least: 1 min, at-most: 9 min}": (
        "The occlusion since “held”: time 1 to 9 min"
    ),
    "expect: back-pressure\nlimit: 9%\nstretches: [{pressure: 0 mmHg, label: held},{label: held, pressure: -5 mmHg}]": (
        "The flow against 0, −5 mmHg is within ±9 % of that against none"
    ),
}


@pytest.mark.parametrize(("said", "words"), WORDS.items())
def test_a_step_is_said_in_words(said: str, words: str) -> None:
    text = HEAD + said.replace("\n", "\n    ") + "\n    title: Something else\n"
    (script,) = script_file.loads(text, Path("a.qa.yaml"))
    assert step_text(script.steps[-1]) == words
    assert script.steps[-1].title == "Something else"
