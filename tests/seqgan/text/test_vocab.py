"""Tokens, ids and entity markers."""

from seqgan.text.vocab import MARKERS, Vocabulary, tokenize

STORY = ["Mia walks.", "A girl called Lily waves at Tom.", "Lily's ball rolls; Tom sleeps.", "Mia walks at the ball."]


def test_tokens_keep_case_and_split_possessives() -> None:
    assert tokenize("Lily\u2019s ball, 2 wide!") == ["Lily", "'s", "ball", ",", "2", "wide", "!"]


def test_new_names_become_markers_by_first_appearance() -> None:
    vocabulary = Vocabulary.build([STORY], ["Lily", "Tom"], minimum=1)
    ids = vocabulary.encode_story(STORY)
    words = [[vocabulary.words[i] for i in row] for row in ids]
    assert words[1] == ["a", "girl", "called", "@1", "waves", "at", "@2", "."]
    assert words[2][0] == "@1" and "@2" in words[2]


def test_unseen_names_read_like_seen_ones() -> None:
    vocabulary = Vocabulary.build([STORY], ["Lily", "Tom"], minimum=1)
    renamed = [text.replace("Lily", "Zora").replace("Tom", "Quentin") for text in STORY]
    assert vocabulary.encode_story(renamed) == vocabulary.encode_story(STORY)


def test_unknown_words_and_empty_sentences() -> None:
    vocabulary = Vocabulary.build([STORY], minimum=1)
    assert vocabulary.encode_story(["", "qwert"]) == [[1], [1]]
    many = " ".join(f"N{chr(97 + n)}" for n in range(9))
    assert len({tuple(row) for row in vocabulary.encode_story([many])}) == 1
    assert vocabulary.encode_story([many])[0].count(1) == 9 - len(MARKERS)


def test_grown_keeps_old_ids() -> None:
    grown = Vocabulary(("a", "b")).grown(Vocabulary(("b", "c", "a", "d")))
    assert grown.words == ("a", "b", "c", "d")


def test_hash_follows_the_words() -> None:
    assert Vocabulary(("a", "b")).hash != Vocabulary(("b", "a")).hash
