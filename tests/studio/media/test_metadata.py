"""What made a file, in and out of its bytes."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET

import pytest
from PIL import Image

from studio.media.metadata import (
    KEY,
    as_json,
    png_info,
    read_made,
    read_source_type,
    source_type,
    xmp_packet,
)

MADE = {"program": "Seqgan Studio", "text": 'She says <"no"> & 你好 🎂 \x07 \ud800', "seed": 2**62, "composed": False}


def test_a_record_comes_back_from_its_packet() -> None:
    assert read_made(xmp_packet(MADE, "A <title> & more\x00")) == MADE


def test_the_packet_is_well_formed_xml_with_the_iptc_mark() -> None:
    root = ET.fromstring(xmp_packet(MADE, 'A "title" & more').decode("utf-8").strip("\ufeff"))
    space = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
    marks = [
        element.attrib[f"{space}DigitalSourceType"]
        for element in root.iter()
        if f"{space}DigitalSourceType" in element.attrib
    ]
    assert marks == ["http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"]
    assert 'A "title" & more' in "".join(root.itertext())


@pytest.mark.parametrize(
    ("composed", "name"),
    [
        ([False, False], "trainedAlgorithmicMedia"),
        ([], "trainedAlgorithmicMedia"),
        ([True], "composite"),
        ([True, False], "compositeWithTrainedAlgorithmicMedia"),
    ],
)
def test_the_mark_follows_the_parts(composed, name) -> None:
    assert source_type(composed).endswith("/" + name)
    assert read_source_type(xmp_packet({"digital_source_type": source_type(composed)})) == source_type(composed)


def test_a_png_carries_it_twice() -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG", pnginfo=png_info(MADE, "Title"))
    with Image.open(io.BytesIO(file.getvalue())) as image:
        assert json.loads(image.info[KEY]) == MADE
        assert image.info["Title"] == "Title"
    assert read_made(file.getvalue()) == MADE


@pytest.mark.parametrize(
    "data", [b"", b"rubbish", b"<seqgan:made>{broken</seqgan:made>", b"<seqgan:made>[1]</seqgan:made>"]
)
def test_what_is_not_ours_is_none(data) -> None:
    assert read_made(data) is None
    assert read_source_type(data) is None


def test_marks_of_others_are_read_as_elements_too() -> None:
    assert read_source_type(b"<Iptc4xmpExt:DigitalSourceType> http://x/composite </Iptc4xmpExt:DigitalSourceType>") == (
        "http://x/composite"
    )


def test_records_are_one_line_of_sorted_ascii() -> None:
    assert as_json({"b": "é", "a": 1}) == '{"a":1,"b":"\\u00e9"}'
