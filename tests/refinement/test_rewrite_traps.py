"""Programs that look like work for a rewrite, agree with it on ordinary inputs, and differ on others.

Each has inputs where a careless rewrite shows. A rewrite may keep away or write code that holds there, too.
"""

from __future__ import annotations

import copy

import pytest

from labkit.refinement.rewrites import REGISTRY

FRESH = {"__name__": "program"}


def behaviour(source: str, args: tuple) -> tuple:
    """Result or error of ``entry``, the arguments afterwards, and which parts of the result are one object."""
    args, space = copy.deepcopy(args), dict(FRESH)
    exec(compile(source, "<program>", "exec"), space)
    try:
        result = space["entry"](*args)
    except Exception as error:
        return type(error).__name__, None, None
    for part in result if isinstance(result, list) else []:
        if isinstance(part, list):
            part.append("mine")
    return repr(result), repr(args), None


HEAD = "def entry(rows, extra=()):\n    a = list(rows)\n    out = []\n"
LOOP = "    for r in rows:\n        {}\n        out.append(sum(a))\n    return out\n"


def grown(setup: str, growth: str) -> str:
    """A program whose list ``a`` changes under another name while a loop sums it."""
    return HEAD + "".join(f"    {line}\n" for line in setup.split("\n") if line) + LOOP.format(growth)


