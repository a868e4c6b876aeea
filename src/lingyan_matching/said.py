"""How is one sentence kept for people of two languages?"""

from __future__ import annotations


class Said(str):
    """A Chinese sentence that also knows its English; in a file only the Chinese stands."""

    english: str

    def __new__(cls, chinese: str, english: str = "") -> Said:
        """A copy is made of the Chinese alone, and is given its English afterwards."""
        said = super().__new__(cls, chinese)
        said.english = english
        return said


def english_of(sentence: str) -> str:
    """The English of a sentence, if it has one."""
    return sentence.english if isinstance(sentence, Said) else sentence
