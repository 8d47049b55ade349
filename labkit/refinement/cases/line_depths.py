"""Find how deeply each line is nested.

In: spans (first line, last line) and the number of lines. Out: for each line from 1 on, how many spans
cover it. The spans are functions, classes, loops and branches of standard library modules laid end to
end."""

from bisect import bisect_left, bisect_right
from heapq import heappop, heappush
from itertools import accumulate

FAMILY = "intervals"

EXAMPLES = [
    (([(1, 4), (2, 3), (3, 3), (6, 9)], 6), [1, 2, 3, 1, 0, 1]),
    (([], 3), [0, 0, 0]),
    (([(1, 2)], 0), []),
    (([(2, 2), (2, 2), (2, 2)], 3), [0, 3, 0]),
    (([(-3, 1), (0, 0), (3, 99), (4, 7)], 3), [1, 0, 1]),
    (([(3, 2), (1, 3)], 3), [1, 1, 1]),
    (([(4, 5), (1, 5), (1, 2)], 5), [2, 2, 1, 2, 2]),
]


def line_depths(spans, line_count):
    depths = []
    for line in range(1, line_count + 1):
        depth = 0
        for first, last in spans:
            if first <= line <= last:
                depth += 1
        depths.append(depth)
    return depths


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import block_spans

    count = int(3_700 * size)
    return [(block_spans(count, seed, part), count) for part in range(2)]


def solution_add_each(spans, line_count):
    """Add one to every line of every span, O(total length of the spans)."""
    depths = [0] * line_count
    for first, last in spans:
        for line in range(max(first, 1), min(last, line_count) + 1):
            depths[line - 1] += 1
    return depths


def solution_heap(spans, line_count):
    """Sweep the lines; a heap holds the last lines of the open spans, O(n log n + lines)."""
    waiting = sorted(span for span in spans if span[0] <= span[1])
    depths, open_ends, i = [], [], 0
    for line in range(1, line_count + 1):
        while i < len(waiting) and waiting[i][0] <= line:
            heappush(open_ends, waiting[i][1])
            i += 1
        while open_ends and open_ends[0] < line:
            heappop(open_ends)
        depths.append(len(open_ends))
    return depths


def solution_two_searches(spans, line_count):
    """Spans begun minus spans over, each counted by bisection in a sorted list, O((n + lines) log n)."""
    firsts = sorted(first for first, last in spans if first <= last)
    lasts = sorted(last for first, last in spans if first <= last)
    return [bisect_right(firsts, line) - bisect_left(lasts, line) for line in range(1, line_count + 1)]


def solution_fenwick(spans, line_count):
    """A binary indexed tree with range additions and point queries, O((n + lines) log lines)."""
    tree = [0] * (line_count + 2)
    for first, last in spans:
        low, high = max(first, 1), min(last, line_count)
        if low > high:
            continue
        for change, place in (1, low), (-1, high + 1):
            i = place
            while i <= line_count:
                tree[i] += change
                i += i & -i
    depths = []
    for line in range(1, line_count + 1):
        depth, i = 0, line
        while i:
            depth += tree[i]
            i &= i - 1
        depths.append(depth)
    return depths


def solution_runs(spans, line_count):
    """Only the lines where the depth changes are kept; runs between them are appended at once."""
    changes = {}
    for first, last in spans:
        low = max(first, 1)
        if low <= last and low <= line_count:
            changes[low] = changes.get(low, 0) + 1
            changes[last + 1] = changes.get(last + 1, 0) - 1
    depths, depth = [], 0
    for line in sorted(changes):
        if line > line_count:
            break
        depths += [depth] * (line - 1 - len(depths))
        depth += changes[line]
    depths += [depth] * (line_count - len(depths))
    return depths


def solution_differences(spans, line_count):
    """Plus one at the first line, minus one after the last, then running sums, O(n + lines)."""
    steps = [0] * (line_count + 2)
    for first, last in spans:
        low = first if first > 1 else 1
        if low <= last and low <= line_count:
            steps[low] += 1
            steps[last + 1 if last < line_count else line_count + 1] -= 1
    return list(accumulate(steps[1:-1]))
