"""Count the runs of n tokens that stay within one line.

In: lines of source and n. Out: a dict from each n-gram (a tuple of tokens) seen more than once to its
count. The lines come from modules of the standard library."""

import re


def line_ngrams(line, n):
    tokens = re.findall(r"\w+|[^\w\s]", line)
    return [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]


def ngram_table(lines, n):
    grams = []
    for line in lines:
        grams = grams + line_ngrams(line, n)
    table = {}
    for gram in grams:
        table[gram] = table.get(gram, 0) + 1
    return {gram: count for gram, count in table.items() if count > 1}


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_lines

    count = int(2_700 * size)
    return [(stdlib_lines(count, seed, part), 2 + part) for part in range(2)]
