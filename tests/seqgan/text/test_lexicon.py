"""The lexicon: known words, members of the cast, a round trip through JSON, and its errors."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from seqgan.data.theatre.lexicon import build_lexicon, shipped_lexicon, written_words
from seqgan.data.theatre.pack import CastPack
from seqgan.errors import CheckpointError, InputError
from seqgan.text.lexicon import CLASSES, Lexicon, Member

SMALL = Lexicon(
    (Member("ann", "Ann", "girl", "she", ("girl",), True), Member("rex", "Rex", "dog", "he", ("dog",))),
    {"character": {"girl": "ann", "dog": "rex"}, "action": {"hop": "jump", "jump": "jump"}},
)


def test_known_words_and_their_forms() -> None:
    assert SMALL.knows("dogs") and SMALL.knows("hopped") and not SMALL.knows("cat")
    assert SMALL.find("dogs") == ("character", "dog", "rex")
    assert SMALL.find("hopping", ("action",)) == ("action", "hop", "jump")
    assert SMALL.find("dogs", ("action",)) is None


def test_the_words_written_down_are_those_that_the_grammar_writes() -> None:
    assert shipped_lexicon().vocabulary == written_words(CastPack.shipped()), (
        "write what `python -m seqgan.data.theatre.lexicon` prints into theatre_words.txt, below its comment"
    )


def test_a_vocabulary_decides_what_is_known() -> None:
    lexicon = Lexicon(SMALL.members, SMALL.words, frozenset({"jump"}))
    assert lexicon.knows("jumped") and not lexicon.knows("hop") and lexicon.find("hop") == ("action", "hop", "jump")


@pytest.mark.parametrize("who", ["ann", "ANN", " Ann ", "girl"])
def test_a_member_by_id_name_or_noun(who: str) -> None:
    assert SMALL.member(who).id == "ann"


def test_an_unknown_member_lists_the_cast_and_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'Anne'; did you mean Ann\? The cast: Ann \(girl\), Rex \(dog\)"):
        SMALL.member("Anne")
    with pytest.raises(InputError, match="choose one of the cast"):
        SMALL.member("Wolfgang")


def test_a_round_trip_through_json() -> None:
    lexicon = shipped_lexicon()
    again = Lexicon.from_dict(json.loads(json.dumps(lexicon.to_dict())))
    assert again.to_dict() == lexicon.to_dict()
    assert again.members == lexicon.members and again.knows("rabbit")


@pytest.mark.parametrize("broken", [{}, {"members": 3}, {"members": [{"id": "x"}]}])
def test_a_broken_record_is_refused(broken: dict) -> None:
    with pytest.raises(CheckpointError, match="lexicon"):
        Lexicon.from_dict(broken)


def test_the_shipped_lexicon_knows_the_world() -> None:
    lexicon = shipped_lexicon()
    assert set(lexicon.words) == set(CLASSES)
    assert [member.id for member in lexicon.members if member.human] == ["mia", "max", "robin"]
    assert {"forest", "beach", "space"} <= set(lexicon.words["setting"].values())
    assert {"umbrella", "teddy"} <= set(lexicon.words["prop"].values())
    assert lexicon.verbs["jump"] == ("jumps", "jumped", "jumping")
    assert all(ident in lexicon.places for ident in lexicon.words["setting"].values())
    assert lexicon.find("grandmother") == ("character", "grandmother", "mia")


def test_a_users_pack_without_people_settings_or_props() -> None:
    bear = SimpleNamespace(name="Bruno", kind="bear", pronoun="he", words=())
    pack = SimpleNamespace(
        characters={"bear": bear}, settings={"den": SimpleNamespace(words=(), indoor=True)}, props={}
    )
    lexicon = build_lexicon(cast(Any, pack), ["bear", "den", "sleep"])
    assert lexicon.words["character"] == {"bear": "bear"} and not lexicon.members[0].human
    assert lexicon.words["setting"] == {"den": "den"} and lexicon.places == {"den": "in the den"}
