"""Unknown words: the bars on the test part of the list, the rules of a match, and the cache."""

import runpy
import threading
from pathlib import Path

import numpy as np
import pytest
import yaml

from seqgan.data.theatre.lexicon import shipped_lexicon
from seqgan.resources import asset
from seqgan.text.frozen import shared_encoder
from seqgan.text.lexicon import Lexicon, Member
from seqgan.text.mapping import Thresholds, WordMapper, mapper_for
from seqgan.text.wording import word_list

PARTS = yaml.safe_load(asset("text", "unknown_words.yaml").read_text(encoding="utf-8"))
LISTED = [word for part in PARTS.values() for word in [*part["map"], *part["ignore"]]]


@pytest.fixture(scope="module")
def mapper() -> WordMapper:
    return mapper_for(shipped_lexicon(), shared_encoder())


def test_the_bars_on_the_test_part(mapper: WordMapper) -> None:
    wanted = PARTS["test"]["map"]
    right = [match is not None and match.id == ident
             for match, ident in zip(mapper.map_all(list(wanted)), wanted.values(), strict=True)]  # fmt: skip
    wrong = [match is not None for match in mapper.map_all(PARTS["test"]["ignore"])]
    assert np.mean(right) >= 0.70
    assert np.mean(wrong) <= 0.10


def test_the_list_is_what_it_should_be() -> None:
    assert sum(len(part["map"]) for part in PARTS.values()) == 60 == sum(len(part["ignore"]) for part in PARTS.values())
    assert len(set(LISTED)) == 120
    assert {name: len(part["map"]) for name, part in PARTS.items()} == {"test": 30, "choose": 30}
    assert sum(not word.isascii() or word[0].isupper() for word in LISTED) >= 12
    ids = {ident for table in shipped_lexicon().words.values() for ident in table.values()}
    assert set().union(*(part["map"].values() for part in PARTS.values())) <= ids


def test_no_listed_word_is_known_or_given_as_lacking() -> None:
    lexicon = shipped_lexicon()
    assert [word for word in LISTED if lexicon.knows(word.lower()) or lexicon.find(word.lower())] == []
    assert set(LISTED) & set(word_list("other_words")) == set()


def test_the_code_holds_the_thresholds_that_the_script_chooses_from(mapper: WordMapper) -> None:
    script = runpy.run_path(str(Path(__file__).resolve().parents[3] / "scripts" / "choose_mapping.py"))
    right, wrong = script["rates"](script["scored"](mapper, PARTS["choose"]), Thresholds())
    assert right >= 0.70 and wrong <= 0.10
    for value, axis in zip((Thresholds().near, Thresholds().ahead, Thresholds().apart), script["GRID"], strict=True):
        assert axis.min() - 1e-9 <= value <= axis.max() + 1e-9


def test_words_of_other_languages(mapper: WordMapper) -> None:
    matches = mapper.map_all(["猫", "schläft", "niña", "Девочка"])
    assert [match and match.id for match in matches] == ["cat", "sleep", "mia", "mia"]


def test_a_word_that_only_the_tables_hold_is_exact() -> None:
    lexicon = Lexicon((Member("rex", "Rex", "dog", "he", ("dog",)),), {"character": {"dog": "rex", "hound": "rex"}},
                      frozenset({"dog"}))  # fmt: skip
    match = WordMapper(lexicon, shared_encoder()).map("hounds")
    assert match is not None and (match.word, match.id, match.score) == ("dog", "rex", 1.0)


def test_only_the_asked_classes_count(mapper: WordMapper) -> None:
    assert mapper.map("ukulele", ("prop",)) is not None
    assert mapper.map("ukulele", ("setting",)) is None
    assert mapper.map("ukulele", ()) is None


def test_an_empty_lexicon_maps_nothing() -> None:
    bare = WordMapper(Lexicon((), {}), shared_encoder())
    assert bare.map("ukulele") is None and bare.name_likeness(["Anna"]) == [0.0]


def test_meanings_are_compared_not_words() -> None:
    """Two words of one id are no rivals: the lead is over the nearest word of another meaning."""
    one = Lexicon((), {"prop": {"cat": "a", "kitten": "a"}})
    two = Lexicon((), {"prop": {"cat": "a", "kitten": "b"}})
    (same,), (other,) = (WordMapper(each, shared_encoder()).scores(["gato"]) for each in (one, two))
    assert same is not None and other is not None and same.ahead > 1 > other.ahead


def test_answers_are_remembered_and_equal_in_threads(mapper: WordMapper) -> None:
    fresh = WordMapper(shipped_lexicon(), shared_encoder())
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(fresh.map_all(["droid", "banana"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each == found[0] for each in found) and found[0] == mapper.map_all(["droid", "banana"])


def test_one_mapper_a_lexicon_and_encoder() -> None:
    lexicon = Lexicon((), {})
    assert mapper_for(lexicon, shared_encoder()) is mapper_for(lexicon, shared_encoder())


def test_names_sound_like_names(mapper: WordMapper) -> None:
    names = mapper.name_likeness(["Beatrix", "Quentin", "Gustav", "Sally"])
    others = mapper.name_likeness(["Elephant", "Democracy", "Music", "Bananas"])
    assert min(names) > 0 > max(others)
