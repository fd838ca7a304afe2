"""Reading a story: unknown names are cast, unknown words are mapped, and every such decision is told in a note.

    reading = read_story(["Anna walks in the snow.", "She waves."], lexicon)
    reading.sentences      # ("Mia walks in the snow.", "She waves."), what the model is given
    reading.cast           # {"Anna": "mia"}
    reading.notes          # one Note a decision; note.message is ready for people

Nothing here raises for odd text; `InputError` comes only for a cast member that does not exist.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from seqgan.text.foreign import Heard, compose, hear
from seqgan.text.frozen import MissingPackage, shared_encoder
from seqgan.text.lexicon import Lexicon, Member
from seqgan.text.mapping import Encoder, Match, WordMapper, mapper_for
from seqgan.text.names import DETERMINERS, Name, Use, assign, find_names, learn
from seqgan.text.vocab import MARKERS
from seqgan.text.wording import Sentence, article, base_noun, bases, is_function_word, like, parse, tokens
from seqgan.text.words_in_context import form, kinds_of


@dataclass(frozen=True)
class Note:
    """One decision of the reader. kind: "cast", "mapped" or "ignored"; panel counts from 0."""

    kind: str
    panel: int
    word: str
    meaning: str
    message: str


@dataclass(frozen=True)
class Reading:
    """A story as the model is given it.

    sentences: one a panel, rewritten. cast: unknown name -> member id. mentions: per panel the ids of the members that
    its sentence names or calls by a noun, in order (pronouns are left to the model).
    """

    sentences: tuple[str, ...]
    cast: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    mentions: tuple[tuple[str, ...], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        return {"sentences": list(self.sentences), "cast": dict(self.cast),
                "notes": [asdict(note) for note in self.notes],
                "mentions": [list(each) for each in self.mentions]}  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reading:
        """Read what `to_dict` wrote."""
        notes = tuple(Note(**note) for note in data["notes"])
        mentions = tuple(tuple(each) for each in data["mentions"])
        return cls(tuple(data["sentences"]), dict(data["cast"]), notes, mentions)


def read_story(
    sentences: Sequence[str],
    lexicon: Lexicon,
    cast: Mapping[str, str] | None = None,
    encoder: Encoder | None = None,
) -> Reading:
    """Cast the unknown names of a story and map its unknown words.

    `cast` is what the user wants: name -> member (id, name or noun, any case). `encoder` defaults to the process's own.
    The same input gives the same reading. Raises InputError for a member that does not exist.
    """
    return _Reader(sentences, lexicon, cast or {}, encoder or shared_encoder()).read()


def warm(lexicon: Lexicon, encoder: Encoder | None = None) -> None:
    """Load everything that the first unknown word would wait for: encoder, known words, tagger (seconds, once)."""
    read_story(["Zork snoozes here.", "A zork zorks."], lexicon, None, encoder)


class _Reader:
    """One story being read."""

    def __init__(self, sentences: Sequence[str], lexicon: Lexicon, cast: Mapping[str, str], encoder: Encoder) -> None:
        self.lexicon = lexicon
        self.story = [parse(text, lexicon.knows) for text in sentences]
        self.asked = {_key(name): (name.strip(), lexicon.member(who)) for name, who in cast.items() if name.strip()}
        self.mapper = _Quiet(mapper_for(lexicon, encoder))
        self.notes: list[Note] = []

    def read(self) -> Reading:
        """Names first, over the whole story, then each sentence by itself."""
        names = find_names(
            self.story, self.lexicon, self.mapper.name_likeness, [name for name, _ in self.asked.values()]
        )
        learn(names, self.story, self.lexicon, self._noun_id)
        wanted: dict[str, Member] = {key: member for key, (_, member) in self.asked.items()}
        cast = assign(names, self.story, self.lexicon, wanted)
        self._note_cast(names, cast)
        lines = _Casted(self.lexicon, names, cast, frozenset(wanted))
        read = [_Line(self, lines, panel).read() for panel in range(len(self.story))]
        if self.mapper.missing:
            self.notes.append(Note("ignored", 0, "", "", f"no unknown word was mapped: {self.mapper.missing}"))
        return Reading(tuple(text for text, _ in read), {name.text: cast[name.key] for name in names},
                       tuple(self.notes), tuple(mentions for _, mentions in read))  # fmt: skip

    def _noun_id(self, word: str) -> str | None:
        """The member that a noun means, mapped if it is unknown."""
        if not word[:1].isalpha() or is_function_word(word):
            return None
        found = self.lexicon.find(word, ("character",))
        if found or self.lexicon.knows(word):
            return found[2] if found else None
        match = self.mapper.map(base_noun(word), ("character",))
        return match.id if match else None

    def _note_cast(self, names: Sequence[Name], cast: Mapping[str, str]) -> None:
        for name in names:
            member = self.lexicon.by_id(cast[name.key])
            self.note("cast", name.uses[0].panel, name.text, member.id, f"{name.text} is played by {member.name}")
        found = {name.key for name in names}
        for key, (name, member) in self.asked.items():
            if key not in found:
                self.note("cast", 0, name, member.id, f"{name}: no such name in the story")

    def note(self, kind: str, panel: int, word: str, meaning: str, message: str) -> None:
        """Add a note once."""
        new = Note(kind, panel, word, meaning, message)
        if new not in self.notes[-40:]:
            self.notes.append(new)


def _key(name: str) -> str:
    return Name(name.strip()).key if name.strip() else ""


class _Quiet:
    """A mapper that maps nothing where the encoder's package is missing, and keeps the reason."""

    def __init__(self, mapper: WordMapper) -> None:
        self.mapper, self.missing = mapper, ""

    def map_all(self, words: Sequence[str], kinds: Sequence[str]) -> list[Match | None]:
        """As `WordMapper.map_all`."""
        try:
            return self.mapper.map_all(words, kinds)
        except MissingPackage as error:
            self.missing = str(error)
            return [None] * len(words)

    def map(self, word: str, kinds: Sequence[str]) -> Match | None:
        """As `WordMapper.map`."""
        return self.map_all([word], kinds)[0]

    def name_likeness(self, words: Sequence[str]) -> list[float]:
        """As `WordMapper.name_likeness`; 0 where nothing can be said."""
        try:
            return self.mapper.name_likeness(words)
        except MissingPackage as error:
            self.missing = str(error)
            return [0.0] * len(words)


