"""The page Models: cards, adding, checking, unloading."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.ui.components.model_card import tame
from studio.ui.engines import Choice
from studio.ui.figures import figures_table
from tests.seqgan.sampling.frame_models import save_frame_model


@pytest.fixture
def visit(page: Callable) -> Callable:
    def visit() -> object:
        tab = page()
        tab.at.switch_page("studio/ui/pages/models.py")
        return tab.run()

    return visit


def test_every_model_has_its_card(visit: Callable) -> None:
    tab = visit()
    assert "## theatre\\-64" in tab.words and "Stories: one panel a sentence" in tab.words
    assert "theatre\\-fluent \\(16,000 in training\\), 60,023 images seen" in tab.words
    assert "112 x 64 pixels" in tab.words and "M parameters" in tab.words
    assert "Licence\\: MIT" in tab.words
    assert tab.words.index("emoji\\-attngan") < tab.words.index("theatre\\-judge")  # what draws comes first
    assert tab.at.info[0].value.startswith("Only the models that come with the program are installed.")


def test_a_model_is_added_checked_and_unloaded(visit: Callable, home: Path, tmp_path: Path) -> None:
    folder = save_frame_model(tmp_path / "birds")
    tab = visit().type("txt_model_path", str(folder)).click("btn_add_model")
    tab.until(lambda: "birds\\: whole" in " ".join(each.value for each in tab.at.success))
    assert not tab.at.info
    assert (home / "models" / "birds" / "config.json").is_file()
    tab.click("btn_verify_birds").until(lambda: len(tab.at.success) == 2)
    assert "btn_unload_birds" not in tab.keys
    tab.desk.engines.prepare(Choice("frame", "birds"))
    tab.run().click("btn_unload_birds")
    assert "btn_unload_birds" not in tab.keys and not tab.desk.engines.ready(Choice("frame", "birds"))
    shutil.rmtree(home / "models" / "birds" / "text-encoder")
    tab.click("btn_verify_birds").until(lambda: bool(tab.at.error))
    assert "text\\-encoder" in tab.at.error[0].value


def test_a_zip_that_is_no_model_is_refused(visit: Callable, home: Path) -> None:
    tab = visit()
    tab.at.file_uploader(key="up_model").upload("mine.zip", b"no zip", "application/zip")
    tab.run().click("btn_add_model").until(lambda: bool(tab.at.error))
    assert "is not a sound zip" in tab.at.error[0].value
    assert list((home / "models").glob("*")) == []


def test_a_damaged_config_is_told_on_its_card(visit: Callable, home: Path) -> None:
    (home / "models" / "broken").mkdir(parents=True)
    (home / "models" / "broken" / "config.json").write_text("{")
    tab = visit()
    assert "copy the model anew" in tab.at.error[0].value
    assert "theatre\\-64" in tab.words


def test_figures_stand_in_a_table_with_their_intervals() -> None:
    splits = {"test": {"f1": 0.5, "f1_low": 0.4, "f1_high": 0.625, "n": 9, "protocol": "p"}, "real": {"more": 3}}
    lines = figures_table(splits).splitlines()
    assert lines[0] == "| | test | real |"
    assert lines[2] == "| f1 | 0\\.5000 \\[0\\.400, 0\\.625\\] |  |"
    assert lines[3] == "| more |  | 3 |"


def test_a_card_fetches_nothing_and_stays_short() -> None:
    assert tame("![x](http://example.org/x.png)") == "!\\[x](http://example.org/x.png)"
    assert tame("# theatre\n## Figures\n    # no heading") == "### theatre\n#### Figures\n    # no heading"
    assert len(tame("    {" + "x" * 900 + "}")) < 220
