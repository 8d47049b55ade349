"""Count each word of a text.

In: a text. Out: a dict from each word, in lower case, to how often it occurs. The texts are source and
docstrings of the standard library."""

import re


def word_counts(text):
    words = re.findall(r"[a-z']+", text.lower())
    counts = {}
    for word in words:
        if word not in counts:
            counts[word] = words.count(word)
    return counts


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_text

    chars = int(40_000 * size)
    return [(stdlib_text(chars, seed, part),) for part in range(2)]
