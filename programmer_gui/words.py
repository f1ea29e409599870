"""The words that the window shows are those of ``rig.words``, which the guide is made of too."""

from rig.alarm_words import ALARMS as ALARMS
from rig.setting_words import SETTINGS as SETTINGS
from rig.setting_words import plain as plain
from rig.setting_words import setting_text as setting_text
from rig.setting_words import setting_title as setting_title
from rig.words import ACTIONS as ACTIONS
from rig.words import EVENTS as EVENTS
from rig.words import LEVEL_SYMBOLS as LEVEL_SYMBOLS
from rig.words import LEVEL_WORDS as LEVEL_WORDS
from rig.words import LEVELS as LEVELS
from rig.words import LINKS as LINKS
from rig.words import NO_PUMP as NO_PUMP
from rig.words import NOT_KNOWN as NOT_KNOWN
from rig.words import STATES as STATES
from rig.words import STOP_REASONS as STOP_REASONS
from rig.words import ActiveAlarm as ActiveAlarm
from rig.words import StateWords as StateWords
from rig.words import active_alarms as active_alarms
from rig.words import event_detail as event_detail
from rig.words import event_title as event_title
from rig.words import self_tests as self_tests
