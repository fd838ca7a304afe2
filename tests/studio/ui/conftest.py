"""The editor under Streamlit's headless test and in a browser: an empty home, real engines, real boards."""

from __future__ import annotations

import functools
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from studio.document import Document, new_board
from studio.rendering import Step
from studio.ui import state
from studio.ui.desk import Desk
from studio.ui.engines import STAGE

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

ROOT = Path(__file__).resolve().parents[3]
SENTENCES = ["Mia walks in the snow.", "She waves.", "Max jumps on the beach."]
PATIENCE = 180.0
"""Seconds that a test waits for work in the background; a busy machine is slow, not wrong."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, so that no board of the person who runs the tests is seen or touched."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SEQGAN_HOME", str(folder))
    monkeypatch.delenv("STUDIO_BOARD", raising=False)
    yield folder
    state._desk(str(folder)).close()


@pytest.fixture(autouse=True)
def no_piece_in_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece of a page that looks again by itself holds no other: when the outer begins anew before all of it was
    sent, Streamlit drops what is left of it but keeps what is of the inner, and the browser shows a white page."""
    made, inside = st.fragment, threading.local()

    def fragment(show: Callable[..., None], run_every: float | None = None) -> Callable[..., None]:
        assert not getattr(inside, "is_so", False), f"{show.__qualname__} is a fragment in a fragment"

        @functools.wraps(show)
        def alone(*args: object) -> None:
            inside.is_so = True
            try:
                show(*args)
            finally:
                inside.is_so = False

        return made(alone, run_every=run_every)

    monkeypatch.setattr(st, "fragment", fragment)


@pytest.fixture
def desk(home: Path) -> Desk:
    """What all tabs of this test share."""
    return state._desk(str(home))


@pytest.fixture
def make(home: Path) -> Callable[..., Path]:
    """Make an undrawn board in the editor's folder and return its path."""

    def make(sentences: list[str] = SENTENCES, name: str = "walk", title: str = "A walk") -> Path:
        path = home / "boards" / f"{name}.board"
        Document.create(path, new_board(title, sentences)).close()
        return path

    return make


class Page:
    """A tab of the editor, with the few gestures that the tests make."""

    def __init__(self, board: str = "") -> None:
        self.at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=PATIENCE)
        if board:
            self.at.query_params["board"] = board
        self.run()
        if board:
            self.at.switch_page("studio/ui/pages/board.py")
            self.run()

    def run(self) -> Page:
        """Run the script again, as the page does by itself while work is under way."""
        self.at.run()
        assert not self.at.exception, self.at.exception[0].message
        options = [option for menu in (*self.at.selectbox, *self.at.multiselect) for option in menu.options]
        assert not any("\\" in option for option in options), f"menus show no Markdown: {options}"
        return self

    def show(self, view: str) -> Page:
        """Choose a view of the board, and look until it is there."""
        self.at.button_group(key="view").set_value(view)
        return self.run().until(lambda: not self.desk.tables().pending)

    def until(self, true: Callable[[], bool]) -> Page:
        """Look again until something is so."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, f"waited in vain; the page says: {self.words}"
            while any(queue.busy for queue in (self.desk.jobs, self.desk.live, self.desk.asked)):
                time.sleep(0.02)
            self.run()
        return self

    @property
    def desk(self) -> Desk:
        """What the tabs share."""
        return state.desk()

    def click(self, key: str) -> Page:
        """Press a button."""
        self.at.button(key=key).click()
        return self.run()

    def type(self, name: str, text: str) -> Page:
        """Write into a short field."""
        self.at.text_input(key=self.key(name)).set_value(text)
        return self.run()

    def key(self, name: str) -> str:
        """Return the present key of a field."""
        times = self.at.session_state["editor"].renewed.get(name, 0)
        return f"{name}_{times}" if times else name

    def tell(self, story: str) -> Page:
        """Write a story."""
        self.at.text_area(key="txt_story").set_value(story)
        return self.run()

    def menu(self, key: str, option: str) -> Page:
        """Pick from a button's menu."""
        self.at.menu_button(key=key).set_value(option)
        return self.run()

    def with_stage(self, key: str = "sel_story_engine") -> Page:
        """Have the stage draw."""
        self.at.selectbox(key=key).set_value(STAGE)
        return self.run()

    @property
    def document(self) -> Document:
        """The board that is open."""
        return self.desk.document(self.at.session_state["editor"].path)

    @property
    def ids(self) -> list[str]:
        """The panels of the open board."""
        return [panel.id for panel in self.document.board.panels]

    @property
    def drawn(self) -> bool:
        """Whether every panel has its picture and nothing is under way."""
        panels = self.document.board.panels
        return all(self.document.picture(panel) for panel in panels) and not self.lines

    @property
    def lines(self) -> dict[str, str]:
        """What the tray says of each job under way, by the key of the button that stops it."""
        buttons = [button.key for button in self.at.button if str(button.key).startswith("btn_cancel_")]
        return dict(zip(buttons, [bar.proto.text for bar in self.at.get("progress")], strict=False))

    @property
    def keys(self) -> set[str | None]:
        """The buttons on the page."""
        return {button.key for button in self.at.button}

    @property
    def words(self) -> str:
        """All that the page says."""
        kinds = (self.at.markdown, self.at.caption, self.at.text, self.at.error, self.at.info, self.at.warning)
        html = [element.proto.body for element in self.at.get("html")]
        return "\n".join([*(str(element.value) for kind in kinds for element in kind), *html])


