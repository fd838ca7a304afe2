"""What a story world knows in words: its cast, and the words for characters, settings, props and actions.

A `Lexicon` is plain data. A checkpoint keeps it in its JSON (`to_dict`, `from_dict`), so a model is read to with the
words it was trained on; `seqgan.data.theatre.lexicon.build_lexicon` makes one from a cast pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from typing import Any

from seqgan.errors import CheckpointError, InputError
from seqgan.text.wording import bases

CLASSES = ("character", "setting", "prop", "action")
PRONOUNS = {"he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she",
            "herself": "she"}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One member of the cast; `words` are the nouns that mean it, its kind first."""

    id: str
    name: str
    kind: str
    pronoun: str
    words: tuple[str, ...] = ()
    human: bool = False


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The known words of a story world. Compared and hashed by identity, so it can be the key of a cache.

    members: the cast in its order.
    words: class -> word or short phrase (lower case, base form) -> id.
    vocabulary: every lower-case word form that the reader of the text (model or parser) understands.
    verbs: base verb -> (third person, past, -ing form).
    phrases: noun that stands for an action -> the verb phrase that says it ("cartwheel" -> "do a cartwheel").
    places: setting id -> where ("in the forest").
    given: first name -> he, she or it, for names that a story may bring.
    """

    members: tuple[Member, ...]
    words: Mapping[str, Mapping[str, str]]
    vocabulary: frozenset[str] = frozenset()
    verbs: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the cast by name, and the known words by class."""
        every = {word for table in self.words.values() for word in table}
        known = self.vocabulary or frozenset(part for word in every for part in word.split())
        object.__setattr__(self, "_known", known)
        object.__setattr__(self, "_names", {member.name.lower(): member for member in self.members})
        object.__setattr__(self, "_ids", {member.id: member for member in self.members})

    def knows(self, word: str) -> bool:
        """Whether the lower-case word, or what it is a form of, is understood as it stands."""
        known: frozenset[str] = self._known  # type: ignore[attr-defined]
        return word in known or any(base in known for base in bases(word)[1:])

    def find(self, word: str, kinds: tuple[str, ...] = CLASSES) -> tuple[str, str, str] | None:
        """(class, known word, id) of a word form that the tables hold, in one of the classes; None where none does."""
        for kind in kinds:
            for base in bases(word):
                if base in self.words.get(kind, {}):
                    return kind, base, self.words[kind][base]
        return None

    def named(self, name: str) -> Member | None:
        """The member with this proper name, in any case."""
        return self._names.get(name.lower())  # type: ignore[attr-defined]

    def member(self, who: str) -> Member:
        """The member with this id, name or noun, in any case. Raises InputError that lists the cast, nearest first."""
        key = who.strip().lower()
        for member in self.members:
            if key in (member.id.lower(), member.name.lower()):
                return member
        for member in self.members:
            if key in member.words:
                return member
        raise InputError(f"no member of the cast is called {who!r}; {self._nearest(key)}")

    def _nearest(self, key: str) -> str:
        every = {label.lower(): member for member in self.members for label in (member.id, member.name)}
        near = get_close_matches(key, list(every), n=1, cutoff=0.5)
        guess = f"did you mean {every[near[0]].name}? " if near else "choose one of the cast. "
        return guess + "The cast: " + ", ".join(f"{member.name} ({member.kind})" for member in self.members)

    def by_id(self, ident: str) -> Member:
        """The member with exactly this id. Raises KeyError."""
        return self._ids[ident]  # type: ignore[attr-defined]

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        return {
            "members": [asdict(member) | {"words": list(member.words)} for member in self.members],
            "words": {kind: dict(table) for kind, table in self.words.items()},
            "vocabulary": sorted(self.vocabulary),
            "verbs": {verb: list(forms) for verb, forms in self.verbs.items()},
            "phrases": dict(self.phrases), "places": dict(self.places), "given": dict(self.given),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Lexicon:
        """Read what `to_dict` wrote. Raises CheckpointError where something is missing."""
        try:
            members = tuple(Member(**{**each, "words": tuple(each["words"])}) for each in data["members"])
            verbs = {verb: (forms[0], forms[1], forms[2]) for verb, forms in data["verbs"].items()}
            return cls(members, data["words"], frozenset(data["vocabulary"]), verbs, data["phrases"], data["places"],
                       data["given"])  # fmt: skip
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise CheckpointError(
                f"the lexicon of this checkpoint cannot be read ({error!r}); save it again"
            ) from error
