"""Values made anew when their source changes: equal results, and no old value read."""

from __future__ import annotations

import pytest
from rewriting import Fires, check_fires, check_keeps_away

from labkit.refinement.rewrites import REGISTRY

BY_NAME = {item.name: item for item in REGISTRY}

FIRES = [
    Fires(
        "refresh_on_change",
        """
        def entry(pairs):
            rows = [(0, 0)]
            more = True
            while more:
                more = False
                for a, b in pairs:
                    known = dict(rows)  # by place
                    if a not in known:
                        continue
                    cost = known[a] + 1
                    if b not in known or cost < known[b]:
                        rows = [row for row in rows if row[0] != b]
                        rows.append((b, cost))
                        more = True
            return sorted(rows)
        """,
        "rows.append((b, cost))\n                known = dict(rows)\n",
        (([],), ([(1, 2), (0, 1), (2, 0), (0, 2)],), ([(0, 3), (3, 4), (4, 1), (0, 4)],)),
    ),
    Fires(
        "refresh_on_change",
        """
        def entry(left, right):
            pairs = []
            for i, x in enumerate(left):
                for j, y in enumerate(right):
                    taken = [pair[1] for pair in pairs]
                    if x == y and j not in taken:
                        pairs.append((i, j))
                        break
            return pairs
        """,
        "pairs.append((i, j))\n                taken = [pair[1] for pair in pairs]\n                break",
        (([], []), ([1, 2, 1], [1, 1, 2]), ([3, 3, 3], [3, 3])),
    ),
    Fires(
        "hoist_from_test",
        """
        def entry(xs, pairs):
            # what is left
            return [x for x in xs if x not in [pair[0] for pair in pairs]]
        """,
        "    pairs_made = [pair[0] for pair in pairs]\n    return [x for x in xs if x not in pairs_made]",
        (([], []), ([1, 2, 3], [(2, 0)]), ([1], [])),
    ),
    Fires(
        "hoist_from_test",
        """
        def entry(xs, ys):
            found = 0
            for y in ys:
                found += sum(1 for x in xs if x in [z * 2 for z in xs])
            return found
        """,
        "xs_made = [z * 2 for z in xs]",
        (([], [1]), ([1, 2, 4], [0, 0])),
    ),
]

QUIET = [
    # the old value is read after the change
    (
        "refresh_on_change",
        "def entry(xs):\n    rows = []\n    out = []\n    for x in xs:\n        known = set(rows)\n"
        "        rows.append(x)\n        out.append(x in known)\n    return out\n",
    ),
    # read and changed in rounds of an inner loop
    (
        "refresh_on_change",
        "def entry(xs):\n    rows = [0]\n    n = 0\n    for x in xs:\n        known = set(rows)\n"
        "        for y in xs:\n            n += y in known\n            rows.append(y)\n    return n\n",
    ),
    # it is changed by a function that is not seen, or has another name
    (
        "refresh_on_change",
        "def entry(xs, act):\n    rows = [0]\n    n = 0\n    for x in xs:\n        known = set(rows)\n"
        "        n += x in known\n        act(rows)\n    return n\n",
    ),
    (
        "refresh_on_change",
        "def entry(xs):\n    rows = [0]\n    other = rows\n    n = 0\n    for x in xs:\n"
        "        known = set(rows)\n        n += x in known\n        other.append(x)\n    return n\n",
    ),
    # the value is changed itself
    (
        "refresh_on_change",
        "def entry(xs):\n    rows = [0]\n    n = 0\n    for x in xs:\n        known = set(rows)\n"
        "        known.add(x)\n        n += len(known)\n        rows.append(x)\n    return n\n",
    ),
    # it depends on the element, is guarded, or is made once anyway
    ("hoist_from_test", "def entry(xs):\n    return [x for x in xs if x in [y + x for y in xs]]\n"),
    ("hoist_from_test", "def entry(xs, k):\n    return [x for x in xs if k and x in [1 // k for y in xs]]\n"),
    ("hoist_from_test", "def entry(x, xs):\n    return x in [y + 1 for y in xs]\n"),
]


@pytest.mark.parametrize("case", FIRES, ids=lambda case: case.rewrite)
def test_fires_with_equal_results(case: Fires) -> None:
    check_fires(BY_NAME[case.rewrite], case.source, case.wanted, case.inputs)


@pytest.mark.parametrize(("name", "source"), QUIET)
def test_keeps_away(name: str, source: str) -> None:
    check_keeps_away(BY_NAME[name], source)
