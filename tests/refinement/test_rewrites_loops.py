"""Rewrites of loops and copies: each fires with equal results, and knows when to keep away."""

from __future__ import annotations

from collections import Counter

import pytest
from rewriting import Fires, check_both_sides, check_fires, check_keeps_away

from labkit.refinement.rewrites import copies, loops, loops_hoist
from labkit.refinement.rewrites.edits import Rewrite

MODULES = (copies, loops, loops_hoist)
BY_NAME = {item.name: item for each in MODULES for item in vars(each).values() if isinstance(item, Rewrite)}


FIRES = [
    Fires(
        "hoist_assignment",
        """
        def entry(lines, raw):
            out = []
            for line in lines:
                names = [name.strip().lower() for name in raw]  # the same in each round
                out.append([word for word in line.split() if word in names])
            return out
        """,
        "for name in raw]  # the same in each round\n    for line in lines:",
        (([], [" A"]), (["a b", "b c"], ["B ", "c"])),
    ),
    Fires(
        "hoist_assignment",
        """
        def entry(rows, limit):
            total = 0
            for row in rows:
                for x in row:
                    top = max(limit)
                    total += x < top
            return total
        """,
        "    top = max(limit)\n    for row in rows:",
        (([[1, 5]], [3, 4]), ([[1], [2, 9]], [2])),
    ),
    Fires(
        "sort_once_filter",
        """
        def entry(needs):
            done = []
            while len(done) < len(needs):
                left = sorted(name for name in needs if name not in done)
                chosen = left[0]
                for name in left:
                    if all(other in done for other in needs[name] if other in needs):
                        chosen = name
                        break
                done.append(chosen)
            return done
        """,
        "left = [name for name in left if name not in done]",
        (({},), ({"c": [], "b": ["c"], "a": ["b", "x"]},), ({"a": ["b"], "b": ["a"]},)),
    ),
    Fires(
        "sort_once_filter",
        """
        def entry(jobs: list, top):
            taken = set()
            plan = []
            for _ in range(len(jobs)):
                rest = sorted([job for job in jobs if job not in taken if job < top], key=lambda j: -j)
                plan.append(rest[:2])
                if rest:
                    taken.add(rest[-1])
            return plan
        """,
        "rest = sorted(jobs, key=lambda j: -j)",
        (([], 3), ([5, 3, 1, 4, 3], 5), ([2, 2], 9)),
    ),
    Fires(
        "enough_hits",
        """
        def entry(xs, top):
            if len([x for x in xs if x > top]) == 0:
                return "none"
            return "two" if len([x for x in xs if x > top]) > 1 else "one"
        """,
        "if (not any(True for x in xs if x > top)):",
        (([], 1), ([2, 0], 1), ([2, 3, 4], 1)),
    ),
    Fires(
        "enough_hits",
        """
        def entry(names, prefix):
            others = [name for name in names if name.startswith(prefix)]
            return len(others) >= 2
        """,
        "islice((name for name in names if name.startswith(prefix)), 2)",
        ((["ab", "a"], "a"), (["ab"], "a"), ([], "")),
    ),
    Fires(
        "unread_list",
        """
        def entry(xs):
            visited = []
            count = 0
            for x in xs:
                visited.append(x)
                count += x
            return count
        """,
        "    count = 0\n    for x in xs:\n        count += x\n",
        (([],), ([1, 2],)),
    ),
    Fires(
        "unread_list",
        """
        def entry(xs):
            log = set()
            for x in xs:
                if x:
                    log.add(x)
                    x += 1
            return xs
        """,
        "        if x:\n            x += 1\n",
        (([],), ([1, 0],)),
    ),
    Fires(
        "update_in_place",
        """
        def entry(pairs):
            left = {}
            for key, cost in pairs:
                left = {**left, key: left.get(key, 0) + cost}
            return left
        """,
        "left[key] = left.get(key, 0) + cost",
        (([],), ([("a", 1), ("b", 2), ("a", 3)],)),
    ),
    Fires(
        "update_in_place",
        """
        def entry(xs):
            seen, out = None, []
            seen = set()
            odd = dict(n=0)
            for x in xs:
                if x in seen: out.append(x)
                odd = dict(odd, n=odd["n"] + x % 2)
            return out, odd
        """,
        'odd["n"] = odd["n"] + x % 2',
        (([],), ([1, 2, 1],)),
    ),
    Fires(
        "update_in_place",
        """
        def entry(xs):
            seen = set()
            out = []
            for x in xs:
                if x not in seen:
                    out.append(x)
                seen = seen | {x}
            return out
        """,
        "seen.add(x)",
        (([],), ([1, 2, 1],)),
    ),
]

