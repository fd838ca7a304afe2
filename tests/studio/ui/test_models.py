"""With trained models: what stands in while one loads, and what is said when one is damaged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.document import Document
from studio.rendering import RenderEngine
from studio.ui.desk import Desk
from studio.ui.drawing import compose_previews, preview_key, submit_board, submit_edit
from studio.ui.engines import STAGE, Choice
from studio.ui.live import LiveEdit

PATIENCE = 180.0


@pytest.fixture
def tiny_model(home: Path) -> str:
    """A small untrained StoryGAN among the user's models; return its name."""
    import torch

    from seqgan.checkpoints.format import save_checkpoint
    from seqgan.config import to_dict
    from seqgan.data.theatre.lexicon import shipped_lexicon
    from seqgan.models.storygan import StoryGANSizes, StoryGenerator
    from seqgan.text.vocab import Vocabulary

    lexicon = shipped_lexicon()
    vocabulary = Vocabulary.build([[" ".join(sorted(lexicon.vocabulary))]], minimum=1)
    sizes = StoryGANSizes(
        vocabulary=len(vocabulary), things=5, characters=3, panel=(2,), actor=(2, 2), embed=8, sent=12, story=12,
        code=4, lower=16, upper=12, z=11, maps=3, gist=6, rank=5, start=4, width=4, figure=4, d_width=4, d_story=8,
    )  # fmt: skip
    torch.manual_seed(3)
    config = {
        "preset": "tiny", "family": "storygan", "sizes": to_dict(sizes), "vocabulary": list(vocabulary.words),
        "lexicon": lexicon.to_dict(), "licence": "MIT", "origin": "house", "size": [64, 112],
    }  # fmt: skip
    save_checkpoint(home / "models" / "tiny", config, dict(StoryGenerator(sizes).eval().state_dict()))
    return "tiny"


def test_a_trained_model_draws_and_is_not_marked_as_composed(
    desk: Desk, make: Callable[..., Path], tiny_model: str
) -> None:
    doc = desk.document(make())
    job = submit_board(desk, doc, Choice("gan", tiny_model)).wait(PATIENCE)
    assert job is not None
    assert job.state == "done", job.error
    assert [panel.take.composed for panel in doc.board.panels if panel.take] == [False] * 3
    assert doc.board.model is not None
    assert doc.board.model.name == "tiny"
    assert desk.previews == {}
    assert not doc.board.panels[0].takes[1:]


def test_previews_are_composed_and_never_become_takes(desk: Desk, make: Callable[..., Path]) -> None:
    doc = desk.document(make())
    compose_previews(desk, doc)
    assert set(desk.previews) == {preview_key(doc, panel.id) for panel in doc.board.panels}
    assert not any(panel.takes for panel in doc.board.panels)


def test_an_edit_before_the_model_is_loaded_shows_a_stand_in_then_the_picture(
    desk: Desk, make: Callable[..., Path], tiny_model: str
) -> None:
    doc = desk.document(make())
    before, choice = doc.board.panels[0], Choice("gan", tiny_model)
    panel = before.id
    ticket = submit_edit(desk, doc, choice, LiveEdit(panel), "Mia runs.", lambda: 0.01)
    job = ticket.wait(PATIENCE)
    assert job is not None
    assert job.result.preview
    assert doc.board.panels[0].text == "Mia runs."
    while desk.jobs.busy:
        desk.jobs.wait(desk.jobs.snapshots()[-1].id, PATIENCE)
    take = doc.board.panels[0].take
    assert take is not None
    assert (take.composed, take.text) == (False, "Mia runs.")
    assert desk.previews == {}
    assert doc.undo().panels[0] == before  # however long the model took to load


def test_a_sentence_whose_model_is_loaded_first_has_a_line_in_the_tray(
    page: Callable, make: Callable[..., Path], tiny_model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    tab = page("walk.board")
    tab.at.selectbox(key="sel_engine").set_value(Choice("gan", tiny_model))
    tab.run().click(f"btn_edit_{tab.ids[0]}")
    loaded, prepare = threading.Event(), tab.desk.engines.prepare

    def slowly(choice: Choice) -> RenderEngine:
        if choice.model == tiny_model:
            assert loaded.wait(PATIENCE)
        return prepare(choice)

    monkeypatch.setattr(tab.desk.engines, "prepare", slowly)
    tab.type(f"txt_sentence_{tab.ids[0]}", "Mia runs.")
    end = time.monotonic() + PATIENCE
    while not tab.run().lines:
        assert time.monotonic() < end
    ((cancel, told),) = tab.lines.items()
    assert told == "Panel 1\\: loading tiny"
    tab.click(cancel)
    loaded.set()
    tab.until(lambda: not tab.lines)
    assert tab.document.board.sentences[0] == "Mia runs." and tab.document.board.panels[0].take is None
    assert tab.desk.previews == {} and "bolt" not in tab.words


def test_cancelling_before_the_first_panel_keeps_the_board(desk: Desk, make: Callable[..., Path]) -> None:
    doc: Document = desk.document(make())
    first = submit_board(desk, doc, STAGE, "all")
    again = submit_board(desk, doc, STAGE, "all")  # the same board: the first run is stopped, the second draws
    job = again.wait(PATIENCE)
    assert job is not None
    assert job.state == "done"
    assert first.look() is not None
    assert all(doc.picture(panel) for panel in doc.board.panels)


def test_a_damaged_model_is_said_and_the_stage_offered(page: Callable, make: Callable, home: Path) -> None:
    folder = home / "models" / "broken"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"\0" * 20)
    make()
    tab = page("walk.board")
    tab.at.selectbox(key="sel_engine").set_value(Choice("gan", "broken"))
    tab.run().menu("btn_draw", "missing").until(lambda: bool(tab.at.error))
    assert "broken" in tab.at.error[0].value
    assert not any(panel.takes for panel in tab.document.board.panels)
    tab.click("btn_stage").until(lambda: tab.drawn)
    assert tab.words.count(":violet-badge[composed, not generated]") == 3


def test_a_model_of_captions_draws_the_board_page(page: Callable, make: Callable, home: Path) -> None:
    from tests.seqgan.sampling.frame_models import save_frame_model

    save_frame_model(home / "models" / "birds")
    make(["A small red bird.", "Zork!", "The blue bird sits."])
    tab = page("walk.board")
    picked = Choice("frame", "birds")
    menu = tab.at.selectbox(key="sel_engine")
    assert "birds (sentence by sentence)" in menu.options and menu.value != picked
    menu.set_value(picked)
    tab.run().menu("btn_draw", "missing").until(lambda: tab.drawn)
    takes = [panel.take for panel in tab.document.board.panels]
    assert [take.model.name for take in takes if take] == ["birds"] * 3 and takes[2].prompt == "the blue bird sits"
    assert [note.word for note in tab.document.board.notes] == ["zork", ""]
    assert tab.at.selectbox(key="sel_engine").value == picked
