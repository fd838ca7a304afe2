"""Names that the cast lacks: finding them in a story, and giving each to a member of the cast.

A name goes to the member that its apposition tells ("Tom, a cat", "a cat called Tom", "Tom the cat"), else to a free
one whose pronoun fits the pronouns that mean the name ("Anna ... she"), else, if it is a well-known first name, to a
free one of its sex, else to any free one; humans come first, members that the story does not mention before those it
does. No two names share a member while one is free. The rules are the house's own and keep no chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from seqgan.text.lexicon import PRONOUNS, Lexicon, Member
from seqgan.text.wording import Sentence, is_function_word, word_list

TITLES = {"mr": "he", "mister": "he", "sir": "he", "lord": "he", "mrs": "she", "ms": "she", "miss": "she",
          "madam": "she", "dr": "", "doctor": "", "professor": "", "captain": ""}  # fmt: skip
DETERMINERS = frozenset(
    ("the", "a", "an", "this", "that", "these", "those", "my", "your", "our", "their", "every", "each", "some", "any",
     "der", "die", "das", "den", "dem", "ein", "eine", "einen", "einem", "le", "la", "les", "un", "une", "des", "el",
     "los", "las", "una", "il", "lo", "gli", "o", "os", "as", "um", "uma", "de", "het", "een")
)  # fmt: skip
CALLED = frozenset(("called", "named"))
LIKE_A_NAME, LIKE_A_WORD = -0.08, -0.2
"""Least `name_likeness` of a capitalised word where a capital says nothing, and where it says a lot."""
MEMORY = 12
"""Panels back in which a pronoun looks for whom it means."""
Likeness = Callable[[Sequence[str]], list[float]]
NounId = Callable[[str], str | None]
"""What a noun of a character means: lower-case word -> member id, by the lexicon or by the mapper."""


@dataclass(frozen=True)
class Use:
    """One place where a name stands: tokens `first` to `last` (inclusive) of a panel's sentence."""

    panel: int
    first: int
    last: int


@dataclass(frozen=True)
class Apposition:
    """What a sentence says a name is: the member id, the token of the noun, and whether the grammar has this form."""

    use: Use
    noun: int
    id: str
    formal: bool


@dataclass
class Name:
    """One unknown name of a story: as written first, its places, and what is known of who it is."""

    text: str
    uses: list[Use] = field(default_factory=list)
    pronoun: str = ""
    likely: str = ""
    apposition: Apposition | None = None

    @property
    def key(self) -> str:
        """What tells names apart: the first word, in small letters."""
        return self.text.lower().replace("-", " ").split()[0]


# --- finding names ----------------------------------------------------------------------------------------------------


def find_names(
    story: Sequence[Sentence], lexicon: Lexicon, likeness: Likeness, asked: Sequence[str] = ()
) -> list[Name]:
    """Every name of the story that is not one of the cast's, in order of appearance.

    `likeness` is `WordMapper.name_likeness`; `asked` are names that the user has cast (always names if capitalised).
    """
    finder = _Finder(story, lexicon, likeness, frozenset(name.lower().split()[0] for name in asked if name.split()))
    names: dict[str, Name] = {}
    for panel in range(len(story)):
        for use in finder.uses(panel):
            text, title = finder.spelled(use)
            name = names.setdefault(Name(text).key, Name(text, likely=lexicon.given.get(text.split()[0].title(), "")))
            name.uses.append(use)
            name.pronoun = name.pronoun or TITLES.get(title, "")
    return list(names.values())


