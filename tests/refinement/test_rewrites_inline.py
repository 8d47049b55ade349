"""Helpers written out in loops: the results stay, and what cannot be written out is left alone."""

from collections import Counter

import pytest
from rewriting import check_both_sides, check_break_is_seen, check_fires, check_keeps_away

from labkit.refinement.rewrites import Rewrite
from labkit.refinement.rewrites.grouping_calls import (
    inlined_keys_index,
    inlined_prefix_index,
    inlined_range_count,
    inlined_range_index,
    inlined_window_sorted,
)
from labkit.refinement.rewrites.grouping_inline import inline_block, inline_helper
from labkit.refinement.rewrites.keys_calls import repeated_call

BREAK = ("abs(a - b)", "abs(a + b)")

FIRES = [
    (
        inline_helper,
        """
        def apart(a, b):
            return abs(a - b)

        def entry(xs, ys):
            return [min(apart(x, y) for y in ys) for x in xs]  # the nearest
        """,
        "[min(abs(x - y) for y in ys) for x in xs]",
        [([], []), ([1, 9], [4, 5]), ([1], [])],
    ),
    (
        inline_helper,
        """
        def total(rows, name):
            return sum(row[1] for row in rows if row[0] == name) or -1

        def entry(rows):
            out = []
            for name, _ in rows:
                out.append((total(rows, name), total(rows, "b") * 2))
            return out, total(rows, "a")
        """,
        "(sum((row[1] for row in rows if row[0] == 'b')) or -1) * 2",
        [([],), ([("a", 1), ("b", 2), ("a", 3)],)],
    ),
    (
        inline_block,
        """
        def spread(xs, low):
            xs = [x for x in xs if x > low]
            best = 0
            for x in xs:
                best = max(best, x)
            return best - low

        def entry(rows):
            best, out = 7, []
            for row in rows:
                value = spread(row, 2)
                out.append(value)
                if spread(row, value) > 1:
                    best += 1
            return best, out
        """,
        "best_2 = max(best_2, x)",
        [([],), ([[1, 4, 9], [], [3, 3]],)],
    ),
    (
        inlined_keys_index,
        """
        def named(rows, name):
            return [row for row in rows if row[0] == name]

        def entry(rows, names):
            return [len(named(rows, name)) for name in names]
        """,
        "rows_index.get(name, ())",
        [([], []), ([("a", 1), ("b", 2), ("a", 3)], ["a", "c", "b"])],
    ),
    (
        inlined_range_index,
        """
        def covers(span, point):
            return point in range(span[0], span[1] + 1)

        def entry(spans, points):
            return [[span for span in spans if covers(span, point)] for point in points]
        """,
        "accumulate((span[1] + 1 for span in spans_ranked), max)",
        [([], []), ([(3, 9), (1, 2), (8, 4), (0, 7)], [3, 0, 9, 4, 12])],
    ),
    (
        inlined_range_count,
        """
        def within(times, start):
            return len([time for time in times if start <= time < start + 10])

        def entry(times):
            return [within(times, start) for start in times]
        """,
        "bisect_left(times_sorted, start + 10)",
        [([],), ([3, 12, 14, 13, 3, 40],)],
    ),
    (
        inlined_prefix_index,
        """
        def longest(number, codes):
            found = [code for code in codes if number.startswith(code)]
            found.sort(key=len)
            return found[-1] if found else None

        def entry(numbers, codes):
            out = []
            for number in numbers:
                if longest(number, codes) is not None:
                    out.append(longest(number, codes))
            return out
        """,
        "group.get(number[:size], ())",
        [([], []), (["123", "9", "12"], ["1", "12", "1234", "3"])],
    ),
    (
        inlined_window_sorted,
        """
        def middle(numbers):
            numbers = list(numbers)
            return sorted(numbers)[(len(numbers) - 1) // 2]

        def entry(xs, w):
            out = []
            for i in range(len(xs) - w + 1):
                out.append(middle(xs[i : i + w]))
            return out
        """,
        "insort(xs_ranked, xs[i + w - 1])",
        [([], 2), ([5, 1, 4, 4, 0], 3), ([5, 1, 4], 1), ([2, 1], 0)],
    ),
]

CALLED = """
def find(xs, x):
    for place, y in enumerate(xs):
        if y == x:
            return place
    return None

def entry(xs, a):
    out = []
    for x in a:
        {}
            {}
    return out
"""

