"""Readers of published story sets: every layout, and what is said of damaged, hostile and unfitting files."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seqgan.data.readers import clips as shared
from seqgan.data.readers.clips import Found, linked, mentioned, split_sources, with_vectors, write_found
from seqgan.data.readers.entries import Report
from seqgan.data.readers.flintstones import episode, flintstones_stories
from seqgan.data.readers.photo_stories import didemo_stories, vist_stories
from seqgan.data.readers.pororo import path_key, pororo_stories
from seqgan.data.readers.story_h5 import h5_stories
from seqgan.data.sequences import SequenceData
from seqgan.errors import DataError
from tests.fixtures import make_stories as make
from tests.fixtures.make_pictures import write_pickle

ONE, TWO = "Pororo_ENGLISH1_1/Pororo_ENGLISH1_1_ep1", "Pororo_ENGLISH1_1/Pororo_ENGLISH1_1_ep2"


def _write(folder: Path, found: Found, most: int = 0, size: int = 8) -> tuple[dict[str, Any], Report]:
    report = Report()
    about = write_found(folder, with_vectors(found, "none" if not found.about["vectors_from"] else "auto"), size, most,
                        report, progress=False)  # fmt: skip
    return about, report


def test_raw_films_become_stories_of_whole_episodes(tmp_path: Path) -> None:
    report = Report()
    found = pororo_stories(make.make_pororo_raw(tmp_path / "raw"), report=report)
    assert report.lines == []
    assert len(found.stories) == 8 + 2 + 3 + 1
    assert {story.split for story in found.stories} == {"train", "val", "test"}
    splits = {story.source: story.split for story in found.stories}
    assert all(splits[story.source] == story.split for story in found.stories)
    assert found.about["labels_from"] == "names in the captions"
    assert found.clips[f"{ONE}/1"].labels == {"characters": ("Pororo", "Loopy")}
    assert found.clips[f"{ONE}/1"].captions[1] == "Pororo is happy."
    about, _ = _write(tmp_path / "set", found)
    assert about["vector"] == 0
    assert sum(about["train_clips_in"].values()) == 0
    data = SequenceData.open(tmp_path / "set", ("train", "val", "test"))
    place = [clip["id"] for clip in data.clips].index(f"{ONE}/3")
    assert data.starts[place + 1] - data.starts[place] == 4
    assert data.frames.shape[1:] == (8, 8, 3)
    shades = data.frames[data.starts[place] : data.starts[place + 1], 4, 4].astype(int)
    np.testing.assert_allclose(shades, make.frames(2, 4)[:, 0, 0], atol=3)  # a GIF's colours are rounded


def test_every_released_file_is_read(tmp_path: Path) -> None:
    folder = make.make_pororo(tmp_path / "png")
    found = pororo_stories(folder, "published")
    assert [sum(story.split == split for story in found.stories) for split in ("train", "val", "test")] == [8, 3, 3]
    assert found.about["split_by"] == "train_seen_unseen_ids.npy"
    assert found.published["test"] == 2208
    about, _ = _write(tmp_path / "set", found)
    assert about["vector"] == 356
    assert about["vectors_from"] == "descriptions_vec.npy + descriptions_attr.npy"
    assert about["train_clips_in"]["test"] > 0
    data = SequenceData.open(tmp_path / "set", "train")
    assert data.vectors is not None
    released = np.load(folder / "descriptions_attr.npy", allow_pickle=True).item()
    for row, clip in enumerate(data.clips):
        np.testing.assert_array_equal(data.vectors[data.vector_starts[row]][128:], released[clip["id"]][0])
        told = clip["labels"]["characters"]
        assert told == [name for name in make.CAST if any(name in text for text in clip["text"])]
    first = data.records[0]["clips"]
    assert [int(name.rpartition("/")[2]) for name in first] == list(range(int(first[0].rpartition("/")[2]), 99)[:5])


def test_raw_and_released_give_the_same_stories_and_labels(tmp_path: Path) -> None:
    raw, png = make.make_pororo_raw(tmp_path / "raw"), make.make_pororo(tmp_path / "png")
    one, two = pororo_stories(raw), pororo_stories(png)
    assert one.stories == two.stories
    assert [clip.labels for clip in one.clips.values()] == [clip.labels for clip in two.clips.values()]
    assert pororo_stories(raw, seed=5).stories != one.stories


def test_other_files_of_a_release_are_taken_where_some_lack(tmp_path: Path) -> None:
    folder = make.make_pororo(tmp_path)
    told = make.clips()
    write_pickle(folder / "descriptions_vec_512.pkl", {key: np.ones((len(t), 512)) for key, t in told.items()})
    (folder / "descriptions_attr.npy").unlink()
    assert pororo_stories(folder).about["vectors_from"] == "descriptions_vec_512.pkl"
    (folder / "descriptions_vec_512.pkl").unlink()
    assert pororo_stories(folder).about["vectors_from"] == "descriptions_vec.npy"
    write_pickle(folder / "descriptions.pkl", {key.encode(): [t.encode() for t in text] for key, text in told.items()})
    (folder / "descriptions.npy").unlink()
    assert pororo_stories(folder).clips[f"{ONE}/1"].captions == told[f"{ONE}/1"]
    (folder / "train_seen_unseen_ids.npy").unlink()
    assert pororo_stories(folder, "published").about["split_by"] == "train_test_ids.npy"


def test_a_set_in_this_layout_may_have_a_cast_of_its_own(tmp_path: Path) -> None:
    folder = make.make_pororo(tmp_path)
    about = {"name": "mine", "characters": [f"N{n}" for n in range(9)], "licence": "CC0"}
    (folder / "about.json").write_text(json.dumps(about))
    found = pororo_stories(folder)
    assert found.about["name"] == "mine"
    assert found.clips[f"{ONE}/1"].labels == {"characters": ("N0", "N1")}
    for text, told in (("[1", "no table in JSON"), ('{"characters": 3}', "expected a list of names")):
        (folder / "about.json").write_text(text)
        with pytest.raises(DataError, match=told):
            pororo_stories(folder)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("S/S_ep1/3.png", "S/S_ep1/3"),
        (b"S/S_ep1/3.png", "S/S_ep1/3"),
        ("b'S/S_ep1/3.png'", "S/S_ep1/3"),
        (np.str_('b"S/S_ep1/3.png"'), "S/S_ep1/3"),
        ("./root/S/bob_ep1/3.png", "S/bob_ep1/3"),
        (np.bytes_(b"S/S_ep1/3"), "S/S_ep1/3"),
    ],
)
def test_paths_are_read_as_text_bytes_or_the_text_form_of_bytes(path: Any, key: str) -> None:
    assert path_key(path) == key


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    folder, report = make.make_pororo(tmp_path / "png"), Report()
    (folder / f"{TWO}/3.png").unlink()
    make.put(folder / f"{TWO}/9.png", make.strip(make.frames(0)))
    make.save_table(folder / "labels.npy", {f"{ONE}/1": np.ones(9)})
    found = pororo_stories(folder, "published", report=report)
    told = "\n".join(report.lines)
    assert f"1 clips have no caption ({TWO}/9)" in told
    assert f"1 clips have no picture ({TWO}/3)" in told
    assert "2 published stories show a clip that is not there" in told
    assert "labels.npy lacks 28 clips" in told
    assert found.clips[f"{ONE}/1"].labels["characters"] == make.CAST
    (folder / f"{TWO}/4.png").unlink()
    pororo_stories(folder, report=report)
    assert f"1 episodes have other numbers of clips than frames_counter.npy says ({TWO}: 5 of 6)" in report.lines
    with pytest.raises(DataError, match="leave --strict away"):
        pororo_stories(folder, report=Report(strict=True))


def test_stories_of_a_broken_strip_are_left_out(tmp_path: Path) -> None:
    folder = make.make_pororo(tmp_path / "png")
    (folder / f"{ONE}/1.png").write_bytes(b"no picture")
    found = pororo_stories(folder)
    about, report = _write(tmp_path / "set", found)
    assert sum(about["counts"].values()) == 13
    assert report.lines[-1] == "1 stories show a clip that cannot be read, left out"
    assert about["left_out"] == report.lines


def test_clips_without_vectors_are_left_out(tmp_path: Path) -> None:
    folder, report = make.make_pororo(tmp_path), Report()
    table = np.load(folder / "descriptions_vec.npy", allow_pickle=True).item()
    del table[f"{ONE}/12"]
    table[f"{ONE}/1"] = table[f"{ONE}/1"][:1]
    make.save_table(folder / "descriptions_vec.npy", table)
    found = pororo_stories(folder, report=report)
    assert f"1 clips have no sentence vector ({ONE}/12), left out" in report.lines
    assert len(found.clips[f"{ONE}/1"].captions) == 1


class _Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("hostile",)


def test_hostile_tables_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make.make_pororo(tmp_path)
    make.save_table(folder / "labels.npy", {"a": _Hostile()})
    with pytest.raises(DataError, match=r"labels\.npy asks for builtins\.print"):
        pororo_stories(folder)
    make.save_table(folder / "train_seen_unseen_ids.npy", [_Hostile()])
    (folder / "labels.npy").unlink()
    with pytest.raises(DataError, match="it was refused and nothing was run"):
        pororo_stories(folder, "published")
    (folder / "descriptions.pkl").write_bytes(pickle.dumps(_Hostile()))
    (folder / "descriptions.npy").unlink()
    with pytest.raises(DataError, match="it was refused"):
        pororo_stories(folder)
    assert capsys.readouterr().out == ""


def _lists(*lists: list[int]) -> np.ndarray:
    held = np.empty(len(lists), object)
    held[:] = lists
    return held


@pytest.mark.parametrize(
    ("name", "held", "told"),
    [
        ("labels.npy", {f"{ONE}/1": np.ones(8)}, "has 8 labels; expected 9: Pororo, Loopy"),
        ("labels.npy", {f"{ONE}/1": "x"}, "expected 9 numbers 0 or 1"),
        ("labels.npy", 3, "expected a table by clip"),
        ("following_cache4.npy", np.array([["a", "b"]]), r"expected \(stories, 4\)"),
        ("img_cache4.npy", np.array([b"a"]), "has 1 stories, following_cache4.npy 14"),
        ("train_seen_unseen_ids.npy", _lists([0], [1]), "holds 2 lists; expected 3: train, val, test"),
        ("train_seen_unseen_ids.npy", _lists([0, 99], [1], [2]), "train names row 99 twice"),
        ("train_seen_unseen_ids.npy", _lists([0], [0, 1], [2]), "val names row 0 twice"),
    ],
)
def test_files_that_do_not_fit(tmp_path: Path, name: str, held: Any, told: str) -> None:
    folder = make.make_pororo(tmp_path)
    np.save(folder / name, held if isinstance(held, np.ndarray) else np.array(held, object), allow_pickle=True)
    with pytest.raises(DataError, match=told):
        pororo_stories(folder, "published")


def test_what_a_folder_needs(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="give the folder that holds the seasons"):
        pororo_stories(tmp_path)
    folder = make.make_pororo_raw(tmp_path / "raw")
    (folder / "descriptions.csv").write_text("Pororo_1_ep1,one,text\n")
    with pytest.raises(DataError, match="line 1 is 'Pororo_1_ep1,one,text'"):
        pororo_stories(folder)
    (folder / "descriptions.csv").write_text("../x_ep1,1,text\n")
    with pytest.raises(DataError, match="leads out of its folder"):
        pororo_stories(folder)
    (folder / "descriptions.csv").write_text("other_ep1,1,text\n")
    with pytest.raises(DataError, match="there are 0 episodes; three are needed"):
        pororo_stories(folder)
    with pytest.raises(DataError, match=r"has no train_seen_unseen_ids\.npy or train_test_ids\.npy"):
        pororo_stories(folder, "published")


def test_flintstones(tmp_path: Path) -> None:
    folder, report = make.make_flintstones(tmp_path / "f"), Report()
    found = flintstones_stories(folder, report=report)
    assert [sum(story.split == split for story in found.stories) for split in ("train", "val", "test")] == [3, 2, 1]
    assert report.lines == ["1 of 19 annotations have no frames, caption or vector, left out",
                            "1 stories of test show a clip that is not there, left out"]  # fmt: skip
    assert [found.clips[name].labels["characters"] for name in make.FLINTSTONES[:3]] == [
        ("Fred", "Mr Slate"), ("Fred",), ("Wilma", "Fred")]  # fmt: skip
    assert {story.source for story in found.stories} == {"s01e01", "s01e02", "s02e01"}
    about, _ = _write(tmp_path / "set", found, most=2)
    assert about["vector"] == 8
    data = SequenceData.open(tmp_path / "set", "val")
    np.testing.assert_array_equal(np.diff(data.starts), 2)
    np.testing.assert_array_equal(data.frames[:2, 0, 0], make.frames(7, 5)[[1, 3], 0, 0])


def test_flintstones_with_its_caches_and_split_anew(tmp_path: Path) -> None:
    folder, names = make.make_flintstones(tmp_path), make.FLINTSTONES
    write_pickle(folder / "following_cache4.pkl", {names[0]: names[1:5], names[4]: names[5:7]})
    write_pickle(folder / "labels.pkl", {name: [1, 0, 0, 0, 0, 0, 1] for name in names})
    found = flintstones_stories(folder)
    assert [story.id for story in found.stories] == [names[0]]
    assert found.clips[names[1]].labels["characters"] == ("Wilma", "Mr Slate")
    (folder / "following_cache4.pkl").unlink()
    anew = flintstones_stories(folder, "episodes")
    assert anew.about["split_by"] == "episode, by hash"
    assert len({(story.source, story.split) for story in anew.stories}) == 3
    with pytest.raises(DataError, match="tells no season and episode"):
        episode("s_04")


def test_what_flintstones_needs(tmp_path: Path) -> None:
    folder = make.make_flintstones(tmp_path)
    write_pickle(folder / "flintstones_use_embed_idxs.pkl", {make.FLINTSTONES[0]: 99})
    with pytest.raises(DataError, match="names rows outside it"):
        flintstones_stories(folder)
    np.save(folder / "video_frames_sampled" / f"{make.FLINTSTONES[0]}.npy", np.zeros((5, 8, 8), np.uint8))
    (folder / "flintstones_use_embed_idxs.pkl").unlink()
    found = flintstones_stories(folder)
    assert found.about["vectors_from"] is None
    _, report = _write(tmp_path / "set", found)
    assert "expected uint8 (frames, height, width, 3)" in report.lines[0]
    notes = folder / "flintstones_annotations_v1-0.json"
    for text, told in (("[{}]", "without globalID"), ("{}", "holds a dict; expected a list"), ("[", "is not JSON")):
        notes.write_text(text)
        with pytest.raises(DataError, match=told):
            flintstones_stories(folder)
    notes.unlink()
    with pytest.raises(DataError, match="cannot be read"):
        flintstones_stories(folder)


def test_didemo(tmp_path: Path) -> None:
    folder = make.make_didemo(tmp_path / "d")
    found = didemo_stories(folder)
    about, report = _write(tmp_path / "set", found)
    assert about["counts"] == {"train": 2, "val": 2, "test": 2}
    assert (about["length"], about["vector"], report.lines) == (3, 6, [])
    data = SequenceData.open(tmp_path / "set", "test")
    assert data.captions[:3] == [("a man walks, step 0",), ("a man walks, step 1",), ("a man walks, step 2",)]
    (tmp_path / "d/frames/train0/1.jpg").unlink()
    report = Report()
    assert len(didemo_stories(folder, report).stories) == 5
    assert report.lines == ["1 stories of train have not 3 pictures with captions, left out"]
    (folder / "train.json").write_text('[{"desc_to_frame": [["a", "../x.jpg"]]}]')
    with pytest.raises(DataError, match="leads out of its folder"):
        didemo_stories(folder)
    (folder / "train.json").write_text('[{"desc": []}]')
    with pytest.raises(DataError, match="has no desc_to_frame"):
        didemo_stories(folder)


def test_vist(tmp_path: Path) -> None:
    folder, report = make.make_vist(tmp_path / "v"), Report()
    found = vist_stories(folder, report=report)
    assert len(report.lines) == 3
    assert report.lines[0] == "1 stories of train have not 5 pictures with captions, left out"
    about, _ = _write(tmp_path / "set", found)
    assert about["counts"] == {"train": 2, "val": 2, "test": 2}
    data = SequenceData.open(tmp_path / "set", "train")
    assert [data.captions[row][0] for row in data.stories[1]] == [f"train-b says {place}." for place in range(5)]
    assert data.sources.tolist() == [0, 0]
    assert len(data.clips) == 10
    single = vist_stories(folder, "dii")
    assert single.clips["1000"].captions == ("a longer text of photo 1000",)
    assert len(single.clips) == 15


def test_what_vist_needs(tmp_path: Path) -> None:
    folder = make.make_vist(tmp_path / "v")
    next(folder.rglob("val.description*")).unlink()
    with pytest.raises(DataError, match=r"has no val\.description-in-isolation\.json"):
        vist_stories(folder, "dii")
    next(folder.rglob("train.story*")).write_text("{}")
    with pytest.raises(DataError, match="has no annotations"):
        vist_stories(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no picture"):
        vist_stories(tmp_path / "empty")
    with pytest.raises(DataError, match=r"has no train\.json"):
        didemo_stories(tmp_path / "empty")


def test_hdf5(tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    report = Report()
    found = h5_stories(make.make_h5(tmp_path / "pororo.h5"), report=report)
    assert report.lines == ["train/3: has 4 captions of 5, left out"]
    assert len(found.clips) == 7 + 5 + 5
    assert len({story.source for story in found.stories}) == 3
    about, _ = _write(tmp_path / "set", found)
    assert about["counts"] == {"train": 3, "val": 1, "test": 1}
    data = SequenceData.open(tmp_path / "set", "train")
    assert data.stories.tolist() == [[0, 1, 2, 3, 4], [1, 2, 3, 4, 5], [2, 3, 4, 5, 6]]
    np.testing.assert_array_equal(data.frames[data.middle, 0, 0], [make.frames(n, 3)[1, 0, 0] for n in range(7)])


def test_what_hdf5_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    h5py = pytest.importorskip("h5py")
    path = make.make_h5(tmp_path / "vist.h5", ("sis", "dii"))
    assert h5_stories(path, "dii").clips
    with pytest.raises(DataError, match="expected text, name the list with --text"):
        h5_stories(path)
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file.create_group("a")
    with pytest.raises(DataError, match="has the groups a; expected train"):
        h5_stories(tmp_path / "other.h5")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file.create_group("train")
    with pytest.raises(DataError, match="expected image0, image1"):
        h5_stories(tmp_path / "other.h5")
    with h5py.File(path, "a") as file:
        del file["val/image4"]
    with pytest.raises(DataError, match="val has 1 texts and other numbers of pictures"):
        h5_stories(path, "sis")
    (tmp_path / "text.h5").write_text("no")
    with pytest.raises(DataError, match="cannot be opened as HDF5"):
        h5_stories(tmp_path / "text.h5")
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(DataError, match="pip install h5py"):
        h5_stories(path)


def test_names_are_found_as_words() -> None:
    assert mentioned(["PORORO's friends", "Mr. Slate waits; rodyo"], ("Rody", "Pororo", "Mr Slate")) == (
        "Pororo", "Mr Slate")  # fmt: skip


def test_episodes_are_split_alike_and_all_kinds_come() -> None:
    split = split_sources([f"e{n}" for n in range(40)], 0)
    assert [list(split.values()).count(name) for name in ("train", "val", "test")] == [30, 4, 6]
    assert split == split_sources([f"e{n}" for n in reversed(range(40))], 0)
    assert split != split_sources([f"e{n}" for n in range(40)], 1)


def test_stories_are_linked_by_clips_they_share() -> None:
    assert linked([("a", "b"), ("c", "d"), ("b", "e"), ("f", "g"), ("e", "c")]) == [0, 0, 0, 1, 0]


@pytest.mark.parametrize(("choice", "size"), [("released", 356), ("none", None), ("sentence", 512), ("auto", 356)])
def test_sentence_vectors_can_be_chosen(
    tmp_path: Path, choice: str, size: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seqgan.text.frozen.SentenceEncoder.encode", _counted)
    clip = with_vectors(pororo_stories(make.make_pororo(tmp_path)), choice).clips[f"{ONE}/1"]
    assert (clip.vectors.shape if clip.vectors is not None else None) == (size and (2, size))
    if choice == "sentence":
        assert clip.vectors is not None
        assert clip.vectors[:, 0].tolist() == [len(caption) for caption in clip.captions]


def _counted(_: object, texts: list[str]) -> np.ndarray:
    return np.stack([np.full(512, len(text), np.float32) for text in texts])


def test_released_vectors_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no sentence vectors; take --vectors sentence or none"):
        with_vectors(pororo_stories(make.make_pororo_raw(tmp_path)), "released")


def test_a_huge_frame_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "MAX_PIXELS", 100)
    with pytest.raises(DataError, match="not one story"):
        _write(tmp_path / "set", pororo_stories(make.make_pororo_raw(tmp_path / "raw")))


@pytest.mark.parametrize("read", [make.make_pororo_raw, make.make_pororo])
def test_nothing_to_do_is_said(tmp_path: Path, read: Callable[[Path], Path]) -> None:
    found = pororo_stories(read(tmp_path / "in"))
    with pytest.raises(DataError, match="no story can be made of what is there; the first of 1 reasons: gone"):
        write_found(tmp_path / "out", Found(found.clips, [], found.about), 8, 0, Report(lines=["gone"]))
