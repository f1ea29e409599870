"""Steps that do, wait or ask something, and what is wrong with each."""

#: what it is -> (the step, (the line within it, the field, what is said))
DEEDS: dict[str, tuple[str, tuple[int, str, str]]] = {
    "a word that isn't known": (
        "do: strat",
        (1, "do", 'There is nothing to do called "strat". Is "start" meant?'),
    ),
    "a word behind another head": (
        "wait: bolus",
        (1, "wait", '"bolus" is not a duration. Write a number and a unit, like "10 min". Or "3 turns", event, field.'),
    ),
    "an expectation that is done": (
        "do: accuracy",
        (1, "do", 'There is nothing to do called "accuracy". Is "expect: accuracy" meant?'),
    ),
    "a head that isn't known": (
        "du: start",
        (1, "", 'This step says nothing to do, wait for or expect. Is "do: start" meant?'),
    ),
    "two heads": (
        "do: start\nwait: 10 min",
        (2, "wait", "Both are given: do and wait. Make two steps of it, each behind a dash of its own."),
    ),
    "a field by another name": (
        "do: fault\nwhat: occlusion\nduration: 5 min",
        (3, "duration", 'Unknown field "duration". Is "how-long" meant?'),
    ),
    "a value where a time is": (
        "wait: field\nfield: pressure\nat-most: 80 kPa",
        (
            3,
            "at-most",
            '"kPa" is not a unit of duration. For example "10 min". It is a time; the highest value is "below".',
        ),
    ),
    "an unknown field": (
        "do: bolus\nvolume: 100 uL\nduration: 2 min\nvolum: 3",
        (4, "volum", 'Unknown field "volum". Is "volume" meant?'),
    ),
    "a field that is missing": (
        "do: bolus\nvolume: 100 uL",
        (1, "duration", 'Duration is missing. Add it. For example "duration: 2 min".'),
    ),
    "a unit of something else": (
        "do: bolus\nvolume: 100 ug\nduration: 2 min",
        (2, "volume", '"ug" is not a unit of volume. For example "0.5 mL".'),
    ),
    "a number without a unit": (
        "wait: 10",
        (
            1,
            "wait",
            (
                '"10" is not a duration. It is a number without a unit. Write both, like "10 min". Or "3 turns", '
                "event, field."
            ),
        ),
    ),
    "none at all": (
        "do: bolus\nvolume: 0 uL\nduration: 2 min",
        (2, "volume", 'It is zero. Give more than none, for example "0.5 mL".'),
    ),
    "an event behind wait": (
        "wait: low reservoir",
        (1, "wait", '"low reservoir" is not a duration. Write "wait: event", and below it "event: low-reservoir".'),
    ),
    "an event that isn't known": (
        "wait: event\nevent: oclusion\nat-most: 2 h",
        (2, "event", 'There is no event "oclusion". Is "occlusion" meant?'),
    ),
    "an event as the wire has it": (
        "wait: event\nevent: low_reservoir\nat-most: 2 h",
        (2, "event", 'There is no event "low_reservoir". Is "low-reservoir" meant?'),
    ),
    "true for yes": (
        "do: on-demand\nbutton: true",
        (2, "button", '"true" is neither yes nor no. Write yes or no.'),
    ),
    "a program that isn't there": (
        "do: program\nfile: continuous-20m",
        (2, "file", 'There is no program "continuous-20m". Is "continuous-20ml" meant?'),
    ),
    "no program": (
        "do: program",
        (1, "", "Neither is given: file and flow. Give either file or flow."),
    ),
    "a program that no pump may have": (
        "do: program\nflow: 0.004 mL/day",
        (
            2,
            "flow",
            (
                "The flow of the dose, 0.004 mL/day, is below the hard limit of 0.006 mL/day. Choose from "
                "0.006 mL/day to 24 mL/day."
            ),
        ),
    ),
    "a program that needs a reason": (
        "do: program\nflow: 2.4 mL/day",
        (
            1,
            "confirm",
            (
                "The dose, 1200 µg/day, is above the soft limit of 1000 µg/day. That needs a reason. Correct it, or "
                'add a reason, for example "confirm: a test with water".'
            ),
        ),
    ),
    "a fault that isn't known": (
        "do: fault\nwhat: oclusion",
        (2, "what", 'There is no fault "oclusion". Is "occlusion" meant?'),
    ),
    "too much of a fault": (
        "do: fault\nwhat: occlusion\nhow-much: 200 %",
        (3, "how-much", "200 % is out of range. Give 1 to 100 %."),
    ),
    "a fault that doesn't last": (
        "do: fault\nwhat: reset\nhow-long: 5 min",
        (3, "how-long", '"reset" happens at once. Leave the duration out.'),
    ),
    "a setting that isn't known": (
        "do: set\nsettings: {occlusion: 69 kPa}",
        (2, "settings.occlusion", 'There is no setting "occlusion". Is "occlusion-pressure" meant?'),
    ),
    "a setting out of range": (
        "do: set\nsettings:\n  tolerance: 14.5 %\n  occlusion-pressure: 6900 kPa",
        (4, "settings.occlusion-pressure", '"6900 kPa" is out of range. Give 10 kPa to 300 kPa.'),
    ),
    "a deed that can't be refused": (
        "do: tare\nrefused: lockout",
        (2, "refused", 'Unknown field "refused". "do: tare" knows: as, title, on-fail.'),
    ),
    "a refusal that isn't known": (
        "do: start\nrefused: lockot",
        (2, "refused", 'There is no refusal "lockot". Is "lockout" meant?'),
    ),
    "an answer of nobody that never passes": (
        'ask: Ok?\nanswer: yes or no\nexpected: "yes"\nunattended: "no"',
        (
            4,
            "unattended",
            (
                '"no" never passes, so what comes behind is never reached. Leave it out: then it is an error where '
                "nobody is there."
            ),
        ),
    ),
    "yes expected of a number": (
        'ask: Ok?\nanswer: number\nexpected: "yes"',
        (3, "expected", 'The answer is "number", not yes or no. Add "answer: yes or no".'),
    ),
    "a label that another step has": (
        "wait: 1 min\nas: hold",
        (2, "as", f'Line {6} has the label "hold" already. Choose another.'),
    ),
    "words in a list": (
        "note: [1, 2]",
        (1, "note", "Text is expected here. Write it on one line."),
    ),
    "a parameter that isn't there": (
        "wait: ${rate}",
        (1, "wait", 'There is no parameter "rate". Add it under "parameters".'),
    ),
    "a parameter without an end": (
        "wait: ${rate",
        (1, "wait", '"${" begins a parameter that has no end. Write it like "${rate}".'),
    ),
    "a repetition of nothing": (
        "repeat: 25",
        (1, "steps", "What is to be repeated is missing. Add steps."),
    ),
    "steps that are never reached, being repeated no times": (
        "repeat: 0\nsteps: [{do: start}]",
        (1, "repeat", "0 is out of range. Give 1 to 10,000."),
    ),
    "too many steps": (
        "repeat: 9999\nsteps:\n  - do: start\n  - do: stop",
        (4, "steps[1]", "There are more than 10,000 steps. Repeat less often."),
    ),
    "an include that isn't there": (
        "include: prime.qa-part.yaml",
        (1, "include", 'There is no file "prime.qa-part.yaml". Check the name: it is looked for beside this file.'),
    ),
}