class _Finder:
    """Decides which tokens of a story are names."""

    def __init__(self, story: Sequence[Sentence], lexicon: Lexicon, likeness: Likeness, asked: frozenset[str]) -> None:
        self.story, self.lexicon, self.likeness, self.asked = story, lexicon, likeness, asked
        self.never = frozenset(word_list("not_persons"))
        self.sure: set[str] = set()
        places = [(panel, i) for panel, each in enumerate(story) for i in range(len(each.tokens))]
        open_places = [place for place in places if self._possible(*place)]
        clear = {place for place in open_places if self._clear(*place)}
        self.sure = {story[panel].word(i) for panel, i in clear}
        self.found = clear | {place for place in open_places if self._likely(*place)}

    def uses(self, panel: int) -> list[Use]:
        """The names of one sentence; words joined by a space or a hyphen are one name."""
        sentence, found = self.story[panel], []
        for i in range(len(sentence.tokens)):
            if (panel, i) not in self.found:
                continue
            if found and self._joined(sentence, found[-1].last, i):
                found[-1] = Use(panel, found[-1].first, i)
            else:
                found.append(Use(panel, self._title(sentence, i), i))
        return found

    def spelled(self, use: Use) -> tuple[str, str]:
        """The name as written without its title, and the title in small letters or ""."""
        sentence = self.story[use.panel]
        title = sentence.word(use.first) if sentence.word(use.first) in TITLES else ""
        first = next(i for i in range(use.first, use.last + 1) if (use.panel, i) in self.found)
        text = sentence.text[sentence.tokens[first].start : sentence.tokens[use.last].end]
        return (text.title() if text.isupper() or text.islower() else text), title

    def _joined(self, sentence: Sentence, before: int, here: int) -> bool:
        between = sentence.text[sentence.tokens[before].end : sentence.tokens[here].start]
        return between in (" ", "-") and sentence.word(here) not in self.asked

    def _title(self, sentence: Sentence, index: int) -> int:
        """Where the name starts, its title included: "Mrs. Smith"."""
        first = index - 1 if sentence.word(index - 1) != "." else index - 2
        return first if sentence.word(first) in TITLES else index

    def _possible(self, panel: int, i: int) -> bool:
        """Whether a token may be a name at all: a capitalised unknown word without an article."""
        sentence = self.story[panel]
        token = sentence.tokens[i]
        if not token.is_word or token.unspaced:
            return False
        if token.lower in self.asked:
            return token.text[0].isupper() or token.lower not in self.lexicon.vocabulary
        foreign = sentence.language != "en" and is_function_word(token.lower, sentence.language)
        if foreign or self.lexicon.named(token.text) or self._ordinary(token.lower):
            return False
        if token.text.islower():
            return sentence.text.islower() and token.text.title() in self.lexicon.given
        return token.text[0].isupper() and (sentence.word(i - 1) not in DETERMINERS or sentence.shouted)

    def _ordinary(self, word: str) -> bool:
        return is_function_word(word) or word in TITLES or self.lexicon.knows(word) or bool(self.lexicon.find(word))

    def _clear(self, panel: int, i: int) -> bool:
        """Whether capital and place tell a name."""
        sentence, token = self.story[panel], self.story[panel].tokens[i]
        if token.lower in self.asked or token.text.title() in self.lexicon.given or self._introduced(sentence, i):
            return True
        plain = sentence.language != "en" or sentence.starts(i) or sentence.shouted
        acronym = token.text.isupper() and len(token.text) < 5
        if plain or acronym or token.text.title() in self.never:
            return False
        return self.likeness([token.text.title()])[0] > LIKE_A_WORD

    def _introduced(self, sentence: Sentence, i: int) -> bool:
        """Whether the words beside a capitalised word introduce it: "called Kit", "the cat Kit", "Kit, a cat"."""
        if self._title(sentence, i) != i or sentence.word(i - 1) in CALLED:
            return True
        if sentence.tokens[i].text.title() in self.never:
            return False
        if self._means(sentence, i - 1):
            return True
        first = i + 2 if sentence.word(i + 1) == "the" else i + 3
        beside = sentence.word(i + 1) == "the" or (sentence.word(i + 1) == "," and sentence.word(i + 2) in ("a", "an"))
        return beside and any(self._means(sentence, at) for at in range(first, first + 3))

    def _means(self, sentence: Sentence, i: int) -> bool:
        return bool(sentence.word(i)) and self.lexicon.find(sentence.word(i), ("character",)) is not None

    def _likely(self, panel: int, i: int) -> bool:
        """Whether a word is a name where its capital says nothing: it is one elsewhere, or it sounds like one."""
        word = self.story[panel].tokens[i].text.title()
        if word.lower() in self.sure:
            return True
        return word not in self.never and self.likeness([word])[0] > LIKE_A_NAME


