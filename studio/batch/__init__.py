"""Many stories: each becomes a board and, if asked for, its films; one that fails is recorded and the rest goes on.

    from studio.batch import BatchOptions, pick_shard, read_stories, run_batch

    stories = pick_shard(read_stories(["stories.jsonl"]), 2, 8)
    report = run_batch(stories, "out", BatchOptions(formats=("mp4",)), skip_existing=True)

Public names (stable):

    Story, Refused, read_stories(sources), pick_shard(entries, number, count)                      stories.py
    BatchOptions, Painter, Outcome                                                                 drawing.py
    report_path(folder, number, count)                                                             report.py
    run_batch(stories, folder, options, ...) -> BatchReport                                        run.py
    RaySettings                                                                                    ray_engine.py

Importing this loads neither torch nor Ray. Errors are StudioError's children.
"""

from studio.batch.drawing import BatchOptions, Outcome, Painter
from studio.batch.ray_engine import RaySettings
from studio.batch.report import report_path
from studio.batch.run import BatchReport, run_batch
from studio.batch.stories import Refused, Story, pick_shard, read_stories

__all__ = [
    "BatchOptions",
    "BatchReport",
    "Outcome",
    "Painter",
    "RaySettings",
    "Refused",
    "Story",
    "pick_shard",
    "read_stories",
    "report_path",
    "run_batch",
]
