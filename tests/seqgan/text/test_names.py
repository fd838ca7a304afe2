"""Unknown names: which words are names, and who plays them."""

import pytest

from seqgan.data.theatre.lexicon import shipped_lexicon
from seqgan.errors import InputError
from seqgan.text.reading import Reading, read_story


def read(*sentences: str, cast: dict[str, str] | None = None) -> Reading:
    return read_story(sentences, shipped_lexicon(), cast)


def test_the_issues_own_story() -> None:
    reading = read("Anna walks in the snow.", "She waves.", cast={"Anna": "Mia"})
    assert reading.sentences == ("Mia walks in the snow.", "She waves.")
    assert reading.cast == {"Anna": "mia"}
    assert [note.message for note in reading.notes] == ["Anna is played by Mia"]


@pytest.mark.parametrize(
    "told", ["Zork, a cat, walks.", "A cat called Zork walks.", "A small cat named Zork walks.", "Zork the cat walks.",
             "Zork is a cat.", "The cat Zork walks.", "Zork, the big cat, walks.", "Zork, a feline, walks."],
)  # fmt: skip
def test_apposition(told: str) -> None:
    assert read(told, "Zork waves.").cast == {"Zork": "cat"}


def test_a_name_in_the_grammars_forms_stays_for_the_model() -> None:
    reading = read("A girl called Lily walks.", "Tom the rabbit waves.", "Lily sees Tom.")
    assert reading.sentences == ("A girl called Lily walks.", "Tom the rabbit waves.", "Lily sees Tom.")
    assert reading.cast == {"Lily": "mia", "Tom": "rabbit"}
    assert reading.mentions == (("mia",), ("rabbit",), ("mia", "rabbit"))


def test_an_introduction_after_the_first_use_does_not_help_the_model() -> None:
    assert read("Lily walks.", "Lily, a girl, waves.").sentences == ("Mia walks.", "Mia, a girl, waves.")


def test_an_override_replaces_the_name_and_a_noun_that_contradicts() -> None:
    reading = read("Tom, a rabbit, walks.", "An owl called Kit waves.", cast={"tom": "MAX", "Kit": "pig"})
    assert reading.sentences == ("Max, a boy, walks.", "A pig called Percy waves.")
    assert read("Tom, a rabbit, walks.", cast={"Tom": "Ruby"}).sentences == ("Ruby, a rabbit, walks.",)


def test_an_unknown_noun_that_maps_is_an_apposition() -> None:
    reading = read("Zork, a droid, walks.")
    assert reading.cast == {"Zork": "robot"} and "a droid" not in reading.sentences[0]


@pytest.mark.parametrize(
    ("story", "who"),
    [(("Zork walks.", "She waves."), "mia"), (("Zork walks.", "He waves."), "max"), (("Zork waves his hat.",), "max"),
     (("Mr. Zork walks.",), "max"), (("Mrs Zork walks.",), "mia"), (("Zork walks.",), "mia"),
     (("Tom walks.",), "max"), (("Tom walks.", "She waves."), "mia")],
)  # fmt: skip
def test_pronoun_title_and_first_name(story: tuple[str, ...], who: str) -> None:
    assert list(read(*story).cast.values()) == [who]


def test_a_pronoun_means_the_one_it_fits() -> None:
    assert read("Zork and Mia walk.", "She waves.", "He bows.").cast == {"Zork": "max"}
    assert read("Anna and Tom walk.", "She waves.", "He bows.").cast == {"Anna": "mia", "Tom": "max"}


def test_members_that_the_story_names_are_not_given_away() -> None:
    assert read("Anna walks with Mia.").cast["Anna"] != "mia"
    assert read("Tom plays with a boy.").cast == {"Tom": "robin"}
    assert read("Zork, a cat, meets Cleo.").cast["Zork"] != "cat"


def test_no_two_names_share_a_member_while_one_is_free() -> None:
    names = ["Anna", "Emma", "Lucy", "Nora", "Clara", "Tom", "Hugo", "Liam", "Noah", "Oscar", "Felix", "Emil"]
    cast = read(*(f"{name} walks." for name in names)).cast
    assert sorted(cast.values()) == sorted(member.id for member in shipped_lexicon().members)
    more = read(*(f"{name} walks." for name in [*names, "Greta"])).cast
    assert more["Greta"] in cast.values()


def test_two_names_of_one_kind() -> None:
    reading = read("Zork, a cat, meets Blorf, a cat.")
    assert reading.cast["Zork"] == "cat" != reading.cast["Blorf"]
    assert reading.sentences[0].startswith("Zork, a cat, meets Mia, a girl")


def test_possessives_hyphens_capitals_and_full_names() -> None:
    assert read("Mia sees Anna's hat.").sentences[0].endswith("'s hat.")
    assert list(read("Anne-Marie walks.", "Anne-Marie waves.").cast) == ["Anne-Marie"]
    assert list(read("ANNA WALKS.", "Anna waves.", "anna bows.").cast.values()) == ["mia"]
    reading = read("Anna Smith walks.", "Anna waves.")
    assert reading.sentences == ("Mia walks.", "Mia waves.") and reading.cast == {"Anna Smith": "mia"}


@pytest.mark.parametrize(
    "sentence", ["The cat sleeps on Monday.", "Elephants walk.", "Perhaps Mia sleeps.", "At Christmas the cat bows.",
                 "Grandma walks.", "The Elephant walks.", "Mia likes TV.", "Bananas are here.", "Mia walks in Paris.",
                 "Die Katze schläft im Wald.", "DEMOCRACY", "I see you."],
)  # fmt: skip
def test_what_is_no_name(sentence: str) -> None:
    reading = read(sentence)
    assert reading.cast == {}
    capitals = [word for word in reading.sentences[0].split() if word[0].isupper()]
    assert all(shipped_lexicon().knows(word.strip(".").lower()) for word in capitals), (
        "the model would take it for a name"
    )


def test_an_override_for_nobody_is_told() -> None:
    assert [note.message for note in read("Mia walks.", cast={"Zoe": "Max"}).notes] == [
        "Zoe: no such name in the story"
    ]


def test_an_override_may_recast_the_cast_and_share() -> None:
    reading = read("Mia walks.", "Anna waves.", cast={"Mia": "Max", "Anna": "max", " ": "mia"})
    assert reading.sentences == ("Max walks.", "Max waves.") and reading.cast == {"Mia": "max", "Anna": "max"}


def test_an_unknown_member_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean Mia"):
        read("Anna walks.", cast={"Anna": "Mai"})


def test_the_model_has_markers_for_six_names_only() -> None:
    kinds = ["girl", "boy", "cat", "owl", "pig", "robot", "dragon"]
    names = ["Lily", "Tom", "Zork", "Blorf", "Hugo", "Otis", "Greta"]
    told = [f"A {kind} called {name} walks." for kind, name in zip(kinds, names, strict=True)]
    reading = read(*told)
    assert "Otis" in reading.sentences[5] and "Greta" not in reading.sentences[6]


def test_an_object_pronoun_is_not_its_own_subject() -> None:
    assert read("Zork cried.", "Blorf gave her his hat.").cast == {"Zork": "mia", "Blorf": "max"}


def test_a_well_known_name_of_a_machine() -> None:
    assert read("Beebo walks.").cast == {"Beebo": "robot"}
