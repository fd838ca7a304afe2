"""The page of a study on 127.0.0.1, by the standard library alone.

    with StudyServer(Path("study")) as server:      # seqgan study serve
        print(server.address)
        server.serve_forever()

GET / is the page, /pairs?rater=NAME what is asked (in an order of the rater's own) and what was answered, /boards/X.png
a board; POST /answers adds answers. Requests that name another host are refused: a page elsewhere cannot ask or answer.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from seqgan.errors import InputError
from seqgan.metrics.study import asked, read_study
from seqgan.metrics.study_answers import add_answers, check_answers, check_rater
from seqgan.training.study_page import PAGE

HOST = "127.0.0.1"
LARGEST = 1 << 16
"""Bytes of a request's body."""
POLICY = (
    "default-src 'none'; img-src 'self' data:; connect-src 'self'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; frame-ancestors 'none'"
)


class StudyServer(ThreadingHTTPServer):
    """Serves one study; port 0 takes any that is free. Raises DataError where the folder is no study."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder, self.study = folder, read_study(folder)
        self.pairs = {pair["id"]: pair for pair in self.study["pairs"]}
        super().__init__((HOST, port), Handler)

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"

    def asked(self, rater: str) -> dict[str, Any]:
        """Questions and pairs in the rater's order, each with what the rater answered before."""
        return {"questions": self.study["questions"], "pairs": asked(self.folder, self.study, rater)}

    def take(self, said: Any) -> int:
        """Write what a page sent; returns how many answers. Raises InputError, and then writes nothing."""
        lines = check_answers(said, self.study)
        add_answers(self.folder, lines)
        return len(lines)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: StudyServer  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        """The page, the pairs, or a board."""
        if not self._from_here():
            return
        url = urlsplit(self.path)
        if url.path == "/":
            self._send(PAGE.encode(), "text/html; charset=utf-8")
        elif url.path == "/pairs":
            self._answer(lambda: self.server.asked(check_rater(parse_qs(url.query).get("rater", [""])[0])))
        else:
            self._board(url.path)

    def do_POST(self) -> None:
        """Answers."""
        if not self._from_here():
            return
        if self.path != "/answers" or self.headers.get_content_type() != "application/json":
            self._say(HTTPStatus.NOT_FOUND, {"error": "answers go to /answers as JSON"})
            return
        self._answer(lambda: {"saved": self.server.take(self._body())})

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is for what the person who serves must know."""

    def _body(self) -> Any:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST:
            raise InputError(f"an answer has at most {LARGEST} bytes; load the page again")
        try:
            return json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise InputError("an answer is no JSON; load the page again") from error

    def _from_here(self) -> bool:
        """Is it this page that asks? Browsers tell the host that a page was loaded from."""
        known = {f"{name}:{self.server.server_port}" for name in (HOST, "localhost")}
        if self.headers.get("Host") in known:
            return True
        self._say(HTTPStatus.FORBIDDEN, {"error": f"open the page at {self.server.address}"})
        return False

    def _answer(self, of: Any) -> None:
        try:
            self._say(HTTPStatus.OK, of())
        except InputError as error:
            self._say(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        except OSError as error:  # a full disk: the page keeps the answers and says so
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, {"error": f"not saved ({error.strerror}); try again"})

    def _board(self, path: str) -> None:
        parts = path.strip("/").removesuffix(".png").removeprefix("boards/").rsplit("-", 1)
        if len(parts) != 2 or parts[0] not in self.server.pairs or parts[1] not in ("left", "right"):
            self._say(HTTPStatus.NOT_FOUND, {"error": "there is no such page"})
            return
        board = self.server.folder / "boards" / f"{parts[0]}-{parts[1]}.png"
        if board.is_file():
            self._send(board.read_bytes(), "image/png")
        else:
            self._say(HTTPStatus.NOT_FOUND, {"error": f"{board.name} is missing; make the study again"})

    def _say(self, status: HTTPStatus, record: dict[str, Any]) -> None:
        self._send(json.dumps(record, ensure_ascii=False).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
                            ("Content-Security-Policy", POLICY), ("X-Content-Type-Options", "nosniff")):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
