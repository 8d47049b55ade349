"""Find the longest stretch of consecutive sensor readings that differ from one another by at most a
tolerance.

In: readings, a list of int (tenths of a degree), and tolerance, an int >= 0. Out: a tuple (start, length) of
the longest stretch whose maximum minus minimum is <= tolerance; the earliest one among equally long ones; (0,
0) for no readings.
"""

import heapq
from bisect import bisect_left, insort
from collections import deque

FAMILY = "windows"

EXAMPLES = [
    (([], 5), (0, 0)),
    (([7], 0), (0, 1)),
    (([1, 2, 3], 0), (0, 1)),
    (([1, 9, 9, 9, 2], 0), (1, 3)),
    (([8, 2, 4, 7], 4), (1, 2)),
    (([10, 1, 2, 4, 7, 2], 5), (2, 4)),
    (([5, 5, 5, 5], 0), (0, 4)),
    (([-3, 3, -3, 3], 6), (0, 4)),
]


def is_stable(window, tolerance):
    return max(window) - min(window) <= tolerance


def longest_stable_reading_window(readings, tolerance):
    best_start, best_length = 0, 0
    for start in range(len(readings)):
        end = start + 1
        while end <= len(readings) and is_stable(readings[start:end], tolerance):
            if end - start > best_length:
                best_start, best_length = start, end - start
            end += 1
    return best_start, best_length


def inputs(seed=0, size=1.0):
    """A drifting thermometer, a noisy one with jumps, and a nearly flat one."""
    import random

    rng = random.Random(seed)
    drift, value = [], 200
    for _ in range(int(700 * size)):
        value += rng.choice((-2, -1, 0, 1, 2))
        drift.append(value)
    jumps = [rng.choice((100, 150, 150, 150, 150)) + rng.randrange(60) for _ in range(int(2500 * size))]
    flat = [210 + rng.randrange(40 if rng.random() < 0.008 else 4) for _ in range(int(500 * size))]
    return [(drift, 30), (jumps, 59), (flat, 12)]


def solution_running_extremes(readings, tolerance):
    """From every start, extend with a running minimum and maximum: O(n * longest stretch)."""
    best_start, best_length = 0, 0
    for start, low in enumerate(readings):
        high, end = low, start
        for end in range(start, len(readings)):
            value = readings[end]
            low, high = min(low, value), max(high, value)
            if high - low > tolerance:
                break
        else:
            end = len(readings)
        if end - start > best_length:
            best_start, best_length = start, end - start
    return best_start, best_length


def solution_monotonic_deques(readings, tolerance):
    """Two pointers with monotonic queues of candidates for minimum and maximum: O(n)."""
    lows, highs = deque(), deque()
    start = best_start = best_length = 0
    for end, value in enumerate(readings):
        while lows and readings[lows[-1]] >= value:
            lows.pop()
        while highs and readings[highs[-1]] <= value:
            highs.pop()
        lows.append(end)
        highs.append(end)
        while readings[highs[0]] - readings[lows[0]] > tolerance:
            start = min(lows[0], highs[0]) + 1
            (lows if lows[0] < highs[0] else highs).popleft()
        if end - start >= best_length:
            best_start, best_length = start, end - start + 1
    return best_start, best_length


def solution_lazy_heaps(readings, tolerance):
    """Two pointers with two heaps cleaned lazily: O(n log n)."""
    lows, highs = [], []
    start = best_start = best_length = 0
    for end, value in enumerate(readings):
        heapq.heappush(lows, (value, end))
        heapq.heappush(highs, (-value, end))
        while -highs[0][0] - lows[0][0] > tolerance:
            start = min(lows[0][1], highs[0][1]) + 1
            while lows[0][1] < start:
                heapq.heappop(lows)
            while highs[0][1] < start:
                heapq.heappop(highs)
        if end - start >= best_length:
            best_start, best_length = start, end - start + 1
    return best_start, best_length


def solution_sorted_window(readings, tolerance):
    """Two pointers over a window kept sorted by insertion: O(n * window) in fast memory moves."""
    window = []
    start = best_start = best_length = 0
    for end, value in enumerate(readings):
        insort(window, value)
        while window[-1] - window[0] > tolerance:
            del window[bisect_left(window, readings[start])]
            start += 1
        if len(window) > best_length:
            best_start, best_length = start, len(window)
    return best_start, best_length


def solution_restart_at_offender(readings, tolerance):
    """Running extremes; at a violation walk back from the offender to the new start: O(n) or more."""
    if not readings:
        return 0, 0
    start = best_start = best_length = 0
    low = high = readings[0]
    for end, value in enumerate(readings):
        if value > high or value < low:
            low, high = min(low, value), max(high, value)
            if high - low > tolerance:
                low = high = value
                start = end
                while abs(readings[start - 1] - value) <= tolerance:
                    start -= 1
                    low, high = min(low, readings[start]), max(high, readings[start])
        if end - start >= best_length:
            best_start, best_length = start, end - start + 1
    return best_start, best_length
