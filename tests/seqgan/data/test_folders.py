"""Names of data sets become folders; the synthetic set is of the kind that a task trains on."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqgan.data.check import check_data
from seqgan.data.folders import check_folder, data_folder, data_names
from seqgan.data.pictures import PictureData
from seqgan.errors import DataError


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize("kind", ["frame", "damsm", "picture_judge"])
def test_pictures_for_tasks_of_single_pictures(empty_home: Path, kind: str) -> None:
    stories = empty_home / "data" / "synthetic"
    stories.mkdir(parents=True)
    (stories / "dataset.json").write_text('{"format": 1, "kind": "story"}')  # another kind's, which is left alone
    folder = data_folder("synthetic", kind)
    assert check_data(folder) == []
    assert len(PictureData.open(folder, "train")) == 48
    made = (folder / "dataset.json").stat().st_mtime_ns
    assert data_folder("synthetic", kind) == folder == data_folder("synthetic-pictures")
    assert (folder / "dataset.json").stat().st_mtime_ns == made
    assert data_folder("synthetic") == data_folder("synthetic", "judge") == stories
    assert data_names() == ["synthetic", "synthetic-pictures"]


def test_a_folder_or_a_name(empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (empty_home / "data" / "birds", tmp_path / "synthetic"):
        folder.mkdir(parents=True)
        (folder / "dataset.json").touch()
    monkeypatch.chdir(tmp_path)
    assert data_folder("birds") == empty_home / "data" / "birds"
    assert data_folder(str(tmp_path / "synthetic")) == tmp_path / "synthetic"
    assert data_folder("synthetic", "frame") == Path("synthetic")  # one's own folder of that name
    with pytest.raises(DataError, match=r"there is no data set 'brids'.*did you mean \"birds\""):
        data_folder("brids")


def test_a_folder_that_holds_neither(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds neither of cast.yaml"):
        check_folder(tmp_path)