ROWS = (([1, 2, 3],), ([],))
TRAPS = {
    # parts of a remembered result are one object
    "tree": (
        "def entry(n):\n    if n == 0:\n        return []\n    left = entry(n - 1)\n    right = entry(n - 1)\n"
        "    return [left, right]\n",
        ((2,),),
    ),
    "expand": ("def entry(n):\n    return [entry(i) for i in range(n)]\n", ((3,),)),
    "joined lists": (
        "def entry(n):\n    return [[n]] if n < 2 else entry(n - 1) + entry(n - 2) + entry(n - 1)\n",
        ((4,),),
    ),
    "kept by append": (
        "def entry(n):\n    out = []\n    for i in range(n):\n        out.append(entry(i))\n    return out\n",
        ((3,),),
    ),
    "elements kept": (
        "def entry(n):\n    if n < 1:\n        return [[]]\n    out = []\n    for i in range(2):\n"
        "        for p in entry(n - 1):\n            out.append(p)\n    return out\n",
        ((2,),),
    ),
    "nested function's result kept": (
        "def entry(n):\n    def go(i):\n        return [] if i < 2 else [*go(i - 1), *go(i - 2)]\n"
        "    return [go(i % 2) for i in range(n)]\n",
        ((4,),),
    ),
    "equal keys of two types": (
        "def entry(x, n):\n    x = x + 0\n    return repr(x) if n < 1 else entry(x * 1.0, n - 1) + entry(x, n - 1)\n",
        ((1, 2),),
    ),
    "sum of lists": (
        "def entry(n):\n    return sum([[n]], []) if n < 2 else sum([entry(n - 1), [entry(n - 2)], [entry(n - 2)]], [])\n",
        ((3,),),
    ),
    # an error that would be lost, or made, outside the loop
    "max of nothing": (
        "def entry(xs, ys):\n    out = []\n    for y in ys:\n        out.append(y == max(xs))\n    return out\n",
        (([], [None, 2]), ([], []), ([1], [1])),
    ),
    "length of None": (
        "def entry(xs, y):\n    out = []\n    for x in xs:\n        if y is not None:\n            out.append(x + len(y))\n"
        "    return out\n",
        (([1], None), ([1], [2])),
    ),
    "length in a branch": (
        "def entry(xs, y):\n    return [len(y) if x > 1 else x for x in xs]\n",
        (([1], None), ([3], [2])),
    ),
    # the list under another name
    "push": (HEAD + "    push = a.append\n    for r in rows:\n        if r in extra:\n            push(r)\n"
             "        out.append(sum(a))\n    return out\n", (([1, 2, 3], [2]), ([1, 2], []))),
    "map": (grown("", "list(map(a.append, [1]))"), ROWS),
    "getter": (grown("def get():\n    return a", "get().append(1)"), ROWS),
    "identity": (grown("def same(x):\n    return x", "same(a).append(1)"), ROWS),
    "identity handed on": (grown("def same(x):\n    return x\ndef grow(x):\n    x.append(1)", "grow(same(a))"), ROWS),
    "augmented alias": (grown("b = a", "b *= 2"), ROWS),
    "two targets": (grown("b = c = a", "b.append(1)"), ROWS),
    "kept in a dict": (grown("d = {}\nd['k'] = a", "d['k'].append(1)"), ROWS),
    "kept in a dict's alias": (grown("b = a\nd = {'k': b}", "d['k'].append(1)"), ROWS),
    "got from a dict": (grown("d = {'k': a}", "d.get('k').append(1)"), ROWS),
    "default of get": (grown("d = {}", "d.get('k', a).append(1)"), ROWS),
    "larger of two": (grown("b = max(a, [])", "b.append(1)"), ROWS),
    "mutator by name": (grown("", "a.__setitem__(0, 7)"), ROWS),
    "part of a dict": (
        "def entry(rows):\n    d = {'k': list(rows)}\n    a = d['k']\n    out = []\n" + LOOP.format("d.get('k').append(r)"),
        ROWS,
    ),
    "row of a copy": (
        "def entry(rows):\n    a = rows[0]\n    out = []\n    for i in range(2):\n        for r in list(rows):\n"
        "            r.append(1)\n        out.append(sum(a))\n    return out\n",
        (([[1], [2]],),),
    ),
    # other types than those of ordinary inputs
    "substring": ("def entry(words, text):\n    return [w for w in words if w in text]\n", ((["a", "ab"], "cab"),)),
    "no list": (
        "def entry(xs, ys):\n    return [x for x in xs if isinstance(ys, list) and x in ys]\n",
        (([1], 5), ([1], [1])),
    ),
    "None for no list": (
        "def entry(xs, ys=None):\n    return [x for x in xs if ys and x in ys]\n", (([1],), ([1], [1])),
    ),
    "any substring": (
        "def entry(words, text):\n    return [w for w in words if any(w == c for c in text)]\n", ((["a", "ab"], "cab"),),
    ),
    "count of substrings": (
        "def entry(parts, text):\n    return [text.count(p) for p in parts]\n", ((["a", "ab"], "cabab"), ([1], [1])),
    ),
    "list and tuple": (
        "def entry(rows):\n    out = []\n    for row in rows:\n        out = out + row\n    return out\n",
        (([[1], (2,)],), ([[1], [2]],)),
    ),
    "negative count": ("def entry(xs, k):\n    return sorted(xs)[:k]\n", (([3, 1, 2], -1), ([3, 1], None), ([3, 1], 1))),
    "negative count, reversed": (
        "def entry(xs, k):\n    return sorted(xs, reverse=True)[:k]\n", (([3, 1, 2], -2), ([3, 1], -9), ([3, 1], 9)),
    ),
    "count of an iterator": (
        "def entry(xs, k):\n    ys = map(abs, xs)\n    return sorted(ys)[:k]\n", (([3, 1, 2], -1), ([3, 1], 1)),
    ),
    "caught elsewhere": (
        "def low(xs):\n    return sorted(xs)[0]\n\ndef entry(xs):\n    try:\n        return low(xs)\n"
        "    except IndexError:\n        return None\n",
        (([],), ([2, 1],)),
    ),
    "caught in the loop": (
        "def entry(xs):\n    s = ''\n    for x in xs:\n        try:\n            s += x\n        except TypeError:\n            pass\n"
        "    return s\n",
        ((["a", 1],), (["a"],)),
    ),
    "taken method": (
        "def entry(xs):\n    a = []\n    take = a.pop\n    for x in xs:\n        a.append(x)\n        a.sort()\n"
        "        if x > 2: take()\n    return a\n",
        (([1, 3, 2],),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_no_rewrite_falls_in(name: str) -> None:
    source, inputs = TRAPS[name]
    for item in REGISTRY:
        for new in item.apply(source):
            for args in inputs:
                assert behaviour(new, args) == behaviour(source, args), (item.name, new)


FIRES = {
    "nsmallest(slice(k).indices(len(xs))[1], xs)": "def entry(xs, k):\n    return sorted(xs)[:k]\n",
    "nsmallest(k, xs)": "def entry(xs, n):\n    return [sorted(xs)[:k] for k in range(n)]\n",
    "xs_max = max(xs, default=None)": "def entry(xs):\n    return [x / max(xs) for x in xs]\n",
    "ys_len = len(ys)": "def entry(xs, ys):\n    return [x / len(ys) for x in xs]\n",
    "while i < xs_len:": (
        "def entry(xs):\n    i = 0\n    xs = xs if isinstance(xs, list) else list(xs)\n    while i < len(xs):\n"
        "        i += 1\n    return i\n"
    ),
    "lru_cache(maxsize=None, typed=True)": (
        "def entry(n):\n    return 0 if n < 1 else 1 + min(entry(n / 2), entry(n - 1))\n"
    ),
    "pick_cached(i + 1)": (
        "def pick(words, i):\n    if i == len(words):\n        return '', 0\n    text, cost = pick(words, i + 1)\n"
        "    other, more = pick(words, i + 1)\n    return str(i) + text + other, cost + more + 1\n"
    ),
}


@pytest.mark.parametrize("wanted", FIRES)
def test_still_fires_where_it_is_safe(wanted: str) -> None:
    assert any(wanted in new for item in REGISTRY for new in item.apply(FIRES[wanted]))
