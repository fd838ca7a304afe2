"""Cast packs: a folder with `cast.yaml` and pictures, from which the stage composes panels.

    pack = CastPack.shipped()                  # assets/cast/fluent
    pack = CastPack.load(Path("my-cast"))      # a user's own; DataError with the first problem and how many there are
    check_pack(Path("my-cast"))                # every problem at once, in words; [] for a good pack

The smallest pack is one character with one picture; settings and props may be few or none (a pack without settings
gets a plain one). The file `cast.yaml`:

    format: 1                                  # required
    name: my-cast                              # optional, as are title, licence and attribution (a list of lines)
    characters:                                # required, at least one; the key is the id (a-z, 0-9, - and _)
      anna:
        name: Anna                             # required, no two alike
        kind: girl                             # required, the noun the grammar uses
        pronoun: she                           # she, he, it or they; default it
        words: [lass]                          # other nouns, singular; optional
        looks: a girl in a green coat          # optional, for people to read
        pictures:                              # `stand` is required; other actions fall back to it and a pose
          stand: anna.png                      # a path inside the folder, or a mapping:
          run: {file: run.png, faces: left, scale: 1.2, hat: [0.5, 0.06, 0.25, 0], scarf: [0.5, 0.24, 0.22, 0]}
    settings:
      park: {words: [garden], picture: park.png, indoor: false, sky: park-sky.png, lamp: [0.2, 0.4]}
    props:
      ball: {words: [football], picture: ball.png, scale: 1.0, lift: 0.0}
    marks:                                     # optional pictures: bicycle, zzz, dust, hand
      bicycle: {picture: bike.png, faces: left}

A picture is PNG or WebP with transparent ground (a setting: opaque, best 16:9). `faces` is where it looks: left, right
or front (default). `scale` makes the figure larger or smaller than others. `hat` and `scarf` are [x, y, width, angle]:
the middle of the hat's brim and of the scarf in shares of the figure's box, the width as a share of the box's longer
side, the angle clockwise in degrees. `tint: "#8a5cf0"` colours the pale cloth in the lower part of a picture. `indoor`
settings have no weather. `sky` is a grey picture, white where the sky (or a window) is; `lamp` is the place of a lamp
that is lit at night. `lift` raises a prop above the ground (share of height).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seqgan.data.theatre.pack_reading import PackReader
from seqgan.errors import DataError
from seqgan.resources import asset

FORMAT = 1


@dataclass(frozen=True)
class Picture:
    """One picture of a figure: file, where it looks, where hat and scarf go ([x, y, width, angle]), its tint (RGB)."""

    path: Path
    faces: str = "front"
    scale: float = 1.0
    hat: tuple[float, float, float, float] | None = None
    scarf: tuple[float, float, float, float] | None = None
    tint: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Character:
    """One member of the cast. `words` are nouns besides `kind`; `art` has one Picture per action, `stand` at least."""

    id: str
    name: str
    kind: str
    pronoun: str
    words: tuple[str, ...]
    looks: str
    art: Mapping[str, Picture]

    @property
    def pictures(self) -> dict[str, Path]:
        """The picture file of each action that has one of its own."""
        return {action: picture.path for action, picture in self.art.items()}


@dataclass(frozen=True)
class Setting:
    """One backdrop. `indoor` settings (a room, space) have no weather; `sky` is a mask, `lamp` a lit place at night."""

    id: str
    words: tuple[str, ...]
    picture: Path | None
    indoor: bool = False
    sky: Path | None = None
    lamp: tuple[float, float] | None = None


@dataclass(frozen=True)
class Prop:
    """One thing. `scale` is relative to other props, `lift` how far above the ground it hangs (share of height)."""

    id: str
    words: tuple[str, ...]
    picture: Path
    scale: float = 1.0
    lift: float = 0.0


@dataclass(frozen=True)
class CastPack:
    """A checked cast pack: characters, settings, props and marks by id, in the order of the file."""

    folder: Path
    name: str
    characters: Mapping[str, Character]
    settings: Mapping[str, Setting]
    props: Mapping[str, Prop]
    marks: Mapping[str, Picture] = field(default_factory=dict)
    licence: str = ""
    attribution: tuple[str, ...] = ()

    @classmethod
    def load(cls, folder: str | Path) -> CastPack:
        """Read and check the pack in `folder`.

        Raises:
            DataError: if anything is wrong; it names the first problem and how to see all of them.
        """
        reader = PackReader(Path(folder))
        pack = _build(reader)
        if reader.problems or pack is None:
            more = f" (and {len(reader.problems) - 1} more; `seqgan data check {folder}` lists all)"
            raise DataError(reader.problems[0] + (more if len(reader.problems) > 1 else ""))
        return pack

    @classmethod
    def shipped(cls) -> CastPack:
        """The pack that comes with the package: 12 characters, 10 settings, 24 props."""
        return cls.load(asset("cast", "fluent"))

    def digest(self) -> str:
        """SHA-256 over cast.yaml and every file it names: equal exactly when the pack draws the same pictures."""
        digest = hashlib.sha256((self.folder / "cast.yaml").read_bytes())
        for path in sorted(self._files()):
            digest.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def _files(self) -> set[Path]:
        figures = [picture.path for who in self.characters.values() for picture in who.art.values()]
        backdrops = [path for each in self.settings.values() for path in (each.picture, each.sky) if path]
        things = [prop.picture for prop in self.props.values()] + [mark.path for mark in self.marks.values()]
        return {*figures, *backdrops, *things}


def check_pack(folder: str | Path) -> list[str]:
    """Return every problem of the pack in `folder`, each one sentence with its place and its fix; [] if it is good."""
    reader = PackReader(Path(folder))
    _build(reader)
    return reader.problems


def _build(reader: PackReader) -> CastPack | None:
    """Turn what the reader finds into a pack; its problems gather in `reader.problems`."""
    data = reader.document(FORMAT)
    if data is None:
        return None
    characters = {key: _character(reader, key, entry) for key, entry in reader.entries(data, "characters")}
    if not characters:
        reader.problem("characters", "has no character; add at least one with a name, a kind and a `stand` picture")
    reader.distinct_names({key: who.name for key, who in characters.items()})
    settings = {key: _setting(reader, key, entry) for key, entry in reader.entries(data, "settings")}
    return CastPack(
        folder=reader.folder,
        name=reader.text(data, "", "name", reader.folder.name),
        characters=characters,
        settings=settings or {"stage": Setting("stage", ("place",), None)},
        props={key: _prop(reader, key, entry) for key, entry in reader.entries(data, "props")},
        marks={key: _mark(reader, key, entry) for key, entry in reader.entries(data, "marks")},
        licence=reader.text(data, "", "licence", ""),
        attribution=reader.words(data, "", "attribution"),
    )


def _character(reader: PackReader, key: str, entry: dict[str, object]) -> Character:
    where = f"characters.{key}"
    known = ("name", "kind", "pronoun", "words", "looks", "pictures")
    reader.known_keys(entry, where, known)
    art = {action: _picture(reader, f"{where}.pictures.{action}", value)
           for action, value in reader.actions(entry, where)}  # fmt: skip
    return Character(
        id=key,
        name=reader.text(entry, where, "name"),
        kind=reader.text(entry, where, "kind"),
        pronoun=reader.choice(entry, where, "pronoun", ("she", "he", "it", "they"), "it"),
        words=reader.words(entry, where, "words"),
        looks=reader.text(entry, where, "looks", ""),
        art={action: picture for action, picture in art.items() if picture is not None},
    )


def _picture(reader: PackReader, where: str, value: object) -> Picture | None:
    entry = {"file": value} if isinstance(value, str) else value
    if not isinstance(entry, dict):
        reader.problem(where, f"is {value!r}; give a file name, or a mapping with `file`")
        return None
    reader.known_keys(entry, where, ("file", "faces", "scale", "hat", "scarf", "tint"))
    return Picture(
        path=reader.picture(entry, where, "file"),
        faces=reader.choice(entry, where, "faces", ("front", "left", "right"), "front"),
        scale=reader.number(entry, where, "scale", 1.0, 0.1, 3.0),
        hat=reader.place(entry, where, "hat"),
        scarf=reader.place(entry, where, "scarf"),
        tint=reader.colour(entry, where, "tint"),
    )


def _setting(reader: PackReader, key: str, entry: dict[str, object]) -> Setting:
    where = f"settings.{key}"
    reader.known_keys(entry, where, ("words", "picture", "indoor", "sky", "lamp"))
    return Setting(
        id=key,
        words=reader.words(entry, where, "words"),
        picture=reader.picture(entry, where, "picture"),
        indoor=reader.flag(entry, where, "indoor"),
        sky=reader.picture(entry, where, "sky") if "sky" in entry else None,
        lamp=reader.point(entry, where, "lamp"),
    )


def _prop(reader: PackReader, key: str, entry: dict[str, object]) -> Prop:
    where = f"props.{key}"
    reader.known_keys(entry, where, ("words", "picture", "scale", "lift"))
    return Prop(
        id=key,
        words=reader.words(entry, where, "words"),
        picture=reader.picture(entry, where, "picture"),
        scale=reader.number(entry, where, "scale", 1.0, 0.1, 3.0),
        lift=reader.number(entry, where, "lift", 0.0, 0.0, 0.6),
    )


def _mark(reader: PackReader, key: str, entry: dict[str, object]) -> Picture:
    where = f"marks.{key}"
    reader.known_keys(entry, where, ("picture", "faces"))
    if key not in ("bicycle", "zzz", "dust", "hand"):
        reader.problem(where, "is not a mark the stage knows; use bicycle, zzz, dust or hand, or remove it")
    path = reader.picture(entry, where, "picture")
    return Picture(path, reader.choice(entry, where, "faces", ("front", "left", "right"), "front"))