class _Casted:
    """The casting of a story: which names stay in the text, what the others become."""

    def __init__(
        self, lexicon: Lexicon, names: Sequence[Name], cast: Mapping[str, str], wanted: frozenset[str]
    ) -> None:
        self.lexicon = lexicon
        self.members = {name.key: lexicon.by_id(cast[name.key]) for name in names}
        self.by_panel: dict[int, list[tuple[Name, Use]]] = {}
        for name in names:
            for use in name.uses:
                self.by_panel.setdefault(use.panel, []).append((name, use))
        understood = [name.key for name in names if name.key not in wanted and self._introduced(name)]
        self.kept = frozenset(understood[: len(MARKERS)])

    def _introduced(self, name: Name) -> bool:
        """Whether the model itself understands the name: brought in by the grammar's forms where it stands first."""
        told = name.apposition
        single = name.text.isalpha() and name.text.istitle() and name.text.lower() not in self.lexicon.vocabulary
        return bool(told and told.formal and told.use == name.uses[0] and single
                    and told.id == self.members[name.key].id)  # fmt: skip

    def contradicted(self, panel: int) -> dict[int, Member]:
        """Tokens of nouns that say something else than the member a name was given."""
        told = ((name.apposition, self.members[name.key]) for name, _ in self.by_panel.get(panel, ()))
        return {each.noun: member for each, member in told if each and each.use.panel == panel and each.id != member.id}


@dataclass
class _Edit:
    """A stretch of a sentence to replace, as character offsets."""

    start: int
    end: int
    text: str


