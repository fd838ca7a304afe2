"""Look over a prepared data set: leaks between splits, missing media, broken captions and labels.

problems = check_data(Path("data/theatre"))     # [] for a good one
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from seqgan.data.check_pictures import PictureCheck
from seqgan.data.check_sequences import check_sequences
from seqgan.data.check_stories import StoryCheck
from seqgan.data.manifest import DataHash, Record, pixel_digest, read_about, read_lines
from seqgan.data.problems import Found, KindCheck
from seqgan.data.sequences import KIND as SEQUENCES
from seqgan.errors import DataError

CHECKS: dict[str, Callable[[Path, Record, Found], KindCheck]] = {"story": StoryCheck, "picture": PictureCheck}


def check_data(folder: Path | str, pixels: bool = True, progress: Callable[[int], None] | None = None) -> list[str]:
    """Every problem of a prepared data set in words; [] for a good one.

    `pixels` also decodes every picture, looks for near-duplicates and recomputes the data hash; `progress` is told the
    records looked at.
    """
    folder, found = Path(folder), Found()
    try:
        about = read_about(folder)
        if about.get("kind") == SEQUENCES:
            return check_sequences(folder, about, pixels, progress)
        lines = list(read_lines(folder))
    except DataError as error:
        return [str(error)]
    if about.get("kind") not in CHECKS:
        known = ", ".join((*CHECKS, SEQUENCES))
        return [f"{folder / 'dataset.json'} tells of {about.get('kind')!r} data; known are {known}"]
    check = CHECKS[about["kind"]](folder, about, found)
    records, value = _look(check, lines, found, pixels, progress)
    if value is not None and value != about.get("hash"):
        found.add("hash", f"the data hash is {value[:12]}..., dataset.json says {str(about.get('hash'))[:12]}...")
    _counts(records, about, check, found)
    check.together(records)
    return found.all


def _look(
    check: KindCheck, lines: Sequence[tuple[int, str]], found: Found, pixels: bool,
    progress: Callable[[int], None] | None,
) -> tuple[list[Record], str | None]:  # fmt: skip
    """The records that can be used, and the data hash where every record and picture could be read."""
    records, digest, whole = [], DataHash(), pixels
    for done, (number, line) in enumerate(lines, start=1):
        record = _record(number, line, check.fields, found)
        if record is not None:
            if check.record(record):
                records.append(record)
            whole = _media(check, record, line, digest, found) and whole if pixels else False
        if progress:
            progress(done)
    return records, digest.value if whole else None


def _record(number: int, line: str, fields: Sequence[str], found: Found) -> Record | None:
    """A manifest line as a record with all its fields, or None and a problem."""
    try:
        record = json.loads(line)
    except ValueError:
        found.add("manifest", f"manifest line {number} is not JSON")
        return None
    missing = [name for name in fields if name not in record] if isinstance(record, dict) else ["everything"]
    if missing:
        found.add("manifest", f"manifest line {number} lacks {', '.join(missing)}")
        return None
    return record


def _media(check: KindCheck, record: Record, line: str, digest: DataHash, found: Found) -> bool:
    """That a record's picture is there and has its size; feeds the hash. False where it cannot be fed."""
    try:
        digest.add(line, pixel_digest(check.pixels(record)))
    except DataError as error:
        found.add("media", f"{record['id']}: {error}")
        return False
    return True


def _counts(records: Sequence[Record], about: Record, check: KindCheck, found: Found) -> None:
    """Unique ids, and as many records a split as dataset.json says."""
    for name, times in Counter(record["id"] for record in records).items():
        if times > 1:
            found.add("ids", f"the id {name} stands in {times} records")
    counts, wanted = Counter(record["split"] for record in records), about.get("counts", {})
    for split in sorted(counts.keys() | wanted.keys()):
        if counts[split] != wanted.get(split, 0):
            found.add("counts", f"split {split} has {counts[split]} {check.unit}, dataset.json says "
                      f"{wanted.get(split, 0)}")  # fmt: skip
