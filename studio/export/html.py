"""One HTML page that holds everything, pictures included: to send, to read in any browser, to print. No script."""

from __future__ import annotations

import base64
import html
import io
from pathlib import Path

from studio.export.deck import Deck
from studio.export.film_plan import PROGRAM, Shot
from studio.export.png import record_of
from studio.export.writing import beside
from studio.media.captions import one_line
from studio.media.frames import enlarge
from studio.media.metadata import xmp_packet

KIND = "html"
SMALLEST, LARGEST = 640, 1280  # pixels across a picture

_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="{program}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #212328; background: #fff;
  font: 16px/1.45 "DejaVu Sans", system-ui, sans-serif; }}
h1 {{ font-size: 1.6rem; margin: 0; }}
header p, footer {{ color: #5f626b; font-size: .85rem; }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.6rem; }}
figure {{ margin: 0; break-inside: avoid; }}
h2 {{ grid-column: 1 / -1; font-size: 1.1rem; margin: .6rem 0 -0.6rem; break-after: avoid; }}
img {{ display: block; width: 100%; height: auto; border-radius: 4px; }}
figcaption p {{ margin: .35rem 0 0; white-space: pre-line; overflow-wrap: anywhere; }}
figcaption .head {{ display: flex; justify-content: space-between; color: #5f626b; font-size: .85rem; }}
figcaption b {{ color: #5f626b; font-weight: normal; font-size: .85rem; }}
footer {{ margin-top: 2rem; }}
@media print {{
  @page {{ margin: 12mm; }}
  body {{ margin: 0; max-width: none; padding: 0; font-size: 10pt; }}
  main {{ grid-template-columns: repeat(2, 1fr); gap: 8mm 6mm; }}
}}
</style>
</head>
<body>
<header><h1 dir="auto">{title}</h1>{logline}<p>{length}</p></header>
<main>
{panels}
</main>
<footer>{foot}</footer>
</body>
</html>
"""
_SCENE = '<h2 dir="auto">{title}</h2>\n'
_PANEL = """{scene}<figure id="panel-{number}">
<img src="data:image/jpeg;base64,{picture}" width="{width}" height="{height}" alt="{alt}">
<figcaption>
<p class="head"><span>{name}</span> <span>{seconds} s</span></p>
{words}
</figcaption>
</figure>"""


def write(deck: Deck, folder: Path) -> list[Path]:
    """Write `folder/STEM.html`.

    Raises:
        ExportError: if the file cannot be written.
        CancelledError: if the export is stopped; no file is left half written.
    """
    path = folder / f"{deck.film.stem}.html"
    panels = []
    for count, shot in enumerate(deck.film.shots, start=1):
        panels.append(_panel(deck, shot))
        deck.progress.step(KIND, count, len(deck.film.shots))
    title = html.escape(one_line(deck.film.title) or deck.film.stem)
    foot = " · ".join(part for part in (deck.film.how_made, PROGRAM) if part)
    logline = html.escape(one_line(deck.film.logline))
    page = _PAGE.format(
        title=title,
        logline=f'<p dir="auto">{logline}</p>' * bool(logline),
        program=PROGRAM,
        length=deck.film.length,
        panels="\n".join(panels),
        foot=html.escape(foot),
    )
    with beside(path) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n", errors="replace")
    return [path]


def _panel(deck: Deck, shot: Shot) -> str:
    picture, size = _jpeg(deck, shot)
    return _PANEL.format(
        scene=_SCENE.format(title=html.escape(one_line(shot.scene))) if shot.scene else "",
        number=shot.number,
        picture=base64.b64encode(picture).decode("ascii"),
        width=size[0],
        height=size[1],
        alt=html.escape(f"Panel {shot.number}: {one_line(shot.text)}"),
        name=html.escape(shot.called),
        seconds=f"{shot.duration_ms / 1000:.1f}",
        words="\n".join(
            _words(kind, getattr(shot, kind)) for kind in deck.options.fields if getattr(shot, kind).strip()
        ),
    )


def _words(kind: str, words: str) -> str:
    label = "" if kind == "text" else f"<b>{kind.capitalize()}</b> "
    return f'<p class="{kind}" dir="auto">{label}{html.escape(words.strip())}</p>'


def _jpeg(deck: Deck, shot: Shot) -> tuple[bytes, tuple[int, int]]:
    """The picture at a size that screens show well, with what made it, and its width and height."""
    picture = deck.picture(shot)
    width = min(LARGEST, max(SMALLEST, picture.width))
    size = (width, max(1, round(width * picture.height / picture.width)))
    packed = io.BytesIO()
    packet = xmp_packet(record_of(deck, shot), shot.text)
    enlarge(picture, size).save(packed, "JPEG", quality=88, subsampling=0, xmp=packet)
    return packed.getvalue(), size
