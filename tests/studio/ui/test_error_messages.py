"""What goes wrong is said where a person meets it: what happened, what is kept, and what to do."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.document import Document, ModelRef, Take, add_take, open_board, packed
from studio.rendering import RenderEngine
from studio.rendering.engine_errors import engine_errors
from studio.rendering.stage_engine import StageEngine
from studio.ui import engines as engines_module
from studio.ui.engines import Choice
from tests.seqgan.sampling.frame_models import save_frame_model

BIRDS = Choice("frame", "birds")


class SmallGpu(StageEngine):
    """A model on a GPU whose memory is full after one panel."""

    composed = False
    device = "cuda:0"

    def draw(self, *args: Any, **rest: Any) -> Iterator[tuple[int, np.ndarray]]:
        with engine_errors(self.device):
            yield next(super().draw(*args, **rest))
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


class OnCpu(StageEngine):
    """The same model on the CPU."""

    composed = False


def said(boxes: Any) -> str:
    return " ".join(box.value.replace("\\", "") for box in boxes)


def draw(tab: Any, picked: Choice) -> Any:
    """Draw the open board with a model until it is over."""
    tab.at.selectbox(key="sel_engine").set_value(picked)
    return tab.run().menu("btn_draw", "missing").until(lambda: not tab.lines)


def test_a_full_gpu_keeps_what_is_drawn_and_the_cpu_draws_the_rest(
    page: Callable, make: Callable, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(engine: str, _model: str = "", *, device: str = "auto", **_others: object) -> RenderEngine:
        if engine == "stage":
            return StageEngine((64, 112))
        return OnCpu((64, 112)) if device == "cpu" else SmallGpu((64, 112))

    monkeypatch.setattr(engines_module, "open_engine", opened)
    save_frame_model(home / "models" / "birds")
    make()
    tab = draw(page("walk.board"), BIRDS)
    assert "The GPU ran out of memory at panel 2 of 3. The panel before is kept." in said(tab.at.error)
    assert [len(panel.takes) for panel in tab.document.board.panels] == [1, 0, 0]
    tab.click("btn_again").until(lambda: "at panel 2 of 2" in said(tab.at.error))  # one panel more, then full again
    tab.click("btn_cpu").until(lambda: tab.drawn)
    assert tab.document.board.panels[2].take.device == "cpu" and not tab.at.error


def test_unknown_words_are_named(page: Callable, make: Callable, home: Path) -> None:
    save_frame_model(home / "models" / "birds")
    make(["A zorkish laser bird sits.", "Spaceships vanish."])
    tab = draw(page("walk.board"), BIRDS)
    assert not tab.at.error
    tab.click(f"btn_edit_{tab.ids[0]}")
    told = said(tab.at.caption)
    assert "zorkish, laser are not words that birds (sentence by sentence) knows" in told
    assert "<s>zorkish</s> <s>laser</s> bird" in tab.words
    tab.click("btn_next")
    assert "birds knows no word of this sentence, so that the picture shows nothing of it; try: bird," in said(
        tab.at.caption
    )


def test_words_that_the_cast_does_not_know_are_named_before_anything_is_drawn(page: Callable) -> None:
    tab = page().tell("Mia votes for democracy quietly.")
    tab.until(lambda: "left out: " in said(tab.at.caption))
    assert "democracy" in said(tab.at.caption) and not tab.at.error


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("newer", "config.json has format 99, this program reads up to 1; update seqgan"),
        ("keys", "1 missing (upper.0.weight); 1 left over (other); use the checkpoint's own config"),
        ("cut", "model.safetensors is truncated or damaged"),
    ],
)
def test_a_model_that_does_not_fit_says_why(page: Callable, make: Callable, home: Path, harm: str, words: str) -> None:
    folder = save_frame_model(home / "models" / "birds")
    weights = folder / "model.safetensors"
    if harm == "newer":
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, "format": 99}))
    elif harm == "keys":
        found = load_file(weights)
        words = words.replace("upper.0.weight", name := min(found))
        save_file({**{key: value for key, value in found.items() if key != name}, "other": found[name]}, weights)
    else:
        weights.write_bytes(weights.read_bytes()[:-9])
    make()
    tab = draw(page("walk.board"), BIRDS)
    assert words in said(tab.at.error) and {"btn_again", "btn_stage"} <= tab.keys
    assert not any(panel.takes for panel in tab.document.board.panels)


@pytest.mark.parametrize("inside", [False, True])
def test_a_pickle_is_not_opened_and_converting_it_is_named(page: Callable, tmp_path: Path, inside: bool) -> None:
    folder = save_frame_model(tmp_path / "birds")
    torch.save({"a": 1}, folder / "netG.pth")
    tab = page()
    tab.at.switch_page("studio/ui/pages/models.py")
    tab.run().type("txt_model_path", str(folder if inside else folder / "netG.pth")).click("btn_add_model")
    tab.until(lambda: bool(tab.at.error))
    assert "a .pth file: it can run code" in said(tab.at.error) and "seqgan convert" in said(tab.at.error)


def test_a_full_disk_is_told_until_there_is_room_and_a_copy_has_everything(
    page: Callable, make: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make()
    tab = page("walk.board")
    tab.click(f"btn_edit_{tab.ids[0]}")
    tab.at.session_state["editor"].live = False

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        tab.run().type(f"txt_sentence_{tab.ids[0]}", "Mia runs.").type(f"txt_notes_{tab.ids[0]}", "at night")
        assert [box.proto.title for box in tab.at.error] == ["Not saved"] and "the disk is full" in said(tab.at.error)
        assert tab.document.board.sentences[0] == "Mia walks in the snow."
        tab.run()
        assert tab.at.error, "it stays until there is room"
        assert [each.proto.label for each in tab.at.get("download_button")] == ["Download a copy now"]
        data = packed(tab.document)
    (tmp_path / "copy.boardz").write_bytes(data)
    with open_board(tmp_path / "copy.boardz") as copy:
        assert (copy.board.panels[0].text, copy.board.panels[0].notes) == ("Mia runs.", "at night")
    tab.click("btn_retry")
    assert not tab.at.error and tab.document.board.panels[0].notes == "at night"
    tab.click("btn_undo").click("btn_undo")
    assert tab.document.board.sentences[0] == "Mia walks in the snow."


def test_a_board_of_a_newer_program_is_saved_as_a_copy(page: Callable, make: Callable) -> None:
    path = make()
    with Document.open(path) as doc:
        media = doc.add_media(b"a picture")
        take = Take(id="T", media=media, model=ModelRef(name="stage"))
        doc.apply(add_take(doc.board.panels[0].id, take))
    board = json.loads((path / "board.json").read_text())
    (path / "board.json").write_text(json.dumps({**board, "smell": "of snow"}))
    manifest = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**manifest, "version": 99, "min_reader": 99}))
    tab = page("walk.board")
    assert "a newer program wrote it (version 99" in said(tab.at.info)
    assert tab.at.button(key="btn_copy").label == "Save a copy as version 1"
    tab.click("btn_copy").until(lambda: tab.document.path != path)
    copy = tab.document
    assert (copy.board.title, copy.read_only, copy.manifest.version) == ("A walk copy", False, 1)
    assert copy.board.model_extra == {"smell": "of snow"} and copy.read_media(media) == b"a picture"
    tab.run().menu(f"btn_more_{tab.ids[0]}", "Duplicate")
    assert len(tab.ids) == 4 and len(json.loads((path / "board.json").read_text())["panels"]) == 3
