"""The card of a checkpoint: README.md with recipe, data, figures, samples, neighbours, limits and licence.

    write_card(Path("assets/models/theatre-64"), [reading_run, drawing_run])

Figures come from the checkpoint's `eval.json` and config, the recipe from the run folders; nothing is typed in by hand
but `limits`. `samples.png` is drawn anew, `neighbours.png` is shown where the evaluation left it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from seqgan.checkpoints.format import read_config, weights_hash
from seqgan.errors import DataError
from seqgan.sampling.bench import STORY
from seqgan.sampling.sheet import story_sheet
from seqgan.sampling.story import StorySampler
from seqgan.training.pictures import save_picture
from seqgan.training.reports import figure_rows, read_report
from seqgan.training.run_dir import RunDir

SAMPLE_SEEDS = range(8)
STORY_LIMITS = (
    "Draws its own theatre and nothing else: the cast, settings, props and actions of its data set, at its own size.",
    "English as the theatre's grammar writes it is read best; other words are mapped to known ones or left out, which "
    "the sampler's notes say.",
    "Small things blur: hats and scarves, faces seen from far away; where three characters meet, more so.",
    "Figures are measured by a judge that was trained on real panels of the same theatre: they say that the right "
    "things can be recognised, not that the picture is beautiful.",
)
JUDGE_ABOUT = (
    "Says what a panel shows: characters, props, setting, time, weather, shot, and each character's action, look, size "
    "and place. It measures generators."
)
JUDGE_LIMITS = (
    "Knows the panels of one theatre at one size; anything else is answered just as surely and means nothing.",
    "Measures whether things can be recognised. It has no part in training or choosing a generator.",
)


def write_card(
    folder: Path, runs: Sequence[Path], limits: Sequence[str] = STORY_LIMITS, device: str = "auto", remark: str = ""
) -> Path:  # fmt: skip
    """Write README.md and samples.png of a story checkpoint from its runs, in the order they were made.

    `remark` stands under the recipe: what the runs' own records do not tell.

    Raises CheckpointError for a folder that is no checkpoint, DataError for a run folder without options.
    """
    sampler = StorySampler.load(folder, device)
    save_picture(story_sheet(sampler, STORY, list(SAMPLE_SEEDS)), folder / "samples.png")
    shown = "".join(f"{number}. {sentence}\n" for number, sentence in enumerate(STORY, start=1))
    parts = [
        card_head(folder, "Draws stories panel by panel."), _recipe(folder, runs, remark), figures_part(folder),
        f"## Samples\n\nOne story, board seeds {SAMPLE_SEEDS[0]} to {SAMPLE_SEEDS[-1]}, one row each, not chosen:\n\n"
        f"{shown}\n![samples](samples.png)", _neighbours(folder), limits_part(folder, limits),
    ]  # fmt: skip
    return write_parts(folder, parts)


def write_judge_card(folder: Path, run: Path, confusion: Sequence[Sequence[str]]) -> Path:
    """Write README.md of a judge; `confusion` are lines of cells, the first one the head."""
    table = markdown_table(confusion)
    parts = [
        card_head(folder, JUDGE_ABOUT), _recipe(folder, [run]), figures_part(folder),
        "## Confusion of characters\n\nRows: shown in real test panels; columns: seen. A miss counts in equal parts "
        f"against whatever was wrongly seen in its place, else under \"nothing\".\n\n{table}",
        limits_part(folder, JUDGE_LIMITS),
    ]  # fmt: skip
    return write_parts(folder, parts)


def run_seconds(log: Sequence[dict[str, Any]]) -> float:
    """Time of a run from its log: the seconds start again at 0 whenever a run is resumed."""
    seconds = [record["seconds"] for record in log if "seconds" in record]
    ends = [now for now, after in pairwise([*seconds, -1.0]) if after < now]
    return float(sum(ends))


def read_run(folder: Path) -> dict[str, Any]:
    """What a run folder tells: preset, options, machine, images seen and seconds."""
    path = folder / "options.json"
    if not path.is_file():
        raise DataError(f"{path} is missing; give the folder of a training run")
    options, log = json.loads(path.read_text(encoding="utf-8")), RunDir(folder).read_log()
    seen = [record["images"] for record in log if "images" in record]
    return {**options, "images": seen[-1] if seen else 0, "seconds": run_seconds(log)}


def card_head(folder: Path, about: str) -> str:
    """What it is, in a line: family, preset, origin, size, weights and their hash."""
    config, megabytes = read_config(folder), (folder / "model.safetensors").stat().st_size / 2**20
    size = "{}x{} pixels (height x width), ".format(*config["size"]) if "size" in config else ""
    return (
        f"# {folder.name}\n\n{about} {config['family']}, preset `{config['preset']}` ({config['origin']}), {size}"
        f"weights fp16, {megabytes:.1f} MiB, sha256 `{weights_hash(folder)[:16]}`."
    )


def _recipe(folder: Path, runs: Sequence[Path], remark: str = "") -> str:
    trained = read_config(folder)["trained_on"]
    used = trained.get("splits", ("train",))
    counts = ", ".join(f"{count:,} of {each}" for each, count in (trained.get("counts") or {}).items() if each in used)
    lines = [
        "## Data and recipe", "",
        f"Trained on composed theatre stories ({counts}), data seed {trained.get('seed')}, data hash "
        f"`{trained.get('hash')}`; `seqgan data prepare theatre` makes the same set anew.", "",
        "| step | preset | images seen | seed | time | machine |", "| --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    lines += [run_line(number, read_run(run)) for number, run in enumerate(runs, start=1)]
    told = [remark, ""] if remark else []
    return "\n".join([*lines, "", *told, "Resolved settings of each step:", "", *map(settings_line, runs)])


def run_line(number: int, run: dict[str, Any]) -> str:
    """A run as a row of the recipe's table."""
    machine = run["machine"]
    told = f"{machine['device']}, {machine['threads']} thread(s), {machine['precision']}, torch {machine['torch']}"
    hours, minutes = divmod(round(run["seconds"] / 60), 60)
    seed = run["options"].get("seed", 0)
    return f"| {number} | `{run['preset']}` | {run['images']:,} | {seed} | {hours} h {minutes:02} min | {told} |"