# --- who a name is ----------------------------------------------------------------------------------------------------


def learn(names: Sequence[Name], story: Sequence[Sentence], lexicon: Lexicon, noun_id: NounId) -> None:
    """Fill in what the story tells of each name: its apposition and its pronoun."""
    for name in names:
        told = (_apposition(story[use.panel], use, noun_id) for use in name.uses)
        name.apposition = next((each for each in told if each), None)
    _learn_pronouns(names, story, lexicon)


def _apposition(sentence: Sentence, use: Use, noun_id: NounId) -> Apposition | None:
    """Who a name is by the words beside it."""
    after = use.last + 1
    before = sentence.word(use.first - 1)
    options: list[tuple[int | None, bool]] = []
    if before in CALLED:
        options.append((use.first - 2, True))
    elif noun_id(before) and _has_determiner(sentence, use.first - 1):
        options.append((use.first - 1, False))
    if sentence.word(after) == "the":
        options.append((_head(sentence, after + 1, noun_id), True))
    elif sentence.word(after) in (",", "is", "was") and sentence.word(after + 1) in ("a", "an", "the"):
        formal = sentence.word(after) == "," and sentence.word(after + 1) != "the"
        options.append((_head(sentence, after + 2, noun_id), formal))
    for noun, formal in options:
        who = noun_id(sentence.word(noun)) if noun is not None and noun >= 0 else None
        if noun is not None and who:
            return Apposition(use, noun, who, formal)
    return None


def _has_determiner(sentence: Sentence, noun: int) -> bool:
    titled = sentence.tokens[noun].text[0].isupper()
    return titled or any(
        sentence.word(i) in DETERMINERS or sentence.word(i) in PRONOUNS for i in range(max(0, noun - 3), noun)
    )


def _head(sentence: Sentence, first: int, noun_id: NounId) -> int | None:
    """The noun of a character within four words, before any sign or function word."""
    for i in range(first, min(first + 4, len(sentence.tokens))):
        if not sentence.tokens[i].is_word or is_function_word(sentence.word(i)):
            return None
        if noun_id(sentence.word(i)):
            return i
    return None


def _learn_pronouns(names: Sequence[Name], story: Sequence[Sentence], lexicon: Lexicon) -> None:
    """Walk through the pronouns; one that nobody known explains tells the sex of the latest name."""
    talk = _Talk(names, story, lexicon)
    for panel, sentence in enumerate(story):
        for i in range(len(sentence.tokens)):
            meant = PRONOUNS.get(sentence.word(i))
            if meant:
                talk.hear(panel, i, meant, _objective(sentence, i))


def _objective(sentence: Sentence, i: int) -> bool:
    """Whether a pronoun is an object, which the subject of its own sentence cannot be: "him", "gave her a"."""
    following = sentence.word(i + 1)
    return sentence.word(i) == "him" or (
        sentence.word(i) == "her" and (not following[:1].isalpha() or is_function_word(following))
    )


