"""`studio batch`: many stories become boards and films."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli import options
from studio.cli.console import Console, Interruptible

if TYPE_CHECKING:
    from studio.batch import BatchOptions, BatchReport, Outcome, RaySettings, Refused, Story


class Runner(StrEnum):
    """Where stories are drawn."""

    local = "local"
    ray = "ray"


@options.takes_export
def batch(
    stories: Annotated[
        list[Path],
        typer.Argument(
            metavar="STORIES.jsonl...",
            help='Files with one {"id": ..., "story": ...} a line, text files, or folders of text files.',
        ),
    ],
    out: options.OutFolder,
    export: options.Export,
    shard: Annotated[str, typer.Option("--shard", metavar="I/N", help="Only every N-th story, from the I-th.")] = "1/1",
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Leave out stories that are done as they are asked for now.")
    ] = False,
    engine: Annotated[
        Runner, typer.Option("--engine", help="local: one after the other; ray: by workers of Ray (extra ray).")
    ] = Runner.local,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Workers of Ray, each with a model of its own; default 2.")
    ] = None,
    gpus_per_worker: Annotated[
        float | None, typer.Option("--gpus-per-worker", min=0.0, help="Share of a GPU for each worker of Ray.")
    ] = None,
    draw_with: Annotated[
        options.Engine, typer.Option("--draw-with", help="What draws: see studio film --engine.")
    ] = options.Engine.gan,
    model: options.Model = None,
    seed: options.Seed = 0,
    takes: options.Takes = 1,
    split: options.SplitMode = options.Split.sentence,
    cast: options.Cast = None,
    device: options.Device = "auto",
    precision: options.Precision = options.PrecisionName.float32,
    force: options.Force = False,
    to: options.To = "",
    as_json: options.Json = False,
) -> int:
    """Draw many stories.

    Each becomes DIR/ID.board and, with --to, the files of studio film. A line may also give title, seed, cast, model
    and takes. How each went is told in DIR/batch.jsonl (batch-I-of-N.jsonl with --shard); one that fails does not stop
    the rest.
    """
    from studio.batch import BatchOptions

    console = Console(as_json)
    chosen = BatchOptions(
        draw_with=draw_with.value,
        model=model,
        device=device,
        precision=precision,
        seed=seed,
        takes=takes,
        split=split.value,
        cast=options.read_cast(cast),
        force=force,
        formats=_formats(to),
        film=export.read(),
    )
    report = _run(
        console, stories, out, read_shard(shard), chosen, skip_existing, _ray(engine, workers, gpus_per_worker)
    )
    console.result({**report.counts, "report": str(report.path), "stories": _told(report)}, [_summary(out, report)])
    return exit_code(report)


def read_shard(text: str) -> tuple[int, int]:
    """Read "2/8" as (2, 8).

    Raises:
        typer.BadParameter: for anything else, and for a number that is not 1 to N.
    """
    number, _, count = text.partition("/")
    numbers = all(part.isascii() and part.isdigit() for part in (number, count))
    if numbers and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise typer.BadParameter(f'--shard "{text}" cannot be read; write it like 2/8, from 1/8 to 8/8')


def _formats(to: str) -> tuple[str, ...]:
    from studio.export import parse_formats

    return tuple(parse_formats(to)) if to else ()


def _ray(engine: Runner, workers: int | None, gpus: float | None) -> RaySettings | None:
    from studio.batch import RaySettings

    if engine is Runner.ray:
        return RaySettings(workers or RaySettings.workers, gpus or 0.0)
    if workers is not None or gpus is not None:
        raise typer.BadParameter(
            "--workers and --gpus-per-worker are of --engine ray; or share the stories with --shard"
        )
    return None


def _run(
    console: Console,
    sources: list[Path],
    out: Path,
    shard: tuple[int, int],
    chosen: BatchOptions,
    skip_existing: bool,
    ray: RaySettings | None,
) -> BatchReport:
    from studio.batch import pick_shard, read_stories, run_batch
    from studio.errors import EngineError

    everything = list(read_stories(sources))
    if not everything:
        raise _nothing(sources)
    mine = pick_shard(everything, *shard)
    _tell_ignored(console, mine)
    done: list[Outcome] = []

    def on_story(outcome: Outcome) -> None:
        done.append(outcome)
        if outcome.error:
            console.note(outcome.error if outcome.source in outcome.error else f"{outcome.source}: {outcome.error}")
        console.step("stories", len(done), len(mine), story=outcome.id or outcome.source, outcome=outcome.outcome)

    try:
        with console.progress(), Interruptible() as stop:
            return run_batch(
                mine, out, chosen, shard=shard, skip_existing=skip_existing, ray=ray, on_story=on_story, cancelled=stop
            )
    except EngineError as error:
        if ray is not None or chosen.draw_with == "stage":
            raise
        raise EngineError(f"{error}; --draw-with stage composes the panels from art, without a model") from error


def _nothing(sources: list[Path]) -> Exception:
    from studio.errors import StoryError

    named = ", ".join(map(str, sources))
    return StoryError(f'{named} holds no story; write one {{"id": "walk", "story": "Mia walks. She waves."}} a line')


def _tell_ignored(console: Console, stories: list[Story | Refused]) -> None:
    from studio.batch import Story

    for key in dict.fromkeys(key for story in stories if isinstance(story, Story) for key in story.ignored):
        console.note(f'"{key}" is not read; a line holds id, story, title, seed, cast, model, takes')


def _told(report: BatchReport) -> list[dict[str, object]]:
    return [
        {"id": each.id, "source": each.source, "outcome": each.outcome, "error": each.error, "files": each.files}
        for each in report.outcomes
    ]


def _summary(out: Path, report: BatchReport) -> str:
    said = ", ".join(f"{count} {name}" for name, count in report.counts.items() if count) or "no story in this shard"
    if report.stopped:
        said += "; stopped: the same command with --skip-existing draws the rest"
    return f"{out}: {said} (see {report.path})" if report.path.exists() else f"{out}: {said}"


def exit_code(report: BatchReport) -> int:
    """130 if it was stopped, 0 if every story is done, 1 if none is, 3 if some are or one is half drawn."""
    from seqgan import edge

    counts = report.counts
    if report.stopped:
        return edge.INTERRUPTED
    if not counts["failed"] + counts["partly"]:
        return 0
    return edge.PARTLY if counts["done"] + counts["skipped"] + counts["partly"] else edge.USER_ERROR
