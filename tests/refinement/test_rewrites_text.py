"""Rewrites of texts, rests and searches: each fires with equal results, and knows when to keep away."""

from __future__ import annotations

from collections import Counter

import pytest
from rewriting import Fires, check_both_sides, check_fires, check_keeps_away

from labkit.refinement.rewrites import graphs, slicing, slicing_text, states
from labkit.refinement.rewrites.edits import Rewrite

MODULES = (graphs, slicing, slicing_text, states)
BY_NAME = {item.name: item for each in MODULES for item in vars(each).values() if isinstance(item, Rewrite)}


FIRES = [
    Fires(
        "slice_find",
        """
        # counts
        def entry(text, words):
            found = []
            for word in words:
                for i in range(len(text)):
                    if text[i : i + len(word)] == word:
                        found.append((i, word))
            return found
        """,
        "for i in starts_of(word, text, 0, len(text)):",
        (("", ["a"]), ("abab", ["ab", "", "c"]), ([1, 2, 1], [[1]]), (("a", "b"), [("b",)])),
    ),
    Fires(
        "slice_find",
        """
        def bare(text, end):
            return end == len(text) or text[end] == " "

        def entry(text, word):
            size = len(word)
            places = [i for i in range(1, len(text)) if word == text[i : i + size] and bare(text, i + size)]
            count = 0
            for j in range(len(text) - 1):
                end = j + len(word)
                if text[j:end] == word:
                    count += end
            return places, count
        """,
        "[i for i in starts_of(word, text, 1, len(text)) if",
        (("", "a"), ("aaa aa", "aa"), ("abc", ""), ("abcabc", "c")),
    ),
    Fires(
        "findall_translate",
        """
        import re

        # words
        def entry(text):
            return re.findall("[a-z']+", text.lower())
        """,
        "text.lower().translate(LETTERS).split()",
        (("",), ("It's 3 CAFÉ é\nx\x1cy",), ("---",)),
    ),
    Fires(
        "findall_translate",
        """
        import re

        WORD = re.compile(r"[A-Z0-9-]{2,}")

        def entry(lines):
            LETTERS = 0
            return [(word, LETTERS) for line in lines for word in WORD.findall(line)]
        """,
        "if len(word_2) >= 2]",
        (([],), (["A AB, C3-é", "", "\u00a0XY"],)),
    ),
    Fires(
        "ever_queued",
        """
        def entry(graph, start):
            distance = {start: 0}
            visited = []
            queue = [start]
            while queue:
                node = queue.pop(0)
                visited.append(node)
                for other in graph.get(node, []):
                    if other not in visited and other not in queue:
                        distance[other] = distance[node] + 1
                        queue.append(other)
            return distance, visited
        """,
        "if other not in queued:",
        (({}, 1), ({1: [2, 3, 1], 2: [3, 4], 3: [1]}, 1)),
    ),
    Fires(
        "ever_queued",
        """
        from collections import deque

        def entry(graph, start):
            queue = deque([start])
            seen = set()
            while queue:
                node = queue.popleft()
                seen.add(node)
                for other in graph.get(node, []):
                    if other in queue or other in seen:
                        continue
                    queue.append(other)
            return sorted(seen)
        """,
        "queued = {start}",
        (({}, 1), ({1: [2, 3, 1], 2: [3, 4], 3: [1]}, 1)),
    ),
    Fires(
        "suffix_table",
        """
        def distance(left, right):
            if not left or not right:
                return len(left) + len(right)
            if left[0] == right[0]:
                return distance(left[1:], right[1:])
            return 1 + min(distance(left, right[1:]), distance(left[1:], right), distance(left[1:], right[1:]))

        def entry(pairs):
            return [distance(left, right) for left, right in pairs]
        """,
        "row[j] = rests[i + 1][j + 1]",
        (([],), ([("kitten", "sitting"), ("", "a"), ([1], [2, 1]), ("", "")],)),
    ),
    Fires(
        "suffix_table",
        """
        def entry(words, width):
            '''Least raggedness.'''
            if len(words) <= 1 or len(" ".join(words)) <= width:
                return 0
            best = None
            for count in range(1, len(words)):
                line = " ".join(words[:count])  # without the end
                if count > 1 and len(line) > width: break
                cost = max(0, width - len(line)) ** 2 + entry(words[count:], width)
                if best is None or cost < best:
                    best = cost
            return best
        """,
        "rests[i + count]",
        (([], 5), (["ab", "c"], 9), (["aa", "bb", "cc", "dddd", "e", "ff"], 5)),
    ),
    Fires(
        "suffix_table",
        """
        def entry(digits):
            if digits == "": return 1
            total = 0
            if digits[0] != "0":
                total += entry(digits[1:])
                if digits[:2] <= "26" and len(digits) > 1:
                    total += entry(digits[2:])
            return total
        """,
        "rests[min(i + 2, digits_size)]",
        (("",), ("226",), ("06",), ("1111111",)),
    ),
]