class _Talk:
    """Who has been mentioned where: names and cast members in order."""

    def __init__(self, names: Sequence[Name], story: Sequence[Sentence], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.mentions: list[list[tuple[int, Name | Member]]] = [[] for _ in story]
        for name in names:
            for use in name.uses:
                self.mentions[use.panel].append((use.first, name))
        for panel, sentence in enumerate(story):
            members = ((i, _meant(lexicon, token.text)) for i, token in enumerate(sentence.tokens))
            self.mentions[panel] = sorted([*self.mentions[panel], *((i, who) for i, who in members if who)],
                                          key=lambda each: each[0])  # fmt: skip

    def hear(self, panel: int, i: int, pronoun: str, objective: bool) -> None:
        """Let a pronoun explain itself by the latest that fits; if that is a name of unknown sex, it is learnt."""
        said = [who for at, who in self.mentions[panel] if at < i]
        before = [[who for _, who in each] for each in self.mentions[max(0, panel - MEMORY) : panel][::-1]]
        latest = [said[1:], *before, said] if objective else [said, *before]
        if not any(latest):
            latest = [[who for _, who in self.mentions[panel]]]
        for accepted in (("fits", "open"), ("against",)):
            for here in latest:
                who = next((w for grade in accepted for w in here if self._grade(w, pronoun) == grade), None)
                if who is not None:
                    if isinstance(who, Name):
                        who.pronoun = who.pronoun or pronoun
                    return

    def _grade(self, who: Name | Member, pronoun: str) -> str:
        """Whether an entity fits the pronoun, is open, speaks against it by its name alone, or cannot be meant."""
        if isinstance(who, Member):
            return "fits" if who.pronoun == pronoun else "never"
        known = who.pronoun or (self.lexicon.by_id(who.apposition.id).pronoun if who.apposition else "")
        if known in ("he", "she"):
            return "fits" if known == pronoun else "never"
        if not who.likely:
            return "open"
        return "fits" if who.likely == pronoun else "against"


def _meant(lexicon: Lexicon, word: str) -> Member | None:
    """The member that a word of a sentence means, by proper name or noun."""
    member = lexicon.named(word) if word[:1].isupper() else None
    found = None if member else lexicon.find(word.lower(), ("character",))
    return member or (lexicon.by_id(found[2]) if found else None)


# --- casting ----------------------------------------------------------------------------------------------------------


def assign(
    names: Sequence[Name], story: Sequence[Sentence], lexicon: Lexicon, wanted: Mapping[str, Member]
) -> dict[str, str]:
    """Give every name a member: name key -> member id. `wanted` is what the user asked for, by name key."""
    casting = _Casting(names, story, lexicon)
    for name in names:
        if name.key in wanted:
            casting.give(name, wanted[name.key].id)
    for name in names:
        if name.key not in casting.given and name.apposition and name.apposition.id not in casting.taken:
            casting.give(name, name.apposition.id)
    for sure in (True, False):
        for name in names:
            pronoun = name.pronoun or name.likely
            if name.key not in casting.given and bool(pronoun) == sure:
                casting.give(name, casting.choose(pronoun))
    return {name.key: casting.given[name.key] for name in names}


class _Casting:
    """Who is still free while names are given out."""

    def __init__(self, names: Sequence[Name], story: Sequence[Sentence], lexicon: Lexicon) -> None:
        self.lexicon, self.given = lexicon, dict[str, str]()
        skipped = {(use.panel, i) for name in names for use in name.uses for i in range(use.first, use.last + 1)}
        skipped |= {(name.apposition.use.panel, name.apposition.noun) for name in names if name.apposition}
        words = [token.text for panel, each in enumerate(story) for i, token in enumerate(each.tokens)
                 if (panel, i) not in skipped]  # fmt: skip
        called = [lexicon.named(word) for word in words if word[:1].isupper()]
        nouns = [lexicon.find(word.lower(), ("character",)) for word in words]
        self.taken = {member.id for member in called if member}
        self.mentioned = {found[2] for found in nouns if found}

    def give(self, name: Name, who: str) -> None:
        """Record it."""
        self.given[name.key] = who
        self.taken.add(who)

    def choose(self, pronoun: str) -> str:
        """The best free member; when none is free, the one that plays the fewest names."""
        pool = [member for member in self.lexicon.members if member.id not in self.taken] or list(self.lexicon.members)
        roles = list(self.given.values())
        return min(pool, key=lambda m: (roles.count(m.id), bool(pronoun) and m.pronoun != pronoun, not m.human,
                                        m.id in self.mentioned)).id  # fmt: skip
