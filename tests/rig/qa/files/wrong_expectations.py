"""Steps that expect something, and what is wrong with each."""

#: what it is -> (the step, (the line within it, the field, what is said))
EXPECTATIONS: dict[str, tuple[str, tuple[int, str, str]]] = {
    "no word": (
        "expect: [volume]",
        (
            1,
            "expect",
            (
                "A word is expected behind expect. Valid here: volume, flow, event, no-event, field, accuracy, "
                "boluses, occlusion, back-pressure, golden."
            ),
        ),
    ),
    "a field that isn't known": (
        "expect: field\nfield: presure\nat-most: 5 kPa",
        (2, "field", 'There is no field "presure". Is "pressure" meant?'),
    ),
    "a word that a field never is": (
        "expect: field\nfield: state\nis: runing",
        (3, "is", 'State is never "runing". Is "running" meant?'),
    ),
    "a limit of a word": (
        "expect: field\nfield: state\nat-least: 3",
        (3, "at-least", 'State is a word, and no word is more than another. Write "is: stopped".'),
    ),
    "a word of a number": (
        "expect: field\nfield: pressure\nis: high\ntolerance: 5 %",
        (3, "is", '"high" is not a number and its unit, kPa. For example "69 kPa".'),
    ),
    "no limit": (
        "expect: volume",
        (1, "", "There is no limit: this can't fail. Add is and tolerance, at-least, or at-most."),
    ),
    "limits that nothing can be within": (
        "expect: volume\nat-least: 10 uL\nat-most: 5 uL",
        (2, "at-least", "At least 10 µL is more than at most 5 µL: nothing can be both. Exchange them?"),
    ),
    "a measured value with no room": (
        "expect: volume\nat-least: 5 uL\nat-most: 5 uL",
        (3, "at-most", "A measured value is never exactly so. Leave some room between the two."),
    ),
    "a measured value exactly so": (
        "expect: flow\nis: 1 mL/day",
        (
            1,
            "tolerance",
            'The tolerance is missing: a measured value is never exactly so. Add it. For example "tolerance: 5 %".',
        ),
    ),
    "a tolerance of none": (
        "expect: volume\nis: 100 uL\ntolerance: 0 %",
        (3, "tolerance", 'It is zero: a measured value is never exactly so. For example "5 %".'),
    ),
    "a tolerance of none of what was commanded": (
        "expect: flow\nis: commanded\ntolerance: 0 %",
        (3, "tolerance", 'It is zero: a measured value is never exactly so. For example "5 %".'),
    ),
    "a tolerance below none": (
        "expect: volume\nis: 100 uL\ntolerance: -5 %",
        (3, "tolerance", 'It is less than none: nothing can be so. Write "5 %", or "-2 % to 5 %".'),
    ),
    "a tolerance in another unit": (
        "expect: volume\nis: 100 uL\ntolerance: 5 kPa",
        (3, "tolerance", '"kPa" is not a unit of this: it is in µL. For example "100 uL".'),
    ),
    "more than there can be": (
        "expect: field\nfield: battery-charge\nat-least: 120 %",
        (3, "at-least", "Battery charge is never more than 100 %: nothing can be so. Correct the limit."),
    ),
    "less than there can be": (
        "expect: field\nfield: tones\nat-most: -1",
        (3, "at-most", "Tones since boot is never less than 0: nothing can be so. Correct the limit."),
    ),
    "what is always so": (
        "expect: field\nfield: battery-charge\nat-most: 100 %",
        (3, "at-most", "Battery charge is always so: this can't fail. Correct the limit."),
    ),
    "two ways to say a limit": (
        "expect: volume\nis: 100 uL\nat-most: 200 uL",
        (3, "at-most", "Both are given: is and at-most. Give is and tolerance, or at-least and at-most."),
    ),
    "what was planned against itself": (
        "expect: volume\nof: planned\nis: planned\ntolerance: 5 %",
        (3, "is", 'What was planned is always what was planned. Give "of: measured", or a value.'),
    ),
    "two stretches": (
        "expect: volume\nat-least: 10 uL\nover: 10 min\nsince: hold",
        (4, "since", "Both are given: over and since. Give one of over, since, during."),
    ),
    "an event that would have to come before it may": (
        "expect: event\nevent: occlusion\nwithin: 1 min\nafter: 2 min",
        (4, "after", "It is not before within: nothing can come between. Exchange them?"),
    ),
    "none of no events": (
        "expect: no-event",
        (1, "", "Nothing says which event is meant. Give one of event, events, priority."),
    ),
    "an event that may come all the same": (
        "expect: no-event\nevent: occlusion\nbesides: occlusion",
        (3, "besides", "Every event that is meant may come: this can't fail. Take some out."),
    ),
    "an exception of nothing": (
        "expect: no-event\nevent: occlusion\nbesides: low-reservoir",
        (3, "besides", '"low-reservoir" isn\'t among those that may not come. Take it out of besides.'),
    ),
    "a field over a stretch": (
        "expect: field\nfield: pressure\nat-most: 5 kPa\nover: 10 min",
        (4, "over", "A field is read now; over a stretch it has a least and a most. Add extreme."),
    ),
    "the most of what isn't in every sample": (
        "expect: field\nfield: tones\nat-most: 5\nextreme: most\nover: 10 min",
        (
            4,
            "extreme",
            (
                "Only what every sample has is known over a stretch. These are: commanded, delivered, flow, pressure, "
                "reservoir, battery-voltage, battery-charge, temperature."
            ),
        ),
    ),
    "accuracy within anything": (
        "expect: accuracy",
        (1, "", "There is no limit: this can't fail. Add overall, trumpet, or both."),
    ),
    "a typo in a list": (
        "expect: accuracy\ntrumpet:\n  - window: 2 min\n    limt: 3 %",
        (4, "trumpet[0].limt", 'Unknown field "limt". Is "limit" meant?'),
    ),
    "a window that is there twice": (
        "expect: accuracy\ntrumpet:\n  - {window: 2 min, limit: 3 %}\n  - {window: 120 s, limit: 4 %}",
        (4, "trumpet[1].window", "This window is there twice. Take one of them out."),
    ),
    "an occlusion since nothing": (
        "expect: occlusion\ntime: {at-most: 5 min}",
        (1, "since", 'Since is missing. Add it. For example "since: blocked".'),
    ),
    "a wrong unit within": (
        "expect: occlusion\nsince: hold\ntime: {at-most: 5 uL}",
        (3, "time.at-most", '"uL" is not a unit of this: it is in min. For example "20 min".'),
    ),
    "a release bolus without a release": (
        "expect: occlusion\nsince: hold\nbolus: {at-most: 5 uL}",
        (1, "release", "Release is missing. bolus and release belong together."),
    ),
    "back-pressure against nothing": (
        "expect: back-pressure\nlimit: 5 %\nstretches: [{pressure: 100 mmHg, label: hold}]",
        (
            3,
            "stretches",
            "One is too few. For example [{pressure: 0 mmHg, label: none}, {pressure: 100 mmHg, label: high}].",
        ),
    ),
    "a golden run that is none": (
        "expect: golden\nrun: a.qa.yaml",
        (2, "run", '"a.qa.yaml" is no recording. Its name ends in .run.duckdb.'),
    ),
    "a golden run that isn't there": (
        "expect: golden\nrun: golden.run.duckdb",
        (
            2,
            "run",
            'There is no golden run "golden.run.duckdb" beside the script. Record it first, or correct the name.',
        ),
    ),
    "a label that no step has": (
        "expect: volume\nat-least: 5 uL\nsince: hild",
        (3, "since", 'No step has the label "hild". Is "hold" meant?'),
    ),
}
