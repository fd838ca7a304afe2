"""Boards on disk, for tests: nothing is written in a pause unless a test asks for it."""

import pytest

from studio.document import document


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, no test is taken for a pause."""
    monkeypatch.setattr(document, "PAUSE_SECONDS", 3600.0)
