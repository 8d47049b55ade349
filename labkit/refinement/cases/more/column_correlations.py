"""Correlate every two columns of a table of measurements (Pearson).

In: rows, a list of rows, each a list of floats, all equally long.
Out: a list of tuples (i, j, r) for all columns i < j, in order; r is 0.0 where one of the two columns is
constant (with no row or one row all are). No rows: [].
"""

import statistics
from itertools import combinations
from math import fsum, sqrt
from operator import mul

FAMILY = "numeric"
TOLERANCE = 1e-6

EXAMPLES = [
    (([],), []),
    (([[1.0, 5.0]],), [(0, 1, 0.0)]),
    (([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]],), [(0, 1, 1.0)]),
    (([[0.1, 3.0], [0.1, 2.0], [0.1, 1.0]],), [(0, 1, 0.0)]),
    (([[1.0, 1.0, 7.0], [2.0, 3.0, 7.0], [3.0, 2.0, 7.0]],), [(0, 1, 0.5), (0, 2, 0.0), (1, 2, 0.0)]),
    (([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0], [2.0, 0.0]],), [(0, 1, -1 / sqrt(2))]),
]


def mean(values):
    return sum(values) / len(values)


def correlation(xs, ys):
    if min(xs) == max(xs) or min(ys) == max(ys):
        return 0.0
    together = sum((x - mean(xs)) * (y - mean(ys)) for x, y in zip(xs, ys))
    x_spread = sum((x - mean(xs)) ** 2 for x in xs)
    y_spread = sum((y - mean(ys)) ** 2 for y in ys)
    return together / (x_spread**0.5 * y_spread**0.5)


def column_correlations(rows):
    result = []
    width = len(rows[0]) if rows else 0
    for i in range(width):
        for j in range(i + 1, width):
            result.append((i, j, correlation([row[i] for row in rows], [row[j] for row in rows])))
    return result


def inputs(seed=0, size=1.0):
    """Weather stations around one temperature, prices that wander, and answers with a dead question."""
    import random

    rng = random.Random(f"column_correlations {seed}")
    rows = max(3, int(250 * size**0.5))
    stations = []
    for _ in range(rows):
        common = rng.gauss(12, 6)
        stations.append([round(common * (1 + place / 20) + rng.gauss(0, 2), 3) for place in range(9)])
    price, prices = [rng.uniform(20, 90) for _ in range(8)], []
    for _ in range(rows):
        price = [value * rng.uniform(0.97, 1.035) for value in price]
        prices.append(price)
    answers = [[float(rng.randint(1, 7)) for _ in range(9)] + [4.2] for _ in range(rows)]
    return [(stations,), (prices,), (answers,)]


def solution_means_once(rows):
    """The two means of a pair before its loop: O(columns^2 * rows), middling."""
    result = []
    for i, j in combinations(range(len(rows[0]) if rows else 0), 2):
        xs, ys = [row[i] for row in rows], [row[j] for row in rows]
        x_mean, y_mean = mean(xs), mean(ys)
        together = x_spread = y_spread = 0.0
        for x, y in zip(xs, ys):
            together += (x - x_mean) * (y - y_mean)
            x_spread += (x - x_mean) ** 2
            y_spread += (y - y_mean) ** 2
        constant = min(xs) == max(xs) or min(ys) == max(ys)
        result.append((i, j, 0.0 if constant else together / sqrt(x_spread * y_spread)))
    return result


def solution_statistics(rows):
    """The library's statistics.correlation over transposed columns; exact sums, not quick."""
    columns = list(zip(*rows))
    live = [min(column) < max(column) for column in columns]
    pairs = combinations(range(len(columns)), 2)
    return [
        (i, j, statistics.correlation(columns[i], columns[j]) if live[i] and live[j] else 0.0)
        for i, j in pairs
    ]


def solution_standardised(rows):
    """Each column centred and scaled to length 1 once; a pair is then one sum(map(mul)): quickest."""
    columns = []
    for column in zip(*rows):
        if min(column) == max(column):
            columns.append(None)
            continue
        middle = sum(column) / len(column)
        column = [value - middle for value in column]
        length = sqrt(sum(map(mul, column, column)))
        columns.append([value / length for value in column])
    return [
        (i, j, sum(map(mul, first, second)) if first and second else 0.0)
        for (i, first), (j, second) in combinations(enumerate(columns), 2)
    ]


def solution_streaming(rows):
    """One pass over the rows with running means and co-moments (Welford): little memory."""
    width = len(rows[0]) if rows else 0
    means, moments = [0.0] * width, [[0.0] * width for _ in range(width)]
    live = [False] * width
    for number, row in enumerate(rows, 1):
        before = [value - middle for value, middle in zip(row, means)]
        means = [middle + step / number for middle, step in zip(means, before)]
        after = [value - middle for value, middle in zip(row, means)]
        live = [was or value != first for was, value, first in zip(live, row, rows[0])]
        for i, step in enumerate(before):
            line = moments[i]
            for j in range(i, width):
                line[j] += step * after[j]
    result = []
    for i, j in combinations(range(width), 2):
        spread = sqrt(moments[i][i] * moments[j][j])
        result.append((i, j, moments[i][j] / spread if live[i] and live[j] else 0.0))
    return result


def solution_shifted_sums(rows):
    """Sums of products of columns shifted by their first value, combined by the textbook formula."""
    number = len(rows)
    columns = [[value - column[0] for value in column] for column in zip(*rows)]
    sums = [fsum(column) for column in columns]
    spreads = [number * fsum(map(mul, c, c)) - s * s if any(c) else 0.0 for c, s in zip(columns, sums)]
    result = []
    for i, j in combinations(range(len(columns)), 2):
        r = 0.0
        if any(columns[i]) and any(columns[j]):
            r = number * fsum(map(mul, columns[i], columns[j])) - sums[i] * sums[j]
            r /= sqrt(spreads[i] * spreads[j])
        result.append((i, j, r))
    return result
