"""Rewrites that keep tables for one call: each fires with equal results, and knows when to keep away."""

from __future__ import annotations

from collections import Counter

import pytest
from rewriting import Fires, check_both_sides, check_fires, check_keeps_away

from labkit.refinement.rewrites import slicing_heads, states_memo, states_recency
from labkit.refinement.rewrites.edits import Rewrite

MODULES = (slicing_heads, states_memo, states_recency)
BY_NAME = {item.name: item for each in MODULES for item in vars(each).values() if isinstance(item, Rewrite)}


FIRES = [
    Fires(
        "remember_answers",
        """
        import re

        # one line
        def parse(line):
            match = re.match(r"(\\w+) (\\d+)", line)
            if match is None:
                return None
            name, number = match.groups()
            return name, int(number)

        def total(lines, name):
            found = 0
            for line in lines:
                record = parse(line)
                if record is not None and record[0] == name:
                    found += record[1]
            return found

        def entry(lines, names):
            return [total(lines, name) for name in names]
        """,
        "    parse.cache_clear()\n    return",
        (([], ["a"]), (["a 1", "b 2", "?", "a 3"], ["a", "b", "c", "a"])),
    ),
    Fires(
        "remember_answers",
        """
        def value(name, lines):
            for line in lines:
                left, right = line.split("=")
                if left.strip() == name:
                    return sum(value(part.strip(), lines) for part in right.split("+")) % 1000
            return int(name) if name.isdigit() else 0

        def entry(lines):
            '''Values by name.'''
            return {line.split("=")[0].strip(): value(line.split("=")[0].strip(), lines) for line in lines}
        """,
        "value_known[name] = value_anew(name, lines)",
        (([],), (["a = b + b", "b = c + 1", "c = 5 + x"],), (["a = 999 + 2"],)),
    ),
    Fires(
        "heads_by_length",
        """
        def split(text, words, known):
            if text == "":
                return []
            if text in known:
                return known[text]
            best = None
            for word in sorted(words, key=len, reverse=True):
                if text[: len(word)] == word:
                    rest = split(text[len(word) :], words, known)
                    if rest is not None and (best is None or len(rest) + 1 < len(best)):
                        best = [word] + rest
            known[text] = best
            return best

        def entry(tags, words):
            return [split(tag, words, {}) for tag in tags]
        """,
        "for word in beginnings(text, WORDS_BY_SIZE):",
        (([], []), (["abc", "aab", "x", ""], ["a", "ab", "b", "c", "bc"]), (["a"], [])),
    ),
    Fires(
        "heads_by_length",
        """
        def entry(text, secrets):
            masked = []
            while text:
                found = [secret for secret in secrets if secret and text.startswith(secret)]  # in order
                masked.append(found)
                text = text[1:]
            return masked
        """,
        "in beginnings(text, WORDS_BY_SIZE) if secret and",
        (("", ["a"]), ("abcab", ["ab", "", "a", "ab", "c"]), ("ab", [])),
    ),
    Fires(
        "recency_dict",
        """
        def touch(cache, key, most):
            hit = cache.count(key) > 0
            if hit:
                cache.pop(cache.index(key))
            cache.insert(0, key)  # newest first
            while len(cache) > most:
                cache.pop()
            return hit

        def entry(keys, sizes):
            out = []
            for most in sizes:
                cache = []
                out.append(len([key for key in keys if touch(cache, key, most)]))
            return out
        """,
        "cache.popitem(last=False)",
        (([], [1]), ("abacabadb", [0, 1, 2, 3, 9])),
    ),
    Fires(
        "recency_dict",
        """
        def entry(keys, most):
            gone = []
            recent = []
            for key in keys:
                if key in recent:
                    recent.remove(key)
                elif len(recent) == most:
                    gone.append(recent.pop(0))
                recent.append(key)
            while recent:
                gone.append(recent.pop())
            return gone
        """,
        "gone.append(recent.popitem(last=False)[0])",
        (("", 1), ("abacabadb", 2), ("abcab", 9)),
    ),
]

