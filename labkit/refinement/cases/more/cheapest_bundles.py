"""Offer the cheapest bundles of one main article and one extra.

In: mains and extras, two lists of prices (ints >= 0); k, an int >= 0.
Out: a list of tuples (total, i, j): the k cheapest pairs mains[i] + extras[j], by total, then i, then j; all
pairs where there are no more than k. One of the lists empty: [].
"""

import heapq
from bisect import bisect_right
from itertools import islice

FAMILY = "top-k"

EXAMPLES = [
    (([], [1, 2], 3), []),
    (([1, 2], [], 3), []),
    (([5], [7], 0), []),
    (([5], [7], 4), [(12, 0, 0)]),
    (([3, 1], [2, 2], 3), [(3, 1, 0), (3, 1, 1), (5, 0, 0)]),
    (([1, 2, 3], [1, 2, 3], 4), [(2, 0, 0), (3, 0, 1), (3, 1, 0), (4, 0, 2)]),
    (([0, 9], [9, 0], 9), [(0, 0, 1), (9, 0, 0), (9, 1, 1), (18, 1, 0)]),
]


def cheapest_bundles(mains, extras, k):
    bundles = []
    for i, main in enumerate(mains):
        for j, extra in enumerate(extras):
            bundles.append({"total": main + extra, "main": i, "extra": j})
    bundles = sorted(bundles, key=lambda bundle: (bundle["total"], bundle["main"], bundle["extra"]))
    return [(bundle["total"], bundle["main"], bundle["extra"]) for bundle in bundles][:k]


def inputs(seed=0, size=1.0):
    """Prices that end in 9 with many ties, exact cents, and a long list of mains against few extras."""
    import random

    rng = random.Random(f"cheapest_bundles {seed}")
    shrink = size**0.5
    cases = []
    for number, others, step, k in ((220, 200, 10, 50), (200, 200, 1, 400), (1500, 24, 1, 20)):
        number, others = max(2, int(number * shrink)), max(2, int(others * shrink))
        mains = [step * int(rng.lognormvariate(6, 0.8)) + step - 1 for _ in range(number)]
        extras = [step * int(rng.lognormvariate(4, 0.9)) + step - 1 for _ in range(others)]
        cases.append((mains, extras, k))
    return cases


def solution_sort_tuples(mains, extras, k):
    """All pairs as tuples in one comprehension, sorted: O(nm log nm), middling."""
    pairs = [(main + extra, i, j) for i, main in enumerate(mains) for j, extra in enumerate(extras)]
    return sorted(pairs)[:k]


def solution_streamed(mains, extras, k):
    """All pairs made one at a time for heapq.nsmallest: O(nm log k) time, O(k) memory."""
    pairs = ((main + extra, i, j) for i, main in enumerate(mains) for j, extra in enumerate(extras))
    return heapq.nsmallest(k, pairs)


def solution_row_by_row(mains, extras, k):
    """Mains from cheap to dear, each merged with the best so far, stopped when none can get in any more."""
    ranked = sorted((extra, j) for j, extra in enumerate(extras))[:k]
    best = []
    for main, i in sorted((main, i) for i, main in enumerate(mains))[:k]:
        if ranked and len(best) == k and main + ranked[0][0] > best[-1][0]:
            break
        best = sorted(best + [(main + extra, i, j) for extra, j in ranked])[:k]
    return best


def solution_staircase(mains, extras, k):
    """The a-th main and b-th extra can be among the k best only if a * b <= k: O(k log k) candidates."""
    first = heapq.nsmallest(k, zip(mains, range(len(mains))))
    second = heapq.nsmallest(k, zip(extras, range(len(extras))))
    candidates = []
    for rank, (main, i) in enumerate(first, 1):
        candidates += [(main + extra, i, j) for extra, j in second[: k // rank]]
    candidates.sort()
    return candidates[:k]


def solution_frontier(mains, extras, k):
    """Both sorted, a heap of the next extra of each main, mains opened as they come in reach: O(k log k)."""
    first = sorted((main, i) for i, main in enumerate(mains))
    second = sorted((extra, j) for j, extra in enumerate(extras))
    result, heap = [], []
    if first and second:
        heap.append((first[0][0] + second[0][0], first[0][1], second[0][1], 0, 0))
    while heap and len(result) < k:
        total, i, j, row, column = heapq.heappop(heap)
        result.append((total, i, j))
        if column + 1 < len(second):
            extra, j = second[column + 1]
            heapq.heappush(heap, (first[row][0] + extra, i, j, row, column + 1))
        if column == 0 and row + 1 < len(first):
            main, i = first[row + 1]
            heapq.heappush(heap, (main + second[0][0], i, second[0][1], row + 1, 0))
    return result


def solution_merged_rows(mains, extras, k):
    """One lazy ascending row a main, merged with heapq.merge, the first k taken: O((n + k) log n)."""
    second = sorted((extra, j) for j, extra in enumerate(extras))

    def row(main, i):
        return ((main + extra, i, j) for extra, j in second)

    return list(islice(heapq.merge(*[row(main, i) for i, main in enumerate(mains)]), k))


def solution_price_limit(mains, extras, k):
    """Bisect for the smallest total that at least k pairs keep to, list only those pairs."""
    if not mains or not extras or not k:
        return []
    second = sorted((extra, j) for j, extra in enumerate(extras))
    prices = [extra for extra, _ in second]
    low, high = min(mains) + prices[0], max(mains) + prices[-1]
    while low < high:
        middle = (low + high) // 2
        if sum(bisect_right(prices, middle - main) for main in mains) >= k:
            high = middle
        else:
            low = middle + 1
    pairs = [
        (main + extra, i, j)
        for i, main in enumerate(mains)
        for extra, j in second[: bisect_right(prices, low - main)]
    ]
    return sorted(pairs)[:k]
