"""Find the nearest stations of each customer.

In: stations, a list of (x, y) ints, some maybe equal; customers, a list of (x, y) ints; k, an int >= 0.
Out: a list with, for each customer, the list of the indexes of the k nearest stations (straight line),
nearest first, equal distances by index; all stations where there are no more than k.
"""

import heapq
from bisect import bisect_left

FAMILY = "top-k"

EXAMPLES = [
    (([], [(0, 0)], 2), [[]]),
    (([(1, 1)], [], 2), []),
    (([(1, 1)], [(0, 0)], 0), [[]]),
    (([(3, 0), (0, 3), (1, 1)], [(0, 0)], 2), [[2, 0]]),
    (([(5, 5), (5, 5), (4, 5)], [(5, 5), (0, 0)], 5), [[0, 1, 2], [2, 0, 1]]),
    (([(0, 0), (10, 0), (20, 0), (30, 0)], [(14, 0), (15, 0), (99, 9)], 2), [[1, 2], [1, 2], [3, 2]]),
]


def distance(a, b):
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def nearest_stations(stations, customers, k):
    nearest = []
    for customer in customers:
        chosen = []
        while len(chosen) < min(k, len(stations)):
            best = None
            for index in range(len(stations)):
                if index in chosen:
                    continue
                if best is None or distance(stations[index], customer) < distance(stations[best], customer):
                    best = index
            chosen.append(best)
        nearest.append(chosen)
    return nearest


def inputs(seed=0, size=1.0):
    """A city with dense quarters, stations along a road, and a coarse grid with many ties."""
    import random

    rng = random.Random(f"nearest_stations {seed}")
    shrink = size**0.5
    cases = []
    for kind, number, people, k in (("city", 500, 120, 4), ("road", 700, 90, 3), ("grid", 300, 60, 10)):
        towns = [(rng.randrange(10000), rng.randrange(10000)) for _ in range(8)]

        def place():
            if kind == "city":
                return tuple(int(rng.gauss(middle, 600)) for middle in rng.choice(towns))
            return divmod(rng.randrange(800000), 40) if kind == "road" else divmod(rng.randrange(625), 25)

        stations = [place() for _ in range(max(2, int(number * shrink)))]
        cases.append((stations, [place() for _ in range(max(2, int(people * shrink)))], k))
    return cases


def solution_sort_all(stations, customers, k):
    """All distances of a customer sorted: O(customers * n log n), middling."""
    nearest = []
    for x, y in customers:
        ranked = sorted([((x - a) ** 2 + (y - b) ** 2, index) for index, (a, b) in enumerate(stations)])
        nearest.append([index for _, index in ranked[:k]])
    return nearest


def solution_heap(stations, customers, k):
    """heapq.nsmallest over the distances, no list of them all: O(customers * n log k)."""
    nearest = []
    for x, y in customers:
        distances = (((x - a) ** 2 + (y - b) ** 2, index) for index, (a, b) in enumerate(stations))
        nearest.append([index for _, index in heapq.nsmallest(k, distances)])
    return nearest


def offer(best, k, entry):
    if len(best) < k:
        heapq.heappush(best, entry)
    elif entry > best[0]:
        heapq.heapreplace(best, entry)


def solution_outwards_by_x(stations, customers, k):
    """Sorted by x, looked at outwards from the customer until x alone is farther than the k-th best."""
    order = sorted((x, y, index) for index, (x, y) in enumerate(stations))
    nearest = []
    for x, y in customers:
        right = bisect_left(order, (x,))
        left, best = right - 1, []
        while k and (left >= 0 or right < len(order)):
            west = right == len(order) or (left >= 0 and x - order[left][0] <= order[right][0] - x)
            a, b, index = order[left if west else right]
            left, right = left - west, right + 1 - west
            if len(best) == k and (a - x) ** 2 > -best[0][0]:
                break
            offer(best, k, (-((a - x) ** 2) - (b - y) ** 2, -index))
        nearest.append([-index for _, index in sorted(best, reverse=True)])
    return nearest


def solution_growing_window(stations, customers, k):
    """Sorted by x, a window around the customer made twice as wide until the k best lie safely within."""
    order = sorted((x, y, index) for index, (x, y) in enumerate(stations))
    nearest = []
    for x, y in customers:
        half, count, ranked = 8, -1, []
        while count < len(order):
            window = order[bisect_left(order, (x - half,)) : bisect_left(order, (x + half + 1,))]
            if len(window) != count:
                count = len(window)
                ranked = sorted([((a - x) ** 2 + (b - y) ** 2, index) for a, b, index in window])
            if len(ranked) >= k and (not k or ranked[k - 1][0] <= half * half):
                break
            half *= 2
        nearest.append([index for _, index in ranked[:k]])
    return nearest


def solution_tree(stations, customers, k):
    """A k-d tree of nested tuples, branches left out when the k-th best is nearer than their side."""

    def build(indexes, axis):
        if not indexes:
            return None
        indexes = sorted(indexes, key=lambda index: stations[index][axis])
        middle = len(indexes) // 2
        return (
            indexes[middle],
            axis,
            build(indexes[:middle], 1 - axis),
            build(indexes[middle + 1 :], 1 - axis),
        )

    def visit(node, point, best):
        if node is None or not k:
            return
        index, axis, low, high = node
        gap = point[axis] - stations[index][axis]
        visit(low if gap < 0 else high, point, best)
        offer(best, k, (-distance(stations[index], point), -index))
        if len(best) < k or gap * gap <= -best[0][0]:
            visit(high if gap < 0 else low, point, best)

    root, found = build(range(len(stations)), 0), [[] for _ in customers]
    for customer, best in zip(customers, found):
        visit(root, customer, best)
    return [[-index for _, index in sorted(best, reverse=True)] for best in found]
