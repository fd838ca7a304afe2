"""A panel's picture moves: what the take says, how marks, copies and later drawings treat it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seqgan.sampling import ClipSampler
from studio.document import (
    Board,
    Document,
    ModelRef,
    Take,
    add_take,
    duplicate_panel,
    insert_panel,
    marks,
    pick_take,
    set_model,
    set_text,
    take_seed,
)
from studio.errors import CancelledError, DocumentError, EngineError, ExportError
from studio.export.film_plan import plan_film
from studio.export.info import read_info
from studio.media.moving import ClipReader, open_still
from studio.rendering import draw_board, make_board
from studio.rendering.animate import animate_panel
from studio.rendering.clips import open_clips
from studio.rendering.stage_engine import StageEngine
from tests.seqgan.sampling.clip_models import save_clip_model

STORY = "A woman is juggling. A man runs."


@pytest.fixture(scope="module")
def sampler(tmp_path_factory: pytest.TempPathFactory) -> ClipSampler:
    folder = save_clip_model(tmp_path_factory.mktemp("models") / "moved", gist="picture", background="gist")
    return open_clips(str(folder), "cpu")


@pytest.fixture
def doc(stage: StageEngine, tmp_path: Path):
    with make_board(STORY, tmp_path / "walk.board", stage) as doc:
        draw_board(doc, stage)
        doc.apply(insert_panel(doc.board, 2, ""))
        yield doc


def _marks(board: Board, number: int = 0) -> tuple[bool, bool]:
    found = marks(board, board.panels[number])
    return found.changed, found.context


def test_the_clip_is_a_take_that_says_what_made_it(doc: Document, sampler: ClipSampler) -> None:
    panel = doc.board.panels[0]
    take, picture = animate_panel(doc, sampler, panel.id), panel.take
    assert picture is not None and doc.board.panels[0].take == take and doc.board.panels[0].takes == (picture, take)
    assert (take.kind, take.number, take.seed, take.parent_take) == ("clip", 1, picture.seed, picture.id)
    assert take.knobs == {"motion_seed": take_seed(panel.seed, 1), "fps": 16, "interpolated": 2, "enlarged": 4}
    assert (take.model.name, take.composed, take.size, take.text) == ("moved", False, (448, 256), panel.text)
    assert take.prompt == "a woman is juggling" and take.seconds > 0
    path = doc.picture(take)
    assert path is not None and path.suffix == ".mp4" and open_still(path).size == take.size
    with ClipReader(path) as clip:
        assert (clip.count, clip.fps) == (32, 16)
    info = read_info(path)
    assert info["digital_source_type"].endswith("/compositeWithTrainedAlgorithmicMedia")  # a network moved drawn art
    assert info["made"]["first"]["sha256"] == picture.media and info["made"]["knobs"] == take.knobs
    assert plan_film(doc).shots[0].moves


def test_the_same_seeds_give_the_same_clip_and_others_another(doc: Document, sampler: ClipSampler) -> None:
    panel = doc.board.panels[0].id
    one, same, other = (animate_panel(doc, sampler, panel, motion_seed=seed, smooth=1) for seed in (7, 7, 8))
    assert one.media != other.media and one.knobs["fps"] == 8
    frames = [np.asarray(open_still(doc.media_path(take))) for take in (one, same)]  # type: ignore[arg-type]
    assert np.array_equal(*frames) and same.parent_take == one.parent_take  # a clip's picture moves anew, not the clip


def test_marks_are_those_of_the_picture(doc: Document, sampler: ClipSampler) -> None:
    first, second = (panel.id for panel in doc.board.panels[:2])
    for panel in (first, second):
        animate_panel(doc, sampler, panel, text="a bird runs")
    assert _marks(doc.board) == _marks(doc.board, 1) == (False, False)
    doc.apply(set_text(first, "A man is juggling."))
    assert _marks(doc.board) == (True, False) and _marks(doc.board, 1) == (False, True)
    take = animate_panel(doc, sampler, first)  # of the new sentence, but of the old picture
    assert take.text == "A man is juggling." and _marks(doc.board) == (True, False)
    doc.undo(), doc.undo()
    assert doc.board.model is not None
    other = doc.board.model.model_copy(update={"name": "another"})
    doc.apply(set_model(other))
    assert _marks(doc.board) == (True, False)
    unnamed = doc.board.model_copy(update={"model": None})
    assert _marks(unnamed) == (False, False)  # where the board names no model, what drew the picture counts


def test_a_copy_moves_its_own_picture(doc: Document, sampler: ClipSampler) -> None:
    animate_panel(doc, sampler, doc.board.panels[0].id)
    doc.apply(duplicate_panel(doc.board, doc.board.panels[0].id))
    copy = doc.board.panels[1]
    assert copy.take is not None and copy.take.kind == "clip" and copy.take.parent_take == copy.takes[0].id
    assert animate_panel(doc, sampler, copy.id).parent_take == copy.takes[0].id
    assert _marks(doc.board.model_copy(update={"model": None}), 1) == (False, True)


def test_a_clip_without_its_picture_moves_its_first_frame(doc: Document, sampler: ClipSampler) -> None:
    panel = doc.board.panels[0].id
    clip = animate_panel(doc, sampler, panel)
    alone = doc.board.panels[0].model_copy(update={"takes": (clip,)})
    board = doc.board.model_copy(update={"panels": (alone, *doc.board.panels[1:])})
    with Document.create(doc.path.with_name("copy.board"), board) as copy:
        copy.add_media(doc.read_media(clip.media, "mp4"), "mp4")
        assert animate_panel(copy, sampler, panel).parent_take == clip.id


def test_drawing_leaves_it_alone_until_it_is_asked(doc: Document, stage: StageEngine, sampler: ClipSampler) -> None:
    panel = doc.board.panels[0]
    clip = animate_panel(doc, sampler, panel.id)
    assert not draw_board(doc, stage, "missing").drawn and not draw_board(doc, stage, "changed").drawn
    draw_board(doc, stage, [panel.id])
    assert doc.board.panels[0].take is not None and doc.board.panels[0].take.kind == "image"
    doc.apply(pick_take(panel.id, clip.id))
    assert doc.board.panels[0].take == clip


def test_what_cannot_be_animated_is_told_and_changes_nothing(
    doc: Document, sampler: ClipSampler, tmp_path: Path
) -> None:
    before, panel = doc.board, doc.board.panels[0]
    scenes = open_clips(str(save_clip_model(tmp_path / "scenes")), "cpu")
    with pytest.raises(EngineError, match="scenes does not move a given picture"):
        animate_panel(doc, scenes, panel.id)
    with pytest.raises(EngineError, match="panel 3 has no picture to animate"):
        animate_panel(doc, sampler, before.panels[2].id)
    with pytest.raises(ExportError, match="fps 8 smoothed 16 times, 128, is not 1 to 120"):
        animate_panel(doc, sampler, doc.board.panels[0].id, smooth=16)
    with pytest.raises(EngineError, match="seed was -1"):
        animate_panel(doc, sampler, panel.id, motion_seed=-1)
    with pytest.raises(DocumentError, match="no panel zork"):
        animate_panel(doc, sampler, "zork")
    for late in range(3):
        asked = iter([False] * late + [True])
        with pytest.raises(CancelledError, match="animating panel 1 was stopped"):
            animate_panel(doc, sampler, panel.id, cancelled=lambda asked=asked: next(asked))
    path = doc.picture(panel)
    assert path is not None
    path.write_bytes(b"no picture")  # changed since it was stored: as good as lost
    with pytest.raises(EngineError, match="panel 1 has no picture to animate"):
        animate_panel(doc, sampler, panel.id)
    with Document.open(doc.path, read_only=True) as looked, pytest.raises(DocumentError, match="is open read-only"):
        animate_panel(looked, sampler, panel.id)
    assert doc.board == before

    doc.apply(add_take(panel.id, Take(id="D", media=doc.add_media(b"no picture"), model=ModelRef(name="m"))))
    with pytest.raises(EngineError, match="draw panel 1 again first"):
        animate_panel(doc, sampler, panel.id)
