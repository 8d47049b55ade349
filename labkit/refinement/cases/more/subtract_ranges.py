"""Take blocked address ranges out of the allowed ones.

In: allowed and blocked, two lists of (first, last), ints, both inclusive, first <= last, in any order,
overlapping or touching as they like.
Out: the list of (first, last), ascending, of the addresses that are in an allowed and in no blocked range;
ranges that touch (one ends right before the other begins) are joined. Nothing left: [].
"""

from bisect import bisect_left, bisect_right
from itertools import accumulate

FAMILY = "intervals"

EXAMPLES = [
    (([], [(1, 5)]), []),
    (([(1, 5)], []), [(1, 5)]),
    (([(1, 3), (4, 6), (9, 9)], []), [(1, 6), (9, 9)]),
    (([(1, 10)], [(3, 4), (10, 12)]), [(1, 2), (5, 9)]),
    (([(1, 10), (5, 20)], [(0, 0), (7, 7)]), [(1, 6), (8, 20)]),
    (([(5, 8)], [(1, 6), (7, 9)]), []),
]


def without(ranges, first, last):
    remaining = []
    for start, end in ranges:
        if start < first:
            remaining = remaining + [(start, min(end, first - 1))]
        if end > last:
            remaining = remaining + [(max(start, last + 1), end)]
    return remaining


def subtract_ranges(allowed, blocked):
    joined = []
    for start, end in allowed:
        touching = [other for other in joined if other[0] <= end + 1 and start <= other[1] + 1]
        joined = [other for other in joined if other not in touching]
        touching.append((start, end))
        joined.append((min(touching)[0], max(other[1] for other in touching)))
    for first, last in blocked:
        joined = without(joined, first, last)
    return sorted(joined)


def inputs(seed=0, size=1.0):
    """Networks with single bad hosts, many small ranges, and big overlapping ones."""
    import random

    rng = random.Random(f"subtract_ranges {seed}")

    def blocks(number, space, bits):
        widths = [1 << rng.randint(0, bits) for _ in range(max(1, int(number * size)))]
        firsts = [rng.randrange(space // width) * width for width in widths]
        return [(first, first + width - 1) for first, width in zip(firsts, widths)]

    hosts = [(host, host) for host in (rng.randrange(1 << 24) for _ in range(max(1, int(600 * size))))]
    return [
        (blocks(6, 1 << 24, 23), hosts),
        (blocks(700, 1 << 20, 9), blocks(300, 1 << 20, 11)),
        (blocks(400, 1 << 31, 20), blocks(500, 1 << 31, 22)),
    ]


def joined_ranges(ranges):
    joined = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return joined


def solution_each_allowed(allowed, blocked):
    """Sort and join, then go through all blocked ranges for each allowed one: O(n * m), middling."""
    blocked, result = joined_ranges(blocked), []
    for first, last in joined_ranges(allowed):
        for start, end in blocked:
            if start <= last and end >= first:
                if first < start:
                    result.append((first, start - 1))
                first = end + 1
        if first <= last:
            result.append((first, last))
    return result


def solution_two_pointers(allowed, blocked):
    """Both sorted and joined, walked side by side: O(n log n)."""
    waiting, result = joined_ranges(blocked)[::-1], []
    for first, last in joined_ranges(allowed):
        while waiting and waiting[-1][0] <= last:
            start, end = waiting[-1]
            if first < start:
                result.append((first, start - 1))
            first = max(first, end + 1)
            if end > last:
                break
            waiting.pop()
        if first <= last:
            result.append((first, last))
    return result


def solution_events(allowed, blocked):
    """Edges as events, two counters: O(n log n)."""
    events = [(first, 1, 0) for first, _ in allowed] + [(last + 1, -1, 0) for _, last in allowed]
    events += [(first, 0, 1) for first, _ in blocked] + [(last + 1, 0, -1) for _, last in blocked]
    turns, covers, bans = [], 0, 0
    events.sort()
    for (place, cover, ban), following in zip(events, [*events[1:], (None,)]):
        covers += cover
        bans += ban
        if following[0] != place and (covers > 0 and bans == 0) != len(turns) % 2:
            turns.append(place)
    return [(start, end - 1) for start, end in zip(turns[::2], turns[1::2])]


def solution_gaps(allowed, blocked):
    """Blocked ranges turned into the gaps between them; each allowed one bisects for its gaps."""
    barriers = joined_ranges(blocked)
    starts = [float("-inf")] + [end + 1 for _, end in barriers]
    ends = [start - 1 for start, _ in barriers] + [float("inf")]
    result = []
    for first, last in joined_ranges(allowed):
        for gap in range(bisect_left(ends, first), bisect_right(starts, last)):
            result.append((max(first, starts[gap]), min(last, ends[gap])))
    return result


def solution_compressed(allowed, blocked):
    """Coordinates compressed to cells, difference arrays over the cells, runs of open cells joined."""
    edges = sorted({edge for first, last in allowed + blocked for edge in (first, last + 1)})
    cell = {edge: number for number, edge in enumerate(edges)}
    change = [0] * len(edges)
    for ranges, weight in ((allowed, 1), (blocked, -len(allowed) - 1)):
        for first, last in ranges:
            change[cell[first]] += weight
            change[cell[last + 1]] -= weight
    turns = [
        edge
        for edge, level, before in zip(edges, accumulate(change), accumulate([0, *change]))
        if (level > 0) != (before > 0)
    ]
    return [(start, end - 1) for start, end in zip(turns[::2], turns[1::2])]
