"""Every command as a person types it: results, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seqgan.resources import asset
from studio.cli import serve
from studio.cli.film import stem
from studio.cli.main import app, run
from studio.cli.options import Aspect, Captions, Export, Paper, Passing, Told, read_cast
from studio.export import FORMATS, ExportOptions

STORY = "Mia walks in the snow. She waves. Otto the owl sleeps in the forest."
FILM = ["--engine", "stage", "--size", "320x180", "--fps", "8"]


@pytest.fixture
def story(tmp_path) -> Path:
    """A story file."""
    path = tmp_path / "snow-day.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def board(story, tmp_path) -> Path:
    """A drawn board."""
    path = tmp_path / "snow-day.board"
    assert run(["board", str(story), "-o", str(path), "--engine", "stage", "--size", "112x64"]) == 0
    return path


def _result(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def _error(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, lines
    return lines[0]


# Making and exporting ------------------------------------------------------------------------------------------------


def test_film_leaves_board_film_gif_panels_and_sheet(story, tmp_path, capsys) -> None:
    out = tmp_path / "out"
    assert run(["film", str(story), "-o", str(out), *FILM]) == 0
    made = sorted(path.relative_to(out).as_posix() for path in out.iterdir())
    assert made == ["snow-day-panels", "snow-day.board", "snow-day.gif", "snow-day.mp4", "snow-day.pdf"]
    assert sorted(path.name for path in (out / "snow-day-panels").iterdir()) == ["001.png", "002.png", "003.png"]
    assert "3 of 3 panels ready" in capsys.readouterr().out


def test_board_then_render_do_the_same_in_two_steps(story, board, tmp_path) -> None:
    assert run(["film", str(story), "-o", str(tmp_path / "one"), *FILM]) == 0
    again = ["render", str(tmp_path / "one" / "snow-day.board"), "-o", str(tmp_path / "two"), "--to", "mp4,gif,png,pdf"]
    assert run([*again, "--size", "320x180", "--fps", "8"]) == 0
    for name in ("snow-day.mp4", "snow-day.gif", "snow-day.pdf", "snow-day-panels/003.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_board_of_the_same_story_draws_only_what_is_missing(story, board, capsys) -> None:
    capsys.readouterr()
    assert run(["board", str(story), "-o", str(board), "--engine", "stage", "--json"]) == 0
    assert (_result(capsys))["drawn"] == 0


def test_takes_are_added_up_to_the_number(story, board, capsys) -> None:
    capsys.readouterr()
    assert run(["board", str(story), "-o", str(board), "--engine", "stage", "--takes", "2", "--json"]) == 0
    assert _result(capsys)["drawn"] == 3


def test_another_story_names_force_and_force_keeps_the_old(story, board, capsys) -> None:
    story.write_text("Ruby jumps on the beach.", encoding="utf-8")
    capsys.readouterr()
    assert run(["board", str(story), "-o", str(board), "--engine", "stage"]) == 1
    assert "--force" in _error(capsys)
    assert run(["board", str(story), "-o", str(board), "--engine", "stage", "--force"]) == 0
    assert board.with_name("snow-day.board.bak-1").is_dir()


def test_the_input_can_be_the_story(tmp_path) -> None:
    words = [sys.executable, "-m", "studio", "board", "-", "-o", str(tmp_path / "b"), "--engine", "stage", "--json"]
    done = subprocess.run(words, input=STORY.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["panels"] == 3
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith(b"{")]
    assert [event["done"] for event in events if event["event"] == "progress"] == [1, 2, 3]


def test_a_name_is_given_to_who_was_asked_for(tmp_path, capsys) -> None:
    story = tmp_path / "anna.txt"
    story.write_text("Anna walks in the snow. She waves.", encoding="utf-8")
    words = ["board", str(story), "-o", str(tmp_path / "a.board"), "--engine", "stage", "--json"]
    assert run([*words, "--cast", "Anna=Max"]) == 0
    assert _result(capsys)["cast"]["Anna"].lower() == "max"


def test_panels_sizes_and_captions_reach_the_writers(board, tmp_path, capsys) -> None:
    words = ["render", str(board), "-o", str(tmp_path / "r"), "--to", "png,mp4", "--panels", "2-3", "--captions", "srt"]
    capsys.readouterr()
    assert run([*words, "--size", "160x90", "--fps", "5", "--json"]) == 0
    names = [Path(path).name for path in _result(capsys)["files"]]
    assert names == ["002.png", "003.png", "snow-day-part-2-3.mp4", "snow-day-part-2-3.srt"]


def test_film_and_render_take_the_same_options_of_exports() -> None:
    from typer.main import get_command

    commands = get_command(app).commands  # type: ignore[attr-defined]
    film, render = ({param.name: param for param in commands[name].params} for name in ("film", "render"))
    shared = [name for name in ExportOptions.__dataclass_fields__ if name != "moving_size"]
    assert set(shared) | {"aspect"} <= film.keys() & render.keys()
    for name in (*shared, "aspect"):
        assert (film[name].help, film[name].default) == (render[name].help, render[name].default), name
    assert Export().read() == ExportOptions()


def test_every_option_reaches_the_exporters(tmp_path) -> None:
    (tmp_path / "m.wav").touch()
    typed = Export(
        panels="2",
        captions=Captions.soft,
        caption_of=Told.notes,
        aspect=Aspect.upright,
        fps=12,
        transition=Passing.fade,
        transition_ms=700,
        music=tmp_path / "m.wav",
        music_volume=0.2,
        narrate=True,
        voice="en",
        layout="2x1",
        paper=Paper.letter_upright,
        fields="notes,text",
    )
    assert typed.read() == ExportOptions(
        panels="2",
        captions="soft",
        caption_of="notes",
        size=(720, 1280),
        fps=12,
        transition="fade",
        transition_ms=700,
        music=tmp_path / "m.wav",
        music_volume=0.2,
        narrate=True,
        voice="en",
        layout=(2, 1),
        paper="letter-upright",
        fields=("notes", "text"),
    )


def test_a_film_of_every_format_in_a_square_is_what_render_makes(story, tmp_path, capsys) -> None:
    pytest.importorskip("opentimelineio", reason="opentimelineio is not installed: not every format can be written")
    shared = ["--aspect", "1:1", "--size", "90x90", "--fps", "6", "--transition", "fade", "--captions", "vtt"]
    shared += ["--to", ",".join(FORMATS)]
    assert run(["film", str(story), "-o", str(tmp_path / "one"), "--engine", "stage", *shared]) == 0
    board = tmp_path / "one" / "snow-day.board"
    assert run(["render", str(board), "-o", str(tmp_path / "two"), *shared]) == 0
    made = sorted(path.relative_to(tmp_path / "two") for path in (tmp_path / "two").rglob("*") if path.is_file())
    assert {path.suffix.lstrip(".") for path in made} == set(FORMATS)
    for path in made:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes(), path


def test_the_options_of_the_guide_are_those_of_the_command() -> None:
    from typer.main import get_command

    guide = asset("guide", "exporting.md").read_text(encoding="utf-8")
    known = {name for param in get_command(app).commands["render"].params for name in param.opts}  # type: ignore
    lines = [line.split() for line in guide.splitlines() if line.startswith("    studio render ")]
    assert len(lines) == 4
    assert {word for line in lines for word in line if word.startswith("-")} <= known
    table = {
        name for line in guide.splitlines() if line.startswith("| `") for name in line.split("|")[1].split("`")[1::2]
    }
    assert table == {*FORMATS, "--to"}


def test_what_is_not_installed_is_said_before_a_film_is_drawn(story, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    capsys.readouterr()
    assert run(["film", str(story), "-o", str(tmp_path / "out"), *FILM, "--narrate"]) == 1
    assert "narration needs espeak-ng" in _error(capsys)
    assert not (tmp_path / "out").exists()


def test_a_lost_picture_is_a_card_a_note_and_exit_3(board, tmp_path, capsys) -> None:
    first = next((board / "media").rglob("*.png"))
    first.unlink()
    assert run(["render", str(board), "-o", str(tmp_path), "--to", "png"]) == 3
    assert "a card with its text stands in" in capsys.readouterr().err


def test_a_zipped_board_renders(board, tmp_path) -> None:
    from studio.document.archive import pack_board

    zipped = pack_board(board, tmp_path / "snow-day.boardz")
    assert run(["render", str(zipped), "-o", str(tmp_path / "z"), "--to", "gif"]) == 0
    assert (tmp_path / "z" / "snow-day.gif").is_file()


# Looking -------------------------------------------------------------------------------------------------------------


def test_info_says_what_made_a_file(board, tmp_path, capsys) -> None:
    run(["render", str(board), "-o", str(tmp_path), "--to", "gif,pdf,png"])
    capsys.readouterr()
    for name in ("snow-day.gif", "snow-day.pdf", "snow-day-panels/001.png", "snow-day.board"):
        assert run(["info", str(tmp_path / name)]) == 0
        said = capsys.readouterr().out
        assert "composed from art, not generated" in said
        assert "Mia walks in the snow." in said
    assert run(["info", str(tmp_path / "snow-day.gif"), "--json"]) == 0
    assert _result(capsys)["made"]["panels"][1]["text"] == "She waves."


def test_info_of_a_file_without_a_record(tmp_path, capsys) -> None:
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "plain.png")
    assert run(["info", str(tmp_path / "plain.png")]) == 0
    assert "says nothing of what made it" in capsys.readouterr().out


def test_checks_lists_what_is_there(capsys) -> None:
    assert run(["checks", "--json"]) in (0, 1)
    found = {check["name"]: check for check in _result(capsys)["checks"]}
    assert {"python", "torch", "H.264", "fonts", "models", "home folder"} <= found.keys()
    assert found["H.264"]["ok"] and found["fonts"]["ok"]


def test_models_that_are_not_there_list_those_that_are(capsys) -> None:
    assert run(["models", "list", "--json"]) == 0
    assert isinstance(_result(capsys)["models"], list)
    for verb in ("info", "verify"):
        assert run(["models", verb, "nosuch-64"]) == 1
        assert 'no model "nosuch-64"' in _error(capsys)


def test_a_model_is_described_by_its_config_and_card(tmp_path, capsys) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "config.json").write_text('{"preset": "storygan", "licence": "MIT"}')
    (folder / "README.md").write_text("# Mine\nDrawn by hand.")
    assert run(["models", "info", str(folder)]) == 0
    assert {"preset: storygan", "# Mine"} <= set(capsys.readouterr().out.splitlines())
    (folder / "config.json").write_text("{")
    assert run(["models", "info", str(folder)]) == 1
    assert "copy the model anew" in _error(capsys)


# Errors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n ", "each becomes a panel"),
        (b"\x89PNG\r\n\x1a\n rubbish", "PNG"),
        (b"Mia\x00walks.", "control"),
        (None, "there is no file"),
    ],
)
def test_stories_that_cannot_be_drawn(content, message, tmp_path, capsys) -> None:
    path = tmp_path / "s.txt"
    if content is not None:
        path.write_bytes(content)
    assert run(["film", str(path), "-o", str(tmp_path / "out"), *FILM]) == 1
    error = _error(capsys)
    assert error.startswith("error: ") and message in error
    assert not (tmp_path / "out").exists()


def test_a_folder_is_no_story(tmp_path, capsys) -> None:
    assert run(["film", str(tmp_path), "-o", str(tmp_path / "out"), *FILM]) == 1
    assert "is a folder" in _error(capsys)


def test_a_missing_model_names_the_stage_and_never_falls_back(story, tmp_path, capsys) -> None:
    assert run(["film", str(story), "-o", str(tmp_path / "out"), "--model", "nosuch-64"]) == 1
    assert "--engine stage" in _error(capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--to", "avi"], '"avi"'),
        (["--size", "big"], "1280x720"),
        (["--panels", "9"], "1 to 3"),
        (["--fps", "0"], "fps 0"),
        (["--layout", "3"], "3x2"),
        (["--aspect", "9:16", "--size", "640x360"], "640x360 is not 9:16"),
        (["--fields", "text,colour"], 'fields "colour"'),
        (["--music", "gone.mp3"], "there is no music file gone.mp3"),
        (["--transition-ms", "99999"], "99999 ms"),
    ],
)
def test_options_that_cannot_be_read(words, message, board, tmp_path, capsys) -> None:
    capsys.readouterr()
    assert run(["render", str(board), "-o", str(tmp_path / "r"), *words]) == 1
    assert message in _error(capsys)


@pytest.mark.parametrize(
    ("words", "message"), [(["--fps", "200"], "fps 200 is not 1 to 120"), (["--panels", "2-x"], "cannot be read")]
)
def test_a_film_refuses_options_before_it_looks_for_a_model(words, message, story, tmp_path, capsys) -> None:
    assert run(["film", str(story), "-o", str(tmp_path / "out"), "--model", "no such model", *words]) == 1
    assert message in _error(capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [["render"], ["nosuch"], ["board", "a.txt", "-o", "b", "--split", "page"], ["film", "a.txt", "--takes", "0"]],
)
def test_wrong_usage_exits_2(words, capsys) -> None:
    assert run(words) == 2
    assert "Usage" in capsys.readouterr().err


@pytest.mark.parametrize("pair", ["Anna", "Anna=", "=Mia"])
def test_a_cast_that_cannot_be_read_exits_2(pair, story, tmp_path, capsys) -> None:
    assert run(["board", str(story), "-o", str(tmp_path / "b"), "--engine", "stage", "--cast", pair]) == 2
    assert "Anna=Mia" in capsys.readouterr().err


def test_render_of_what_is_no_board(story, tmp_path, capsys) -> None:
    for path, came in ((tmp_path / "no.board", "not there"), (story, "a file"), (tmp_path, "")):
        assert run(["render", str(path), "-o", str(tmp_path)]) == 1
        error = _error(capsys)
        assert error.startswith("error: ") and came in error
        assert not came or "studio board STORY.txt" in error


def test_the_debug_variable_shows_the_traceback(tmp_path, monkeypatch) -> None:
    from studio.errors import StudioError

    monkeypatch.setenv("STUDIO_DEBUG", "1")
    with pytest.raises(StudioError):
        run(["info", str(tmp_path / "gone.png")])


@pytest.mark.skipif(os.name == "nt", reason="signals are a matter of POSIX")
def test_ctrl_c_keeps_what_is_drawn_and_exits_130(tmp_path) -> None:
    import signal

    story = tmp_path / "long.txt"
    story.write_text(" ".join(["Mia walks in the snow."] * 300), encoding="utf-8")
    words = [sys.executable, "-m", "studio", "board", str(story), "-o", str(tmp_path / "b"), "--engine", "stage"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert any(b'"progress"' in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"the same command draws the rest" in said
    assert any((tmp_path / "b" / "media").rglob("*.png"))


# The door ------------------------------------------------------------------------------------------------------------


def test_help_answers_at_once_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from studio.cli.main import run; assert run(['film', '--help']) == 0; "
        "print([m for m in ('torch', 'numpy', 'PIL', 'av', 'streamlit', 'spacy', 'reportlab') if m in sys.modules])"
    )
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert time.perf_counter() - started < 30  # 0.2 s on an idle machine; test machines are not
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_command_and_option_has_help() -> None:
    from typer.main import get_command

    group = get_command(app)
    commands = dict(group.commands)  # type: ignore[attr-defined]
    commands |= {f"models {name}": command for name, command in commands.pop("models").commands.items()}
    for name, command in commands.items():
        assert command.help, name
        assert all(option.help for option in command.params if option.param_type_name == "option"), name


def test_version(capsys) -> None:
    from seqgan import __version__

    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"studio {__version__}"


def test_serve_listens_on_this_machine_alone_and_sends_nothing(tmp_path) -> None:
    assert serve.ENTRY.is_file()
    words = serve.command(tmp_path, 8600, "localhost", True)
    assert words[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert {"--server.address=localhost", "--browser.gatherUsageStats=false", "--server.showEmailPrompt=false"} <= set(
        words
    )
    assert "--logger.hideWelcomeMessage=true" in words  # or an advertisement may lie over the page
    assert "--runner.magicEnabled=false" in words  # or a page fails now and then while another thread reads a tree
    assert "--global.minCachedMessageSize=1e9" in words  # or a page may turn white
    assert "--runner.postScriptGC=false" in words  # or, with a model loaded, every run of a page is followed by a pause
    assert words[-2:] == ["--", str(tmp_path.resolve())]


def test_serve_of_a_board_that_is_not_there(tmp_path, capsys) -> None:
    assert run(["serve", str(tmp_path / "no.board")]) == 1
    assert "studio board" in _error(capsys)


def test_names_come_from_the_story() -> None:
    assert [stem(name) for name in ("-", "a/snow-day.txt", "b.tar.gz")] == ["story", "snow-day", "b.tar"]


def test_casts_are_read() -> None:
    assert read_cast(["Anna=Mia", " Tom = the cat "]) == {"Anna": "Mia", "Tom": "the cat"}