QUIET = [
    # the list is changed, or handed out, in each round
    ("hoist_assignment", "def entry(xs, n):\n    for x in xs:\n        a = list(n)\n        a.append(x)\n"),
    (
        "hoist_assignment",
        "def entry(xs, n):\n    out = []\n    for x in xs:\n        a = list(n)\n        out.append(a)\n    return out\n",
    ),
    # what it depends on changes
    (
        "hoist_assignment",
        "def entry(xs, n):\n    t = 0\n    for x in xs:\n        a = sorted(n)\n        t += a[0]\n        n.append(x)\n    return t\n",
    ),
    # not in each round: the value may fail where it was never wanted
    (
        "hoist_assignment",
        "def entry(xs, n):\n    t = 0\n    for x in xs:\n        if n:\n            a = max(n)\n            t += a\n    return t\n",
    ),
    # an effect in each round
    (
        "hoist_assignment",
        "def entry(xs, n):\n    t = 0\n    for x in xs:\n        a = input(n)\n        t += len(a)\n    return t\n",
    ),
    # the set of the taken shrinks again
    (
        "sort_once_filter",
        "def entry(xs, n):\n    out, t = 0, set()\n    for x in xs:\n        a = sorted(y for y in n if y not in t)\n"
        "        out += a[0]\n        t = set()\n        t.add(x)\n    return out\n",
    ),
    (
        "sort_once_filter",
        "def entry(xs, n):\n    out = 0\n    t = []\n    for x in xs:\n        a = sorted(y for y in n if y not in t)\n"
        "        out += a[0]\n        t.append(x)\n        t.pop(0)\n    return out\n",
    ),
    # other elements in each round
    (
        "sort_once_filter",
        "def entry(xs, n):\n    out = 0\n    for x in xs:\n        a = sorted(y for y in n if y < x)\n        out += a[0]\n    return out\n",
    ),
    (
        "sort_once_filter",
        "def entry(xs, n):\n    out = 0\n    t = []\n    for x in xs:\n        a = sorted(y for y in n if y not in t)\n"
        "        n.append(x)\n        t.append(a[0])\n    return t\n",
    ),
    # the list is wanted, or all hits must be seen
    ("enough_hits", "def entry(xs):\n    a = [x for x in xs if x]\n    return a if len(a) > 1 else []\n"),
    ("enough_hits", "def entry(xs):\n    return len([x for x in xs if x]) > 9, len([x for x in xs]) > 1\n"),
    ("enough_hits", "def entry(xs):\n    return len([x for x in xs if xs.pop()]) > 1\n"),
    ("enough_hits", "def entry(xs, n):\n    return len([x for x in xs if x]) > n\n"),
    ("unread_list", "def entry(xs):\n    a = []\n    for x in xs: a.append(x)\n    return a\n"),
    ("unread_list", "def entry(xs):\n    a = []\n    for x in xs:\n        a.append(x[0])\n    return xs\n"),
    ("unread_list", "def entry(xs, a):\n    for x in xs:\n        a.append(x)\n    return 1\n"),
    # another name still has the old dict
    (
        "update_in_place",
        "def entry(xs):\n    d, all = {}, []\n    for x in xs:\n        all.append(d)\n        d = {**d, x: 1}\n    return all\n",
    ),
    (
        "update_in_place",
        "def entry(xs):\n    d = {}\n    old = d\n    for x in xs:\n        d = {**d, x: 1}\n    return d, old\n",
    ),
    ("update_in_place", "def entry(xs, d):\n    for x in xs:\n        d = {**d, x: 1}\n    return d\n"),
    (
        "update_in_place",
        "def entry(xs):\n    d = {1: 2}\n    for k in d:\n        d = {**d, k + 1: 1}\n    return d\n",
    ),
    ("update_in_place", "def entry(x):\n    d = {}\n    d = {**d, x: 1}\n    return d\n"),
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
