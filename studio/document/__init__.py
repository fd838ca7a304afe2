"""Boards on disk: models, commands, journal, media, marks. Imports pydantic and the standard library, no seqgan parts.

Public names (stable; all can be imported from ``studio.document``):

    Board, Panel, Take, Given, Transition, Camera, ModelRef, Note, Manifest    frozen models (schema.py)
    Document                                           an open board (document.py):
        Document.create(path, board), Document.open(path, read_only=False), .close(), ``with``
        .board .path .manifest .revision .read_only .read_only_reason .problems .can_undo .can_redo
        .apply(command) .undo() .redo() -> Board; .unsaved, .wanted, .retry(): changes that the disk refused
        .add_media(bytes, suffix="png") -> sha256, .read_media(sha256) -> bytes,
        .media_path(sha256 or take) -> Path | None, .picture(panel or take) -> Path | None
        .compact(), .save_version(name), .keep_before(what), .versions(), .backups(), .restore_version(path)
    read_version(path) -> Version(path, name, moment, board or None, problem), restoring(board)     versions.py
    new_board(title, sentences, story=, seed=, split=, cast=), retell(board, story, sentences)     build.py
    set_title, set_text, set_words, set_duration, set_transition, set_camera, set_seed, set_cast, set_model, set_notes,
    set_knobs, lock, star, star_take, pick_take, add_take, insert_panel(board, index, text), delete_panel,
    duplicate_panel(board, id), set_logline              commands (edits.py), and Batch, many as one (commands.py);
                                                       each goes to ``Document.apply``
    Scene; scene_of(board, panel), beginnings(board), shot_names(board), name_scene(board, id, title),
    move_panel(board, id, index)                                                                   scenes.py
    split_panel(board, id, at), merge_panels(board, id)                                            cutting.py
    default_duration_ms(text), duration_of(panel), total_duration(board)                           durations.py
    marks(board, panel) -> Marks(drawn, changed, context), all_marks(board), knobs_of(board, panel),
    input_hash, context_hash, context_hashes(board), NO_CONTEXT                                    marks.py
    panel_seed(board_seed, ordinal), take_seed(panel_seed, number), DEFAULT_BOARD_SEED             seeds.py
    pack_board(folder, boardz), unpack_board(boardz, folder), open_board(path),
    packed(doc) -> bytes of a .boardz, save_copy(doc, folder, title="") -> folder                  archive.py
    new_id(), now()                                                                                ids.py

Errors are ``studio.errors.DocumentError``. Quick changes of one field (within 1.5 s) are one step of undo.
"""

from studio.document.archive import open_board, pack_board, packed, save_copy, unpack_board
from studio.document.build import new_board, retell
from studio.document.commands import Batch, Command
from studio.document.cutting import merge_panels, split_panel
from studio.document.document import Document
from studio.document.durations import default_duration_ms, duration_of, total_duration
from studio.document.edits import (
    add_take,
    delete_panel,
    duplicate_panel,
    insert_panel,
    lock,
    pick_take,
    set_camera,
    set_cast,
    set_duration,
    set_knobs,
    set_logline,
    set_model,
    set_notes,
    set_seed,
    set_text,
    set_title,
    set_transition,
    set_words,
    star,
    star_take,
)
from studio.document.ids import new_id, now
from studio.document.marks import (
    NO_CONTEXT,
    Marks,
    all_marks,
    context_hash,
    context_hashes,
    input_hash,
    knobs_of,
    marks,
)
from studio.document.scenes import beginnings, move_panel, name_scene, scene_of, shot_names
from studio.document.schema import Board, Camera, Given, Manifest, ModelRef, Note, Panel, Scene, Take, Transition
from studio.document.seeds import DEFAULT_BOARD_SEED, panel_seed, take_seed
from studio.document.versions import Version, read_version, restoring

__all__ = [
    "DEFAULT_BOARD_SEED",
    "NO_CONTEXT",
    "Batch",
    "Board",
    "Camera",
    "Command",
    "Document",
    "Given",
    "Manifest",
    "Marks",
    "ModelRef",
    "Note",
    "Panel",
    "Scene",
    "Take",
    "Transition",
    "Version",
    "add_take",
    "all_marks",
    "beginnings",
    "context_hash",
    "context_hashes",
    "default_duration_ms",
    "delete_panel",
    "duplicate_panel",
    "duration_of",
    "input_hash",
    "insert_panel",
    "knobs_of",
    "lock",
    "marks",
    "merge_panels",
    "move_panel",
    "name_scene",
    "new_board",
    "new_id",
    "now",
    "open_board",
    "pack_board",
    "packed",
    "panel_seed",
    "pick_take",
    "read_version",
    "restoring",
    "retell",
    "save_copy",
    "scene_of",
    "set_camera",
    "set_cast",
    "set_duration",
    "set_knobs",
    "set_logline",
    "set_model",
    "set_notes",
    "set_seed",
    "set_text",
    "set_title",
    "set_transition",
    "set_words",
    "shot_names",
    "split_panel",
    "star",
    "star_take",
    "take_seed",
    "total_duration",
    "unpack_board",
]
