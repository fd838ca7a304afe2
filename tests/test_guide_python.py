"""The examples for Python callers, of the guide and the README, run as they stand and in their order."""

from __future__ import annotations

import json
import re
from pathlib import Path

from PIL import Image

GUIDE = Path(__file__).resolve().parent.parent / "assets" / "guide"


def examples(name: str) -> list[str]:
    """The fenced Python blocks of a page, each after as many lines as stand before it on the page."""
    text = (GUIDE / name).read_text(encoding="utf-8")
    found = re.finditer(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return ["\n" * text.count("\n", 0, block.start(1)) + block.group(1) for block in found]


def run(name: str) -> dict:
    """Run all examples of a page one after the other and return the names that they leave."""
    names: dict = {"__name__": "guide"}
    blocks = examples(name)
    assert blocks, f"{name} has no example"
    for block in blocks:
        exec(compile(block, str(GUIDE / name), "exec"), names)
    return names


def test_the_examples_of_the_page_run(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    made = run("python.md")
    assert len(made["report"]["theatre-fluent"]) == 2  # test, and real_test
    said = capsys.readouterr().out
    assert "3 of 3" in said and "[False, True, False]" in said
    board = json.loads((tmp_path / "snow.board/board.json").read_text())
    assert [len(panel["takes"]) for panel in board["panels"]] == [3, 3, 1]
    assert board["panels"][1]["text"] == "She jumps."
    files = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    assert files == [f"snow-part-1-2{name}" for name in ("-panels/001.png", "-panels/002.png", ".gif", ".pdf")]
    assert [panel.shape for panel in made["panels"]] == [(64, 112, 3)] * 2
    assert made["single"].drawn.frames.shape == (16, 32, 32, 3)
    with Image.open("flower-1.png") as flower, Image.open("walk.gif") as walk:
        assert (flower.size, walk.size) == ((64, 64), (32, 32))


def test_the_example_of_many_stories_runs(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    text = (GUIDE / "batch.md").read_text(encoding="utf-8")
    told = [line.strip() for line in text.splitlines() if line.startswith('    {"id"')]
    Path("stories.jsonl").write_text("\n".join(told), encoding="utf-8")
    run("batch.md")
    assert "'done': 2" in capsys.readouterr().out
    assert Path("out/picnic-panels/001.png").is_file()


def test_the_example_of_the_readme_runs() -> None:
    assert run("../../README.md")["panel"].shape == (64, 112, 3)
