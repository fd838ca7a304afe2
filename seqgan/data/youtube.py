"""Fetch the videos of a published list of YouTube ids, one `category/id` a line, as GTT2V's list has them.

    fetch_list(Path("t2v_list.txt"), Path("videos"), agree=lambda question: True)

The videos come through the user's own yt-dlp, one after another, without sound: `videos/CATEGORY/ID.mp4`, and beside
each `ID.json` with its title, description, licence and category, which `data prepare clips` reads. A list is only a
pointer: many of its videos are gone, and none may be passed on because it could be fetched. What failed is kept in
`failed.json`; a later run goes on with what is missing, and asks no more for what is gone for good.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from seqgan.data.fetch import Say, sha256_of, size_text
from seqgan.data.readers.entries import check_name
from seqgan.errors import DataError

ID = re.compile(r"[\w-]{11}", re.ASCII)
EACH = 10_000_000
"""Bytes of a video, as a guess: three minutes at 480 lines without sound."""
FORMAT = "bv*[height<=480][ext=mp4]/bv*[height<=480]/b[height<=480]/b"
SECONDS = 1800
"""Time limit of one video."""
IN_A_ROW = 5
"""Videos that may fail one after another, not being gone, before the run is given up."""
WORDS = 160
"""Letters that are kept of what yt-dlp says."""
GONE = re.compile(r"unavailable|private|removed|terminated|copyright|deleted|not available|no longer|members-only",
                  re.IGNORECASE)  # fmt: skip
"""What yt-dlp says of a video that will not come back."""
FAILED = "failed.json"
TERMS = (
    "YouTube's terms allow a download only where the service or the video's owner does. Each keeps the licence of "
    "its owner, which is written beside it; most are not free. Pass none of them on, and delete what its owner deletes."
)
KEPT = {"title": "title", "description": "description", "license": "licence", "channel": "channel",
        "upload_date": "upload_date", "duration": "seconds", "webpage_url": "url"}  # fmt: skip
"""What is kept of yt-dlp's record, and under which name."""


@dataclass(frozen=True)
class Listed:
    """A video of a list: its category, and its id of 11 signs."""

    category: str
    id: str

    def record(self, out: Path) -> Path:
        """The file that says that the video is there, and what it is."""
        return out / self.category / f"{self.id}.json"


@dataclass(frozen=True)
class Outcome:
    """How many videos were there before, came, are gone for good, and may come another time."""

    before: int
    fetched: int
    gone: int
    failed: int


def read_list(path: Path) -> tuple[list[Listed], list[str]]:
    """The videos of a list, each once, and what was wrong with other lines. Raises DataError where no line is right."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise DataError(f"{path} cannot be read ({error}); expected lines such as playing golf/AbCdEfGhIjK") from None
    found, wrong = dict[str, Listed](), list[str]()
    for number, line in enumerate(lines, start=1):
        category, _, name = line.strip().rpartition("/")
        if not line.strip():
            continue
        if not category or not ID.fullmatch(name):
            wrong.append(f"line {number}: {line.strip()[:60]!r} is no category/id")
        elif name in found:
            wrong.append(f"line {number}: {name} stands in {found[name].category} already")
        else:
            found[name] = Listed(check_name(category, path), name)
    if not found:
        raise DataError(f"{path} has no line such as playing golf/AbCdEfGhIjK{': ' + wrong[0] if wrong else ''}")
    return list(found.values()), wrong


def fetch_list(path: Path, out: Path, agree: Callable[[str], bool], say: Say = print, most: int = 0) -> Outcome:
    """Fetch what is missing of a list into `out`, `most` videos at most (0: all); terms and sizes are told first.

    Raises DataError for a list that cannot be read, a missing yt-dlp, a full disk, no agreement, or when IN_A_ROW
    videos fail one after another.
    """
    listed, wrong = read_list(path)
    program = client()
    failures = _failures(out)
    missing = [each for each in listed if not each.record(out).is_file() and not _gone(failures.get(each.id, ""))]
    wanted = missing[:most] if most else missing
    before, gone = sum(each.record(out).is_file() for each in listed), sum(_gone(why) for why in failures.values())
    _tell(path, listed, wrong, wanted, before, gone, out, say)
    if wanted and not agree(f"Fetch {len(wanted):,} videos into {out}?"):
        raise DataError("nothing was fetched, as the question was not answered by yes; give --yes to agree beforehand")
    results = Counter(_fetch_all(program, wanted, out, failures, say))
    return Outcome(before, results["fetched"], gone + results["gone"], results["failed"])


def client() -> list[str]:
    """The command that starts yt-dlp: the user's own program, else the package. Raises DataError without either."""
    if found := shutil.which("yt-dlp"):
        return [found]
    if find_spec("yt_dlp"):
        return [sys.executable, "-m", "yt_dlp"]
    raise DataError("yt-dlp is not installed; install the extra: pip install 'seqgan-studio[video]'")


