"""The errors a user can meet. Every message says what is wrong and what to do about it.

AssistantError              exit code 2, one line on stderr, never a traceback
├── PackError               a file of voices/<language>/ or a scenario is wrong: names file and key
├── SpeechError             no voice can be rendered (eSpeak NG missing, a voice that does not exist)
├── ModelError              the speech model is missing, broken, or lacks a word
├── SoundError              no sound card, no such device, or a sound file that cannot be read
└── DiaryError              the diary, or a file for it, cannot be read or written
    └── DamagedError        the diary's file is damaged: it is set aside and a backup takes its place
"""


class AssistantError(Exception):
    """Something the user can put right; `str(error)` is one line that says how."""


class PackError(AssistantError):
    """A pack, exercise or scenario file that cannot be used; the message names the file and the key."""


class SpeechError(AssistantError):
    """Text cannot be turned into sound."""


class ModelError(AssistantError):
    """The speech model cannot be used."""


class SoundError(AssistantError):
    """A sound device or a sound file cannot be used."""


class DiaryError(AssistantError):
    """The diary, or a file for it, cannot be read or written."""


class DamagedError(DiaryError):
    """The diary's file is damaged."""
