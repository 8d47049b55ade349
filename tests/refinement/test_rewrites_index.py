"""Rewrites that index an inner loop: each fires, gives the same results, and keeps away from what it would change."""

from collections import Counter

import pytest
from rewriting import check_both_sides, check_break_is_seen, check_fires, check_keeps_away

from labkit.refinement.rewrites import Rewrite
from labkit.refinement.rewrites.grouping import keys_index
from labkit.refinement.rewrites.grouping_members import member_of_filter
from labkit.refinement.rewrites.intervals import range_count, range_index
from labkit.refinement.rewrites.texts import prefix_index

ORDERS = [("n", "tea", 3), ("s", "tea", 1), ("n", "oil", 2), ("n", "tea", 9), ("s", "oil", 4)]
SPANS = [(3, 9), (1, 2), (5, 5), (8, 4), (0, 7), (3, 9), (-2, 30)]
POINTS = [5, 0, 9, 3, 31, -2, 8]

BREAK = ("order[1] == name", "order[1] >= name")

FIRES = [
    (
        keys_index,
        """
        def entry(orders, wanted):
            out = []
            for place, name in wanted:
                # the price of all
                out.append(sum([order[2] for order in orders if order[0] == place and order[1] == name]))
            return out
        """,
        "for order in orders_index.get((place, name), ())]",
        [([], []), (ORDERS, [("n", "tea"), ("s", "tea"), ("x", "oil"), ("s", "oil")])],
    ),
    (
        keys_index,
        """
        def tidy(text):
            parts = text.split()
            while parts and parts[-1] == "-":
                parts.pop()
            return " ".join(parts)

        def entry(files):
            return [[p for p, other in files if tidy(other) == tidy(text)] for _, text in files]
        """,
        "files_index.setdefault(tidy(other), []).append((p, other))",
        [([],), ([("a", "x  y"), ("b", "x y -"), ("c", "z")],)],
    ),
    (
        keys_index,
        """
        def entry(rows):
            kept = []
            lost = 0
            for time, name in rows:
                for t, n in kept:
                    if n == name and time - t < 5:
                        lost += 1
                kept.append((time, name))
            return kept, lost
        """,
        "for t, n in kept[-1:]:",
        [([],), ([(1, "a"), (2, "b"), (3, "a"), (9, "a"), (9, "b")],)],
    ),
    (
        keys_index,
        """
        def entry(bank, book):
            pairs = []
            for i, (day, amount) in enumerate(bank):
                for j, (other_day, other) in enumerate(book):
                    if other == amount and abs(other_day - day) < 3:
                        pairs.append((i, j))
            return pairs
        """,
        "enumerate(book):\n        items_index.setdefault(other, []).append((j, (other_day, other)))",
        [([], []), ([(1, 5), (2, 7), (4, 5)], [(2, 5), (9, 5), (2, 7)])],
    ),
    (
        member_of_filter,
        """
        def entry(rows, span):
            kept = []
            for row in rows:
                recent = [name for time, name in kept if row[0] - time < span]
                if row[1] not in recent:
                    kept.append(row)
            return kept
        """,
        "if (not any(True for time, name in kept if name == row[1] and (row[0] - time < span))):",
        [([], 3), ([(1, "a"), (2, "a"), (2, "b"), (7, "a")], 3)],
    ),
    (
        member_of_filter,
        "def entry(xs, ys):\n    return [x for x in xs if (x, 1) in [(y, y % 2) for y in ys if y > 2]]\n",
        "(any(True for y in ys if y == x and (y % 2) == 1 and (y > 2)))",
        [([], []), ([1, 3, 4, 5], [1, 3, 4])],
    ),
    (
        range_index,
        """
        def entry(spans, points):
            out = []
            for point in points:
                out.append([span for span in spans if span[0] <= point <= span[1]])
            return out
        """,
        "[spans_list[place] for place in sorted(spans_order[bisect_left(spans_tops, point)",
        [([], []), (SPANS, POINTS)],
    ),
    (
        range_index,
        "def entry(xs, ys, d):\n    return [sorted([y for y in ys if abs(y - x) < d and y != x]) for x in xs]\n",
        "for y in ys_ranked[bisect_right(ys_keys, x - d) : bisect_left(ys_keys, x + d)]",
        [([], [], 1), (POINTS, [4, 5, 6, 9, 5], 2)],
    ),
    (
        range_index,
        """
        def entry(jobs, steps):
            seen = []
            for start, stop in steps:
                for number, (time) in enumerate(jobs):
                    if start < time < stop:
                        seen.append((number, time))
            return seen
        """,
        "for place in sorted(items_order[bisect_right(items_keys, start) : bisect_left(items_keys, stop)])]:",
        [([], []), ([5, 1, 4, 4, 9], [(0, 5), (4, 9), (9, 2)])],
    ),
    (
        range_count,
        "def entry(times, starts):\n    return [len([t for t in times if s <= t < s + 4]) for s in starts]\n",
        "max(0, bisect_left(times_sorted, s + 4) - bisect_left(times_sorted, s))",
        [([], []), (POINTS, [0, 3, 4, 31])],
    ),
    (
        range_count,
        """
        def entry(spans, points):
            depths = []
            for point in points:
                depth = 0
                for first, last in spans:
                    if first <= point <= last:
                        depth += 2
                depths.append(depth)
            return depths
        """,
        "depth += 2 * (bisect_right(spans_starts, point) - bisect_left(spans_ends, point))",
        [([], []), (SPANS, POINTS)],
    ),
    (
        range_count,
        "def entry(spans, points):\n"
        "    return [sum(1 for a, b in spans if a < p < b) for p in points], [len([x for x in points if x > p]) for p in points]\n",
        "if a < b)",
        [([], []), (SPANS, POINTS)],
    ),
    (
        prefix_index,
        """
        def entry(texts, words):
            out = []
            for text in texts:
                for word in words:
                    if text.startswith(word):
                        out.append((text, word))
            return out
        """,
        "group.get(text[:size], ())",
        [([], []), (["abc", "b", "", "ab"], ["ab", "b", "abcd", "", "ab", "a"])],
    ),
    (
        prefix_index,
        """
        def entry(text, rates):
            out = []
            for at in range(len(text)):
                found = [(w, r) for w, r in rates.items() if w and text[at : at + len(w)] == w]
                out.append(found)
            return out
        """,
        "group.get(text[at : at + size], ())",
        [("", {}), ("abcab", {"ab": 1, "": 2, "b": 3, "cabx": 4, "a": 5})],
    ),
]

