"""Split a text written without blanks into words of a vocabulary at the least total cost.

In: text, a str, and costs, a dict from word (non-empty str) to cost (int > 0). Out: the list of words that
joined give text, with the least sum of costs; among equally cheap ones that with the fewest words, then that
with the longest first word, then the longest second word, and so on. [] for the empty text; None when text
cannot be split.
"""

from functools import lru_cache

FAMILY = "DP"

EXAMPLES = [
    (("", {"a": 1}), []),
    (("a", {}), None),
    (("ab", {"a": 1, "b": 1, "ab": 3}), ["a", "b"]),
    (("ab", {"a": 1, "b": 1, "ab": 2}), ["ab"]),
    (("abc", {"ab": 2, "c": 1, "a": 1, "bc": 2}), ["ab", "c"]),
    (("nowhere", {"no": 3, "now": 2, "where": 3, "here": 3, "nowhere": 9}), ["now", "here"]),
]


def split_cost(words, costs):
    return sum(costs[word] for word in words)


def split_joined_words_cheaply(text, costs):
    if not text:
        return []
    best = None
    for word in sorted(costs, key=lambda word: len(word), reverse=True):
        if text.startswith(word):
            rest = split_joined_words_cheaply(text[len(word) :], costs)
            if rest is None:
                continue
            words = [word] + rest
            if best is None or (split_cost(words, costs), len(words)) < (split_cost(best, costs), len(best)):
                best = words
    return best


def inputs(seed=0, size=1.0):
    """Joined English words, a host name of many short parts, and a text that cannot be split to its end."""
    import random

    rng = random.Random(seed)
    english = (
        "a an and any as at he her here hero in is it no not note now on one or other others she the "
        "then there these this to together two where we were win window her o get gather"
    ).split()
    costs = {word: rng.randint(1, 4) + 8 // len(word) for word in english}
    costs.update(
        {a + b: costs[a] + costs[b] + rng.randint(-1, 1) for a in english[:14] for b in english[20:30]}
    )
    text = "".join(rng.choice(english) for _ in range(max(1, int(32 * size))))
    parts = {word: rng.randint(1, 6) for word in ("go", "gogo", "og", "o", "g", "goo", "x", "oxo")}
    host = "".join(rng.choice(("go", "go", "oxo", "goo")) for _ in range(max(1, int(10 * size))))
    broken = "".join(rng.choice(("an", "another", "one")) for _ in range(max(1, int(19 * size)))) + "q"
    return [(text, costs), (host, parts), (broken, costs)]


def _rebuild(text, best):
    """The words from a table: position -> (cost, words, -length, ...) or None."""
    if best[0] is None:
        return None
    words, at = [], 0
    while at < len(text):
        step = -best[at][2]
        words.append(text[at : at + step])
        at += step
    return words


def solution_memo_by_rest(text, costs):
    """The same recursion, remembered by the rest of the text, words tried one by one: O(n * vocabulary)."""

    @lru_cache(maxsize=None)
    def split(rest):
        if not rest:
            return 0, 0, 0, ()
        options = []
        for word, cost in costs.items():
            after = split(rest[len(word) :]) if rest.startswith(word) else None
            if after is not None:
                options.append((after[0] + cost, after[1] + 1, -len(word), (word, *after[3])))
        return min(options, default=None)

    found = split(text)
    return None if found is None else list(found[3])


def solution_table_from_the_end(text, costs):
    """A table from the end, slices up to the longest word looked up in the dict: O(n * longest word)."""
    longest = max(map(len, costs), default=0)
    best = [None] * len(text) + [(0, 0, 0)]
    for at in range(len(text) - 1, -1, -1):
        for end in range(at + 1, min(len(text), at + longest) + 1):
            word = text[at:end]
            if best[end] is not None and word in costs:
                option = (best[end][0] + costs[word], best[end][1] + 1, at - end)
                best[at] = min(best[at] or option, option)
    return _rebuild(text, best)


def solution_all_slices(text, costs):
    """A table over all pairs of positions: O(n ** 2) slices of up to n letters."""
    size = len(text)
    best = [None] * size + [(0, 0, 0)]
    for at in reversed(range(size)):
        options = [
            (best[end][0] + costs[text[at:end]], best[end][1] + 1, at - end)
            for end in range(at + 1, size + 1)
            if text[at:end] in costs and best[end] is not None
        ]
        best[at] = min(options, default=None)
    return _rebuild(text, best)


def solution_trie(text, costs):
    """A table from the end with a trie of the vocabulary, walked while a word can follow: O(n * depth)."""
    root = {}
    for word, cost in costs.items():
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = cost
    best = [None] * len(text) + [(0, 0, 0)]
    for at in range(len(text) - 1, -1, -1):
        node, end, choice = root, at, None
        while end < len(text) and (node := node.get(text[end])) is not None:
            end += 1
            if "" in node and best[end] is not None:
                option = (best[end][0] + node[""], best[end][1] + 1, at - end)
                choice = min(choice or option, option)
        best[at] = choice
    return _rebuild(text, best)


def solution_reachable_positions(text, costs):
    """Words by first letter, only positions reachable from the start, then the table over those."""
    by_letter = {}
    for word in costs:
        by_letter.setdefault(word[0], []).append(word)
    edges, todo = {}, [0]
    for at in todo:
        if at < len(text) and at not in edges:
            edges[at] = [word for word in by_letter.get(text[at], ()) if text.startswith(word, at)]
            todo.extend(at + len(word) for word in edges[at])
    best = {len(text): (0, 0, 0)}
    for at in sorted(edges, reverse=True):
        ways = [(word, best[at + len(word)]) for word in edges[at] if best.get(at + len(word)) is not None]
        options = [(cost + costs[word], count + 1, -len(word)) for word, (cost, count, _) in ways]
        best[at] = min(options, default=None)
    return _rebuild(text, best)
