"""List the k cheapest bundles of one flight and one hotel.

In: flights and hotels, lists of (name, price) with str names and int prices, unsorted; limit, an int (the
greatest total price allowed) or None; k, an int >= 0. Out: a list of at most k tuples (total, flight name,
hotel name) with total <= limit, ascending by total, then by the flight's place in flights, then by the
hotel's place in hotels. [] when there is none.
"""

import heapq
from bisect import insort

FAMILY = "top-k"

EXAMPLES = [
    (([], [("h", 1)], None, 3), []),
    (([("f", 1)], [("h", 1)], None, 0), []),
    (([("f", 1)], [("h", 2)], None, 5), [(3, "f", "h")]),
    (([("f", 1)], [("h", 2)], 2, 5), []),
    (([("a", 5), ("b", 1)], [("x", 2), ("y", 6)], None, 3), [(3, "b", "x"), (7, "a", "x"), (7, "b", "y")]),
    (([("z", 1), ("a", 1)], [("q", 1), ("p", 1)], None, 3), [(2, "z", "q"), (2, "z", "p"), (2, "a", "q")]),
    (([("a", 5), ("b", 1)], [("x", 2), ("y", 6)], 7, 9), [(3, "b", "x"), (7, "a", "x"), (7, "b", "y")]),
]


def cheapest_flight_hotel_bundles(flights, hotels, limit, k):
    bundles = []
    for i, (flight, fare) in enumerate(flights):
        for j, (hotel, rate) in enumerate(hotels):
            bundles.append({"total": fare + rate, "order": (i, j), "names": (flight, hotel)})
    allowed = [bundle for bundle in bundles if limit is None or bundle["total"] <= limit]
    allowed = sorted(allowed, key=lambda bundle: bundle["order"])
    allowed = sorted(allowed, key=lambda bundle: bundle["total"])
    return [(bundle["total"], *bundle["names"]) for bundle in allowed][:k]


def inputs(seed=0, size=1.0):
    """A few of very many bundles, prices with many ties, and a low limit that few bundles meet."""
    import random

    rng = random.Random(seed)
    out = []
    shapes = (320, 300, 1, None, 50), (150, 400, 25, None, 300), (250, 200, 5, 260, 1000)
    for n, m, step, limit, k in shapes:
        flights = [
            (f"FL{rng.randrange(9999):04d}", step * rng.randrange(60 // step + 1, 900 // step))
            for _ in range(int(n * size))
        ]
        hotels = [
            (f"Hotel {rng.randrange(999)}", step * rng.randrange(40 // step + 1, 600 // step))
            for _ in range(int(m * size))
        ]
        out.append((flights, hotels, limit, int(k * size)))
    return out


def _by_price(rows):
    return sorted((price, place, name) for place, (name, price) in enumerate(rows))


def solution_stream_into_nsmallest(flights, hotels, limit, k):
    """All pairs generated one by one into a heap of k: O(n * m log k) time, O(k) memory."""
    pairs = (
        (fare + rate, i, j)
        for i, (_, fare) in enumerate(flights)
        for j, (_, rate) in enumerate(hotels)
        if limit is None or fare + rate <= limit
    )
    return [(total, flights[i][0], hotels[j][0]) for total, i, j in heapq.nsmallest(k, pairs)]


def solution_best_first_frontier(flights, hotels, limit, k):
    """Hotels sorted by price, a heap with the next hotel of every flight: O((n + k) log n)."""
    order = _by_price(hotels)
    heap = [(fare + order[0][0], i, order[0][1], 0) for i, (_, fare) in enumerate(flights)] if order else []
    heapq.heapify(heap)
    found = []
    while heap and len(found) < k:
        total, i, j, at = heap[0]
        if limit is not None and total > limit:
            break
        found.append((total, flights[i][0], hotels[j][0]))
        if at + 1 < len(order):
            heapq.heapreplace(heap, (flights[i][1] + order[at + 1][0], i, order[at + 1][1], at + 1))
        else:
            heapq.heappop(heap)
    return found


def solution_candidates_by_rank(flights, hotels, limit, k):
    """Only pairs of ranks with a * b <= k can be among the first k: O(n log n + k log k) candidates."""
    order = _by_price(hotels)
    pairs = []
    for a, (fare, i, _) in enumerate(_by_price(flights)[:k], 1):
        pairs += [(fare + rate, i, j) for rate, j, _ in order[: k // a]]
    best = sorted(pair for pair in pairs if limit is None or pair[0] <= limit)
    return [(total, flights[i][0], hotels[j][0]) for total, i, j in best[:k]]


def solution_bounded_sorted_list(flights, hotels, limit, k):
    """The k best so far in a sorted list, a flight left once it is too dear: O(n + kept * k)."""
    order, best = _by_price(hotels), []
    for fare, i, _ in _by_price(flights) if k else ():
        for rate, j, _ in order:
            pair = (fare + rate, i, j)
            if limit is not None and pair[0] > limit or len(best) == k and pair[0] > best[-1][0]:
                break
            insort(best, pair)
            del best[k:]
    return [(total, flights[i][0], hotels[j][0]) for total, i, j in best]


def solution_search_for_the_price(flights, hotels, limit, k):
    """Binary search for the price of the k-th pair, counting with two pointers; then only those."""
    cheap, order = _by_price(flights), _by_price(hotels)
    if not cheap or not order:
        return []

    def count(price):
        at, pairs = len(order), 0
        for fare, _, _ in cheap:
            while at and fare + order[at - 1][0] > price:
                at -= 1
            pairs += at
        return pairs

    low, high = cheap[0][0] + order[0][0], cheap[-1][0] + order[-1][0]
    if limit is not None:
        high = min(high, limit)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if count(middle) >= k else (middle + 1, high)
    pairs = []
    for fare, i, _ in cheap:
        for rate, j, _ in order:
            if fare + rate > high:
                break
            pairs.append((fare + rate, i, j))
    return [(total, flights[i][0], hotels[j][0]) for total, i, j in sorted(pairs)[:k]]
