"""Count the runs of n tokens that stay within one line.

In: lines of source and n. Out: a dict from each n-gram (a tuple of tokens) seen more than once to its
count. The lines come from modules of the standard library."""

import re
from collections import Counter
from itertools import groupby, islice

FAMILY = "text"

EXAMPLES = [
    ((["a.b", "a.b", "b a"], 2), {("a", "."): 2, (".", "b"): 2}),
    (([], 2), {}),
    ((["", "   ", "x", "x"], 2), {}),
    ((["x y x", "y"], 1), {("x",): 2, ("y",): 2}),
    ((["a b", "c a b c", "A b"], 3), {}),
    ((["((((", "_x1 = _x1"], 3), {("(", "(", "("): 2}),
    ((["z z a", "b c", "b c", "a z z"], 2), {("z", "z"): 2, ("b", "c"): 2}),
]


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


def solution_extend(lines, n):
    """All n-grams in one list that grows in place, then a dict of counts, O(total)."""
    grams = []
    for line in lines:
        tokens = re.findall(r"\w+|[^\w\s]", line)
        for i in range(len(tokens) - n + 1):
            grams.append(tuple(tokens[i : i + n]))
    table = {}
    for gram in grams:
        table[gram] = table.get(gram, 0) + 1
    return {gram: count for gram, count in table.items() if count > 1}


def solution_trie(lines, n):
    """A tree of dicts, one level a token; the counts hang at the last level, in order of first sight."""
    root, cells = {}, []
    for line in lines:
        tokens = re.findall(r"\w+|[^\w\s]", line)
        for start in range(len(tokens) - n + 1):
            node = root
            for token in tokens[start : start + n]:
                node = node.setdefault(token, {})
            if None not in node:
                node[None] = [tuple(tokens[start : start + n]), 0]
                cells.append(node[None])
            node[None][1] += 1
    return {gram: count for gram, count in cells if count > 1}


def solution_sort(lines, n):
    """Tokens as numbers, n-grams sorted with their places, runs counted, back in order of first sight."""
    ids, grams = {}, []
    for line in lines:
        row = [ids.setdefault(token, len(ids)) for token in re.findall(r"\w+|[^\w\s]", line)]
        grams += [tuple(row[i : i + n]) for i in range(len(row) - n + 1)]
    names, found = list(ids), []
    for _, run in groupby(sorted(range(len(grams)), key=grams.__getitem__), key=grams.__getitem__):
        places = list(run)
        if len(places) > 1:
            found.append((places[0], len(places)))
    return {tuple(names[i] for i in grams[place]): count for place, count in sorted(found)}


def solution_frequent_parts(lines, n):
    """Two passes: an n-gram seen twice has tokens seen twice, so windows with a rare token are skipped."""
    rows = [re.findall(r"\w+|[^\w\s]", line) for line in lines]
    frequency = Counter(token for row in rows for token in row)
    table = {}
    for row in rows:
        run = 0
        for end, token in enumerate(row, 1):
            run = run + 1 if frequency[token] > 1 else 0
            if run >= n:
                gram = tuple(row[end - n : end])
                table[gram] = table.get(gram, 0) + 1
    return {gram: count for gram, count in table.items() if count > 1}


def solution_buckets(lines, n):
    """Lists of [n-gram, count] by the lengths of first and last token, each searched linearly."""
    buckets, cells = {}, []
    for line in lines:
        tokens = re.findall(r"\w+|[^\w\s]", line)
        for i in range(len(tokens) - n + 1):
            gram = tuple(tokens[i : i + n])
            bucket = buckets.setdefault((len(gram[0]), len(gram[-1])), [])
            for cell in bucket:
                if cell[0] == gram:
                    cell[1] += 1
                    break
            else:
                cells.append([gram, 1])
                bucket.append(cells[-1])
    return {gram: count for gram, count in cells if count > 1}


def solution_counter(lines, n):
    """Shifted token lists zipped into n-grams that run straight into a Counter, O(total)."""
    tokens_of = re.compile(r"\w+|[^\w\s]").findall
    counts = Counter()
    for tokens in map(tokens_of, lines):
        counts.update(zip(*[islice(tokens, i, None) for i in range(n)], strict=False))
    return {gram: count for gram, count in counts.items() if count > 1}
