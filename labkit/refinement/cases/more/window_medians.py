"""Give the lower median of every full window of consecutive readings.

In: readings, a list of int; width, an int >= 1. Out: a list of int, one for each start of a full window.
The lower median of `width` numbers is the one at index (width - 1) // 2 when sorted. Fewer readings than
`width`: an empty list.
"""

from bisect import bisect_left, insort
from heapq import heapify, heappop, heappush

FAMILY = "windows"

EXAMPLES = [
    (([], 1), []),
    (([3, 1], 3), []),
    (([3, 1, 2], 1), [3, 1, 2]),
    (([3, 1, 2], 3), [2]),
    (([5, 1, 4, 2, 8], 2), [1, 1, 2, 2]),
    (([7, 7, 7, 0, 7], 3), [7, 7, 7]),
    (([1, 9, 2, 8, -3, 8], 4), [2, 2, 2]),
    (([9, 8, 7, 6, 5, 4], 5), [7, 6]),
]


def median(numbers):
    numbers = list(numbers)
    for _ in range((len(numbers) - 1) // 2):
        numbers.remove(min(numbers))
    return min(numbers)


def window_medians(readings, width):
    medians = []
    for start in range(len(readings) - width + 1):
        medians.append(median(readings[start : start + width]))
    return medians


def inputs(seed=0, size=1.0):
    """Inputs: drifting sensors with spikes, a sensor with few distinct levels, a short and a long window."""
    import random

    rng = random.Random(seed)
    result = []
    for count, width, step, spike in ((1300, 60, 5, 0.02), (800, 101, 1, 0.0), (2500, 15, 400, 0.2)):
        readings, level = [], 20_000
        for _ in range(max(width + 2, int(count * size))):
            level += rng.randint(-step, step)
            readings.append(level + rng.randint(-5000, 5000) if rng.random() < spike else level)
        result.append((readings, width))
    return result


def solution_sorting(readings, width):
    """Sort every window: count times width log width."""
    middle = (width - 1) // 2
    return [sorted(readings[start : start + width])[middle] for start in range(len(readings) - width + 1)]


def solution_insort(readings, width):
    """A sorted window, updated by binary search with insert and delete: count times a short memmove."""
    if len(readings) < width:
        return []
    middle = (width - 1) // 2
    window = sorted(readings[:width])
    medians = [window[middle]]
    for old, new in zip(readings, readings[width:]):
        if old != new:
            del window[bisect_left(window, old)]
            insort(window, new)
        medians.append(window[middle])
    return medians


def solution_two_heaps(readings, width):
    """Two heaps of (value, place) around the median, leavers dropped when they surface: count log count."""
    if len(readings) < width:
        return []
    half = (width + 1) // 2
    first = sorted((value, place) for place, value in enumerate(readings[:width]))
    low = [(-value, -place) for value, place in first[:half]]
    high = first[half:]
    heapify(low)
    medians = [-low[0][0]]
    for place in range(width, len(readings)):
        gone = place - width
        middle = (-low[0][0], -low[0][1])
        balance = -1 if (readings[gone], gone) <= middle else 1
        if (readings[place], place) <= middle:
            heappush(low, (-readings[place], -place))
            balance += 1
        else:
            heappush(high, (readings[place], place))
            balance -= 1
        while high and high[0][1] <= gone:
            heappop(high)
        if balance < 0:
            value, where = heappop(high)
            heappush(low, (-value, -where))
        while -low[0][1] <= gone:
            heappop(low)
        if balance > 0:
            value, where = heappop(low)
            heappush(high, (-value, -where))
            while -low[0][1] <= gone:
                heappop(low)
        medians.append(-low[0][0])
    return medians


def solution_fenwick(readings, width):
    """Ranks counted in a Fenwick tree, the median found by descent: count log count."""
    levels = sorted(set(readings))
    rank = {value: place for place, value in enumerate(levels, 1)}
    top = 1 << len(levels).bit_length()
    tree = [0] * (top + 1)
    medians = []
    for place, value in enumerate(readings):
        changes = [(rank[value], 1)]
        if place >= width:
            changes.append((rank[readings[place - width]], -1))
        for node, change in changes:
            while node <= top:
                tree[node] += change
                node += node & -node
        if place >= width - 1:
            node, rest, step = 0, (width - 1) // 2, top >> 1
            while step:
                if tree[node + step] <= rest:
                    node += step
                    rest -= tree[node]
                step >>= 1
            medians.append(levels[node])
    return medians


def solution_quickselect(readings, width):
    """Partition each window around a pivot until the median is left: count times width."""
    medians = []
    for start in range(len(readings) - width + 1):
        part, wanted = readings[start : start + width], (width - 1) // 2
        while True:
            pivot = part[len(part) // 2]
            below = [value for value in part if value < pivot]
            if wanted < len(below):
                part = below
                continue
            wanted -= len(below)
            above = [value for value in part if value > pivot]
            same = len(part) - len(below) - len(above)
            if wanted < same:
                medians.append(pivot)
                break
            wanted -= same
            part = above
    return medians