FIRES += [
    (
        repeated_call,
        CALLED.format("if x and find(xs, x) is not None:", "out.append(find(xs, x))"),
        "if x and (find_result := find(xs, x)) is not None:",
        [([], []), ([1, 2], []), ([4, 5, 0], [5, 0, 6])],
    ),
    (
        repeated_call,
        "def entry(d, ks):\n    return [d.get(k) + 1 if d.get(k) is not None else k for k in ks]\n",
        "[get_result + 1 if (get_result := d.get(k)) is not None else k for k in ks]",
        [({}, [1]), ({1: 2, 3: None}, [1, 3, 4])],
    ),
]

CALL = "def entry(xs, a):\n    out = []\n    for x in xs:\n        {}\n    return out\n"
SAME = "def pick(rows, name):\n    return [row for row in rows if row[0] == name]\n\n"
NO_LOOP = SAME + "def entry(rows):\n    return pick(rows, 1)\n"
RENAMED = SAME + CALL.format("xs = pick(xs, x); out.append(xs)")

KEEPS_AWAY = [
    (
        inline_helper,
        [
            "def f(x):\n    return x + 1\n\n" + CALL.format("pass") + "\nprint(f(1))\n",
            "def f(x):\n    return x * x\n\n" + CALL.format("out.append(f(xs.pop()))"),
            "def f(x):\n    return x * x\n\n" + CALL.format("out.append(f(sum(xs)))"),
            "def f(x):\n    return f(x - 1) if x else 0\n\n" + CALL.format("out.append(f(x))"),
            "def f(x, y=2):\n    return x + y\n\n" + CALL.format("out.append(f(x))"),
            "def f(x):\n    return sum(a for a in x)\n\n" + CALL.format("out.append(f([a]))"),
            "def f(x):\n    return x + len(out)\n\nout = [1]\n\n" + CALL.format("out.append(f(x))"),
            "def f(x):\n    return lambda: x\n\n" + CALL.format("out.append(f(x))"),
            "def f(*x):\n    return x\n\n" + CALL.format("out.append(f(x))"),
        ],
    ),
    (
        inline_block,
        [
            "def f(x):\n    if x:\n        return 1\n    return 2\n\n" + CALL.format("out.append(f(x))"),
            "def f(x):\n    y = x + 1\n    return y * y\n\n" + CALL.format("out.append(x and f(x))"),
            "def f(x):\n    y = x + 1\n    return y * y\n\n" + CALL.format("out += [f(z) for z in xs]"),
            "def f(x):\n    y = x + 1\n    return y * y\n\n" + CALL.format("out.append(max(xs.pop(), f(x)))"),
            "def f(x):\n    global g\n    g = x\n    return g\n\n" + CALL.format("out.append(f(x))"),
            "def f(x):\n    y = yield x\n    return y\n\n" + CALL.format("out.append(f(x))"),
            "def f(x):\n    y = x + 1\n    return y * y\n\n" + CALL.format("while f(x): x += 1"),
        ],
    ),
    (
        repeated_call,
        [
            CALLED.format("if x or find(xs, x):", "out.append(find(xs, x))"),
            CALLED.format("if not (x and find(xs, x)):", "out.append(find(xs, x))"),
            CALLED.format("if find(xs, x):", "out.append(xs.pop() + find(xs, x))"),
            CALLED.format("if find(xs, x):", "out.append(lambda: find(xs, x))"),
            CALLED.format("if find(xs, x):", "out.append([find(xs, x) for x in xs])"),
            CALLED.format("if xs.pop(x):", "out.append(xs.pop(x))"),
            CALLED.format("if find(xs, x):", "out.append(find(xs, x + 1))"),
        ],
    ),
    (
        inlined_keys_index,
        [NO_LOOP, RENAMED, SAME + CALL.format("out.append(pick(xs, x)); xs.append(1)")],
    ),
    (
        inlined_range_index,
        [NO_LOOP, RENAMED, SAME + CALL.format("out.append(pick(xs, x))")],
    ),
    (
        inlined_range_count,
        [NO_LOOP, RENAMED, SAME + CALL.format("out.append(pick(xs, x))")],
    ),
    (
        inlined_prefix_index,
        [NO_LOOP, RENAMED, SAME + CALL.format("out.append(pick(xs, x))")],
    ),
    (
        inlined_window_sorted,
        [NO_LOOP, RENAMED, SAME + CALL.format("out.append(pick(xs, x))")],
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
