"""Rewrites of windows and selections: each fires, gives the same results, and keeps away from what it would change."""

from collections import Counter

import pytest
from rewriting import check_both_sides, check_break_is_seen, check_fires, check_keeps_away

from labkit.refinement.rewrites import Rewrite
from labkit.refinement.rewrites.selecting import growing_sorted, repeated_min
from labkit.refinement.rewrites.selecting_filters import filter_then_sort
from labkit.refinement.rewrites.windows import window_extreme, window_sum
from labkit.refinement.rewrites.windows_sorted import window_sorted

LISTS = [[], [3], [3, 1, 2], [5, 5, 1, 9, 2, 5, 0], [2, 2, 2, 2], list(range(9, 0, -1))]
WIDTHS = [([*xs], w) for xs in LISTS for w in (1, 2, 3, 5)]
ODD = [([4, 1, 2], 0), ([4, 1, 2, 8], -1)]

# the sums are read one place too far
BREAK = ("values[end - width : end]", "values[end - width : end - 1]")

FIRES = [
    (
        window_sum,
        """
        def entry(values, width):
            out = []
            for end in range(width, len(values) + 1):
                out.append(sum(values[end - width : end]) // width)  # the mean
            return out
        """,
        "(values_sums[end] - values_sums[end - width]) if width > 0",
        WIDTHS + ODD,
    ),
    (
        window_sum,
        "def entry(xs):\n    return [sum(xs[i : i + 3]) for i in range(len(xs) - 3 + 1)]\n",
        "[(xs_sums[i + 3] - xs_sums[i]) for i",
        [(xs,) for xs in LISTS],
    ),
    (
        window_extreme,
        "def entry(xs, w):\n    return [max(xs[i : i + w]) for i in range(len(xs) - w + 1)]\n",
        "xs_max[i + w - 1] if w > 0",
        WIDTHS + ODD,
    ),
    (
        window_extreme,
        """
        def entry(xs, w):
            low = []
            for at_end in range(w, len(xs) + 1):
                low.append(min(xs[at_end - w : at_end]))
            return low
        """,
        "xs_min[at_end - 1]",
        WIDTHS + ODD,
    ),
    (
        window_sorted,
        """
        def entry(xs, w):
            middles = []
            for i in range(len(xs) - w + 1):
                middles.append(sorted(xs[i : i + w])[w // 2])
            return middles
        """,
        "insort(xs_ranked, xs[i + w - 1])",
        WIDTHS + ODD,
    ),
    (
        window_sorted,
        """
        def entry(xs, w):
            middles = []
            for end in range(w, len(xs) + 1):
                part = list(xs[end - w : end])
                middles.append(sorted(part)[(len(part) - 1) // 2])
            return middles
        """,
        "del xs_ranked[bisect_left(xs_ranked, xs[end - w - 1])]",
        WIDTHS + ODD,
    ),
    (
        growing_sorted,
        """
        def entry(values, k):
            seen = []
            tops = []
            for value in values:
                seen.append(value)
                tops.append(sorted(seen, reverse=True)[:k])
            return tops, seen
        """,
        "insort(seen_sorted, value)",
        WIDTHS + ODD,
    ),
    (
        growing_sorted,
        """
        def entry(values, k):
            seen = [7, 3]
            out = []
            for value in values:
                seen.append(value * 2)
                out.append((sorted(seen)[len(seen) // 2], sorted(seen), sorted(seen)[:2]))
            return out
        """,
        "seen_sorted[len(seen) // 2]",
        WIDTHS,
    ),
    (
        repeated_min,
        """
        def entry(xs, k):
            xs = list(xs)
            for _ in range(len(xs) // 2):
                xs.remove(min(xs))
            return min(xs) + k
        """,
        "sorted(xs)[len(xs) // 2]",
        [(xs, 1) for xs in LISTS[1:]],
    ),
    (
        repeated_min,
        """
        def entry(rows):
            out = []
            for row in rows:
                left = row[:] + [1]
                for _ in range(2):
                    left.remove(max(left))
                out.append(max(left))
            return out
        """,
        "sorted(left, reverse=True)[2]",
        [([],), ([[1, 2], [5, 5, 3]],)],
    ),
    (
        filter_then_sort,
        """
        def entry(trades, quotes):
            out = []
            for time, name in trades:
                found = [q for q in quotes if q[1] == name and q[0] <= time]
                found = sorted(found, key=lambda q: q[0])
                out.append(found[-1] if found else None)
            return out
        """,
        "bisect_right(quotes_by.get(name, []), time, key=lambda q: q[0])]",
        [([], []), ([(3, "a"), (5, "b"), (5, "a")], [(4, "a", 1), (2, "a", 2), (2, "a", 3), (5, "b", 4)])],
    ),
    (
        filter_then_sort,
        """
        def entry(xs, lows):
            out = []
            for low in lows:
                part = [x for x in xs if low < x < low + 5 and x % 2]
                part.sort()
                out.append(part)
            return out
        """,
        "[x for x in xs_sorted[bisect_right(xs_sorted, low) : bisect_left(xs_sorted, low + 5)] if",
        [([], []), ([9, 3, 4, 3, 7], [0, 2, 3, 9])],
    ),
]

IN_LOOP = "def entry(xs, w, rows):\n    out = []\n    for i in range({}):\n        {}\n    return out\n"

