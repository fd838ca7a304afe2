"""The queue that all tabs share: what waits is shown, moved, cancelled; the queue is paused and goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import streamlit as st

from studio.rendering import Step
from studio.ui.components.queue_view import LOOK_AGAIN
from studio.ui.desk import Desk

SOON = 60.0


@pytest.fixture
def gate(desk: Desk) -> Iterator[threading.Event]:
    """A job that runs until the gate is opened, so that others wait."""
    opened, began = threading.Event(), threading.Event()

    def work(step: Step) -> None:
        step.progress(2, 7)
        began.set()
        while not opened.wait(0.01) and not step.cancelled():
            pass

    desk.jobs.submit("Draw *The* gate", work)
    assert began.wait(SOON)
    yield opened
    opened.set()


@pytest.fixture
def tabs(page: Callable, make: Callable, gate: threading.Event) -> tuple[object, object]:
    """Two tabs with a board each; both asked for their pictures while another board is drawn."""
    make()
    make(["Max runs."], "run", "A run")
    walk, run = (page(f"{name}.board").with_stage("sel_engine").menu("btn_draw", "missing") for name in ("walk", "run"))
    return walk.run(), run


def line(tab) -> list[str]:
    """The waiting jobs as a tab shows them."""
    return [each.value for each in tab.at.markdown if each.value[:3] in ("1\\.", "2\\.", "3\\.")]


def popovers(tab) -> list[str]:
    """What the buttons that unfold something are called."""
    return [each.proto.popover.label for each in tab.at.get("popover")]


def numbers(desk: Desk) -> list[int]:
    return [job.id for job in desk.jobs.waiting()]


def test_two_tabs_see_the_same_queue_and_move_it(tabs, desk: Desk) -> None:
    walk, run = tabs
    assert line(walk) == line(run) == ["1\\. Draw A walk", "2\\. Draw A run"]
    assert "2 waiting" in popovers(walk)
    assert "Now: Draw \\*The\\* gate · 2 of 7" in walk.words
    first, second = numbers(desk)
    buttons = {button.key: button for button in walk.at.button}
    assert buttons[f"btn_earlier_{first}"].disabled and buttons[f"btn_later_{second}"].disabled
    assert [buttons[f"btn_{name}_{second}"].label for name in ("earlier", "later", "out")] == [
        "Earlier", "Later", "Cancel",
    ]  # fmt: skip
    assert buttons[f"btn_out_{second}"].help == "Take out of the queue: Draw A run"
    run.click(f"btn_earlier_{second}")
    assert line(run) == line(walk.run()) == ["1\\. Draw A run", "2\\. Draw A walk"]
    walk.click(f"btn_later_{second}")
    assert line(walk) == ["1\\. Draw A walk", "2\\. Draw A run"]


def test_a_waiting_drawing_of_another_tab_is_cancelled_alone(tabs, desk: Desk, gate: threading.Event) -> None:
    walk, run = tabs
    walk.click(f"btn_out_{numbers(desk)[1]}")
    assert line(walk) == ["1\\. Draw A walk"]
    assert "Stopped before the first panel." in run.run().words
    gate.set()
    walk.until(lambda: walk.drawn)
    assert not any(run.document.picture(panel) for panel in run.document.board.panels)
    assert not any("waiting" in label for label in popovers(walk))


def test_the_job_that_runs_is_cancelled_in_the_list(tabs, desk: Desk) -> None:
    walk, run = tabs
    running = desk.jobs.running()
    assert running is not None and walk.at.button(key=f"btn_stop_{running.id}").help.endswith("Draw \\*The\\* gate")
    walk.click(f"btn_stop_{running.id}")
    assert desk.jobs.wait(running.id, SOON).state == "cancelled"
    walk.until(lambda: walk.drawn and run.run().drawn)


def test_a_job_that_is_over_and_forgotten_is_said_to_be(tabs, desk: Desk) -> None:
    walk, _ = tabs
    number = numbers(desk)[1]
    desk.jobs.cancel(number)
    del desk.jobs._jobs[number]
    walk.click(f"btn_earlier_{number}")
    assert f"there is no job {number}" in "\n".join(error.value for error in walk.at.error).replace("\\", "")


def test_a_paused_queue_says_so_in_every_tab_and_goes_on(tabs, desk: Desk, gate: threading.Event) -> None:
    walk, run = tabs
    walk.click("btn_pause")
    for tab in (walk, run.run()):
        assert "**The queue is paused.** What runs is finished; what waits does not begin." in tab.words
        assert "btn_pause" not in tab.keys and "btn_resume" in tab.keys
    gate.set()
    desk.jobs.wait(desk.jobs.snapshots()[0].id, SOON)
    assert line(walk.run()) == ["1\\. Draw A walk", "2\\. Draw A run"] and desk.jobs.running() is None
    assert "Now:" not in walk.words
    assert [bar.proto.text for bar in walk.at.get("progress")] == ["Waiting\\: the queue is paused"]
    run.click("btn_resume").until(lambda: run.drawn)
    assert "paused" not in walk.run().words and walk.drawn


def test_a_paused_queue_is_shown_where_nothing_waits(page: Callable, make: Callable, desk: Desk) -> None:
    make()
    desk.jobs.pause()
    tab = page("walk.board")
    assert "The queue is paused" in tab.words and not line(tab)
    tab.click("btn_resume")
    assert "paused" not in tab.words and "btn_resume" not in tab.keys


def test_a_long_queue_is_counted(page: Callable, make: Callable, desk: Desk, gate: threading.Event) -> None:
    make()
    for number in range(25):
        desk.jobs.submit(f"Job {number}", lambda step: None)
    tab = page("walk.board")
    assert "25 waiting" in popovers(tab) and "and 5 more" in tab.words


@pytest.mark.parametrize("name", ["story", "gallery", "train", "compare", "help"])
def test_other_pages_show_what_runs_and_what_waits(name: str, tabs, desk: Desk, gate: threading.Event) -> None:
    walk, _ = tabs
    walk.at.switch_page(f"studio/ui/pages/{name}.py")
    walk.run()
    assert "Now: Draw \\*The\\* gate · 2 of 7" in walk.words
    assert line(walk) == ["1\\. Draw A walk", "2\\. Draw A run"] and "2 waiting" in popovers(walk)
    running, waiting = desk.jobs.running(), numbers(desk)
    assert running is not None
    for number in waiting:
        walk.click(f"btn_out_{number}")
    walk.click(f"btn_stop_{running.id}")
    assert desk.jobs.wait(running.id, SOON).state == "cancelled"
    assert "Now:" not in walk.run().words and not line(walk)


def test_no_page_looks_at_the_queue_again_while_a_dialog_is_open(
    page: Callable, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, paces = st.fragment, list[float | None]()

    def fragment(show: Callable[..., None], run_every: float | None = None) -> Callable[..., None]:
        paces.extend([run_every] if show.__name__ == "_elsewhere" else [])
        return made(show, run_every=run_every)

    monkeypatch.setattr(st, "fragment", fragment)
    tab = page()
    assert paces[-1] == LOOK_AGAIN
    tab.click("btn_settings")
    assert paces[-1] is None and "Now:" in tab.words
    tab.at.session_state["editor"].dialog = ""
    tab.run()
    assert paces[-1] == LOOK_AGAIN
