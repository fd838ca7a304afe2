"""Drawing a story: engines behind one protocol, boards made and drawn, work in the background.

Public names (stable):

    open_engine(name="gan"|"stage"|"frame"|"auto", model=, size=, device=, threads=, pack=, precision=)
        -> RenderEngine                                                                                   engine.py
    make_board(text, path, engine, *, seed=0, cast=None, split_mode="sentence", title=None, knobs=None, force=False)
        -> Document                                                                                        board.py
    draw_board(doc, engine, panels="missing"|"changed"|"all"|[ids], *, takes=1, on_panel=None, cancelled=..., opened=)
        -> DrawReport(drawn, total, cancelled, notes, seconds, problems); on_panel gets PanelDrawn         draw.py
    panels_asked(doc, panels, takes) -> ids of what draw_board is going to draw; its on_next gets the rest  draw.py
    open_installed(name, device="auto") -> RenderEngine of a panel's own model                       own_models.py
    receive_board(boardz, path, force=False) -> Document: a shared board, unpacked                      received.py
    give_picture(doc, panel_id, file or bytes, name="") -> Take: a person's own picture                   given.py
    read_board(board, engine) -> reading (sentences, cast, notes) or None                                  board.py
    said_notes(board) -> [line]; name_of(path) -> title; take_pictures(doc, draft)                      board.py
    open_frames(model) -> sampler; draw_frames(sampler, text, seeds, style) -> singles; read_style     frames.py
    open_clips(model) -> sampler; draw_clips(sampler, text, seeds, motion_seeds, first) -> singles; read_first clips.py
    explain_take(engine, take) -> Explained(said, sheet): which words its picture looked at            explaining.py
    JobManager, JobSnapshot, Step, submit_draw(jobs, doc, engine, panels)                                  jobs.py

Importing this loads no torch; an engine loads what it needs when it is first asked. Errors are StudioError's children.
"""

from studio.rendering.board import make_board, move_away, name_of, read_board, said_notes, take_pictures
from studio.rendering.clips import draw_clips, open_clips, read_first
from studio.rendering.draw import DrawReport, PanelDrawn, draw_board, panels_asked
from studio.rendering.engine import DEFAULT_MODEL, ENGINES, RenderEngine, StoryReading, open_engine
from studio.rendering.engine_errors import GPU_FULL, free_memory
from studio.rendering.explaining import Explained, explain_take
from studio.rendering.frames import draw_frames, open_frames, read_style
from studio.rendering.given import give_picture
from studio.rendering.jobs import Again, JobManager, JobSnapshot, Step, submit_draw
from studio.rendering.knobs import PRECISIONS
from studio.rendering.own_models import open_installed
from studio.rendering.received import receive_board

__all__ = [
    "DEFAULT_MODEL",
    "ENGINES",
    "GPU_FULL",
    "PRECISIONS",
    "Again",
    "DrawReport",
    "Explained",
    "JobManager",
    "JobSnapshot",
    "PanelDrawn",
    "RenderEngine",
    "Step",
    "StoryReading",
    "draw_board",
    "draw_clips",
    "draw_frames",
    "explain_take",
    "free_memory",
    "give_picture",
    "make_board",
    "move_away",
    "name_of",
    "open_clips",
    "open_engine",
    "open_frames",
    "open_installed",
    "panels_asked",
    "read_board",
    "read_first",
    "read_style",
    "receive_board",
    "said_notes",
    "submit_draw",
    "take_pictures",
]