TWO = "def entry(xs, ys, d):\n    out = []\n    for x in xs:\n        {}\n    return out\n"

KEEPS_AWAY = [
    (
        keys_index,
        [
            TWO.format("out.append([y for y in ys if y[0] > x]); y = 1"),
            TWO.format("out.append([y for y in ys if y[0] == x]); ys.append(x)"),
            TWO.format("out.append([y for y in ys if y and y[0] == x])"),
            TWO.format("out.append([y for y in ys if len(y) > 1 and y[1] == x])"),
            TWO.format("out.append([y for y in ys if d(y) == x])"),
            TWO.format("out.append([y for y in ys if y == d.pop()])"),
            "def entry(xs, x):\n    return [y for y in xs if y == x]\n",
            "def entry(xs, it):\n    ys = iter(it)\n    return [[y for y in ys if y == x] for x in xs]\n",
        ],
    ),
    (
        member_of_filter,
        [
            TWO.format("out += [x in [y for y in ys]]"),
            TWO.format("out += [x in [y.pop() for y in ys if y]]"),
            TWO.format("out += [d(x) in [y for y in ys if y]]"),
            TWO.format("z = [y for y in ys if y]; out += [x in z, z]"),
            "def entry(x, ys):\n    return x in [y for y in ys if y > 2]\n",
        ],
    ),
    (
        range_index,
        [
            TWO.format("out.append([y for y in ys if x <= y < x + d]); ys.append(x)"),
            TWO.format("out.append([y for y in ys if x <= y])"),
            TWO.format("out.append([y for y in ys if x <= y or y < d])"),
            TWO.format("out.append([y for y in ys if x <= d(y) < x + 2])"),
            TWO.format("out.append([y for y in ys if len(y) > 2 and x <= y[2] < d])"),
            "def entry(ys, a, b):\n    return [y for y in ys if a <= y < b]\n",
        ],
    ),
    (
        range_count,
        [
            TWO.format("out.append(len([y for y in ys if x <= y < x + d and y % 2]))"),
            TWO.format("out.append(sum(y for y in ys if x <= y < x + d))"),
            TWO.format("out.append(len([y.pop() for y in ys if x <= y[0] < x + d]))"),
            TWO.format("out.append(len([y for y in ys if y[0] <= x and y[1] >= d]))"),
            TWO.format("out.append(len([y for y in ys if x <= y < d])); ys.append(x)"),
            TWO.format("out.append([y for y in ys if x <= y < d])"),
        ],
    ),
    (
        prefix_index,
        [
            TWO.format("out.append([y for y in ys if x.startswith(y, 1, 2)])"),
            TWO.format("out.append([y for y in ys if y.startswith(x)])"),
            TWO.format("out.append([y for y in ys if x[: len(y)] == d])"),
            TWO.format("out.append([y for y in ys if x[: len(y) - 1] == y])"),
            TWO.format("out.append([y for y in ys if x[: len(y)] == y]); ys.append(x)"),
            TWO.format("out.append([y for y in ys if d and x.startswith(y) or y])"),
            "def entry(text, words):\n    return [word for word in words if text.startswith(word)]\n",
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
