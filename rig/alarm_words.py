"""The pump's alarms, as people read them: title, cause, remedy.  A table, for the window and the guide."""

from typing import NamedTuple


class AlarmWords(NamedTuple):
    """An alarm: its title, what makes the pump raise it, and what to do."""

    title: str
    cause: str
    remedy: str


ALARMS = {
    "low_reservoir": AlarmWords(
        "Reservoir low", "By its count, the reservoir has reached the level that is set.", "Plan a refill."
    ),
    "empty_reservoir": AlarmWords(
        "Reservoir empty", "By its count, nothing is left.", "Refill, then start the pump again."
    ),
    "battery_eri": AlarmWords(
        "Battery near its end",
        "Its charge, or its voltage in 3 of 5 readings, is below the level that is set.",
        "Plan a replacement.",
    ),
    "battery_eos": AlarmWords(
        "Battery at its end",
        "Its voltage is below the level that is set, or it was near its end for the days that are set.",
        "Replace the battery, then start the pump again.",
    ),
    "motor_stall": AlarmWords(
        "Motor stalled",
        "The rotor is an eighth of a turn behind its steps. At 1 mL/day that shows after 4 minutes, at 0.05 after 70.",
        "Free the rotor, clear the alarm, then start.",
    ),
    "occlusion": AlarmWords(
        "Occlusion",
        "The pressure is above its limit in 3 readings in a row. At a low rate it takes hours to build up.",
        "Open the outlet line, clear the alarm, then start.",
    ),
    "stopped_long": AlarmWords(
        "Stopped for too long",
        "It has been stopped for the hours that are set.",
        "Start the pump, or confirm that it is to stay stopped.",
    ),
    "memory_corrected": AlarmWords(
        "Memory error corrected",
        "One of two copies of its memory was damaged; the other one was whole.",
        "Clear the alarm; replace the board if it comes back.",
    ),
    "memory_error": AlarmWords(
        "Memory error",
        "Its memory was damaged in both copies, or a value that controls delivery had changed. Standing, it stays so.",
        "Write the program again, then clear the alarm.",
    ),
    "safe_state_reset": AlarmWords(
        "Restarted into its safe state",
        "It began anew while it was to deliver.",
        "Check the program, then start the pump.",
    ),
    "start_stop_cycling": AlarmWords(
        "Started and stopped too often",
        "It was started and stopped three times in ten minutes.",
        "Find out why, clear the alarm, then start.",
    ),
    "tube_service": AlarmWords(
        "Tube due for service",
        "The rollers have compressed the tube as often as is set.",
        "Replace the tube, then say so on the Device page.",
    ),
    "free_flow": AlarmWords(
        "Free flow",
        "Within an hour, half as much again came out as was commanded, and more than the balance may be off by far.",
        "Clamp the outlet line, check the tube, clear the alarm, then start.",
    ),
    "stopped_reminder": AlarmWords(
        "Still stopped",
        "It has been stopped for the minutes that are set.",
        "Start the pump, or leave it stopped on purpose.",
    ),
    "no_flow": AlarmWords(
        "No flow",
        "While two strokes of the rollers were commanded, or more, less than half came out, twice in a row.",
        "Check reservoir, tube, catheter and cup, clear the alarm, then start.",
    ),
    "flow_tolerance": AlarmWords(
        "Flow out of tolerance",
        "Over whole turns of the rotor, what came out differs from what was commanded by more than is set.",
        "Look for a leak, a worn tube or air; measure what one turn delivers, and set it.",
    ),
    "sensor_fault": AlarmWords(
        "Sensor fault",
        "A reading can't be, the balance has gone or shakes, or the pressure was exactly the same 32 times in a row.",
        "Check the sensor and its cable; clear the alarm if the balance was taken away. Until then less is watched.",
    ),
}
