"""Rename identifiers in a source text, all at once.

In: text, a str; renames, a dict from old to new names (non-empty str of ASCII letters, digits and
underscores).
Out: the text with each whole word that is a key of renames replaced by its new name; a word is a maximal run
of ASCII letters, digits and underscores. New names are not renamed again, so names may be swapped.
"""

import re
import string

FAMILY = "text"
WORD = frozenset(string.ascii_letters + string.digits + "_")

EXAMPLES = [
    (("", {"a": "b"}), ""),
    (("a + b", {}), "a + b"),
    (("a + b * ab", {"a": "b", "b": "a"}), "b + a * ab"),
    (("x.x(x_x, x1) # 'x'", {"x": "width"}), "width.width(x_x, x1) # 'width'"),
    (("self.total\n", {"total": "t", "tot": "u"}), "self.t\n"),
    (("naïve na ve", {"na": "no", "ve": "we"}), "noïwe no we"),
    (("aa a aa", {"aa": "a", "a": "aaa"}), "a aaa a"),
]


def whole_word(text, start, end):
    before = text[start - 1] if start > 0 else " "
    after = text[end] if end < len(text) else " "
    return before not in WORD and after not in WORD


def rename_words(text, renames):
    places = []
    for old in renames:
        for start in range(len(text)):
            end = start + len(old)
            if text[start:end] == old and whole_word(text, start, end):
                places.append((start, old))
    places.sort()
    shift = 0
    for start, old in places:
        text = text[: start + shift] + renames[old] + text[start + shift + len(old) :]
        shift += len(renames[old]) - len(old)
    return text


def inputs(seed=0, size=1.0):
    """Pieces of three standard-library modules; words renamed, some swapped, some not there."""
    import pathlib
    import random
    import sysconfig

    rng = random.Random(f"rename_words {seed}")
    paths = sorted(pathlib.Path(sysconfig.get_path("stdlib")).glob("*.py"))
    paths = [path for path in paths if path.stat().st_size > 30000]
    cases = []
    for path, number in zip(rng.sample(paths, 3), (25, 12, 70)):
        text = path.read_text(encoding="utf-8", errors="replace")
        length = max(50, int(16000 * size))
        start = rng.randrange(max(1, len(text) - length))
        text = text[start : start + length]
        words = sorted(set(re.findall("[A-Za-z_]{2,}", text)))
        old = rng.sample(words, min(number, len(words)))
        renames = dict(zip(old, old[1:3] + old[:1] + [f"{word}_{len(word)}" for word in old[3:]]))
        renames[rng.choice(("absent", "not_there"))] = "nothing"
        cases.append((text, renames))
    return cases


def solution_character_by_character(text, renames):
    """Collect the word letter by letter, put out when it ends: O(n) steps of the interpreter, middling."""
    output, word = "", ""
    for letter in text + "\0":
        if letter in WORD:
            word += letter
        else:
            output += renames.get(word, word) + letter
            word = ""
    return output[:-1]


def solution_substitute_each_word(text, renames):
    """One re.sub over all words with a function that looks each up: O(n), a call a word."""
    return re.sub("[A-Za-z0-9_]+", lambda match: renames.get(match[0], match[0]), text)


def solution_alternation(text, renames):
    """One pattern made of all old names, only the hits call the function; slow with many names."""
    names = [re.escape(name) for name in sorted(renames, key=len, reverse=True)]
    if not names:
        return text
    pattern = re.compile(rf"\b(?:{'|'.join(names)})\b", re.ASCII)
    parts, done = [], 0
    for match in pattern.finditer(text):
        if match[0] in renames and whole_word(text, match.start(), match.end()):
            parts += [text[done : match.start()], renames[match[0]]]
            done = match.end()
    return "".join([*parts, text[done:]])


def solution_split(text, renames):
    """Split into words and what is between, every second piece mapped with dict.get, joined: O(n), in C."""
    pieces = re.split("([A-Za-z0-9_]+)", text)
    words = pieces[1::2]
    pieces[1::2] = map(renames.get, words, words)
    return "".join(pieces)


def solution_find_each_name(text, renames):
    """str.find for each name, hits put together at the end in one join: O(n * names) but in C."""
    places = []
    for old in renames:
        start = text.find(old)
        while start != -1:
            if whole_word(text, start, start + len(old)):
                places.append((start, old))
            start = text.find(old, start + 1)
    parts, done = [], 0
    for start, old in sorted(places):
        parts += [text[done:start], renames[old]]
        done = start + len(old)
    return "".join([*parts, text[done:]])


def solution_lines_that_matter(text, renames):
    """Lines that contain no old name passed on as they are, the others split: saves memory and work."""
    output = []
    for line in text.splitlines(keepends=True):
        if any(old in line for old in renames):
            pieces = re.split("([A-Za-z0-9_]+)", line)
            line = "".join([renames.get(piece, piece) for piece in pieces])
        output.append(line)
    return "".join(output)
