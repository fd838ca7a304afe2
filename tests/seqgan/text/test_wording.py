"""Tokens, languages, and the forms of English words."""

import pytest

from seqgan.text.wording import (
    article,
    base_noun,
    bases,
    foreign_pronouns,
    function_words,
    is_function_word,
    like,
    parse,
    plural,
    tokens,
    word_list,
)


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


def test_tokens_know_their_places() -> None:
    text = "Anna's  cat, naïve 兔子ok 12 🎉!"
    assert words(text) == ["Anna", "'", "s", "cat", ",", "naïve", "兔子", "ok", "12", "🎉", "!"]
    assert all(text[token.start : token.end] == token.text for token in tokens(text))


@pytest.mark.parametrize("word", ["שָׁלוֹם", "हिन्दी", "กระต่าย", "cafe\u0301", "أَرْنَب"])
def test_a_word_with_marks_stays_whole(word: str) -> None:
    assert words(word) == [word]


def test_nothing_gives_no_tokens() -> None:
    assert words("") == words(" \n") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("The cat sleeps on the beach.", "en"), ("Die Katze schläft am Strand.", "de"), ("Un chat dort sur la mer.", "fr"),
     ("La tortuga nada en el lago.", "es"), ("兔子在雪地里跳舞。", "zh"), ("うさぎが踊る", "ja"), ("Кошка спит", "ru"),
     ("أرنب يرقص", "xx"), ("Bunny hops.", "en"), ("", "en"), ("🎉", "en")],
)  # fmt: skip
def test_language(text: str, language: str) -> None:
    assert parse(text, {"cat", "beach", "sleeps"}.__contains__).language == language


def test_where_a_sentence_starts() -> None:
    sentence = parse('"Zork!" Zork said to Zork.', lambda word: False)
    places = [i for i, token in enumerate(sentence.tokens) if token.text == "Zork"]
    assert [sentence.starts(i) for i in places] == [True, True, False]
    assert sentence.word(-1) == sentence.word(99) == ""


@pytest.mark.parametrize(("text", "shouted"), [("ANNA WALKS", True), ("Anna Walks In Snow", True), ("Anna x", False),
                                               ("Anna", False), ("Anna and Tom", False)])  # fmt: skip
def test_shouting(text: str, shouted: bool) -> None:
    assert parse(text, lambda word: False).shouted is shouted


@pytest.mark.parametrize(("form", "base"), [("bunnies", "bunny"), ("hopped", "hop"), ("dancing", "dance"), ("x", "x"),
                                            ("walked", "walk"), ("mice", "mouse"), ("carried", "carry")])  # fmt: skip
def test_bases(form: str, base: str) -> None:
    assert bases(form)[0] == form and base in bases(form)


def test_no_base_is_made_of_nothing() -> None:
    assert bases("s") == ["s"] and bases("glass") == ["glass"] and bases("walker") == ["walker"]


@pytest.mark.parametrize(("one", "many"), [("rabbit", "rabbits"), ("bunny", "bunnies"), ("fox", "foxes"),
                                           ("teddy bear", "teddy bears"), ("boy", "boys")])  # fmt: skip
def test_plural_and_back(one: str, many: str) -> None:
    assert plural(one) == many
    assert base_noun(many.split()[-1]) == one.split()[-1]


def test_small_change() -> None:
    assert [article(word) for word in ("owl", "unicorn", "boy")] == ["an", "a", "a"]
    assert [like(model, "rabbit") for model in ("Bunny", "BUNNY", "bunny", "X")] == [
        "Rabbit",
        "RABBIT",
        "rabbit",
        "Rabbit",
    ]
    assert is_function_word("the") and not is_function_word("cat") and is_function_word("der", "de")
    assert not is_function_word("the", "tlh")


def test_the_lists_are_sound() -> None:
    assert {"en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja"} <= set(function_words())
    assert set(foreign_pronouns().values()) == {"he", "she", "it", "they"}
    assert "Monday" in word_list("not_persons") and "#" not in "".join(word_list("other_words"))
