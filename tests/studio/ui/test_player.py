"""What the player of the animatic is told: the film's own times, pictures in time, and never all at once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator

import pytest

from studio.document import Camera, Document, Transition, set_camera, set_duration, set_transition, total_duration
from studio.export.film_plan import plan_film
from studio.export.screening import window_at
from studio.ui.components import player
from studio.ui.components.keys import TABLE
from studio.ui.components.player import AHEAD, FILM, timed


def told(tab) -> dict:
    """What the player on the page was told; nothing where there is none."""
    found = [each.proto for each in tab.at.get("bidi_component") if each.proto.component_name.endswith("board_player")]
    return json.loads(found[0].json) if found else {}


@pytest.fixture
def timed_board(make: Callable) -> Iterator[Document]:
    """Five undrawn panels with times, passings and a camera of their own."""
    path = make([f"Mia walks {k} steps." for k in range(5)])
    with Document.open(path) as doc:
        ids = [panel.id for panel in doc.board.panels]
        for panel, length in zip(ids, (1000, 1541, 100, 4000), strict=False):
            doc.apply(set_duration(panel, length))
        doc.apply(set_transition(ids[1], Transition(kind="fade", ms=800)))
        doc.apply(set_transition(ids[3], Transition(kind="cut")))
        doc.apply(set_camera(ids[3], Camera(start=(0.0, 0.25, 0.75), end=(0.25, 0.0, 0.5))))
        yield doc


def test_shots_follow_each_other_and_last_as_long_as_the_board_says(timed_board: Document) -> None:
    shots = timed(plan_film(timed_board))
    assert [shot["start"] for shot in shots] == [0, 24, 61, 63, 159]
    assert all(shot["end"] == after["start"] for shot, after in itertools.pairwise(shots))
    assert shots[-1]["end"] == round(total_duration(timed_board.board) * FILM.fps / 1000)


def test_shots_pass_and_move_as_in_the_film(timed_board: Document) -> None:
    shots = timed(plan_film(timed_board))
    changes = [shot["change"] for shot in shots]
    assert [each["kind"] for each in changes] == ["dissolve", "fade", "dissolve", "cut", "cut"]
    assert changes[0] == {"kind": "dissolve", "start": 21, "at": 24, "end": 28}  # 300 ms, seven frames
    assert (changes[1]["start"], changes[1]["end"]) == (60, 62)  # at most half of the shorter neighbour
    assert shots[0]["seen"] == [0, 28]
    assert shots[1]["seen"] == [21, 61]
    camera = timed_board.board.panels[3].camera
    assert camera is not None
    assert shots[3]["camera"] == [window_at(camera, 0), window_at(camera, 1)]
    assert [shot["camera"] for shot in shots if shot is not shots[3]] == [None] * 4


def test_play_opens_the_player_at_the_selected_panel(page: Callable, make: Callable) -> None:
    make(["Mia walks.", "She waves.", "Snow falls."])
    tab = page("walk.board")
    assert not told(tab)
    tab.click(f"btn_edit_{tab.ids[1]}").click("btn_play")
    data = told(tab)
    assert data["selected"] == tab.ids[1]
    assert [shot["caption"] for shot in data["shots"]] == ["Mia walks.", "She waves.", "Snow falls."]
    assert set(data["stills"]) == {shot["still"] for shot in data["shots"]}
    opened = data["opened"]
    tab.click("btn_play")
    assert told(tab)["opened"] > opened  # begin anew
    tab.at.session_state["editor"].playing = 0.0
    assert not told(tab.run())


def test_an_empty_board_has_nothing_to_play(page: Callable, make: Callable) -> None:
    make([])
    tab = page("walk.board")
    assert tab.at.button(key="btn_play").disabled
    tab.at.session_state["editor"].playing = 1.0
    assert not told(tab.run())


def test_a_long_board_sends_the_pictures_that_are_near(page: Callable, make: Callable) -> None:
    make([f"Mia walks {k} steps." for k in range(200)])
    tab = page("walk.board").click("btn_play")
    data = told(tab)
    assert len(data["shots"]) == 200
    assert list(data["stills"]) == [shot["still"] for shot in data["shots"][:AHEAD]]
    tab.at.session_state["editor"].played = tab.ids[100]
    near = list(told(tab.run())["stills"])
    names = [shot["still"] for shot in data["shots"]]
    assert near == names[100 - player.BEHIND : 100 + AHEAD]


def test_a_board_that_is_only_looked_at_can_be_played(page: Callable, make: Callable) -> None:
    with Document.open(make()):
        tab = page("walk.board")
        assert tab.document.read_only
        assert told(tab.click("btn_play"))


def test_another_panel_text_or_take_is_another_picture(timed_board: Document) -> None:
    film = plan_film(timed_board)
    names = [player._names(*each)["still"] for each in zip(timed_board.board.panels, film.shots, strict=True)]
    assert len(set(names)) == len(names)


def test_space_is_in_the_table() -> None:
    assert [row.what for row in TABLE if "Space" in row.keys] == ["Play or pause the animatic"]
