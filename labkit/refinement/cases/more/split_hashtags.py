"""Split each hashtag into the fewest words of a vocabulary.

In: tags, a list of str (lower case, without '#'); vocabulary, a list of distinct non-empty str.
Out: a list with, for each tag, the list of its words, or None where the tag can't be split. The fewest words
win; of the splits with equally few, the one with the longest first word, then the longest second word, and
so on. An empty tag gives [].
"""

from collections import defaultdict
from functools import lru_cache

FAMILY = "DP"

EXAMPLES = [
    ((["", "x"], []), [[], None]),
    ((["aaaab"], ["a", "aa", "aaa"]), [None]),
    ((["goodmorning"], ["good", "morning", "go", "od"]), [["good", "morning"]]),
    ((["abcd"], ["ab", "cd", "abc", "d"]), [["abc", "d"]]),
    ((["nowhere", "nowhere"], ["now", "here", "no", "where"]), [["now", "here"], ["now", "here"]]),
    ((["aaaaa"], ["a", "aa", "aaa"]), [["aaa", "aa"]]),
]


def shortest_split(text, vocabulary, known):
    if text == "":
        return []
    if text in known:
        return known[text]
    best = None
    for word in sorted(vocabulary, key=len, reverse=True):
        if text[: len(word)] == word:
            rest = shortest_split(text[len(word) :], vocabulary, known)
            if rest is not None and (best is None or len(rest) + 1 < len(best)):
                best = [word] + rest
    known[text] = best
    return best


def split_hashtags(tags, vocabulary):
    return [shortest_split(tag, vocabulary, {}) for tag in tags]


def inputs(seed=0, size=1.0):
    """Tags glued together from made-up words with common prefixes; some can't be split, some come again."""
    import random

    rng = random.Random(f"split_hashtags {seed}")
    cases = []
    parts = "an be co de en ing ion er re st th al or un s e a t".split()
    for amount, words, most in ((300, 120, 5), (150, 260, 7), (400, 60, 8)):
        vocabulary = []
        while len(vocabulary) < words:
            vocabulary = sorted({*vocabulary, "".join(rng.choices(parts, k=rng.randint(1, 3)))})
        tags = []
        for _ in range(max(2, int(amount * size))):
            tag = "".join(rng.choices(vocabulary, k=rng.randint(1, most)))
            tags.append(rng.choice([tag, tag, tag + "q", *tags[-2:]]))
        cases.append((tags, vocabulary))
    return cases


def spelled(tag, steps):
    split, start = [], 0
    while start < len(tag) and steps[start]:
        split.append(tag[start : start + steps[start]])
        start += steps[start]
    return split if start == len(tag) else None


def table_split(tag, lengths_at):
    counts, steps = [len(tag) + 1] * len(tag) + [0], [0] * len(tag)
    for start in range(len(tag) - 1, -1, -1):
        for length in lengths_at(tag, start):
            count = counts[start + length] + 1
            if count < counts[start] or (count == counts[start] and length > steps[start]):
                if count <= len(tag):
                    counts[start], steps[start] = count, length
    return spelled(tag, steps)


def solution_startswith(tags, vocabulary):
    """The table from the back over positions, every word tried at each with startswith: O(length * words)."""

    def lengths_at(tag, start):
        return [len(word) for word in vocabulary if tag.startswith(word, start)]

    return [table_split(tag, lengths_at) for tag in tags]


def solution_lengths(tags, vocabulary):
    """The table, a set of words asked for the slices of the lengths that exist: O(length * lengths)."""
    words, lengths = set(vocabulary), sorted({len(word) for word in vocabulary})

    def lengths_at(tag, start):
        return [size for size in lengths if start + size <= len(tag) and tag[start : start + size] in words]

    return [table_split(tag, lengths_at) for tag in tags]


def solution_trie(tags, vocabulary):
    """The table, words found by walking a trie of nested dicts from each position."""
    root = {}
    for word in vocabulary:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = True

    def lengths_at(tag, start):
        node = root
        for place in range(start, len(tag)):
            node = node.get(tag[place])
            if node is None:
                return
            if "" in node:
                yield place + 1 - start

    return [table_split(tag, lengths_at) for tag in tags]


def solution_levels(tags, vocabulary):
    """Reach starts word by word backwards from the end, words by last letter; stop once 0 is met."""
    by_end = defaultdict(list)
    for word in vocabulary:
        by_end[word[-1]].append(word)
    result = []
    for tag in tags:
        steps, level = [0] * len(tag), [len(tag)]
        while level and steps and not steps[0]:
            new = {}
            for end in level:
                for word in by_end.get(tag[end - 1], ()) if end else ():
                    start = end - len(word)
                    if start >= 0 and not steps[start] and tag.endswith(word, 0, end):
                        new[start] = max(new.get(start, 0), len(word))
            for start, length in new.items():
                steps[start] = length
            level = list(new)
        result.append(spelled(tag, steps))
    return result


def solution_shared_suffixes(tags, vocabulary):
    """Recursion over suffixes with one cache for all tags, words by first letter: memory for speed."""
    by_letter = defaultdict(list)
    for word in sorted(vocabulary, key=len, reverse=True):
        by_letter[word[0]].append(word)

    @lru_cache(maxsize=None)
    def split(text):
        rests = [(w, split(text[len(w) :])) for w in by_letter.get(text[:1], ()) if text.startswith(w)]
        splits = [(word, *rest) for word, rest in rests if rest is not None]
        return min(splits, key=len, default=None) if text else ()

    return [None if split(tag) is None else list(split(tag)) for tag in tags]
