"""Fetching a list through a yt-dlp of our own making: terms first, resumed, gone videos not asked for twice."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from seqgan.cli.main import run
from seqgan.data import youtube
from seqgan.data.readers.entries import Report
from seqgan.data.readers.videos import own_videos
from seqgan.data.youtube import FAILED, Outcome, client, fetch_list, read_list
from seqgan.errors import DataError

STUB = """#!{python}
import json, pathlib, sys
name = sys.argv[-1].rpartition("=")[2]
place = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
with open({calls!r}, "a") as calls:
    calls.write(name + "\\n")
if name.startswith("gone"):
    sys.exit("ERROR: [youtube] " + name + ": Video unavailable")
if name.startswith("down"):
    sys.exit("ERROR: unable to download webpage: connection refused")
film = place.with_name(name + ".mp4")
film.write_bytes(b"film of " + name.encode())
told = {{"id": name, "title": "Golf of " + name, "description": "d", "license": "Creative Commons", "formats": [1]}}
film.with_name(name + ".info.json").write_text(json.dumps(told))
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the client of these tests is a script with a shebang")


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ids that the stub was asked for, a line each; it alone is on the PATH."""
    clients, told = tmp_path / "clients", tmp_path / "calls.txt"
    clients.mkdir()
    script = clients / "yt-dlp"
    script.write_text(STUB.format(python=sys.executable, calls=str(told)))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(clients))
    return told


def _list(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "t2v_list.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_videos_come_with_what_is_told_of_them(tmp_path: Path, calls: Path) -> None:
    listed = _list(tmp_path, "playing golf/aaaaaaaaaa1", "sailing/-bbbbbbbb_2", "sailing/gone5678901", "nonsense")
    said, out = list[str](), tmp_path / "out"
    assert fetch_list(listed, out, lambda question: True, said.append) == Outcome(0, 2, 1, 0)
    assert said[0] == "t2v_list.txt: 3 videos of 2 categories: sailing 2, playing golf 1."
    assert "1 lines are left out" in said[1] and "about 30.0 MB" in said[2] and "Pass none of them on" in said[3]
    record = json.loads((out / "playing golf/aaaaaaaaaa1.json").read_text())
    assert (record["licence"], record["category"], "formats" in record) == ("Creative Commons", "playing golf", False)
    assert (out / "sailing/-bbbbbbbb_2.mp4").read_bytes() == b"film of -bbbbbbbb_2"
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []
    video = next(video for video in own_videos(out, Report()).videos if "golf" in video.id)
    assert video.passages[0].texts[0] == ("title", "Golf of aaaaaaaaaa1")
    assert (video.passages[0].category, video.licence) == ("playing golf", "Creative Commons")


def test_a_later_run_goes_on_and_does_not_ask_for_what_is_gone(tmp_path: Path, calls: Path) -> None:
    listed = _list(tmp_path, "a/aaaaaaaaaa1", "a/gone5678901", "a/down5678901", "a/aaaaaaaaaa2")
    assert fetch_list(listed, tmp_path / "out", lambda question: True, most=3) == Outcome(0, 1, 1, 1)
    assert fetch_list(listed, tmp_path / "out", lambda question: True) == Outcome(1, 1, 1, 1)
    assert calls.read_text().split() == ["aaaaaaaaaa1", "gone5678901", "down5678901", "down5678901", "aaaaaaaaaa2"]
    assert json.loads((tmp_path / "out" / FAILED).read_text()).keys() == {"gone5678901", "down5678901"}


def test_a_broken_connection_ends_the_run(tmp_path: Path, calls: Path) -> None:
    listed = _list(tmp_path, *(f"a/down567890{number}" for number in range(9)))
    with pytest.raises(DataError, match="5 videos in a row failed, the last with: unable to download"):
        fetch_list(listed, tmp_path / "out", lambda question: True)
    assert len(calls.read_text().split()) == 5


def test_nothing_comes_without_a_yes(tmp_path: Path, calls: Path) -> None:
    with pytest.raises(DataError, match="nothing was fetched"):
        fetch_list(_list(tmp_path, "a/aaaaaaaaaa1"), tmp_path / "out", lambda question: False)
    assert not calls.exists() and not (tmp_path / "out").exists()


def test_what_hangs_is_given_up(tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "clients/yt-dlp"
    script.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    monkeypatch.setattr(youtube, "SECONDS", 1)
    assert fetch_list(_list(tmp_path, "a/aaaaaaaaaa1"), tmp_path / "out", lambda question: True).failed == 1


@pytest.mark.parametrize(
    ("lines", "why"),
    [(["nothing here"], "has no line such as"), (["../../etc/aaaaaaaaaa1"], "leads out of its folder"),
     (["a/short"], "no category/id")],
)  # fmt: skip
def test_wrong_lists_are_refused(tmp_path: Path, lines: list[str], why: str) -> None:
    with pytest.raises(DataError, match=why):
        read_list(_list(tmp_path, *lines))


def test_doubles_are_told(tmp_path: Path) -> None:
    found, wrong = read_list(_list(tmp_path, "a/aaaaaaaaaa1", "", "b/aaaaaaaaaa1"))
    assert (len(found), wrong) == (1, ["line 3: aaaaaaaaaa1 stands in a already"])


def test_a_missing_client_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(youtube, "find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"pip install 'seqgan-studio\[video\]'"):
        client()


def test_the_command(tmp_path: Path, calls: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = _list(tmp_path, "a/aaaaaaaaaa1", "a/down5678901")
    assert run(["data", "fetch", "youtube", str(listed), "-o", str(tmp_path / "out"), "--yes"]) == 3
    assert "1 fetched, 0 were there, 0 are gone, 1 failed and may come another time" in capsys.readouterr().out
    assert run(["data", "fetch", "youtube"]) == 2
    assert run(["data", "fetch", "youtube", str(listed), "--from", str(tmp_path)]) == 2
    assert run(["data", "fetch", "emojibase", "--yes"]) == 2
