"""Build an index of terms without stop words.

In: lines of text and the stop words, in any case. Out: a dict from each other word of three letters or
more, in lower case, to the numbers of its lines. The text is source and docstrings; stop words are
keywords and frequent words."""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

FAMILY = "text"

EXAMPLES = [
    ((["The cat saw the dog", "a cat", "DOG dog"], [" THE ", "saw"]), {"cat": [1, 2], "dog": [1, 3]}),
    (([], ["the"]), {}),
    ((["", "  ", "a an of"], []), {}),
    ((["One one ONE", "", "one"], []), {"one": [1, 3]}),
    ((["self.x = other_val", "Return None"], ["SELF", "none", "\tReturn"]), {"other": [1], "val": [1]}),
    ((["abc1def-ghi it's über"], ["def"]), {"abc": [1], "ghi": [1], "ber": [1]}),
    ((["zebra apple", "apple zebra"], ["app", "zebras", ""]), {"zebra": [1, 2], "apple": [1, 2]}),
]


def index_terms(lines, stop_words):
    index = {}
    for number, line in enumerate(lines, 1):
        ignored = [word.strip().lower() for word in stop_words]
        for word in re.findall(r"[A-Za-z]{3,}", line):
            term = word.lower()
            if term in ignored:
                continue
            numbers = index.setdefault(term, [])
            if number not in numbers:
                numbers.append(number)
    return index


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    import keyword
    from collections import Counter

    from labkit.refinement.corpus import identifiers, stdlib_lines

    frequent = [word for word, _ in Counter(identifiers(3_000, seed, part=9)).most_common(100)]
    count = int(3_500 * size)
    return [(stdlib_lines(count, seed, part), keyword.kwlist + frequent) for part in range(2)]


def solution_sorted_stop_words(lines, stop_words):
    """Clean the stop words once, search them by bisection, compare with the last number only."""
    ignored = sorted({word.strip().lower() for word in stop_words})
    index = {}
    for number, line in enumerate(lines, 1):
        for word in re.findall(r"[A-Za-z]{3,}", line):
            term = word.lower()
            i = bisect_left(ignored, term)
            if i < len(ignored) and ignored[i] == term:
                continue
            numbers = index.setdefault(term, [])
            if not numbers or numbers[-1] != number:
                numbers.append(number)
    return index


def solution_scan_per_term(lines, stop_words):
    """Collect the words of each line, then scan all lines for each term, O(terms * lines)."""
    ignored = {word.strip().lower() for word in stop_words}
    rows = [dict.fromkeys(word.lower() for word in re.findall(r"[A-Za-z]{3,}", line)) for line in lines]
    index = {}
    for row in rows:
        for term in row:
            if term not in ignored and term not in index:
                index[term] = [number for number, other in enumerate(rows, 1) if term in other]
    return index


def solution_offsets(lines, stop_words):
    """One search over the joined text; the line of a match is found from its offset by bisection."""
    ignored = {word.strip().lower() for word in stop_words}
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    index = {}
    for match in re.finditer(r"[A-Za-z]{3,}", "\n".join(lines)):
        term = match[0].lower()
        if term not in ignored:
            number = bisect_right(starts, match.start())
            numbers = index.setdefault(term, [])
            if number not in numbers[-1:]:
                numbers.append(number)
    return index


def solution_characters(lines, stop_words):
    """A scanner over characters with a set of stop words; linear, no regular expression."""
    letters = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    ignored = {word.strip().lower() for word in stop_words}
    index = {}
    for number, line in enumerate(lines, 1):
        start = 0
        for end, char in enumerate(line + " "):
            if char not in letters:
                if end - start >= 3 and (term := line[start:end].lower()) not in ignored:
                    numbers = index.setdefault(term, [])
                    if number not in numbers[-1:]:
                        numbers.append(number)
                start = end + 1
    return index


def solution_bytes(lines, stop_words):
    """Translate each line to lower-case letters and spaces, split it, and remember the list of each word."""
    table = bytes(ord(chr(i).lower()) if i < 128 and chr(i).isalpha() else 32 for i in range(256))
    ignored = {word.strip().lower() for word in stop_words}
    index, known = {}, {}
    for number, line in enumerate(lines, 1):
        for word in line.encode("ascii", "replace").translate(table).split():
            if word in known:
                numbers = known[word]
            else:
                term = word.decode()
                numbers = None if len(term) < 3 or term in ignored else index.setdefault(term, [])
                known[word] = numbers
            if numbers is not None and (not numbers or numbers[-1] != number):
                numbers.append(number)
    return index