def _failures(out: Path) -> dict[str, str]:
    try:
        held = json.loads((out / FAILED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(why) for name, why in held.items()} if isinstance(held, dict) else {}


def _gone(why: str) -> bool:
    return bool(GONE.search(why))


def _tell(
    path: Path, listed: Sequence[Listed], wrong: Sequence[str], wanted: Sequence[Listed], before: int, gone: int,
    out: Path, say: Say,
) -> None:  # fmt: skip
    """Say what there is to fetch, how much it is, and on what terms."""
    kinds = Counter(each.category for each in listed)
    told = ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common())
    say(f"{path.name}: {len(listed):,} videos of {len(kinds)} categories: {told}.")
    if wrong:
        say(f"{len(wrong)} lines are left out; the first: {wrong[0]}")
    say(f"{before:,} are in {out} already, {gone:,} are gone; {len(wanted):,} to fetch, about "
        f"{size_text(EACH * len(wanted))} if all were still there (many are not).")  # fmt: skip
    say(TERMS)
    place = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
    if (free := shutil.disk_usage(place).free) < EACH * len(wanted):
        raise DataError(f"{place} has {size_text(free)} free; make room, or fetch fewer with --most")


def _fetch_all(
    program: Sequence[str], wanted: Sequence[Listed], out: Path, failures: dict[str, str], say: Say
) -> Iterator[str]:
    """Fetch one video after another; yields "fetched", "gone" or "failed" for each."""
    in_a_row = 0
    for number, each in enumerate(wanted, start=1):
        why = _fetch_one(program, each, out)
        failures.pop(each.id, None)
        if why:
            failures[each.id] = why
        _write(out / FAILED, failures)
        say(f"{number:,}/{len(wanted):,} {each.category}/{each.id}: {why or 'fetched'}")
        in_a_row = in_a_row + 1 if why and not _gone(why) else 0
        if in_a_row == IN_A_ROW:
            raise DataError(f"{IN_A_ROW} videos in a row failed, the last with: {why}; look at the connection and run "
                            "the same command again")  # fmt: skip
        yield "fetched" if not why else "gone" if _gone(why) else "failed"


def _write(path: Path, record: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def _fetch_one(program: Sequence[str], each: Listed, out: Path) -> str:
    """Fetch a video and put it in its place, its record last; says why it failed, "" where it did not."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=out) as part:
        if why := _run(program, each.id, Path(part)):
            return why
        films = [path for path in Path(part).iterdir() if path.suffix not in (".json", ".part", ".ytdl")]
        if len(films) != 1:
            return f"yt-dlp left {len(films)} files, one was expected"
        record = _record(each, Path(part), films[0])
        folder = each.record(out).parent
        folder.mkdir(parents=True, exist_ok=True)
        films[0].replace(folder / f"{each.id}{films[0].suffix}")
        _write(each.record(out), record)
    return ""


def _run(program: Sequence[str], name: str, folder: Path) -> str:
    words = ["--ignore-config", "--no-playlist", "--quiet", "--no-warnings", "--no-cache-dir", "--socket-timeout", "30",
             "--retries", "3", "--format", FORMAT, "--write-info-json", "--output", str(folder / "%(id)s.%(ext)s"),
             f"https://www.youtube.com/watch?v={name}"]  # fmt: skip
    try:
        done = subprocess.run([*program, *words], capture_output=True, text=True, errors="replace", timeout=SECONDS,
                              stdin=subprocess.DEVNULL, check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"took longer than {SECONDS} s"
    except OSError as error:
        raise DataError(f"{program[0]} cannot be started ({error}); install yt-dlp again") from None
    lines = (done.stderr or done.stdout).strip().splitlines() or [f"yt-dlp ended with code {done.returncode}"]
    return lines[-1].removeprefix("ERROR: ")[:WORDS] if done.returncode else ""


def _record(each: Listed, folder: Path, film: Path) -> dict[str, Any]:
    """What is kept of a video."""
    try:
        told = json.loads((folder / f"{each.id}.info.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    kept = {ours: told[theirs] for theirs, ours in KEPT.items() if told.get(theirs) is not None}
    return {"id": each.id, "category": each.category, **kept, "licence": kept.get("licence") or "YouTube standard",
            "sha256": sha256_of(film)}  # fmt: skip
