"""What is settled for good: what models run on and single keys, in a file that a restart reads and nothing damages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.errors import DocumentError
from studio.ui import state
from studio.ui.desk import Desk
from studio.ui.drawing import submit_board
from studio.ui.engines import Choice
from studio.ui.orders import Asked
from studio.ui.settings import NAME, Settings, load, save
from tests.seqgan.sampling.frame_models import save_frame_model
from tests.studio.ui.conftest import Page

BIRDS = Choice("frame", "birds")


def restart(home: Path) -> None:
    """Let the next tab find a new process."""
    state._desk(str(home)).close()
    state._desk.clear()


def opened(tab: Page) -> Page:
    """Open the dialog and wait until it is known what there is."""
    tab.click("btn_settings")
    return tab.until(lambda: "Looking for a GPU" not in tab.words)


def device(tab: Page):
    return next(each for each in tab.at.radio if each.key and each.key.startswith("rad_device_"))


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a GPU, as far as anyone is told."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: "Fine GPU")


def test_what_models_run_on_is_settled_at_once_and_after_a_restart(
    page: Callable[..., Page], home: Path, gpu: None
) -> None:
    save_frame_model(home / "models" / "birds")
    tab = opened(page())
    assert [each.split(",")[0] for each in device(tab).options] == [
        "Automatic\\: a GPU where there is one",
        "CPU",
        "Fine GPU",
    ]
    before = tab.desk.engines.of(BIRDS)
    device(tab).set_value("cpu")
    tab.run()
    assert json.loads((home / NAME).read_text())["device"] == tab.desk.engines.device == "cpu"
    engine = tab.desk.engines.of(BIRDS)
    assert engine is not before and tab.desk.engines.prepare(BIRDS).device == "cpu"
    restart(home)
    assert opened(page()).desk.engines.device == "cpu"


def test_what_models_draw_in_is_settled_and_takes_say_it(
    page: Callable[..., Page], make: Callable[..., Path], home: Path
) -> None:
    save_frame_model(home / "models" / "birds")
    make()
    tab = opened(page("walk.board"))
    precision = tab.at.radio(key="rad_precision")
    assert precision.value == "float32" and "the same pictures on every machine" in precision.options[0]
    precision.set_value("bfloat16")
    tab.run()
    assert load(home).precision == tab.desk.engines.precision == "bfloat16"
    drawn = tab.desk.jobs.wait(submit_board(tab.desk, tab.document, BIRDS).number)
    knobs = [take.knobs for panel in tab.document.board.panels for take in panel.takes]
    assert not drawn.error and knobs == len(tab.ids) * [{"precision": "bfloat16"}]
    restart(home)
    assert opened(page()).at.radio(key="rad_precision").value == "bfloat16"


def test_only_what_there_is_can_be_chosen(page: Callable[..., Page], home: Path) -> None:
    tab = opened(page())
    assert len(device(tab).options) == 2 and "There is no GPU here" in tab.words
    save(home, device="cuda")
    restart(home)
    tab = opened(page())
    assert device(tab).value == "cuda" and "There is no GPU here" in tab.at.warning[0].value
    device(tab).set_value("auto")
    assert tab.run().desk.engines.device == "auto" and not tab.at.warning


def test_the_environment_goes_first_and_the_dialog_says_so(
    page: Callable[..., Page], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(home, device="auto")
    monkeypatch.setenv("STUDIO_DEVICE", " CPU ")
    tab = opened(page())
    assert tab.desk.engines.device == "cpu" and device(tab).disabled and "`STUDIO_DEVICE` says cpu" in tab.words
    assert str(home) in [each.value for each in tab.at.code] and "`SEQGAN_HOME` says so" in tab.words
    restart(home)
    monkeypatch.setenv("STUDIO_DEVICE", "abacus")
    assert opened(page()).desk.engines.device == "auto"


def test_a_dialog_stays_on_its_page(page: Callable[..., Page]) -> None:
    tab = page().click("btn_settings")
    assert tab.at.session_state["editor"].dialog == "settings"
    tab.at.switch_page("studio/ui/pages/gallery.py")
    assert tab.run().at.session_state["editor"].dialog == ""


def test_single_keys_stay_off(page: Callable[..., Page], make: Callable[..., Path], home: Path) -> None:
    make()
    tab = page("walk.board").click("btn_settings").click("btn_settings_keys")
    assert "single keys are letters" in tab.words and not tab.at.radio
    tab.at.toggle(key="tog_keys").set_value(False)
    tab.run()
    assert load(home) == Settings(keys=False)
    again = page("walk.board")
    assert again.at.button(key="btn_undo").label == "Undo"
    assert page().at.session_state["editor"].keys is False


def test_a_disk_that_refuses_is_said_and_the_setting_holds_meanwhile(page: Callable[..., Page], home: Path) -> None:
    tab = opened(page())
    (home / NAME).mkdir(parents=True)
    device(tab).set_value("cpu")
    tab.run()
    assert tab.desk.engines.device == "cpu" and NAME in tab.at.toast[0].value.replace("\\", "")


# The file ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"device": "abacus", "precision": "exact", "keys": 1}', '{"device": ["cpu"]}', "\x00"]
)
def test_a_file_that_makes_no_sense_is_as_none(text: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(text)
    assert load(tmp_path) == Settings()
    assert save(tmp_path, keys=False) == load(tmp_path) == Settings(keys=False)


def test_keys_of_a_newer_program_stay(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"colour": "red", "keys": false}')
    save(tmp_path, device="cpu")
    assert json.loads((tmp_path / NAME).read_text()) == {
        "colour": "red",
        "keys": False,
        "precision": "float32",
        "device": "cpu",
    }


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(DocumentError, match="home"):
        save(tmp_path / "home", device="cpu")
    assert load(tmp_path / "home") == Settings()


def test_clips_follow_what_is_settled(home: Path, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    from studio.ui import clips

    asked = []
    monkeypatch.setattr(clips, "open_clips", lambda *how: asked.append(how) or SimpleNamespace(at=asked.append))
    monkeypatch.setattr(clips, "find_model", lambda model: home)
    clips._sampler.cache_clear()
    desk.engines.use(device="cpu", precision="bfloat16")
    desk.jobs.wait(clips.submit_clips(desk, Asked("A bird sits.", "birds")).number)
    clips._sampler.cache_clear()
    assert asked == [("birds", "cpu"), "bfloat16"]
