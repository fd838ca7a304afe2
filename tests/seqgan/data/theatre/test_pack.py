"""Cast packs: the one that ships, users' own, and every way in which one can be wrong."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from seqgan.data.theatre.pack import CastPack, check_pack
from seqgan.data.theatre.world import ACTIONS, CHARACTERS, PROPS, SETTINGS
from seqgan.errors import DataError
from seqgan.resources import asset

_ROOT = Path(__file__).parents[4]
_SMALL = """
format: 1
characters:
  anna:
    name: Anna
    kind: girl
    pictures: {stand: anna.png}
"""


@pytest.fixture(scope="module")
def shipped() -> CastPack:
    return CastPack.shipped()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.new("RGBA", (40, 80), (200, 30, 30, 255)).save(tmp_path / "anna.png")
    (tmp_path / "cast.yaml").write_text(_SMALL, encoding="utf-8")
    return tmp_path


def _make_cast() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_cast", _ROOT / "scripts" / "make_cast.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _problems(folder: Path, old: str, new: str) -> list[str]:
    text = (folder / "cast.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "cast.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return check_pack(folder)


def test_the_shipped_pack_has_the_whole_world(shipped: CastPack) -> None:
    assert check_pack(asset("cast", "fluent")) == []
    assert tuple(shipped.characters) == CHARACTERS
    assert tuple(shipped.settings) == SETTINGS
    assert tuple(shipped.props) == PROPS
    assert {who for who in CHARACTERS if shipped.settings.get(who)} == set()
    assert {key for key, each in shipped.settings.items() if each.indoor} == {"room", "space"}


def test_the_three_humans_have_action_art(shipped: CastPack) -> None:
    art = set(ACTIONS) - {"jump", "sleep"}
    assert set(shipped.characters["mia"].pictures) == art
    assert set(shipped.characters["max"].pictures) == art
    assert set(shipped.characters["robin"].pictures) == art - {"dance"}
    assert all(set(shipped.characters[key].pictures) == {"stand"} for key in CHARACTERS[3:])


def test_the_shipped_pack_names_its_licence_and_stays_small(shipped: CastPack) -> None:
    assert shipped.licence == "MIT"
    assert any("Microsoft Corporation" in line for line in shipped.attribution)
    files = [path for path in shipped.folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 6 << 20


def test_none_of_the_95_pictures_outside_the_mit_repository_is_used(shipped: CastPack) -> None:
    script = _make_cast()
    forbidden = set(json.loads((Path(__file__).parent / "not_mit.json").read_text(encoding="utf-8")))
    assert len(forbidden) == 95
    assert forbidden.isdisjoint([*script.PICTURES.values(), *script.SET_PIECES.values()])
    in_pack = {path.stem for path in (shipped.folder / "pictures").iterdir()}
    assert in_pack == set(script.PICTURES), "every picture of the pack comes from the table that is checked above"


def test_make_cast_copies_unchanged_and_names_a_missing_file(tmp_path: Path) -> None:
    script = _make_cast()
    (tmp_path / "assets").mkdir()
    for code in script.PICTURES.values():
        (tmp_path / "assets" / f"{code}.webp").write_bytes(code.encode())
    assert script.copy_pictures(tmp_path, tmp_path / "pack") == len(script.PICTURES)
    assert (tmp_path / "pack" / "pictures" / "cat.webp").read_bytes() == script.PICTURES["cat"].encode()
    with pytest.raises(SystemExit, match=r"holds no ffff\.webp"):
        script.source(tmp_path, "ffff")


def test_one_character_with_one_picture_is_a_pack(folder: Path) -> None:
    pack = CastPack.load(folder)
    anna = pack.characters["anna"]
    assert (anna.name, anna.kind, anna.pronoun, anna.words, anna.looks) == ("Anna", "girl", "it", (), "")
    assert anna.pictures == {"stand": folder / "anna.png"}
    assert list(pack.settings) == ["stage"] and not pack.props
    assert pack.name == folder.name


def test_a_full_entry_is_read(folder: Path) -> None:
    art = "{file: anna.png, faces: left, scale: 1.5, hat: [0.5, 0.1, 0.3], scarf: [0.5, 0.2, 0.3, 10], tint: '#ff8000'}"
    assert _problems(folder, "{stand: anna.png}", f"{{stand: {art}}}") == []
    picture = CastPack.load(folder).characters["anna"].art["stand"]
    assert (picture.faces, picture.scale, picture.tint) == ("left", 1.5, (255, 128, 0))
    assert (picture.hat, picture.scarf) == ((0.5, 0.1, 0.3, 0.0), (0.5, 0.2, 0.3, 10.0))


def test_the_digest_follows_pictures_and_text(folder: Path) -> None:
    first = CastPack.load(folder).digest()
    copy = folder / "copy"
    copy.mkdir()
    shutil.copy(folder / "anna.png", copy)
    shutil.copy(folder / "cast.yaml", copy)
    assert CastPack.load(copy).digest() == first
    Image.new("RGBA", (40, 80), (200, 30, 31, 255)).save(copy / "anna.png")
    assert CastPack.load(copy).digest() != first


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("format: 1", "format: 2", "format is 2; write `format: 1`"),
        ("format: 1", "format: 1\ncharakters: {}", "charakters is an unknown key; did you mean characters?"),
        ("stand: anna.png", "stand: nobody.png", "names 'nobody.png', which is missing"),
        ("stand: anna.png", "stand: anna.png, fly: anna.png", "pictures.fly is an unknown action"),
        ("stand: anna.png", "stand: anna.png, walks: anna.png", "unknown action; did you mean walk?"),
        ("{stand: anna.png}", "{walk: anna.png}", "has no `stand`; add `stand: FILE`"),
        ("{stand: anna.png}", "{stand: 3}", "pictures.stand is 3; give a file name"),
        ("{stand: anna.png}", "{stand: {file: anna.png, faces: up}}", "faces is 'up'; expected one of front"),
        ("{stand: anna.png}", "{stand: {file: anna.png, scale: 9}}", "scale is 9; expected a number from 0.1 to 3.0"),
        ("{stand: anna.png}", "{stand: {file: anna.png, hat: [2, 0, 1]}}", "hat is [2, 0, 1]; expected [x, y"),
        ("{stand: anna.png}", "{stand: {file: anna.png, tint: red}}", "tint is 'red'; expected a colour such as"),
        ("{stand: anna.png}", "{stand: {faces: left}}", "stand.file is None; give the name of a picture"),
        ("stand: anna.png", "stand: ../anna.png", "'../anna.png', outside the folder; copy the picture into it"),
        ("stand: anna.png", "stand: /anna.png", "'/anna.png', outside the folder"),
        ("name: Anna", "nom: Anna", "characters.anna.name is None; give a text"),
        ("kind: girl", "kind: [girl]", "characters.anna.kind is ['girl']; give a text"),
        ("kind: girl", "kind: girl\n    pronoun: we", "pronoun is 'we'; expected one of she, he, it, they"),
        ("kind: girl", "kind: girl\n    words: lass", "words is 'lass'; give a list of texts"),
        ("  anna:", "  Anna Maria:", "characters.Anna Maria is no id; use small letters"),
        ("format: 1", "format: 1\nprops: [ball]", "props is list; expected a mapping of ids"),
        ("format: 1", "format: 1\nprops: {ball: red}", "props.ball is 'red'; expected a mapping"),
        ("format: 1", "format: 1\nsettings: {park: {picture: anna.png, indoor: 1}}", "indoor is 1; expected true"),
        ("format: 1", "format: 1\nsettings: {park: {picture: anna.png, lamp: [1]}}", "lamp is [1]; expected [x, y]"),
        ("format: 1", "format: 1\nmarks: {cloud: {picture: anna.png}}", "marks.cloud is not a mark the stage knows"),
    ],
)
def test_each_fault_is_told_in_words(folder: Path, old: str, new: str, words: str) -> None:
    problems = _problems(folder, old, new)
    assert any(words in problem for problem in problems), problems
    assert all(str(folder / "cast.yaml") in problem for problem in problems)
    with pytest.raises(DataError):
        CastPack.load(folder)


def test_all_problems_are_listed_at_once_and_load_names_the_first(folder: Path) -> None:
    problems = _problems(folder, "name: Anna\n    kind: girl", "nom: Anna\n    pronoun: we")
    assert len(problems) == 4, problems
    with pytest.raises(DataError, match=r"and 3 more; `seqgan data check"):
        CastPack.load(folder)


def test_names_must_differ(folder: Path) -> None:
    twin = "  twin: {name: anna, kind: boy, pictures: {stand: anna.png}}\n"
    problems = _problems(folder, "    pictures: {stand: anna.png}\n", f"    pictures: {{stand: anna.png}}\n{twin}")
    assert problems == [
        f"{folder / 'cast.yaml'}: characters.twin.name is 'anna', as is that of anna; give each its own name"
    ]


def test_yaml_errors_come_with_their_line(folder: Path) -> None:
    (problem,) = _problems(folder, "kind: girl", "kind: [girl")
    assert "line " in problem and "correct it" in problem
    (folder / "cast.yaml").write_text(_SMALL + "  anna: {}\n", encoding="utf-8")
    (problem,) = check_pack(folder)
    assert "line 8" in problem and "'anna' stands there twice" in problem
    (folder / "cast.yaml").write_text("just words", encoding="utf-8")
    assert "holds no mapping" in check_pack(folder)[0]
    (folder / "cast.yaml").write_bytes(b"\xff\xfe\x00")
    assert len(check_pack(folder)) == 1


def test_a_pack_without_characters_or_file_or_folder(folder: Path) -> None:
    (folder / "cast.yaml").write_text("format: 1", encoding="utf-8")
    assert "has no character" in check_pack(folder)[0]
    (folder / "cast.yaml").unlink()
    assert "has no cast.yaml" in check_pack(folder)[0]
    assert "is not a folder" in check_pack(folder / "nowhere")[0]


def test_pictures_that_cannot_be_used(folder: Path) -> None:
    whole = (folder / "anna.png").read_bytes()
    (folder / "anna.png").write_bytes(whole[: len(whole) // 2])
    assert "cannot be read as a picture" in check_pack(folder)[0]
    (folder / "anna.png").write_bytes(b"no picture")
    assert "cannot be read as a picture" in check_pack(folder)[0]
    Image.new("L", (5000, 2)).save(folder / "anna.png")
    assert "has 5000x2 pixels; make it 4096 or less" in check_pack(folder)[0]
    Image.new("1", (12000, 12000)).save(folder / "anna.png")
    assert "has 12000x12000 pixels" in check_pack(folder)[0]
    Image.new("RGB", (5, 5)).save(folder / "anna.png", format="GIF")
    assert "which is GIF; save it as PNG or WebP" in check_pack(folder)[0]


def test_the_example_in_the_guide_is_a_good_pack(tmp_path: Path) -> None:
    text = asset("guide", "cast-pack.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "cast.yaml").write_text(text, encoding="utf-8")
    names = {word.strip(" ,{}") for word in text.replace(":", " ").split() if word.strip(" ,{}").endswith(".png")}
    for name in names:
        Image.new("RGBA", (8, 8), (9, 9, 9, 255)).save(tmp_path / name)
    assert len(names) == 10 and check_pack(tmp_path) == []
