"""Compare two rankings: count the pairs of items on which two lists of scores agree and disagree (Kendall).

In: xs and ys, two lists of ints of equal length; item i has the scores xs[i] and ys[i].
Out: a tuple (concordant, discordant, tied): the number of pairs i < j that both lists put in the same order,
in opposite orders, and the pairs with equal scores in at least one list. Fewer than two items: (0, 0, 0).
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from itertools import groupby

FAMILY = "numeric"

EXAMPLES = [
    (([], []), (0, 0, 0)),
    (([1, 2, 3], [10, 20, 30]), (3, 0, 0)),
    (([1, 2, 3], [3, 2, 1]), (0, 3, 0)),
    (([1, 1, 2], [5, 6, 6]), (1, 0, 2)),
    (([7, 7, 7], [1, 2, 3]), (0, 0, 3)),
    (([3, 1, 4, 1, 5], [2, 7, 1, 8, 2]), (1, 7, 2)),
]


def sign(number):
    return (number > 0) - (number < 0)


def discordant_pairs(xs, ys):
    concordant = discordant = tied = 0
    for i in range(len(xs)):
        for j in range(len(xs)):
            if i < j:
                direction = sign(xs[j] - xs[i]) * sign(ys[j] - ys[i])
                concordant += direction == 1
                discordant += direction == -1
                tied += direction == 0
    return concordant, discordant, tied


def inputs(seed=0, size=1.0):
    """Critics' stars (many ties), two noisy measurements, and a ranking nearly reversed."""
    import random

    rng = random.Random(f"discordant_pairs {seed}")
    number = max(2, int(800 * size))
    stars = [rng.randint(1, 10) for _ in range(number)]
    other_stars = [min(10, max(1, star + rng.randint(-3, 3))) for star in stars]
    weights = [rng.randrange(100000) for _ in range(number)]
    heights = [weight // 2 + rng.randrange(-9000, 9000) for weight in weights]
    backwards = [-place + rng.randint(0, 3) for place in range(number)]
    return [(stars, other_stars), (weights, heights), (list(range(number)), backwards)]


def totals(xs, concordant, discordant):
    return concordant, discordant, len(xs) * (len(xs) - 1) // 2 - concordant - discordant


def solution_combinations(xs, ys):
    """Every pair once after sorting, by a comprehension over the rest: still O(n^2), the middling one."""
    points = sorted(zip(xs, ys))
    concordant = discordant = 0
    for place, (x, y) in enumerate(points):
        later = [other_y for other_x, other_y in points[place + 1 :] if other_x > x]
        concordant += sum([other > y for other in later])
        discordant += sum([other < y for other in later])
    return totals(xs, concordant, discordant)


def solution_insort(xs, ys):
    """By x in groups, y's seen so far in a sorted list: O(n log n) comparisons, O(n^2) cheap moves."""
    concordant = discordant = 0
    seen = []
    for _, group in groupby(sorted(zip(xs, ys)), key=lambda point: point[0]):
        group = [y for _, y in group]
        concordant += sum(bisect_left(seen, y) for y in group)
        discordant += sum(len(seen) - bisect_right(seen, y) for y in group)
        for y in group:
            insort(seen, y)
    return totals(xs, concordant, discordant)


def solution_fenwick(xs, ys):
    """A Fenwick tree over the ranks of ys: O(n log n)."""
    rank = {y: place for place, y in enumerate(sorted(set(ys)), 1)}
    tree = [0] * (len(rank) + 1)

    def below(place):
        return tree[place] + below(place & (place - 1)) if place else 0

    concordant = discordant = 0
    waiting, seen, group = [], 0, None
    for x, y in sorted(zip(xs, ys)):
        if x != group:
            for place in waiting:
                while place < len(tree):
                    tree[place] += 1
                    place += place & -place
            seen, waiting, group = seen + len(waiting), [], x
        concordant += below(rank[y] - 1)
        discordant += seen - below(rank[y])
        waiting.append(rank[y])
    return totals(xs, concordant, discordant)


def solution_merge(xs, ys):
    """Discordant pairs are the inversions of ys in the order of (x, y), counted by merging."""

    def inversions(values):
        if len(values) < 2:
            return 0, values
        middle = len(values) // 2
        left_count, left = inversions(values[:middle])
        right_count, right = inversions(values[middle:])
        crossed = place = 0
        for value in right:
            while place < len(left) and left[place] <= value:
                place += 1
            crossed += len(left) - place
        return left_count + right_count + crossed, sorted(left + right)

    tied = 0
    for values, weight in ((xs, 1), (ys, 1), (zip(xs, ys), -1)):
        tied += weight * sum(count * (count - 1) // 2 for count in Counter(values).values())
    discordant = inversions([y for _, y in sorted(zip(xs, ys))])[0]
    return len(xs) * (len(xs) - 1) // 2 - tied - discordant, discordant, tied


def solution_bits(xs, ys):
    """Items seen as bits of one big int in the order of y, counted with bit_count: O(n^2) in C."""
    order = sorted(range(len(ys)), key=lambda item: ys[item])
    place = {item: bit for bit, item in enumerate(order)}
    ranked = sorted(ys)
    concordant = discordant = seen = 0
    for _, group in groupby(sorted(range(len(xs)), key=lambda item: xs[item]), key=lambda item: xs[item]):
        new = 0
        for item in group:
            concordant += (seen & ((1 << bisect_left(ranked, ys[item])) - 1)).bit_count()
            discordant += (seen >> bisect_right(ranked, ys[item])).bit_count()
            new |= 1 << place[item]
        seen |= new
    return totals(xs, concordant, discordant)
