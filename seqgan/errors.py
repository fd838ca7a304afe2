"""What can go wrong in seqgan, in one tree.

    SeqganError
    ├── ConfigError        a setting that does not exist, or has the wrong type or value
    ├── DataError          a data set, cast pack or download that is missing, broken or not what was recorded
    ├── CheckpointError    a checkpoint folder that is missing, truncated, of another version or another network
    ├── TrainingError      a run that cannot go on: its numbers are no numbers any more, or it cannot be written
    ├── InputError         what a person handed in: a story, a picture, a name, a number
    └── InterruptedRun     a run stopped on request; its state is saved

A message is one line and says what came, what was expected and what to do. The command line prints it as
``error: MESSAGE`` and exits 1; ``STUDIO_DEBUG=1`` shows the traceback.
"""


class SeqganError(Exception):
    """Parent of every error that seqgan raises on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class ConfigError(SeqganError):
    """A setting that does not exist, or whose value has the wrong type or range."""


class DataError(SeqganError):
    """A data set, cast pack or download that is missing, broken, or not what was recorded."""


class CheckpointError(SeqganError):
    """A checkpoint folder that is missing, truncated, of another version, or made for another network."""


class TrainingError(SeqganError):
    """A run that cannot go on; the state that it saved last is kept."""


class InputError(SeqganError):
    """What a person handed in cannot be used: a story, a picture, a name, a number."""


class InterruptedRun(SeqganError):
    """A run was stopped on request; whatever it had finished is saved."""
