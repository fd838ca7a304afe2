"""What can go wrong in studio, in one tree.

    StudioError
    ├── StoryError         a story that cannot be drawn: empty, binary, a folder instead of a file
    ├── DocumentError      a board that is missing, corrupt, of another story, or open elsewhere
    ├── EngineError        drawing failed, or an engine or model of that name does not exist
    ├── ExportError        a format, size or range that cannot be written
    └── CancelledError     stopped on request; what was drawn is kept

A message is one line and says what came, what was expected and what to do. The command line prints it as
``error: MESSAGE`` and exits 1; ``STUDIO_DEBUG=1`` shows the traceback.
"""


class StudioError(Exception):
    """Parent of every error that studio raises on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class StoryError(StudioError):
    """A story that cannot be drawn: empty, binary, or not a file."""


class DocumentError(StudioError):
    """A board that is missing, corrupt, of another story, or open elsewhere."""


class EngineError(StudioError):
    """Drawing failed, or an engine or model of that name does not exist."""


class ExportError(StudioError):
    """A format, size or range that cannot be written."""


class CancelledError(StudioError):
    """Stopped on request; what was drawn until then is kept."""
