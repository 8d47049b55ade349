"""Build an index of terms without stop words.

In: lines of text and the stop words, in any case. Out: a dict from each other word of three letters or
more, in lower case, to the numbers of its lines. The text is source and docstrings; stop words are
keywords and frequent words."""

import re


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
