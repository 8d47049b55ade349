"""Choose the bookings of one room that bring the most money without two of them overlapping.

In: bookings, a list of (start, end, fee) tuples of ints, 0 <= start < end, fee > 0, in any order.
Out: a tuple (total, count): the greatest possible total fee of bookings that do not overlap (one may start
at the minute at which another ends), and the smallest number of bookings with which that total is reached.
No bookings: (0, 0).
"""

import heapq
from bisect import bisect_left, bisect_right

FAMILY = "DP"

EXAMPLES = [
    (([],), (0, 0)),
    (([(5, 9, 40)],), (40, 1)),
    (([(0, 5, 10), (5, 9, 20)],), (30, 2)),
    (([(0, 6, 10), (5, 9, 20)],), (20, 1)),
    (([(0, 4, 10), (4, 8, 10), (0, 8, 20)],), (20, 1)),
    (([(3, 7, 5), (0, 3, 4), (0, 3, 4), (7, 8, 1), (1, 8, 9)],), (10, 3)),
    (([(10, 12, 3), (0, 20, 7), (12, 15, 3), (1, 10, 2)],), (8, 3)),
]


def compatible(bookings, later):
    return [earlier for earlier in bookings if earlier[1] <= later[0]]


def weighted_bookings(bookings):
    ordered = sorted(bookings, key=lambda booking: booking[1])
    best = {}
    for position, booking in enumerate(ordered):
        total, count = 0, 0
        for earlier in compatible(ordered[:position], booking):
            if best[earlier][0] > total or (best[earlier][0] == total and best[earlier][1] < count):
                total, count = best[earlier]
        best[booking] = (total + booking[2], count + 1)
    result = (0, 0)
    for total, count in best.values():
        if total > result[0] or (total == result[0] and count < result[1]):
            result = (total, count)
    return result


def inputs(seed=0, size=1.0):
    """Three seasons of room bookings: short meetings, mixed with half days, and a crowded week."""
    import random

    rng = random.Random(f"weighted_bookings {seed}")
    cases = []
    shapes = ((900, 20000, (30, 60, 90)), (1200, 60000, (60, 240, 480)), (1000, 10000, (15, 30, 600)))
    for amount, span, lengths in shapes:
        number = max(2, int(amount * size))
        bookings = []
        for _ in range(number):
            start = rng.randrange(0, span, 15)
            length = rng.choice(lengths)
            bookings.append((start, start + length, 5 * rng.randint(1, 4 + length // 10)))
        cases.append((bookings,))
    return cases


def solution_previous_scan(bookings):
    """Best of the first i bookings, the last compatible one found by walking back: O(n * overlap)."""
    ordered = sorted(bookings, key=lambda booking: booking[1])
    best = [(0, 0)]
    for position, (start, _, fee) in enumerate(ordered):
        last = position
        while last and ordered[last - 1][1] > start:
            last -= 1
        total, count = best[last]
        best.append(max(best[-1], (total + fee, count - 1)))
    return best[-1][0], -best[-1][1]


def solution_bisect(bookings):
    """Best of the first i bookings by end, the last compatible one by bisection: O(n log n)."""
    ordered = sorted(bookings, key=lambda booking: booking[1])
    ends = [booking[1] for booking in ordered]
    scale = len(bookings) + 1
    best = [0]
    for start, _, fee in ordered:
        candidate = best[bisect_right(ends, start, 0, len(best) - 1)] + fee * scale - 1
        best.append(candidate if candidate > best[-1] else best[-1])
    total = -(-best[-1] // scale)
    return total, total * scale - best[-1]


def solution_minutes(bookings):
    """One entry for every minute of the calendar: O(minutes + n) time and memory."""
    scale = len(bookings) + 1
    ending = {}
    for start, end, fee in bookings:
        ending.setdefault(end, []).append((start, fee * scale - 1))
    best = [0]
    for minute in range(1, max(ending, default=0) + 1):
        value = best[-1]
        for start, worth in ending.get(minute, ()):
            value = max(value, best[start] + worth)
        best.append(value)
    total = -(-best[-1] // scale)
    return total, total * scale - best[-1]


def solution_heap(bookings):
    """Go through by start, open bookings wait in a heap by end until they are over: O(n log n)."""
    running, reached = [], (0, 0)
    for start, end, fee in sorted(bookings):
        while running and running[0][0] <= start:
            reached = max(reached, heapq.heappop(running)[1])
        heapq.heappush(running, (end, (reached[0] + fee, reached[1] - 1)))
    for _, worth in running:
        reached = max(reached, worth)
    return reached[0], -reached[1]


def solution_staircase(bookings):
    """Keep only the ends at which the best total rises, two parallel lists: O(n log n)."""
    ends, totals = [0], [(0, 0)]
    for start, end, fee in sorted(bookings, key=lambda booking: booking[1]):
        total, count = totals[bisect_right(ends, start) - 1]
        candidate = (total + fee, count - 1)
        if candidate > totals[-1]:
            if ends[-1] == end:
                totals[-1] = candidate
            else:
                ends.append(end)
                totals.append(candidate)
    return totals[-1][0], -totals[-1][1]


def solution_from_the_back(bookings):
    """Best from the i-th start onwards, next start by bisection: O(n log n)."""
    ordered = sorted(bookings)
    starts = [booking[0] for booking in ordered]
    best = [(0, 0)] * (len(ordered) + 1)
    for position in range(len(ordered) - 1, -1, -1):
        _, end, fee = ordered[position]
        total, count = best[bisect_left(starts, end, position + 1)]
        best[position] = max(best[position + 1], (total + fee, count - 1))
    return best[0][0], -best[0][1]
