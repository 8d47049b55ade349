"""Every rewrite fires where it should, gives the same results there, and keeps away from what it would change."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from rewriting import Fires, run

from labkit.refinement.rewrites import REGISTRY, Rewrite
from labkit.refinement.rewrites.edits import comments

BY_NAME = {item.name: item for item in REGISTRY}


FIRES = [
    Fires(
        "membership_set",
        """
        def entry(xs, banned):
            # keep the order of first sight
            seen = []
            for x in xs:
                if x not in seen:  # new
                    seen.append(x)
            return seen, len([x for x in xs if x in banned])
        """,
        "seen_set.add(x)",
        (([], []), ([3, 1, 3, 2, 1], [1, 9]), (list("abca"), ["c"])),
    ),
    Fires(
        "membership_set",
        """
        def entry(rows, allowed):
            total = 0
            for row in rows:
                for x in row:
                    if x in allowed: total += 1
            return total
        """,
        "    allowed_set = set(allowed) if isinstance(allowed, (list, tuple)) else allowed\n    for row in rows:",
        (([], []), ([[1, 2], [2, 2]], [2]), ([[5]], (5, 6))),
    ),
    Fires(
        "membership_set",
        """
        def entry(graph, start):
            visited = []
            def walk(node):
                if node in visited: return
                visited.append(node)
                for other in graph.get(node, []):
                    walk(other)
            walk(start)
            return visited
        """,
        "visited_set.add(node)",
        (({}, 1), ({1: [2, 3], 2: [1], 3: [2]}, 1)),
    ),
    Fires(
        "keys_membership",
        """
        def entry(d, keys):
            return [k for k in keys if k in list(d.keys())] + [k for k in keys if k not in d.keys()]
        """,
        "if k in d]",
        (({}, [1]), ({1: 2}, [1, 2])),
    ),
    Fires(
        "keys_membership",
        """
        def entry(words):
            counts = {}
            for word in words:
                if word not in list(counts):
                    counts[word] = 0
                counts[word] += 1
            return counts
        """,
        "if word not in counts:",
        (([],), (["a", "b", "a"],)),
    ),
    Fires(
        "any_equal",
        """
        def entry(xs, ys: list):
            out = []
            for x in xs:
                if any(x == y for y in ys) or not all(y != 7 for y in ys):
                    out.append(x)
            return out
        """,
        "(x in ys)",
        (([], []), ([1, 2, 3], [3, 1]), ([1], [7])),
    ),
    Fires(
        "any_equal",
        """
        def entry(xs: list, step):
            return [x for x in xs if x and any(x + step == other for other in xs)]
        """,
        "if x and ((x + step) in xs)]",
        (([], 1), ([1, 2, 4, 0], 1), ([1, 2, 4], 0)),
    ),
    Fires(
        "pop0_deque",
        """
        def entry(graph, start):
            queue = [start]
            order = []
            while queue:
                node = queue.pop(0)  # front
                if node in order:
                    continue
                order.append(node)
                for other in graph.get(node, []): queue.append(other)
            return order
        """,
        "queue.popleft()  # front",
        (({}, 0), ({0: [1, 2], 1: [2, 0]}, 0)),
    ),
    Fires(
        "pop0_deque",
        """
        def entry(n):
            deque = 0
            jobs: list[int] = list(range(n))
            while len(jobs) > 1:
                jobs.append(jobs.pop(0))
                deque += jobs.pop(0) + jobs[0] * jobs[-1]
            return deque
        """,
        "jobs: deque_2[int] = deque_2(list(range(n)))",
        ((0,), (7,)),
    ),
    Fires(
        "list_concat_append",
        """
        def entry(rows):
            result = []
            for row in rows:
                new = []
                for x in row:
                    new = new + [x * 2]  # double
                result.append(new)
            return result
        """,
        "new.append(x * 2)  # double",
        (([],), ([[1], [], [2, 3]],)),
    ),
    Fires(
        "list_concat_append",
        """
        def entry(xs):
            out = []
            for x in xs:
                if x: out = out + [x, -x]
                out += [0]
                out = out + xs[:1] + [len(out)]
            return out
        """,
        "out.extend([x, -x])",
        (([],), ([1, 0, 2],)),
    ),
    Fires(
        "string_build_join",
        """
        def entry(words):
            text = "<"
            for word in words:
                if not word:
                    continue
                text += word
                text = text + "," + word
            text += ">"
            return text
        """,
        'text = "".join(text_parts)',
        (([],), (["a", "", "b"],)),
    ),
    Fires(
        "string_build_join",
        """
        def entry(n):
            bits = ""
            while n > 0:
                bits = str(n % 2) + bits  # prepend
                n //= 2
            return bits or "0"
        """,
        'bits = "".join(reversed(bits_parts))',
        ((0,), (13,)),
    ),
    Fires(
        "count_counter",
        """
        def entry(words):
            often = [w for w in words if words.count(w) > 1]
            return often, max(set(words), key=words.count) if words else None
        """,
        "if words_counts[w] > 1]",
        (([],), (["a", "b", "b"],)),
    ),
    Fires(
        "count_counter",
        """
        from collections import Counter as Bag

        def entry(rows):
            table = {}
            words = [row[0] for row in rows]
            for word in words:
                if word not in table: table[word] = words.count(word)
            return table
        """,
        "words_counts = Bag(words)",
        (([],), ([("a", 1), ("b", 2), ("a", 3)],)),
    ),
    Fires(
        "cache_recursion",
        """
        def entry(n):
            \"\"\"Ways to climb.\"\"\"
            # base
            if n < 2:
                return 1
            return entry(n - 1) + entry(n - 2)
        """,
        "    @cache\n    def entry_cached(n):",
        ((0,), (12,)),
    ),
    Fires(
        "cache_recursion",
        """
        def best(weights, values, i, room):
            if i == len(weights):
                return 0
            skip = best(weights, values, i + 1, room)
            if weights[i] > room:
                return skip
            return max(skip, values[i] + best(weights, values, i + 1, room - weights[i]))

        def entry(weights, values, room):
            return best(weights, values, 0, room)
        """,
        "def best_cached(i, room):",
        (([], [], 3), ([1, 2, 3], [6, 10, 12], 5)),
    ),
    Fires(
        "cache_recursion",
        """
        def entry(nums, target):
            if not nums:
                return target == 0
            return entry(nums[1:], target) or entry(nums[1:], target - nums[0])
        """,
        "tuple(nums) if isinstance(nums, list) else nums",
        (([], 0), ([3, 5, 7], 12), ([3, 5], 4)),
    ),
    Fires(
        "cache_recursion",
        """
        def entry(grid):
            rows = len(grid)
            def go(i, j):
                if i == rows or j == len(grid[0]):
                    return 0
                return grid[i][j] + max(go(i + 1, j), go(i, j + 1))
            return go(0, 0)
        """,
        "    @cache\n    def go(i, j):",
        (([],), ([[1, 2], [3, 4]],)),
    ),
    Fires(
        "cache_recursion",
        """
        def distance(a, b):
            if not a: return len(b)
            if not b: return len(a)
            if a[0] == b[0]: return distance(a[1:], b[1:])
            return 1 + min(distance(a[1:], b), distance(a, b[1:]), distance(a[1:], b[1:]))

        def entry(a, b):
            return distance(a, b)
        """,
        "def distance_cached(a, b):",
        (("", ""), ("kitten", "sitting"), ([1, 2], [2])),
    ),
    Fires(
        "sort_in_loop",
        """
        def entry(xs):
            window = []
            medians = []
            for x in xs:
                window.append(x)
                window.sort()
                medians.append(window[len(window) // 2])
            return medians
        """,
        "insort(window, x)",
        (([],), ([5, 1, 4, 4, 2],)),
    ),
    Fires(
        "sort_in_loop",
        """
        def entry(xs, k):
            best = sorted(xs[:k])
            for x in xs[k:]:
                best.append(x)
                best.sort()
                best.pop()
            return best
        """,
        "insort(best, x)",
        (([], 2), ([5, 1, 4, 4, 2], 2), ([1.0, 1, True], 1)),
    ),
    Fires(
        "sorted_ends",
        """
        def entry(xs, k):
            low = sorted(xs)[0] if xs else None
            order = sorted(xs, key=abs)
            return low, order[:k]
        """,
        "min(xs)",
        (([], 2), ([3, -1, 2, 1], 2), ([3, -1, 2, 1], 9)),
    ),
    Fires(
        "sorted_ends",
        """
        def entry(xs):
            return sorted(xs)[-2:], sorted(xs, reverse=True)[:3], sorted(xs, reverse=True)[-2:]
        """,
        "nlargest",
        (([],), ([3, -1, 2, 1],), ([1],)),
    ),
    Fires(
        "hoist_invariant",
        """
        import math

        def entry(xs, n):
            out = []
            for x in xs:
                for y in xs:
                    if y in sorted(xs) and y != max(xs):
                        out.append(x / sum(xs))
            return out, math.sqrt(n)
        """,
        "    xs_sum = sum(xs)\n    for x in xs:\n        for y in xs:",
        (([], 0), ([1, 2, 3], 30)),
    ),
    Fires(
        "hoist_invariant",
        """
        def entry(text, words):
            return [w for w in words if w in text.lower()]
        """,
        "    text_lower = text.lower()\n    return",
        (("", []), ("The Cat", ["cat", "dog"])),
    ),
    Fires(
        "prefix_sum",
        """
        def entry(xs, k):
            out = []
            for i in range(len(xs) + 2):
                out.append(sum(xs[i:i + k]))
                out.append(sum(xs[:i]) - sum(xs[i:]) + sum(xs[i:i + 1]))
            return out
        """,
        "accumulate(xs, initial=0)",
        (([], 2), ([1, 2, 3, -4], 2), ([1, 2], 5), ([1, 2], 0)),
    ),
    Fires(
        "prefix_sum",
        """
        def entry(xs, queries):
            return [sum(xs[lo:hi + 1]) for lo, hi in queries]
        """,
        "xs_prefix",
        (([], []), ([1, 2, 3], [(0, 1), (2, 0), (1, 9), (5, 9)])),
    ),
    # the slices of Python decide what negative bounds mean, so they may stand there
    Fires(
        "prefix_sum",
        """
        def entry(xs):
            n = len(xs)
            return [sum(xs[i:j]) for i in range(-n - 2, n + 2) for j in range(-n - 2, n + 2)], [sum(xs[-i:]) for i in range(n)]
        """,
        "xs_sum(-i, None)",
        (([],), ([1, 2, 4, 8],)),
    ),
    Fires(
        "nested_loop_index",
        """
        def entry(orders, users):
            out = []
            for order in orders:
                for user in users:
                    # the one who ordered
                    if user["id"] == order[0] and user["ok"]:
                        out.append((order, user["id"]))
                        break
                else:
                    out.append(None)
            return out
        """,
        "users_by_key.get(order[0], ())",
        (([], []), ([(1,), (2,), (3,)], [{"id": 1, "ok": 0}, {"id": 1, "ok": 1}, {"id": 3, "ok": 1}])),
    ),
    Fires(
        "nested_loop_index",
        """
        def entry(nums, target):
            n = len(nums)
            for i in range(n):
                for j in range(i + 1, n):
                    if nums[i] + nums[j] == target:
                        return [i, j]
            return []
        """,
        "if j > i and nums[i] + nums[j] == target:",
        (([], 1), ([2, 7, 11, 15], 9), ([3, 3], 6), ([1, 2], 9)),
    ),
    Fires(
        "nested_loop_index",
        """
        def entry(left, right):
            pairs = [(a, b) for a in left for b in right if a[0] == b[0] and b[1] > a[1]]
            names = []
            for key, _ in left:
                names.append(next((value for k, value in right if k == key), None))
            return pairs, names
        """,
        "right_by_key.get(a[0], ()) if a[0] == b[0] and b[1] > a[1]]",
        (([], []), ([(1, 2), (2, 2)], [(1, 3), (2, 1), (1, 1), (1, 4)])),
    ),
    Fires(
        "nested_loop_index",
        """
        def entry(xs):
            count = 0
            for x in xs:
                for y in xs:
                    for z in xs:
                        if x + y + z == 0: count += 1
            return count
        """,
        "xs_by_key.get(0 - (x + y), ())",
        (([],), ([-1, 0, 1, 1],)),
    ),
]

QUIET = [
    # the caller of a generator may change the list between two rounds
    ("membership_set", "def entry(xs, ys):\n    for x in xs:\n        yield x in ys\n"),
    ("hoist_invariant", "async def entry(xs, f):\n    for x in xs:\n        await f(sum(xs))\n"),
    # the wanted value changes while the inner loop runs
    (
        "nested_loop_index",
        "def entry(starts, pairs):\n    for at in starts:\n        for a, b in pairs:\n            if a == at:\n"
        "                at = b\n    return starts\n",
    ),
    (
        "membership_set",
        "VALID = [1]\n\ndef add(x):\n    VALID.append(x)\n\ndef entry(xs):\n    for x in xs:\n"
        "        if x in VALID: add(x + 1)\n    return VALID\n",
    ),
    # a string: `in` looks for substrings there
    ("membership_set", "def entry(words, text: str):\n    return [w for w in words if w in text]\n"),
    (
        "membership_set",
        "def entry(words, text):\n    text = text.lower()\n    return [w for w in words if w in text]",
    ),
    # changed otherwise, or handed to a function that may change it
    (
        "membership_set",
        "def entry(xs, ys):\n    for x in xs:\n        if x in ys: ys.remove(x)\n    return ys\n",
    ),
    (
        "membership_set",
        "def drop(ys, x):\n    ys.remove(x)\n\ndef entry(xs, ys):\n    for x in xs:\n        if x in ys:\n"
        "            drop(ys, x)\n    return ys\n",
    ),
    # a parameter that grows has another name outside
    ("membership_set", "def entry(xs, seen):\n    for x in xs:\n        if x not in seen: seen.append(x)\n"),
    ("membership_set", "def entry(xs, ys, set):\n    return [x for x in xs if x in ys]\n"),
    ("membership_set", "def entry(xs, d):\n    return [x for x in xs if x in d and d.get(x)]\n"),
    ("membership_set", "def entry(xs, ys):\n    ys = iter(ys)\n    return [x for x in xs if x in ys]\n"),
    ("membership_set", "def entry(x, ys):\n    return x in ys\n"),
    ("membership_set", "def entry(rows):\n    return [x for row in rows for x in rows[0] if x in row]\n"),
    ("keys_membership", "def entry(s, xs):\n    return [x for x in xs if x in list(s)]\n"),
    ("keys_membership", "def entry(d):\n    for k in list(d.keys()):\n        del d[k]\n    return d\n"),
    ("any_equal", "def entry(xs, x):\n    return any(y == x + y for y in xs)\n"),
    ("any_equal", "def entry(text: str, c):\n    return any(c == d for d in text)\n"),
    ("any_equal", "def any(x):\n    return 1\n\ndef entry(xs, x):\n    return any(x == y for y in xs)\n"),
    ("pop0_deque", "def entry(q):\n    while q:\n        q.pop(0)\n    return q\n"),
    (
        "pop0_deque",
        "def entry(xs):\n    q = list(xs)\n    while len(q) > 2:\n        q.pop(0)\n    return q\n",
    ),
    ("pop0_deque", "def entry(xs):\n    q = list(xs)\n    while q:\n        q.sort()\n        q.pop(0)\n"),
    (
        "pop0_deque",
        "def entry(n):\n    q = [n]\n    while q:\n        n = q.pop(0) + len(q[1:])\n    return n\n",
    ),
    (
        "pop0_deque",
        "def entry(n):\n    q = [n]\n    for x in q:\n        if x: q.append(q.pop(0) - 1)\n    return n\n",
    ),
    (
        "list_concat_append",
        "def entry(xs):\n    out = []\n    old = []\n    for x in xs:\n        old.append(out)\n"
        "        out = out + [x]\n    return old\n",
    ),
    (
        "list_concat_append",
        "def entry(out, xs):\n    for x in xs:\n        out = out + [x]\n    return out\n",
    ),
    (
        "list_concat_append",
        "def entry(xs):\n    out = ()\n    for x in xs:\n        out += (x,)\n    return out\n",
    ),
    (
        "list_concat_append",
        "def entry(xs):\n    out = [1]\n    for x in out:\n        if x < 4: out = out + [x + 1]\n    return out\n",
    ),
    (
        "string_build_join",
        "def entry(xs):\n    s = ''\n    for x in xs:\n        s += x\n        if len(s) > 3: break\n    return s",
    ),
    (
        "string_build_join",
        "def entry(xs):\n    s = ''\n    for x in xs:\n        s += x\n        s = x + s\n    return s\n",
    ),
    (
        "string_build_join",
        "def entry(xs):\n    s = ''\n    for x in xs:\n        if not x: return s\n        s += x\n    return s",
    ),
    ("string_build_join", "def entry(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"),
    (
        "string_build_join",
        "def entry(xs):\n    s = ''\n    def add(x):\n        nonlocal s\n        s += x\n"
        "    for x in xs:\n        add(x)\n        s += x\n    return s\n",
    ),
    (
        "string_build_join",
        "def entry(xs):\n    s = ''\n    try:\n        s = ''\n        for x in xs:\n            s += str(1 // x)\n"
        "    except ZeroDivisionError:\n        return s\n    return s\n",
    ),
    ("count_counter", "def entry(text: str, words):\n    return [text.count(w) for w in words]\n"),
    (
        "count_counter",
        "def entry(xs):\n    for x in list(xs):\n        if xs.count(x) > 1: xs.remove(x)\n    return xs\n",
    ),
    ("count_counter", "def entry(xs):\n    xs.sort(key=xs.count)\n    return xs\n"),
    ("count_counter", "def entry(xs):\n    return xs.count(1)\n"),
    ("cache_recursion", "def entry(n):\n    return 1 if n < 2 else n * entry(n - 1)\n"),
    (
        "cache_recursion",
        "def entry(xs, path, out):\n    if not xs: out.append(path[:])\n    for x in xs:\n        path.append(x)\n"
        "        entry([y for y in xs if y != x], path, out)\n        path.pop()\n    return out\n",
    ),
    (
        "cache_recursion",
        "def entry(n):\n    print(n)\n    return 1 if n < 2 else entry(n - 1) + entry(n - 2)\n",
    ),
    (
        "cache_recursion",
        "def entry(n):\n    if n > 1:\n        yield from entry(n - 1)\n        yield from entry(n - 2)\n",
    ),
    (
        "cache_recursion",
        "import random\n\ndef entry(n):\n    return random.random() if n < 2 else entry(n - 1) + entry(n - 2)\n",
    ),
    (
        "cache_recursion",
        "calls = []\n\ndef entry(n):\n    calls.append(n)\n    return n if n < 2 else entry(n - 1) + entry(n - 2)\n",
    ),
    (
        "cache_recursion",
        "def entry(g):\n    def fill(i, j):\n        if i < 0 or not g[i][j]: return 0\n        row = g[i]\n        row[j] = 0\n"
        "        return 1 + fill(i - 1, j) + fill(i, j - 1)\n    return fill(1, 1)\n",
    ),
    (
        "sort_in_loop",
        "def entry(xs):\n    a = [3, 1]\n    for x in xs:\n        a.append(x)\n        a.sort(reverse=True)\n    return a",
    ),
    (
        "sort_in_loop",
        "def entry(xs, a):\n    for x in xs:\n        a.append(x)\n        a.sort()\n    return a\n",
    ),
    (
        "sort_in_loop",
        "def entry(xs):\n    a = list(xs)\n    while a:\n        a.sort()\n        print(a)\n        a.pop(0)\n",
    ),
    ("sorted_ends", "def entry(xs):\n    return sorted(xs, key=abs)[-1], sorted(xs)[1], sorted(xs)[:-1]\n"),
    ("sorted_ends", "def entry(xs):\n    try: return sorted(xs)[0]\n    except IndexError: return None\n"),
    ("sorted_ends", "def entry(xs):\n    ys = sorted(xs)\n    ys.pop()\n    return ys[0]\n"),
    ("hoist_invariant", "def entry(xs):\n    while sum(xs) > 3:\n        xs.pop()\n    return xs\n"),
    (
        "hoist_invariant",
        "def entry(xs):\n    out = []\n    for x in xs:\n        out.append(sorted(xs))\n    return out\n",
    ),
    (
        "hoist_invariant",
        "def entry(rows):\n    return [x for row in rows for x in row if x < sum(row[:1])]\n",
    ),
    (
        "hoist_invariant",
        "def entry(xs, n):\n    def grow():\n        xs.append(1)\n    while sum(xs) < n:\n        grow()\n    return xs\n",
    ),
    (
        "hoist_invariant",
        "def entry(xs, n):\n    ys = xs\n    while sum(xs) < n:\n        ys.append(1)\n    return xs\n",
    ),
    (
        "hoist_invariant",
        "def sum(xs):\n    xs.pop()\n    return 0\n\ndef entry(xs):\n    for x in range(2):\n        sum(xs)\n",
    ),
    (
        "prefix_sum",
        "def entry(xs):\n    for i in range(len(xs)):\n        xs[i] = sum(xs[i:i + 2])\n    return xs\n",
    ),
    ("prefix_sum", "def entry(xs):\n    return [sum(xs[::i]) for i in range(1, len(xs))]\n"),
    (
        "nested_loop_index",
        "def entry(xs, ys):\n    for x in xs:\n        for y in ys:\n            if y == x:\n                ys.append(x + 1)\n"
        "    return ys\n",
    ),
    (
        "nested_loop_index",
        "def entry(xs, ys):\n    for x in xs:\n        for y in ys:\n            if y['k'] == x:\n"
        "                y['k'] = x + 1\n    return ys\n",
    ),
    (
        "nested_loop_index",
        "def entry(xs, ys):\n    y = 0\n    for x in xs:\n        for y in ys:\n            if y == x:\n"
        "                break\n    return y\n",
    ),
    (
        "nested_loop_index",
        "def entry(xs, ys):\n    n = 0\n    for x in xs:\n        for y in ys:\n            if y == x:\n                n += 1\n"
        "            else:\n                n -= 1\n    return n\n",
    ),
    ("nested_loop_index", "def entry(rows):\n    return [y for row in rows for y in row if y == row[0]]\n"),
    # a remembered list that the caller goes on to change
    (
        "cache_recursion",
        "def entry(n):\n    if n < 2:\n        return [n]\n    a = entry(n - 1)\n    a.append(len(entry(n - 2)))\n    return a\n",
    ),
    (
        "cache_recursion",
        "def entry(xs):\n    last = 0\n    def go(i):\n        if i < 0: return last\n        return go(i - 1) + go(i - 2)\n    out = []\n"
        "    for x in xs:\n        last = x\n        out.append(go(3))\n    return out\n",
    ),
    # a test for None guards the membership test, and set(None) is an error
    ("membership_set", "def entry(xs, ys=None):\n    return [x for x in xs if ys is None or x in ys]\n"),
    # an element under another name, which changes what the list holds
    (
        "hoist_invariant",
        "def entry(rows):\n    for row in rows:\n        row.append(max(rows))\n    return rows\n",
    ),
    (
        "hoist_invariant",
        "xs = [1, 2]\n\ndef grow():\n    global xs\n    xs = [*xs, 1]\n\ndef entry(n):\n    while len(xs) < n:\n        grow()\n    return xs\n",
    ),
    # the lambda runs when the list has grown
    (
        "membership_set",
        "def entry(xs, ys):\n    tests = [lambda x: [x in ys for _ in xs]]\n    ys = [*ys, 1]\n    return tests[0](1)\n",
    ),
    # a break in the `else` of the loop would jump over the join
    (
        "string_build_join",
        "def entry(rows):\n    s = 'x'\n    for row in rows:\n        s = ''\n        for c in row: s += c\n        else: break\n    return s\n",
    ),
]


def dedent(case: Fires) -> str:
    return textwrap.dedent(case.source).lstrip("\n")


@pytest.mark.parametrize("case", FIRES, ids=lambda case: case.rewrite)
def test_fires_with_equal_results(case: Fires) -> None:
    source = dedent(case)
    rewritten = BY_NAME[case.rewrite].apply(source)
    assert any(case.wanted in new for new in rewritten), rewritten
    for new in rewritten:
        for args in case.inputs:
            assert run(new, args) == run(source, args), new


@pytest.mark.parametrize(("name", "source"), QUIET)
def test_keeps_away(name: str, source: str) -> None:
    compile(source, "<program>", "exec")
    assert BY_NAME[name].apply(source) == []


# tried in test_rewrites_classics.py
HERE = {case.rewrite for case in FIRES}


def test_every_rewrite_is_tried_somewhere() -> None:
    others = "".join(path.read_text() for path in Path(__file__).parent.glob("test_rewrites_*.py"))
    missing = [item.name for item in REGISTRY if item.name not in HERE and item.name not in others]
    assert not missing and len(BY_NAME) == len(REGISTRY) >= 25


@pytest.mark.parametrize("item", [i for i in REGISTRY if i.name in HERE], ids=lambda item: item.name)
def test_is_tried_on_both_sides(item: Rewrite) -> None:
    assert item.summary and "\n" not in item.summary
    assert sum(case.rewrite == item.name for case in FIRES) >= 2
    assert sum(name == item.name for name, _ in QUIET) >= 2


PROGRAMS = [(dedent(case), case.inputs) for case in FIRES] + [(source, ()) for _, source in QUIET]


@pytest.mark.parametrize(("source", "inputs"), PROGRAMS)
def test_every_rewrite_on_every_program(source: str, inputs: tuple) -> None:
    for item in REGISTRY:
        for new in item.apply(source):
            compile(new, "<rewritten>", "exec")
            assert new != source
            assert not comments(source) - comments(new)
            for args in inputs:
                assert run(new, args) == run(source, args), (item.name, new)


@pytest.mark.parametrize(("source", "inputs"), PROGRAMS)
def test_reaches_a_fixed_point(source: str, inputs: tuple) -> None:
    best = source
    for _ in range(50):
        new = next((new for item in REGISTRY for new in item.apply(best)), None)
        if new is None:
            break
        best = new
    else:
        pytest.fail(f"still changing after 50 steps:\n{best}")
    for args in inputs:
        assert run(best, args) == run(source, args), best


def test_broken_programs_are_left_alone() -> None:
    for item in REGISTRY:
        assert item.apply("def entry(:\n") == []
        assert item.apply("") == []


def test_imports_go_below_the_docstring_and_use_free_names() -> None:
    source = (
        '"""About."""\n\nfrom __future__ import annotations\n\nimport sys\n\n\n'
        "def entry(n):\n    deque = 1\n    q = [n]\n    while q:\n        deque += q.pop(0)\n    return deque\n"
    )
    (new,) = BY_NAME["pop0_deque"].apply(source)
    lines = new.splitlines()
    assert lines.index("from collections import deque as deque_2") == lines.index("import sys") - 1
    assert run(new, (3,)) == run(source, (3,))
    imported = source.replace("import sys", "from collections import deque as Queue")
    (again,) = BY_NAME["pop0_deque"].apply(imported)
    assert "q = Queue([n])" in again and again.count("import") == imported.count("import")
