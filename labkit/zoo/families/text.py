"""String work: on the letters of a word, and on a list of words."""

from __future__ import annotations

from ..items import Draw, Made
from ..words import CITIES, GOODS, NOUNS

_HEADS = ("", "Please ", "Task: ", "Answer only: ")


def letters(draw: Draw) -> Made:
    """Backwards, in capitals, how many of one, spelt out."""
    length = draw.by_level(3, 5, 7, 10, 14)
    word = draw.choice(NOUNS)
    while len(word) < length:
        word += draw.choice(NOUNS)
    word = word[:length]
    kind = draw.between(0, 3)
    letter = draw.choice(word)
    ask, answer = (
        (f"write {word} backwards", word[::-1]), (f"write {word} in capitals", word.upper()),
        (f"how many times is {letter} in {word}", str(word.count(letter))), (f"spell {word}", " ".join(word)),
    )[kind]  # fmt: skip
    return Made(draw.worded(_HEADS, (f"{ask}.", f"{ask}!", ask)), "", answer, key=ask)


def words(draw: Draw) -> Made:
    """Sorted, from the end, their first letters, how many, which is the n-th."""
    some = draw.sample(GOODS + CITIES, draw.by_level(2, 3, 5, 8, 12))
    n = draw.between(1, len(some))
    ask, answer = (
        ("sort these words", " ".join(sorted(some, key=str.lower))),
        ("reverse their order", " ".join(some[::-1])),
        ("take the first letter of each word", " ".join(w[0] for w in some)),
        ("count the words", str(len(some))), (f"which word is number {n}", some[n - 1]),
    )[draw.between(0, 4)]  # fmt: skip
    return Made(draw.worded(_HEADS, (f"{ask}.", f"{ask}:", ask)), " ".join(some), answer)