class _Line:
    """One sentence being rewritten."""

    def __init__(self, reader: _Reader, casted: _Casted, panel: int) -> None:
        self.reader, self.casted, self.panel = reader, casted, panel
        self.sentence: Sentence = reader.story[panel]
        self.lexicon = reader.lexicon
        self.edits: list[_Edit] = []
        self.mentions: list[tuple[int, str]] = []
        self.done: set[int] = set()

    def read(self) -> tuple[str, tuple[str, ...]]:
        """The rewritten sentence and the members that it mentions."""
        heard = self._names()
        if self.sentence.language != "en":
            return self._foreign(heard)
        for i, token in enumerate(self.sentence.tokens):
            if i not in self.done:
                self._word(i) if token.is_word else self._sign(i)
        return self._rewritten(), self._mentioned()

    def _names(self) -> list[Heard]:
        """Replace the names of this sentence, and nouns that contradict the cast."""
        heard = []
        for name, use in self.casted.by_panel.get(self.panel, ()):
            member = self.casted.members[name.key]
            start, end = self.sentence.tokens[use.first].start, self.sentence.tokens[use.last].end
            self.edits.append(_Edit(start, end, name.text if name.key in self.casted.kept else member.name))
            self.done |= set(range(use.first, use.last + 1))
            self.mentions.append((use.first, member.id))
            heard.append(Heard(use.first, "name", member.name, member.id))
        for noun, member in self.casted.contradicted(self.panel).items():
            self._replace(noun, member.kind)
            self.done.add(noun)
        return heard

    def _word(self, i: int) -> None:
        """Leave a known word, map or report an unknown one."""
        token = self.sentence.tokens[i]
        member = self.lexicon.named(token.text) if token.text[:1].isupper() else None
        found = self.lexicon.find(token.lower, ("character",))
        if member or found:
            self.mentions.append((i, member.id if member else found[2] if found else ""))
        if member or is_function_word(token.lower) or (self.lexicon.knows(token.lower)):
            self._lower_stranger(i)
        elif token.unspaced:
            self._run(i)
        else:
            self._unknown(i)

    def _lower_stranger(self, i: int) -> None:
        """A capitalised word that the model has not seen would pass for a name: write it small."""
        token = self.sentence.tokens[i]
        seen = any(base in self.lexicon.vocabulary for base in bases(token.lower))
        if token.text != token.lower and self.lexicon.vocabulary and not seen:
            self.edits.append(_Edit(token.start, token.end, token.lower))

    def _unknown(self, i: int) -> None:
        token = self.sentence.tokens[i]
        word, steps, tag = kinds_of(self.sentence, i, self.lexicon)
        match = next((found for kinds in steps if (found := self.reader.mapper.map(word, kinds))), None)
        if match is None:
            self._ignore(token.lower)
            self._lower_stranger(i)
            return
        said = form(match, token.lower, tag, self.lexicon)
        proper = tag == "NNP" and match.kind == "setting" and self.sentence.word(i - 1) not in DETERMINERS
        self._replace(i, f"the {said}" if proper else said)
        self._map(i, token.lower, said, match)

    def _map(self, i: int, word: str, said: str, match: Match) -> None:
        if match.kind == "character":
            self.mentions.append((i, match.id))
        self.reader.note("mapped", self.panel, word, match.id, f"{word}: read as {said}")

    def _ignore(self, word: str) -> None:
        self.reader.note("ignored", self.panel, word, "", f"{word}: not known, ignored")

    def _run(self, i: int) -> None:
        """Chinese or Japanese words within an English sentence."""
        heard, lost = hear([(i, self.sentence.tokens[i])], "zh", self.lexicon, self.reader.mapper.map_all)
        self._report(heard, lost)
        if heard:
            self._replace(i, " ".join(each.said for each in heard))

    def _sign(self, i: int) -> None:
        """A pictograph speaks by its Unicode name; other signs are nothing."""
        sign = self.sentence.tokens[i].text
        if len(sign) > 1 or unicodedata.category(sign) != "So":
            return
        words = [word for word in unicodedata.name(sign, "").lower().split() if word not in ("face", "with", "and")]
        kinds = (found for word in words if (found := self.lexicon.find(word)))
        found = next(kinds, None)
        if found is None:
            self._ignore(sign)
            return
        match = Match(*found, 1.0)
        token = self.sentence.tokens[i]
        self.edits.append(_Edit(token.start, token.end, f" {match.word} "))
        self._map(i, sign, match.word, match)

    def _foreign(self, names: list[Heard]) -> tuple[str, tuple[str, ...]]:
        """A sentence of another language is put together anew from the words that are understood."""
        rest = [(i, token) for i, token in enumerate(self.sentence.tokens) if i not in self.done and token.is_word]
        heard, lost = hear(rest, self.sentence.language, self.lexicon, self.reader.mapper.map_all)
        self._report(heard, lost)
        for i, token in enumerate(self.sentence.tokens):
            if not token.is_word:
                self._sign(i)
        if not heard and not names:
            return self._rewritten(), self._mentioned()
        text = compose(sorted([*names, *heard], key=lambda each: each.place), self.lexicon)
        return self._in_known_forms(text), self._mentioned()

    def _report(self, heard: Sequence[Heard], lost: Sequence[str]) -> None:
        for each in heard:
            if each.kind == "character":
                self.mentions.append((each.place, each.id))
            if each.word and each.word != each.said:
                self.reader.note("mapped", self.panel, each.word, each.id, f"{each.word}: read as {each.said}")
        for word in lost:
            self._ignore(word)

    def _replace(self, i: int, said: str) -> None:
        """Put `said` in the place of a token, in its letter case, and mend an article before it."""
        token, before = self.sentence.tokens[i], self.sentence.tokens[i - 1] if i else None
        opens = self.sentence.starts(i) or self.sentence.shouted
        self.edits.append(_Edit(token.start, token.end, like(token.text, said) if opens else said))
        if before and before.lower in ("a", "an") and i - 1 not in self.done:
            self.edits.append(
                _Edit(
                    before.start,
                    before.end,
                    like(before.text.title() if before.text[0].isupper() else "", article(said)),
                )
            )

    def _rewritten(self) -> str:
        text = self.sentence.text
        for edit in sorted(self.edits, key=lambda each: each.start, reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        text = text if text == self.sentence.text else " ".join(text.split())
        return self._in_known_forms(text)

    def _in_known_forms(self, text: str) -> str:
        """Put a form that the model never saw into one that it knows: "rabbits" -> "rabbit", "kicked" -> "kick"."""
        vocabulary = self.lexicon.vocabulary
        kept = {name.text for name, _ in self.casted.by_panel.get(self.panel, ()) if name.key in self.casted.kept}
        for token in reversed(tokens(text) if vocabulary else []):
            if token.is_word and token.lower not in vocabulary and token.text not in kept and len(token.text) > 2:
                base = next((each for each in bases(token.lower)[1:] if each in vocabulary), None)
                if base:
                    text = text[: token.start] + like(token.text, base) + text[token.end :]
        return text

    def _mentioned(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(who for _, who in sorted(self.mentions)))