QUIET = [
    # the answer is changed by who gets it, follows from more than the arguments, or is asked for once
    (
        "remember_answers",
        "def f(n):\n    return [n]\n\ndef entry(xs):\n    out = []\n    for x in xs:\n        a = f(x)\n        a.append(1)\n"
        "        out += a\n    return out\n",
    ),
    (
        "remember_answers",
        "seen = []\n\ndef f(n):\n    seen.append(n)\n    return len(seen)\n\ndef entry(xs):\n    return [f(x) for x in xs]\n",
    ),
    (
        "remember_answers",
        "def f(n, xs):\n    return xs[0] + n\n\ndef entry(xs):\n    t = 0\n    for x in list(xs):\n        t += f(1, xs)\n"
        "        xs[0] += 1\n    return t\n",
    ),
    ("remember_answers", "def f(n):\n    return n + 1\n\ndef entry(x):\n    return f(x)\n"),
    (
        "remember_answers",
        "def f(n):\n    print(n)\n    return 1\n\ndef entry(xs):\n    return [f(x) for x in xs]\n",
    ),
    # 1 and True are one key
    (
        "remember_answers",
        "def f(n):\n    return str(n) + '.'\n\ndef entry(xs):\n    return [f(not x) for x in xs]\n",
    ),
    # every parameter is the same all along, or the only other one is a list
    (
        "remember_answers",
        "def f(xs):\n    return len(xs)\n\ndef entry(xs):\n    return [f(xs) for x in xs]\n",
    ),
    # an element may come twice, is wanted by its place, or the list is handed back
    (
        "recency_dict",
        "def entry(xs):\n    a = []\n    for x in xs:\n        if len(a) > 3: a.remove(x)\n        a.append(x)\n    return len(a)\n",
    ),
    (
        "recency_dict",
        "def entry(xs):\n    a = []\n    for x in xs:\n        if x not in a: continue\n        a.remove(3)\n        a.append(x)\n"
        "    return len(a)\n",
    ),
    (
        "recency_dict",
        "def entry(xs):\n    a = []\n    for x in xs:\n        if x in a: a.remove(x)\n        a.append(x)\n    return a\n",
    ),
    (
        "recency_dict",
        "def entry(xs):\n    a = []\n    n = 0\n    for x in xs:\n        if x in a: a.remove(x)\n        a.append(x)\n"
        "        n += a[len(a) // 2]\n    return n\n",
    ),
    (
        "recency_dict",
        "def put(a, x):\n    if x in a: a.remove(x)\n    a.append(x)\n\ndef entry(xs, b):\n    a = []\n    for x in xs:\n"
        "        put(a, x)\n    put(b, 1)\n    return len(a), b\n",
    ),
    # the words change, the test is another one, the loop does more than test
    (
        "heads_by_length",
        "def entry(texts, words):\n    out = []\n    for text in texts:\n        for w in words:\n"
        "            if text.startswith(w):\n                out.append(w)\n        words.append(text)\n    return out\n",
    ),
    ("heads_by_length", "def entry(text, words):\n    return [w for w in words if w.startswith(text)]\n"),
    ("heads_by_length", "def entry(text, words):\n    return [w for w in words if not text.startswith(w)]\n"),
    (
        "heads_by_length",
        "def entry(text, words):\n    n = 0\n    for w in words:\n        if text.startswith(w): n += 1\n        else: n -= 1\n    return n\n",
    ),
    ("heads_by_length", "def entry(text, words):\n    return [w for w in words if text[:len(w) + 1] == w]\n"),
    (
        "heads_by_length",
        "def entry(text, words):\n    for w in words:\n        if text.startswith(w):\n            text = text[1:]\n    return text\n",
    ),
]


@pytest.mark.parametrize("case", FIRES, ids=lambda case: case.rewrite)
def test_fires_with_equal_results(case: Fires) -> None:
    check_fires(BY_NAME[case.rewrite], case.source, case.wanted, case.inputs, repr)


@pytest.mark.parametrize(("name", "source"), QUIET)
def test_keeps_away(name: str, source: str) -> None:
    check_keeps_away(BY_NAME[name], source)


def test_each_is_tried_on_both_sides() -> None:
    fires = Counter(case.rewrite for case in FIRES)
    check_both_sides(fires, Counter(name for name, _ in QUIET), least=2)
    assert all(BY_NAME[name].summary for name in fires)
