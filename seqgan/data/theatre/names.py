"""First names that a story may give to a character, split between training and the rest by a fixed hash.

None is the name of the shipped cast and none is an ordinary English word (no Rose, no Will), so a capitalised unknown
word is a name. Source: house list.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FEMALE = _listed(
    """Lily Anna Emma Olivia Sophia Isabella Charlotte Amelia Evelyn Abigail Emily Eleanor Hannah Nora Zoe Stella Lucy
    Alice Clara Julia Sarah Sofia Elena Maria Laura Nina Rosa Lena Ida Freya Greta Ingrid Astrid Linnea Elsa
    Heidi Martha Agnes Edith Matilda Beatrice Florence Harriet Louisa Rebecca Rachel Leah Naomi Miriam Esther
    Judith Susan Karen Linda Nancy Betty Dorothy Helen Sandra Diana Teresa Carmen Lucia Paula Marta Camila
    Valentina Gabriela Fatima Aisha Leila Yasmin Priya Anjali Meera Divya Yuki Sakura Keiko Mei Ling Noemi
    Chiara Giulia Francesca Bianca Amelie Camille Celine Margaux Katya Olga Irina Svetlana Natasha Zuzana Ivana
    Milena"""
)
MALE = _listed(
    """Tom Hugo Liam Noah Oliver Elijah James Benjamin Lucas Henry Alexander Mason Ethan Daniel Jacob Logan Jackson Leo
    Samuel David Joseph Matthew Luke Isaac Anthony Dylan Andrew Joshua Christopher Nathan Thomas Aaron Adam
    Simon Peter Paul Philip Edward George Albert Arthur Walter Oscar Felix Emil Anton Karl Otis Lars Sven Nils
    Erik Magnus Bjorn Klaus Hans Fritz Jonas Tobias Sebastian Fabian Moritz Pablo Diego Carlos Miguel Javier
    Rafael Mateo Luis Antonio Marco Luca Giovanni Paolo Pierre Jacques Antoine Bruno Ivan Boris Dmitri Sergei
    Vladimir Omar Ali Hassan Karim Yusuf Ravi Arjun Vikram Rohan Kenji Hiroshi Takeshi Wei Jun"""
)
MACHINE = _listed(
    "Axo Beebo Bibo Dexo Dido Gubo Jazo Kubo Lumo Mobo Nexo Pixo Robi Rolo Tixo Tobo Ubo Vexo Wexo Xano Yobo Zibo Zuzo"
)
"""Names of an "it"; a person's name there would make a reader expect "he" or "she"."""


def _held(name: str) -> bool:
    """Whether the name is kept for val and test (about 35 of 100)."""
    return sha256(f"theatre name {name}".encode()).digest()[0] < 90


@lru_cache(maxsize=32)
def names_for(pronoun: str, split: str) -> tuple[str, ...]:
    """The names that fit a pronoun, of "train" or of the other splits; "they" takes any person's name."""
    fitting = {"she": FEMALE, "he": MALE, "it": MACHINE}.get(pronoun, FEMALE + MALE)
    return tuple(name for name in fitting if _held(name) == (split != "train"))
