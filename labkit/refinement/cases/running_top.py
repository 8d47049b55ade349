"""Keep the k largest values seen so far.

In: a list of integers and k. Out: after each value the k largest up to there, largest first (fewer at the
start). The values are lengths of source lines of the standard library."""

from bisect import insort
from heapq import heappush, heappushpop, nlargest

FAMILY = "top-k"

EXAMPLES = [
    (([5, 1, 7, 7], 2), [[5], [5, 1], [7, 5], [7, 7]]),
    (([], 3), []),
    (([1, 2], 0), [[], []]),
    (([3, 2, 1], 5), [[3], [3, 2], [3, 2, 1]]),
    (([-1, -5, 0], 1), [[-1], [-1], [0]]),
    (([4, 4, 4, 4], 2), [[4], [4, 4], [4, 4], [4, 4]]),
    (([1, 2, 3, 4, 0], 3), [[1], [2, 1], [3, 2, 1], [4, 3, 2], [4, 3, 2]]),
]


def running_top(values, k):
    seen = []
    tops = []
    for value in values:
        seen.append(value)
        tops.append(sorted(seen, reverse=True)[:k])
    return tops


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_lines

    count = int(1_000 * size)
    return [([len(line) for line in stdlib_lines(count, seed, part)], 3 + 2 * part) for part in range(3)]


def solution_nlargest(values, k):
    """Select from all values so far with a heap of k, O(n^2) without the sort."""
    return [nlargest(k, values[: end + 1]) for end in range(len(values))]


def solution_insort_all(values, k):
    """Keep all values sorted by insertion, take the k at the end, O(n log n) and moves of memory."""
    ordered, tops = [], []
    for value in values:
        insort(ordered, value)
        tops.append(ordered[: -k - 1 : -1])
    return tops


def solution_counts(values, k):
    """Count equal values and walk down the distinct ones from the largest, O(n * distinct)."""
    counts, tops = {}, []
    for value in values:
        counts[value] = counts.get(value, 0) + 1
        top = []
        for other in sorted(counts, reverse=True):
            if len(top) >= k:
                break
            top += [other] * min(counts[other], k - len(top))
        tops.append(top)
    return tops


def solution_heap(values, k):
    """A heap of the k largest, sorted for each answer, O(n k log k)."""
    heap, tops = [], []
    for value in values:
        if len(heap) < k:
            heappush(heap, value)
        elif k:
            heappushpop(heap, value)
        tops.append(sorted(heap, reverse=True))
    return tops


def solution_sort_short(values, k):
    """Sort the last answer with the new value at its end, O(n k), and keep nothing but the answers."""
    top, tops = [], []
    for value in values:
        top = sorted([*top, value], reverse=True)[:k]
        tops.append(top)
    return tops


def solution_threshold(values, k):
    """Compare with the smallest kept value; only a larger one is moved to its place, O(n) copies of k."""
    top, tops = [], []
    for value in values:
        if len(top) < k or (k and value > top[-1]):
            place = len(top)
            while place and top[place - 1] < value:
                place -= 1
            top.insert(place, value)
            del top[k:]
        tops.append(top[:])
    return tops