def settings_line(run: Path) -> str:
    """The resolved settings of a run as one line of JSON, without what only says how often it logs; of folders their
    names alone."""
    settings = {key: value for key, value in read_run(run)["options"].items() if key != "loop"}
    return f"    {json.dumps({key: _named(value) for key, value in settings.items()}, sort_keys=True)}\n"


def _named(value: Any) -> Any:
    """A folder's own name, and that of its run where it is a run's checkpoint; other values as they are."""
    if isinstance(value, list):
        return [_named(each) for each in value]
    if not isinstance(value, str):
        return value
    path = Path(value)
    return f"{path.parent.name}/{path.name}" if path.parent.name and path.name in ("checkpoint", "best") else path.name


def figures_part(folder: Path) -> str:
    """The tables of `eval.json`, one a data set."""
    tables = [figure_table(name, splits) for name, splits in read_report(folder / "eval.json").items()]
    return "## Figures\n\n" + ("\n\n".join(tables) or "Not measured yet: `seqgan evaluate` writes them.")


def figure_table(name: str, splits: dict[str, dict[str, Any]]) -> str:
    first = next(iter(splits.values()))
    table = markdown_table([[name, *splits], *figure_rows(splits)])
    return f"{table}\n\nProtocol: {first['protocol']}. Data hash `{first['data_hash']}`."


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells, the first one the head; all columns but the first are numbers."""
    lines = [rows[0], ["---", *["---:"] * (len(rows[0]) - 1)], *rows[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _neighbours(folder: Path) -> str:
    text = "## Nearest training panels\n\n"
    if not (folder / "neighbours.png").is_file():
        return text + "Not shown yet: `seqgan evaluate --sheet` draws them."
    return text + (
        "Fixed-seed samples (left of each pair) beside the nearest training panel (right), by block means of 4x4 "
        "pixels. The theatre has few backdrops, so near neighbours share theirs; `neighbour_distance_ratio` compares "
        "with real unseen panels of the same sentences.\n\n![nearest training panels](neighbours.png)"
    )


def limits_part(folder: Path, limits: Sequence[str]) -> str:
    """What it cannot do, and the licence."""
    told = "\n".join(f"- {limit}" for limit in limits)
    return f"## Limits\n\n{told}\n\n## Licence\n\n{read_config(folder)['licence']}; see NOTICE for the art."


def write_parts(folder: Path, parts: Sequence[str]) -> Path:
    """Write README.md from its parts, beside and then in place."""
    temporary = folder / "README.md.tmp"
    temporary.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return temporary.replace(folder / "README.md")