KEEPS_AWAY = [
    (
        window_sum,
        [
            IN_LOOP.format("len(xs)", "out.append(sum(xs[i : i + w]))"),
            IN_LOOP.format("len(xs) - w + 1", "out.append(sum(xs[i : i + w])); xs[i] = 0"),
            IN_LOOP.format("len(xs) - w + 1", "out.append(sum(xs[i : i + w])); w = 2"),
            IN_LOOP.format("len(xs) - w + 1", "out.append(sum(xs[i : i + w], 5))"),
            IN_LOOP.format("len(rows) - w + 1", "out.append(sum(xs[i : i + w]))"),
            IN_LOOP.format("len(xs) - w + 1", "out.append(sum(xs[i : i + w : 2]))"),
        ],
    ),
    (
        window_extreme,
        [
            IN_LOOP.format("len(xs) - w + 1", "out.append(max(xs[i : i + w], key=abs))"),
            IN_LOOP.format("len(xs) - w + 1", "out.append(max(xs[i : i + w], default=0))"),
            IN_LOOP.format("len(xs) - w + 1", "out.append(max(xs[i : i + w])); xs.append(1)"),
            IN_LOOP.format("w, len(xs) + 1", "out.append(max(xs[i : i + w]))"),
            "def max(x):\n    return 1\n"
            + IN_LOOP.format("len(xs) - w + 1", "out.append(max(xs[i : i + w]))"),
        ],
    ),
    (
        window_sorted,
        [
            IN_LOOP.format("len(xs) - w + 1", "out.append(sorted(xs[i : i + w]))"),
            IN_LOOP.format("len(xs) - w + 1", "out.append(sorted(xs[i : i + w], key=abs)[0])"),
            IN_LOOP.format("len(xs) - w + 1", "xs[i] = sorted(xs[i : i + w])[0]"),
            IN_LOOP.format("len(xs) - w + 1", "p = xs[i : i + w]; p.pop(); out.append(sorted(p)[0])"),
            "def entry(xs, w):\n    return [sorted(xs[i : i + w])[0] for i in range(len(xs) - w + 1)]\n",
        ],
    ),
    (
        growing_sorted,
        [
            IN_LOOP.format("w", "seen = []; seen.append(i); out.append(sorted(seen))"),
            "def entry(xs):\n    seen = []\n    for x in xs:\n        seen.append(x)\n    return sorted(seen)\n",
            """
            def entry(xs):
                seen, out = [], []
                for x in xs:
                    seen.append(x)
                    out.append(sorted(seen))
                    seen.pop()
                return out
            """,
            """
            def entry(xs):
                seen = []
                for x in xs:
                    seen.append(x)
                    print(sorted(seen, key=abs))
            """,
            """
            def entry(xs, seen):
                for x in xs:
                    seen.append(x)
                    print(sorted(seen))
            """,
        ],
    ),
    (
        repeated_min,
        [
            "def entry(xs):\n    for _ in range(2):\n        xs.remove(min(xs))\n    return min(xs)\n",
            "def entry(xs):\n    xs = list(xs)\n    for _ in range(2):\n        xs.remove(min(xs))\n    return xs\n",
            "def entry(xs):\n    xs = list(xs)\n    for _ in range(2):\n        xs.remove(max(xs))\n    return min(xs)\n",
            "def entry(xs):\n    xs = list(xs)\n    for _ in range(2):\n        xs.remove(min(xs))\n    y = min(xs)\n    return y, xs\n",
            "def entry(xs):\n    ys = xs\n    for _ in range(2):\n        ys.remove(min(ys))\n    return min(ys)\n",
        ],
    ),
    (
        filter_then_sort,
        [
            IN_LOOP.format("w", "p = [x for x in xs if x > i]; p.sort(); xs.append(i)"),
            IN_LOOP.format("w", "p = [x + 1 for x in xs if x > i]; p.sort()"),
            IN_LOOP.format("w", "p = [x for x in xs if x > i]; p.sort(key=lambda x: x * i)"),
            IN_LOOP.format("w", "p = [x for x in xs if x > i]; rows.sort()"),
            "def entry(xs, a):\n    p = [x for x in xs if x > a]\n    p.sort()\n    return p\n",
        ],
    ),
]


def places() -> list:
    return [pytest.param(*case, id=f"{case[0].name}-{place}") for place, case in enumerate(FIRES)]


@pytest.mark.parametrize(("item", "source", "wanted", "inputs"), places())
def test_fires_and_gives_the_same_results(item: Rewrite, source: str, wanted: str, inputs: list) -> None:
    check_fires(item, source, wanted, inputs)


@pytest.mark.parametrize(
    ("item", "source"), [(item, source) for item, sources in KEEPS_AWAY for source in sources]
)
def test_keeps_away(item: Rewrite, source: str) -> None:
    check_keeps_away(item, source)


def test_a_wrong_rewrite_would_be_seen() -> None:
    _, source, _, inputs = FIRES[0]
    check_break_is_seen(source, inputs, BREAK)


def test_every_rewrite_has_cases() -> None:
    quiet = {item.name: len(sources) for item, sources in KEEPS_AWAY}
    fires = Counter(case[0].name for case in FIRES)
    assert fires.keys() == quiet.keys()
    check_both_sides(fires, quiet, least=1)
