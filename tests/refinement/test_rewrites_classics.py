"""The classics: each fires, gives the same answers, and keeps away from what it would change."""

import textwrap

import pytest

from labkit.refinement.rewrites import REGISTRY
from labkit.refinement.rewrites.edits import comments

BY_NAME = {item.name: item for item in REGISTRY}

FIRES = [
    (
        "compile_pattern",
        "import re\n\n# reads\ndef entry(lines):\n    out = 0\n    for line in lines:\n        if re.match(r'(a+)b', line):  # hit\n            out += 1\n    return out\n",
        "MATCH_PATTERN.match(line)",
        [(["aab", "b", "ab"],), ([],)],
    ),
    (
        "compile_pattern",
        "import re as r\ndef entry(text):\n    return r.sub('[0-9]+', lambda m: m[0] * 2, text)\n",
        "r.compile('[0-9]+')",
        [("a1b22",), ("",)],
    ),
    (
        "append_comprehension",
        "def entry(xs):\n    out = []\n    for x in xs:\n        if x % 2:\n            out.append(x * 2)\n    return out\n",
        "out = [x * 2 for x in xs if x % 2]",
        [([1, 2, 3],), ([],)],
    ),
    (
        "append_comprehension",
        "def entry(rows):\n    out = []\n    for a, b in rows:\n        out.append((a, b))\n    return out, len(out)\n",
        "[(a, b) for a, b in rows]",
        [([(1, 2)],), ([],)],
    ),
    (
        "append_comprehension",
        "def entry(rows):\n    sums = []\n    for row in rows:\n        out = []\n        for x in row:\n            out.append(x + 1)\n        sums.append(sum(out))\n    return sums\n",
        "out = [x + 1 for x in row]",
        [([[1, 2], []],)],
    ),
    (
        "generator_argument",
        "def entry(xs):\n    return any([x > 2 for x in xs]), sum([x * x for x in xs if x])\n",
        "any(x > 2 for x in xs)",
        [([1, 2, 3],), ([],)],
    ),
    (
        "generator_argument",
        "def entry(xs):\n    return min([x for x in xs], default=0), max([x for x in xs], key=abs, default=1)\n",
        "min((x for x in xs), default=0)",
        [([1, -2],), ([],)],
    ),
    (
        "sorted_top",
        "def entry(xs, k):\n    return sorted(xs)[:k], sorted(xs, reverse=True)[:2]\n",
        "nsmallest(k, xs) if isinstance(k, int) and k >= 0 else sorted(xs)[:k]",
        [([3, 1, 2], 2), ([], 1), ([1], 5), ([2, 2, 1], 0), ([2, 3, 1], -1), ([2, 1], None)],
    ),
    (
        "sorted_top",
        "def entry(xs):\n    return sorted(xs, key=lambda p: p[1], reverse=True)[:3]\n",
        "nlargest(3, xs, key=lambda p: p[1])",
        [([("a", 1), ("b", 2), ("c", 2), ("d", 0)],)],
    ),
]

KEEPS_AWAY = {
    "compile_pattern": [
        "import re\ndef entry(p, s):\n    return re.match(p, s)\n",
        "import re\ndef entry(s):\n    return re.match('a', s, re.I)\n",
        "import re\nFOUND = re.match('a', 'a')\n",
        "def entry(re, s):\n    return re.match('a', s)\n",
        "import re\ndef entry(s, re=re):\n    return re.match('a', s)\n",
        "import functools, re\n@functools.cache\ndef entry(s):\n    return re.match('a', s)\n",
        "import re\ndef entry(s):\n    return re.escape('a')\n",
    ],
    "append_comprehension": [
        "def entry(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n    return out, x\n",
        "def entry(xs):\n    out = []\n    for x in xs:\n        out.append(len(out))\n    return out\n",
        "def entry(xs):\n    out = [0]\n    for x in xs:\n        out.append(x)\n    return out\n",
        "def entry(xs):\n    out = []\n    try:\n        for x in xs:\n            out.append(1 // x)\n    except ZeroDivisionError:\n        pass\n    return out\n",
        "def entry(xs):\n    out = []\n    y = 1\n    for x in xs:\n        out.append(x)\n    return out\n",
        "def entry(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n    else:\n        out.append(0)\n    return out\n",
        "def entry(xs):\n    out = []\n    for x in xs:\n        out.append((y := x))\n    return out, y\n",
        "def entry(xs):\n    out = []\n    for x in xs:  # said here\n        out.append(x)\n    return out\n",
        "def entry(xs):\n    out = []\n    for x in xs:\n        out.append(x)\n        print(x)\n    return out\n",
    ],
    "generator_argument": [
        "def entry(xs):\n    return len([x for x in xs])\n",
        "def entry(any, xs):\n    return any([x for x in xs])\n",
        "def entry(xs):\n    return sum([x for x in xs], 3)\n",
        "def entry(xs):\n    return any(xs)\n",
    ],
    "sorted_top": [
        "def entry(xs):\n    return sorted(xs)[:-1]\n",
        "def entry(xs):\n    return sorted(xs)[1:3]\n",
        "def entry(xs, r):\n    return sorted(xs, reverse=r)[:3]\n",
        "def entry(sorted, xs):\n    return sorted(xs)[:3]\n",
        "def entry(xs):\n    return sorted(xs)[::2]\n",
        "def entry(xs):\n    return sorted(xs)[:]\n",
    ],
}


def answer(source, given):
    space = {}
    exec(compile(source, "<program>", "exec"), space)
    return space["entry"](*given)


@pytest.mark.parametrize("name, source, wanted, inputs", FIRES)
def test_it_fires_and_the_answers_stay(name, source, wanted, inputs):
    found = BY_NAME[name].apply(source)
    assert any(wanted in new for new in found), found
    for new in found:
        assert comments(new) == comments(source)
        for given in inputs:
            assert repr(answer(new, given)) == repr(answer(source, given)), textwrap.indent(new, "  ")


@pytest.mark.parametrize(
    "name, source", [(name, source) for name in KEEPS_AWAY for source in KEEPS_AWAY[name]]
)
def test_it_keeps_away(name, source):
    assert BY_NAME[name].apply(source) == []


def test_each_is_in_the_registry_with_counter_examples():
    assert all(len(KEEPS_AWAY[name]) >= 3 for name in {fires[0] for fires in FIRES})
    assert all(sum(fires[0] == name for fires in FIRES) >= 2 for name in KEEPS_AWAY)
