"""Find the cheapest seam from the top row to the bottom row of an energy grid, as in content-aware resizing.

In: energy, a list of rows of equal length, of ints >= 0.
Out: the list of the columns of the seam, one a row; from a row to the next the column changes by at most 1.
The smallest sum of energies wins, of equally cheap seams the smallest list of columns. No rows or no
columns: [].
"""

from functools import lru_cache

FAMILY = "DP"

EXAMPLES = [
    (([],), []),
    (([[4, 2, 2]],), [1]),
    (([[1], [2], [3]],), [0, 0, 0]),
    (([[1, 9, 1], [9, 1, 9], [1, 9, 1]],), [0, 1, 0]),
    (([[5, 5, 0, 5], [9, 9, 9, 0], [0, 9, 9, 1]],), [2, 3, 3]),
    (([[0, 0], [0, 0], [0, 0]],), [0, 0, 0]),
]


def cheapest_above(seams, column):
    return min(seams[max(column - 1, 0) : column + 2])


def grid_seam(energy):
    if not energy or not energy[0]:
        return []
    seams = [(cost, [column]) for column, cost in enumerate(energy[0])]
    for row in energy[1:]:
        longer = []
        for column in range(len(row)):
            cost, path = cheapest_above(seams, column)
            longer.append((cost + row[column], path + [column]))
        seams = longer
    return min(seams)[1]


def inputs(seed=0, size=1.0):
    """A tall picture of few grey levels (many ties), one with fine energies, and a wide one."""
    import random

    rng = random.Random(f"grid_seam {seed}")
    cases = []
    for rows, columns, levels in ((900, 40, 4), (500, 60, 1000), (120, 200, 3)):
        rows = max(2, int(rows * size))
        cases.append(([[rng.randrange(levels) for _ in range(columns)] for _ in range(rows)],))
    return cases


def walk(table):
    column = table[0].index(min(table[0])) if table and table[0] else 0
    seam = [column] if table and table[0] else []
    for costs in table[1:] if seam else ():
        low = max(column - 1, 0)
        near = costs[low : column + 2]
        column = low + near.index(min(near))
        seam.append(column)
    return seam


def solution_back_and_walk(energy):
    """Costs from each cell down to the bottom, then walk from the top: O(cells)."""
    below = [list(row) for row in energy]
    for row in range(len(energy) - 2, -1, -1):
        for column in range(len(energy[0])):
            below[row][column] += min(below[row + 1][max(column - 1, 0) : column + 2])
    return walk(below)


def solution_map_min(energy):
    """The same sums, a whole row at a time with map(min) over three shifted rows: O(cells), few bytecodes."""
    table = list(energy[-1:])
    for row in energy[-2::-1]:
        costs = table[-1]
        best = map(min, costs[:1] + costs[:-1], costs, costs[1:] + costs[-1:])
        table.append([value + least for value, least in zip(row, best)])
    return walk(table[::-1])


def solution_choices_in_bytes(energy):
    """Two rows of costs and one byte a cell for the step taken: O(cells), the least memory."""
    if not energy or not energy[0]:
        return []
    costs, choices = energy[-1], []
    for row in energy[-2::-1]:
        steps, sums, left = bytearray(b"\1") * len(row), [], costs[0] + 1
        for column, (cost, least, right) in enumerate(zip(row, costs, costs[1:] + costs[-1:])):
            best = least
            if left <= least:
                steps[column], best = 0, left
            if right < best:
                steps[column], best = 2, right
            sums.append(cost + best)
            left = least
        choices.append(bytes(steps))
        costs = sums
    seam = [costs.index(min(costs))]
    for steps in reversed(choices):
        seam.append(seam[-1] + steps[seam[-1]] - 1)
    return seam


def solution_recursive(energy):
    """Top-down costs with a cache, asked from the bottom to keep the recursion flat: O(cells), heavy."""

    @lru_cache(maxsize=None)
    def down(row, column):
        if row == len(energy) or not 0 <= column < len(energy[row]):
            return 0 if row == len(energy) else float("inf")
        return energy[row][column] + min(down(row + 1, other) for other in (column - 1, column, column + 1))

    rows = range(len(energy) - 1, -1, -1)
    return walk([[down(row, column) for column in range(len(energy[row]))] for row in rows][::-1])


def solution_ranks(energy):
    """Forwards, each row's seams ranked in the order of their columns so that ties need no lists."""
    if not energy or not energy[0]:
        return []
    width = len(energy[0])
    costs, ranks, parents = energy[0], list(range(width)), []
    for row in energy[1:]:
        keys = list(zip(costs, ranks))
        chosen = [min(range(max(c - 1, 0), min(c + 2, width)), key=keys.__getitem__) for c in range(width)]
        costs = [row[c] + costs[parent] for c, parent in enumerate(chosen)]
        order = sorted(range(width), key=lambda c: (ranks[chosen[c]], c))
        ranks = [0] * width
        for rank, c in enumerate(order):
            ranks[c] = rank
        parents.append(chosen)
    column = min(range(width), key=lambda c: (costs[c], ranks[c]))
    seam = [column]
    for chosen in reversed(parents):
        column = chosen[column]
        seam.append(column)
    return seam[::-1]
