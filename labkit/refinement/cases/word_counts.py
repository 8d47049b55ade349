"""Count each word of a text.

In: a text. Out: a dict from each word, in lower case, to how often it occurs. The texts are source and
docstrings of the standard library."""

import re
from collections import Counter, defaultdict
from itertools import groupby

FAMILY = "text"

EXAMPLES = [
    (("The cat, the dog's CAT",), {"the": 2, "cat": 2, "dog's": 1}),
    (("",), {}),
    (("12 + 34 = 46\n",), {}),
    (("a1b_c a",), {"a": 2, "b": 1, "c": 1}),
    (("'' ' it's 'it",), {"''": 1, "'": 1, "it's": 1, "'it": 1}),
    (("café CAFÉ naïve",), {"caf": 2, "na": 1, "ve": 1}),
    (("b\tb\r\na\nb",), {"b": 3, "a": 1}),
]


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


def solution_search_text(text):
    """Search the text of all words, between spaces, for each distinct word, O(distinct * text)."""
    words = re.findall(r"[a-z']+", text.lower())
    joined = f" {'  '.join(words)} "
    return {word: joined.count(f" {word} ") for word in dict.fromkeys(words)}


def solution_sort(text):
    """Sort the words and measure the runs of equal ones, O(n log n)."""
    words = re.findall(r"[a-z']+", text.lower())
    counts = dict.fromkeys(words, 0)
    for word, run in groupby(sorted(words)):
        counts[word] = sum(1 for _ in run)
    return counts


def solution_trie(text):
    """A tree of letters walked character by character; the nodes hold the counts, O(text)."""
    letters = frozenset("abcdefghijklmnopqrstuvwxyz'")
    root, nodes = {}, {}
    node, start = root, 0
    lowered = text.lower() + " "
    for place, char in enumerate(lowered):
        if char in letters:
            if char not in node:
                node[char] = {}
            node = node[char]
        else:
            if start < place:
                if "count" not in node:
                    node["count"] = 0
                    nodes[lowered[start:place]] = node
                node["count"] += 1
            node, start = root, place + 1
    return {word: node["count"] for word, node in nodes.items()}


def solution_stream(text):
    """One match after another into a dict; no list of words is built, O(text)."""
    counts = {}
    for match in re.finditer(r"[a-z']+", text.lower()):
        word = match[0]
        counts[word] = counts.get(word, 0) + 1
    return counts


def solution_translate(text):
    """Turn every other character into a space, split, count, O(text) without a regular expression."""
    table = defaultdict(lambda: " ", {ord(char): char for char in "abcdefghijklmnopqrstuvwxyz'"})
    return dict(Counter(text.lower().translate(table).split()))


def solution_counter(text):
    """One search over the text and a Counter, O(text) in C."""
    return dict(Counter(re.findall(r"[a-z']+", text.lower())))