@pytest.fixture
def page() -> Callable[..., Page]:
    """Open a tab of the editor, on a board of that name if given."""
    return Page


class Server:
    """The editor as people start it, with a home of its own."""

    def __init__(self, home: Path, terminal: bool = False, board: Path | None = None, app: Path | None = None) -> None:
        self.port = _free_port()
        self.home = home
        ours, theirs = os.openpty() if terminal else (None, None)
        self._terminal, self._output = ours, (home / "out.txt").open("wb")
        words = [
            "run",
            str(app or "streamlit_app.py"),
            f"--server.port={self.port}",
            f"--server.headless={not terminal}",
        ]
        env = {**os.environ, "HOME": str(home), "SEQGAN_HOME": str(home / "seqgan"), "BROWSER": "true", "DISPLAY": ""}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", *words, *(["--", str(board)] if board else [])],
            cwd=ROOT,
            env=env,
            stdin=theirs if terminal else subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        if theirs is not None:
            os.close(theirs)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://localhost:{self.port}"

    def board(self, sentences: list[str] = SENTENCES, name: str = "walk", title: str = "A walk") -> tuple[Path, str]:
        """Make an undrawn board in its folder; return the path, and the address that opens it."""
        path = self.home / "seqgan" / "boards" / f"{name}.board"
        Document.create(path, new_board(title, sentences)).close()
        return path, f"{self.address}/board?board={path.name}"

    def said(self) -> str:
        """What it has printed."""
        return (self.home / "out.txt").read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Server:
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self.said()
            assert time.monotonic() < end, f"the editor did not start: {self.said()}"
            time.sleep(0.2)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        self._output.close()
        if self._terminal is not None:
            os.close(self._terminal)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5) as reply:
                return reply.status == 200
        except OSError:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., Server]:
    """Start the editor in an empty home (use it in a `with`)."""

    def serve(terminal: bool = False, board: Path | None = None) -> Server:
        folder = tmp_path / "user"
        folder.mkdir(exist_ok=True)
        return Server(folder, terminal, board)

    return serve


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An editor that the tests of a file share, each with boards of its own: it takes seconds to start."""
    with Server(tmp_path_factory.mktemp("user")) as server:
        yield server


# A browser -----------------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The system's Chromium, if there is one."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser that the tests of a file share."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here: install it (apt-get install chromium) to run the editor in a real browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = play.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab of 1280 x 800 of its own (no cookies, nothing stored), which fails the test if the page reaches beyond this
    machine."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(1000 * PATIENCE)
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if _is_outside(request.url) else None)
    yield page
    page.close()
    assert outside == []


def keep_screen(tab: Tab, name: str, **more: Any) -> Path:
    """Keep a picture of what a page shows in ``build/screens``, where people look at it after the tests."""
    path = ROOT / "build" / "screens" / f"{name}.png"
    tab.screenshot(path=path, **more)
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Generator[None, pytest.TestReport]:
    """Say with a browser test that failed what its page showed, and keep a picture of it beside the others."""
    report = yield
    known = getattr(item, "funcargs", {})
    if call.when == "call" and report.failed and item.get_closest_marker("browser") and "tab" in known:
        keep_screen(known["tab"], f"failed-{item.name}")
        report.sections.append(("what the page said", known["tab"].locator("body").inner_text(timeout=5000)))
    return report


def _is_outside(url: str) -> bool:
    return not url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:"))


class Gate:
    """A job that runs until it is let go, so that others wait."""

    def __init__(self, desk: Desk) -> None:
        self.let = threading.Event()
        began = threading.Event()

        def work(step: Step) -> None:
            began.set()
            while not self.let.wait(0.01) and not step.cancelled():
                pass

        desk.jobs.submit("Gate", work)
        assert began.wait(PATIENCE)


@pytest.fixture
def earlier(home: Path) -> Iterator[Desk]:
    """The desk of an editor that ends, with a job that keeps the others waiting."""
    desk = Desk(home)
    Gate(desk)
    yield desk
    desk.close()
