"""What made this file, written into the file: one JSON record, and the machine-readable mark of generated media.

    made = {"program": "Seqgan Studio 0.1.0", "text": "Mia walks.", "seed": 7, "model": {...}, "composed": False}
    image.save("panel.png", pnginfo=png_info(made))
    read_made(Path("panel.png").read_bytes())       # the same record

Every format carries an XMP packet (ISO 16684-1) with the IPTC property DigitalSourceType and the record itself, so one
reader serves PNG, GIF, WebP, MP4 and PDF. PNG has the record in an iTXt chunk `seqgan` as well.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from mmap import mmap
from typing import Any

from PIL import PngImagePlugin

KEY = "seqgan"
XMP_KEY = "XML:com.adobe.xmp"
NAMESPACE = "https://seqgan.studio/ns/made/1.0/"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = "trainedAlgorithmicMedia"
COMPOSED = "composite"
MIXED = "compositeWithTrainedAlgorithmicMedia"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:seqgan="{namespace}"
 {mark}xmp:CreatorTool="{tool}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<seqgan:made>{made}</seqgan:made>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_MADE = re.compile(rb"<seqgan:made>(.*?)</seqgan:made>", re.DOTALL)
_SOURCE = re.compile(rb'DigitalSourceType\s*(?:=\s*["\']|>\s*)([^"\'<]+)')


def source_type(composed: Iterable[bool]) -> str:
    """IPTC digital source type of a work whose parts are composed (True) or generated (False)."""
    kinds = set(composed)
    name = MIXED if len(kinds) == 2 else COMPOSED if kinds == {True} else GENERATED
    return SOURCE_TYPES + name


def as_json(made: Mapping[str, Any]) -> str:
    """The record as one line of ASCII JSON with sorted keys: the same record gives the same bytes."""
    return json.dumps(made, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def xmp_packet(made: Mapping[str, Any], title: str = "") -> bytes:
    """XMP packet with the record and the mark of :func:`mark_of` (none where that is "")."""
    source = html.escape(_printable(mark_of(made)))
    fields = {"tool": str(made.get("program", "")), "title": title, "made": as_json(made)}
    printable = {name: html.escape(_printable(value)) for name, value in fields.items()}
    mark = f'Iptc4xmpExt:DigitalSourceType="{source}" ' if source else ""
    return _PACKET.format(namespace=NAMESPACE, mark=mark, **printable).encode("utf-8")


def mark_of(made: Mapping[str, Any]) -> str:
    """The digital source type of a record: its own (a given picture's may be ""), else what `composed` says."""
    if "digital_source_type" in made:
        return str(made["digital_source_type"])
    return source_type([bool(made.get("composed"))])


def mark_of_all(parts: Iterable[Mapping[str, Any]]) -> str:
    """The digital source type of a work of several parts, such as a film; "" if no part has one."""
    marks = {mark_of(made) for made in parts} or {SOURCE_TYPES + GENERATED}
    if len(marks) == 1:
        return marks.pop()
    generated = any(mark.endswith((GENERATED, MIXED)) for mark in marks)
    return SOURCE_TYPES + (MIXED if generated else COMPOSED)


def _printable(text: str) -> str:
    """XML 1.0 admits no control characters and no lone surrogates."""
    return "".join(char for char in text if char in "\t\n" or (char >= " " and not "\ud800" <= char <= "\udfff"))


def png_info(made: Mapping[str, Any], title: str = "") -> PngImagePlugin.PngInfo:
    """Text chunks for `Image.save(..., pnginfo=...)`: the record, the XMP packet, and a title if there is one."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt(KEY, as_json(made))
    info.add_itxt(XMP_KEY, xmp_packet(made, title).decode("utf-8"))
    if title:
        info.add_itxt("Title", _printable(title))
    return info


def read_made(data: bytes | mmap) -> dict[str, Any] | None:
    """The record in a file's bytes (or in its XMP packet alone); None where there is none of ours or it is damaged."""
    found = _MADE.search(data)
    if found is None:
        return None
    try:
        made = json.loads(html.unescape(found.group(1).decode("utf-8")))
    except ValueError:
        return None
    return made if isinstance(made, dict) else None


def read_source_type(data: bytes | mmap) -> str | None:
    """The DigitalSourceType that a file's XMP declares, whoever wrote it; None where there is none."""
    found = _SOURCE.search(data)
    return found.group(1).decode("utf-8", "replace").strip() if found else None