QUIET = [
    # the text is cut while it is walked, or the start may be negative
    (
        "slice_find",
        "def entry(s, w):\n    n = 0\n    for i in range(len(s)):\n        if s[i:i + len(w)] == w:\n"
        "            s = s[1:]\n            n += 1\n    return n\n",
    ),
    ("slice_find", "def entry(s, w, a):\n    return [i for i in range(a, 9) if s[i:i + len(w)] == w]\n"),
    # another length than the piece's, another round in the else, a start wanted afterwards
    ("slice_find", "def entry(s, w, k):\n    return [i for i in range(9) if s[i:i + k] == w]\n"),
    (
        "slice_find",
        "def entry(s, w):\n    n = 0\n    for i in range(len(s)):\n        if s[i:i + len(w)] == w: n += 1\n"
        "        else: n -= 1\n    return n\n",
    ),
    (
        "slice_find",
        "def entry(s, w):\n    i = 0\n    for i in range(len(s)):\n        if s[i:i + len(w)] == w:\n            break\n    return i\n",
    ),
    ("slice_find", "def entry(s, w):\n    return [i for i in range(9) if s[i:i + len(w)] == w.pop()]\n"),
    # blanks in the class, what is not in it, unicode classes, groups, flags
    ("findall_translate", "import re\ndef entry(s):\n    return re.findall('[a-z ]+', s)\n"),
    ("findall_translate", "import re\ndef entry(s):\n    return re.findall('[^a-z]+', s)\n"),
    ("findall_translate", "import re\ndef entry(s):\n    return re.findall(r'[\\w]+', s)\n"),
    (
        "findall_translate",
        "import re\ndef entry(s):\n    return re.findall('[a-z]', s) + re.findall('a[b-c]+', s)\n",
    ),
    ("findall_translate", "import re\ndef entry(s):\n    return re.findall('[a-z]+', s, re.I)\n"),
    ("findall_translate", "def entry(re, s):\n    return re.findall('[a-z]+', s)\n"),
    # an element leaves the queue and is not put down, or is put down without having been queued
    (
        "ever_queued",
        "def entry(g, s):\n    q, v = [s], []\n    while q:\n        n = q.pop(0)\n        if n > 3: continue\n        v.append(n)\n"
        "        for o in g[n]:\n            if o not in v and o not in q: q.append(o)\n    return v\n",
    ),
    (
        "ever_queued",
        "def entry(g, s):\n    q = [s]\n    v = [7]\n    while q:\n        n = q.pop(0)\n        v.append(n)\n"
        "        for o in g[n]:\n            if o not in v and o not in q: q.append(o)\n    return v\n",
    ),
    (
        "ever_queued",
        "def entry(g, s):\n    q = [s]\n    v = []\n    while q:\n        n = q.pop(0)\n        v.append(n)\n"
        "        for o in g[n]:\n            if o not in v and o not in q: q.append(o)\n            v.remove(o)\n    return v\n",
    ),
    (
        "ever_queued",
        "def entry(g, s):\n    q = [s]\n    v = []\n    while q:\n        n = q.pop(0)\n        v.append(n)\n"
        "        for o in g[n]:\n            if o not in q: q.append(o)\n    return v\n",
    ),
    # rests from the back, another parameter that changes, results with parts, an effect
    ("suffix_table", "def entry(s):\n    return 0 if not s else 1 + entry(s[:-1])\n"),
    ("suffix_table", "def entry(s, k):\n    return k if not s else entry(s[1:], k + 1) + entry(s[2:], k)\n"),
    (
        "suffix_table",
        "def entry(s):\n    if not s: return []\n    a = entry(s[1:])\n    a.append(s[0])\n    return a\n",
    ),
    ("suffix_table", "def entry(s):\n    print(s)\n    return 0 if not s else 1 + entry(s[1:])\n"),
    ("suffix_table", "def entry(s):\n    return 0 if not s else s[-1] + entry(s[1:])\n"),
    (
        "suffix_table",
        "def entry(s):\n    for c in s:\n        if c: return 1 + entry(s[1:])\n    return 0\n",
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
