"""Where files are, in a checkout and in a wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqgan import resources
from seqgan.errors import DataError


def test_a_shipped_file_is_found() -> None:
    assert resources.asset("fonts", "DejaVuSans.ttf").is_file()


def test_an_unknown_asset_lists_its_neighbours() -> None:
    with pytest.raises(DataError, match=r"no asset 'fonts/Comic.ttf' is shipped; .* holds .*DejaVuSans.ttf"):
        resources.asset("fonts", "Comic.ttf")


def test_no_way_out_of_the_assets() -> None:
    with pytest.raises(DataError, match="lies outside"):
        resources.asset("..", "pyproject.toml")


def test_the_wheel_layout_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seqgan" / "_assets" / "fonts").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "seqgan")
    assert resources.assets_root() == tmp_path / "seqgan" / "_assets"


def test_a_broken_installation_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "seqgan")
    with pytest.raises(DataError, match="install seqgan-studio again"):
        resources.assets_root()


def test_home_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    assert resources.home() == tmp_path
    monkeypatch.setenv("SEQGAN_HOME", " ")
    assert resources.home() == Path.home() / ".cache" / "seqgan"
