"""The stage: closed-form pictures of a pack of plain squares, then the shipped pack."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqgan.data.theatre import stage as stage_module
from seqgan.data.theatre.pack import CastPack
from seqgan.data.theatre.stage import Stage
from seqgan.data.theatre.world import ACTIONS, CHARACTERS, PROPS, SETTINGS, SHOTS, TIMES, WEATHERS, Actor, Look, Panel
from seqgan.errors import DataError

_Z = np.zeros(16)
_CAST = """
format: 1
characters:
  red: {name: Red, kind: square, pictures: {stand: {file: red.png, faces: left}}}
  tall: {name: Tall, kind: post, pictures: {stand: tall.png}}
  pink: {name: Pink, kind: block, pictures: {stand: pink.png}}
settings:
  plain: {picture: blue.png}
  hall: {picture: blue.png, indoor: true, lamp: [0.2, 0.4]}
  stripes: {picture: stripes.png}
props:
  ball: {picture: green.png}
  kite: {picture: green.png, lift: 0.3}
"""


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> CastPack:
    folder: Path = tmp_path_factory.mktemp("squares")
    red = Image.new("RGBA", (60, 60), (220, 0, 0, 255))
    red.paste((0, 0, 0, 255), (0, 0, 30, 60))  # the left half, where it looks, is black
    red.save(folder / "red.png")
    Image.new("RGBA", (20, 60), (200, 200, 0, 255)).save(folder / "tall.png")
    Image.new("RGBA", (60, 60), (250, 120, 200, 255)).save(folder / "pink.png")
    Image.new("RGBA", (50, 50), (0, 220, 0, 255)).save(folder / "green.png")
    Image.new("RGB", (896, 512), (40, 80, 200)).save(folder / "blue.png")
    columns = (np.arange(896) // 28 % 2 * 200).astype(np.uint8)
    Image.fromarray(np.repeat(columns[None], 512, axis=0)).convert("RGB").save(folder / "stripes.png")
    (folder / "cast.yaml").write_text(_CAST, encoding="utf-8")
    return CastPack.load(folder)


@pytest.fixture(scope="module")
def shipped() -> Stage:
    return Stage(CastPack.shipped(), (64, 112))


def _panel(*actors: Actor, setting: str = "plain", **more: object) -> Panel:
    return replace(Panel(tuple(actors), setting), **more)  # type: ignore[arg-type]


def test_a_figure_stands_where_its_label_says(squares: CastPack) -> None:
    stage = Stage(squares, (64, 112))
    for place, x in (("left", 0.22), ("middle", 0.5), ("right", 0.78)):
        (box,) = stage.layout(_panel(Actor("pink", place=place)), _Z)
        assert (box.kind, box.who) == ("actor", "pink")
        assert (box.x0 + box.x1) / 2 == pytest.approx(x, abs=0.01)
        assert box.y1 == pytest.approx(0.93, abs=0.01)
        assert box.y1 - box.y0 == pytest.approx(0.54, abs=0.02)


def test_the_pixels_are_those_of_the_picture(squares: CastPack) -> None:
    picture = Stage(squares, (64, 112)).draw(_panel(Actor("pink")), _Z)
    assert picture.shape == (64, 112, 3) and picture.dtype == np.uint8
    assert picture[45, 56].tolist() == [250, 120, 200]
    assert picture[60, 3].tolist() == [40, 80, 200]


def test_figures_look_inwards(squares: CastPack) -> None:
    stage = Stage(squares, (64, 112))
    left = stage.draw(_panel(Actor("red", place="left")), _Z)
    assert left[45, 20, 0] == 220 and left[45, 30].max() == 0, "at the left it looks right"
    right = stage.draw(_panel(Actor("red", place="right")), _Z)
    assert right[45, 82].max() == 0 and right[45, 92, 0] == 220, "at the right it looks left"
    middle = stage.draw(_panel(Actor("red")), _Z)
    assert middle[45, 50].max() == 0, "in the middle it looks as it was drawn"


@pytest.mark.parametrize(("size", "factor"), [("normal", 1.0), ("big", 1.3), ("small", 0.72)])
def test_sizes(squares: CastPack, size: str, factor: float) -> None:
    (box,) = Stage(squares, (200, 350)).layout(_panel(Actor("pink", look=Look(size=size))), _Z)
    assert box.y1 - box.y0 == pytest.approx(0.54 * factor, abs=0.01)


@pytest.mark.parametrize(("shot", "height"), [("medium", 0.54), ("close", 0.85), ("far", 0.32)])
def test_shots(squares: CastPack, shot: str, height: float) -> None:
    (box,) = Stage(squares, (200, 350)).layout(_panel(Actor("pink"), shot=shot), _Z)
    assert box.y1 - box.y0 == pytest.approx(height, abs=0.01)


def test_behind_is_smaller_higher_and_drawn_first(squares: CastPack) -> None:
    stage = Stage(squares, (128, 224))
    panel = _panel(Actor("pink", place="behind"), Actor("red"))
    behind, front = stage.layout(panel, _Z)
    assert (behind.x1 - behind.x0) / (front.x1 - front.x0) == pytest.approx(0.75, abs=0.02)
    assert behind.y1 < front.y1 and front.x0 < behind.x0 < front.x1
    x, y = round((front.x1 - 0.01) * 224), round((behind.y1 - 0.1) * 128)
    assert stage.draw(panel, _Z)[y, x].tolist() == [220, 0, 0]


def test_two_who_ask_for_one_place_stand_apart(squares: CastPack) -> None:
    first, second = Stage(squares).layout(_panel(Actor("red"), Actor("pink")), _Z)
    assert abs(first.x0 - second.x0) > 0.15


def test_noise_moves_figures_a_little_and_is_clipped(squares: CastPack) -> None:
    stage, panel = Stage(squares, (200, 350)), _panel(Actor("pink"))
    (still,) = stage.layout(panel, _Z)
    (moved,) = stage.layout(panel, np.array([2.0, 2.0, *[0.0] * 14]))
    assert moved.x0 - still.x0 == pytest.approx(0.05, abs=0.004)
    assert moved.y1 - still.y1 == pytest.approx(0.02, abs=0.004)
    assert stage.layout(panel, np.array([9.0, 9.0, *[0.0] * 14]))[0] == moved


def test_noise_belongs_to_actors_from_left_to_right(squares: CastPack) -> None:
    stage, noise = Stage(squares), np.array([0.0, 0.0, 0.0, 2.0, *[0.0] * 12])
    panel = _panel(Actor("pink", place="right"), Actor("red", place="left"))
    moved = [new.x0 - old.x0 for old, new in zip(stage.layout(panel, _Z), stage.layout(panel, noise), strict=True)]
    assert moved == pytest.approx([0.05, 0.0], abs=0.006)


def test_the_third_number_turns_who_stands_in_the_middle() -> None:
    stage, turned = Stage(CastPack.shipped()), np.array([0.0, 0.0, 1.0, *[0.0] * 13])
    for place, alike in (("middle", False), ("left", True)):
        panel = _panel(Actor("turtle", place=place), setting="meadow")
        assert np.array_equal(stage.draw(panel, _Z), stage.draw(panel, turned)) == alike


def test_the_tenth_number_pans_the_backdrop(squares: CastPack) -> None:
    stage, panel = Stage(squares, (64, 112)), _panel(setting="stripes")
    noise = np.zeros(16)
    noise[9] = 2.0
    still, moved = stage.draw(panel, _Z).astype(int), stage.draw(panel, noise).astype(int)
    shifts = [np.abs(still[:, 3 + s : 109 + s] - moved[:, 3:109]).mean() for s in range(-3, 4)]
    assert int(np.argmin(shifts)) == 6 and shifts[6] < shifts[3]
    noise[10:] = 3.0
    assert np.array_equal(stage.draw(panel, noise), moved), "the other numbers are not used"


def test_props_lie_beside_the_first_actor(squares: CastPack) -> None:
    stage = Stage(squares, (128, 224))
    actor, ball, kite = stage.layout(_panel(Actor("tall"), props=("ball", "kite")), _Z)
    assert (ball.kind, ball.who, kite.who) == ("prop", "ball", "kite")
    assert ball.x0 > actor.x1 and kite.x1 < actor.x0
    assert ball.y1 - ball.y0 == pytest.approx(0.26, abs=0.02)
    assert ball.y1 - kite.y1 == pytest.approx(0.3, abs=0.02)
    (alone,) = stage.layout(_panel(props=("ball",)), _Z)
    assert (alone.x0 + alone.x1) / 2 == pytest.approx(0.5, abs=0.01)
    first, second = stage.layout(_panel(props=("ball", "kite")), _Z)
    assert first.x1 < second.x0


def test_extents_hold_the_whole_picture(squares: CastPack) -> None:
    stage = Stage(squares, (64, 112))
    panel = _panel(Actor("pink", place="left"), props=("ball",))
    extents = stage.extents(panel, _Z)
    assert extents.shape == (2, 4) and extents.dtype == np.float32
    for (x, y, width, height), box in zip(extents, stage.layout(panel, _Z), strict=True):
        assert x - width / 2 <= box.x0 + 1e-6 and box.x1 <= x + width / 2 + 1e-6
        assert y - height / 2 <= box.y0 + 1e-6 and box.y1 <= y + height / 2 + 1e-6
    assert stage.extents(_panel(), _Z).shape == (0, 4)


@pytest.mark.parametrize("item", ["hat", "scarf"])
@pytest.mark.parametrize("action", ["stand", "cartwheel", "sleep"])
def test_what_is_worn_is_inside_its_box(shipped: Stage, item: str, action: str) -> None:
    """Where a frame changes with the colour of a hat, give or take a pixel, is where the hat is said to be."""
    first, second = (
        Panel((Actor("cat", action, look=Look(item=item, colour=colour)),), "beach") for colour in ("red", "yellow")
    )
    (x, y, w, h), (inner_x, inner_y, inner_w, inner_h) = shipped.extents(first, _Z)[0], shipped.worn(first, _Z)[0]
    height, width = shipped.size
    rows, columns = (shipped.draw(first, _Z) != shipped.draw(second, _Z)).any(axis=2).nonzero()
    middle = (x + (inner_x - 0.5) * w) * width, (y + (inner_y - 0.5) * h) * height
    found = (columns.min() + columns.max() + 1) / 2, (rows.min() + rows.max() + 1) / 2
    assert np.abs(np.subtract(middle, found)).max() < 1.5
    assert abs(inner_w * w * width - (np.ptp(columns) + 1)) < 3 and abs(inner_h * h * height - (np.ptp(rows) + 1)) < 3


def test_nobody_wears_anything(shipped: Stage) -> None:
    worn = shipped.worn(Panel((Actor("cat", place="left"), Actor("mia", place="right")), "beach"), _Z)
    assert worn.shape == (2, 4) and worn.max() == 0


def test_time_and_weather_change_the_backdrop(squares: CastPack) -> None:
    stage = Stage(squares, (64, 112))
    mean = {time: stage.draw(_panel(time=time), _Z)[40:].mean(axis=(0, 1)) for time in TIMES}
    assert mean["day"].sum() > mean["dusk"].sum() > mean["night"].sum()
    assert mean["dusk"][0] / mean["dusk"][2] > mean["day"][0] / mean["day"][2]
    pictures = [stage.draw(_panel(weather=weather), _Z) for weather in WEATHERS]
    assert all((a != b).any() for a, b in itertools.combinations(pictures, 2))
    assert np.ptp(pictures[1][40:].mean(axis=(0, 1))) < np.ptp(pictures[0][40:].mean(axis=(0, 1)))


def test_it_neither_rains_nor_snows_indoors_and_a_lamp_burns_at_night(squares: CastPack) -> None:
    stage = Stage(squares, (64, 112))
    clear = stage.draw(_panel(setting="hall"), _Z)
    assert np.array_equal(clear, stage.draw(_panel(setting="hall", weather="rain"), _Z))
    night = stage.draw(_panel(setting="hall", time="night"), _Z)
    assert night[25, 22].sum() > night[25, 100].sum() + 60


def test_two_stages_draw_the_same_bytes_in_any_order(squares: CastPack, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    panels = [_panel(Actor("red", action, place), setting="stripes", props=("ball",))
              for action in ACTIONS[:4] for place in ("left", "right")]  # fmt: skip
    noise = rng.standard_normal((len(panels), 16))
    first = Stage(squares, (64, 112))
    pictures = [first.draw(panel, z) for panel, z in zip(panels, noise, strict=True)]
    monkeypatch.setattr(stage_module, "_CACHE_BYTES", 1000)  # nothing is kept
    second = Stage(squares, (64, 112))
    again = [second.draw(panel, z) for panel, z in zip(panels[::-1], noise[::-1], strict=True)][::-1]
    assert all(np.array_equal(a, b) for a, b in zip(pictures, again, strict=True))
    assert len(second._kept) == 1


@pytest.mark.parametrize("size", [(64, 112), (256, 448), (64, 64), (112, 64), (17, 300), (300, 520)])
def test_any_size_works(squares: CastPack, size: tuple[int, int]) -> None:
    panel = _panel(Actor("red", "jump"), Actor("tall", "sleep", "left"), props=("kite",), weather="snow")
    picture = Stage(squares, size).draw(panel, _Z)
    assert picture.shape == (*size, 3) and picture.dtype == np.uint8


def test_a_pack_without_settings_gets_a_plain_one(tmp_path: Path) -> None:
    Image.new("RGBA", (9, 9), (250, 0, 0, 255)).save(tmp_path / "a.png")
    text = "format: 1\ncharacters: {a: {name: A, kind: dot, pictures: {stand: a.png}}}"
    (tmp_path / "cast.yaml").write_text(text, encoding="utf-8")
    picture = Stage(CastPack.load(tmp_path)).draw(Panel((Actor("a"),), "stage"), _Z)
    assert picture[45, 56].tolist() == [250, 0, 0]


def test_what_the_pack_lacks_is_named(squares: CastPack) -> None:
    stage = Stage(squares)
    with pytest.raises(DataError, match="shows 'zoe'; the pack has red, tall, pink"):
        stage.draw(_panel(Actor("zoe")), _Z)
    with pytest.raises(DataError, match="setting is 'mars'; the pack has plain"):
        stage.draw(_panel(setting="mars"), _Z)
    with pytest.raises(DataError, match="shows 'tuba'; the props are ball, kite"):
        stage.layout(_panel(props=("tuba",)), _Z)
    with pytest.raises(DataError, match=r"noise has shape \(3,\); expected a vector"):
        stage.draw(_panel(), np.zeros(3))
    with pytest.raises(DataError, match="a stage of 8x112 was asked for"):
        Stage(squares, (8, 112))


def test_every_action_of_every_shipped_character_is_a_picture_of_its_own(shipped: Stage) -> None:
    for who in CHARACTERS:
        drawn = [shipped.draw(Panel((Actor(who, action),), "meadow"), _Z).astype(int) for action in ACTIONS]
        for (a, first), (b, second) in itertools.combinations(zip(ACTIONS, drawn, strict=True), 2):
            assert (np.abs(first - second).max(axis=2) > 24).sum() > 40, (who, a, b)


def test_shipped_settings_times_and_weathers_all_differ(shipped: Stage) -> None:
    drawn = {}
    for setting, time, weather in itertools.product(SETTINGS, TIMES, WEATHERS):
        if not shipped.pack.settings[setting].indoor or weather == "clear":
            drawn[setting, time, weather] = shipped.draw(Panel((), setting, time, weather), _Z).astype(int)
    for (a, first), (b, second) in itertools.combinations(drawn.items(), 2):
        assert np.abs(first - second).mean() > 5, (a, b)


def test_shipped_figures_keep_to_the_frame_and_apart(shipped: Stage) -> None:
    for who, action, shot in itertools.product(CHARACTERS, ACTIONS, SHOTS):
        (box,) = shipped.layout(Panel((Actor(who, action),), "room", shot=shot), _Z)
        assert box.x0 > 0.0 and box.x1 < 1.0 and box.y0 >= 0.02, (who, action, shot)
    for trio in (CHARACTERS[i : i + 3] for i in range(0, 12, 3)):
        actors = tuple(Actor(who, "stand", place) for who, place in zip(trio, ("left", "middle", "right"), strict=True))
        boxes = shipped.layout(Panel(actors, "beach"), _Z)
        assert boxes[0].x1 < boxes[1].x0 + 0.06 and boxes[1].x1 < boxes[2].x0 + 0.06


def test_every_shipped_prop_is_drawn(shipped: Stage) -> None:
    empty = shipped.draw(Panel((), "street"), _Z).astype(int)
    for prop in PROPS:
        seen = shipped.draw(Panel((), "street", props=(prop,)), _Z).astype(int)
        assert (np.abs(seen - empty).max(axis=2) > 24).sum() > 60, prop
