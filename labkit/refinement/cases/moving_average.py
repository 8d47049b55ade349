"""Smooth a series with a moving average.

In: a list of integers and the width of the window. Out: for each full window the mean, rounded down. The
series is the length of source lines of the standard library."""

from collections import deque
from itertools import accumulate, islice
from operator import sub

FAMILY = "windows"

EXAMPLES = [
    (([1, 2, 3, 5], 2), [1, 2, 4]),
    (([1], 2), []),
    (([], 1), []),
    (([4, -1, 0], 1), [4, -1, 0]),
    (([-1, -2, 0, 1], 2), [-2, -1, 0]),
    (([7, 8, 9], 3), [8]),
    (([9 * 10**20, 1, 2, 3, 5, 8, 13], 3), [3 * 10**20 + 1, 2, 3, 5, 8]),
]


def moving_average(values, window):
    averages = []
    for end in range(window, len(values) + 1):
        averages.append(sum(values[end - window : end]) // window)
    return averages


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_lines

    count = int(15_000 * size)
    return [([len(line) for line in stdlib_lines(count, seed, part)], 200 + 100 * part) for part in range(3)]


def solution_block_sums(values, window):
    """Sums of blocks of about the square root of the window, plus the loose ends of each window."""
    size = max(1, int(window**0.5))
    blocks = [sum(values[start : start + size]) for start in range(0, len(values), size)]
    averages = []
    for start in range(len(values) - window + 1):
        end = start + window
        first, last = -(-start // size), end // size
        if first <= last:
            total = sum(values[start : first * size]) + sum(blocks[first:last])
            total += sum(values[last * size : end])
        else:
            total = sum(values[start:end])
        averages.append(total // window)
    return averages


def solution_doubling(values, window):
    """Sums of widths 1, 2, 4, ...; the binary digits of the window pick among them, O(n log window)."""
    count = len(values) - window + 1
    if count <= 0:
        return []
    totals, sums, width, done = [0] * count, values, 1, 0
    while width <= window:
        if window & width:
            totals = [total + sums[start] for start, total in enumerate(totals, done)]
            done += width
        sums = [sums[i] + sums[i + width] for i in range(len(sums) - width)]
        width *= 2
    return [total // window for total in totals]


def solution_deque(values, window):
    """The window as a deque with a running sum, O(n)."""
    inside, total, averages = deque(), 0, []
    for value in values:
        inside.append(value)
        total += value
        if len(inside) > window:
            total -= inside.popleft()
        if len(inside) == window:
            averages.append(total // window)
    return averages


def solution_heads_and_tails(values, window):
    """Blocks of the window's width: each window is the tail of one and the head of the next, O(n)."""
    heads, tails = [], []
    for start in range(0, len(values), window):
        block = values[start : start + window]
        heads += [0, *accumulate(block[:-1])]
        tails += list(accumulate(reversed(block)))[::-1]
    heads.append(sum(values[len(values) // window * window :]))
    if len(values) % window == 0:
        heads[-1] = 0
    return [(tails[start] + heads[start + window]) // window for start in range(len(values) - window + 1)]


def solution_running_sum(values, window):
    """Add the value that enters and take away the one that leaves, O(n) and nothing but the result held."""
    if len(values) < window:
        return []
    total = sum(islice(values, window))
    averages = [total // window]
    for end in range(window, len(values)):
        total += values[end] - values[end - window]
        averages.append(total // window)
    return averages


def solution_prefix_sums(values, window):
    """Differences of prefix sums, O(n) mostly in C."""
    prefix = list(accumulate(values, initial=0))
    return [total // window for total in map(sub, prefix[window:], prefix)]
