"""Annotate variants with the genes they lie in.

In: genes, a list of (name, start, end), both ends inclusive, start <= end, names may come twice; positions,
a list of ints in any order, some more than once.
Out: a list with, for each position, the list of the names of the genes that cover it, in the order of genes.
"""

import heapq
from bisect import bisect_right
from collections import defaultdict

FAMILY = "intervals"

EXAMPLES = [
    (([], []), []),
    (([], [5]), [[]]),
    (([("abc1", 3, 7)], [2, 3, 7, 8]), [[], ["abc1"], ["abc1"], []]),
    (([("b", 5, 9), ("a", 1, 6), ("b", 6, 6)], [6, 5, 9]), [["b", "a", "b"], ["b", "a"], ["b"]]),
    (([("x", 10, 20), ("y", 0, 100)], [15, 15, 50]), [["x", "y"], ["x", "y"], ["y"]]),
    (([("p", 0, 0), ("q", 1, 1)], [0, 1]), [["p"], ["q"]]),
]


def overlaps(gene, position):
    return position in range(gene[1], gene[2] + 1)


def covering_genes(genes, positions):
    return [[gene[0] for gene in genes if overlaps(gene, position)] for position in positions]


def inputs(seed=0, size=1.0):
    """A chromosome with genes of very unequal length, a crowded locus, and one with repeated hot spots."""
    import random

    rng = random.Random(f"covering_genes {seed}")
    cases = []
    shapes = ((700, 600, 2000000, 900), (300, 500, 20000, 300), (900, 400, 3000000, 2000))
    for number, variants, span, typical in shapes:
        genes = []
        for place in range(max(1, int(number * size**0.5))):
            start = rng.randrange(span)
            end = start + int(rng.lognormvariate(0, 1.2) * typical)
            genes.append((f"{rng.choice('ABCHKMPRSTZ')}G{place:04}", start, end))
        spots = [rng.randrange(span) for _ in range(20)]
        positions = []
        for _ in range(max(1, int(variants * size**0.5))):
            near = rng.choice(spots) + rng.randint(-2, 2)
            positions.append(near if rng.random() < 0.4 else rng.randrange(span))
        cases.append((genes, positions))
    return cases


def solution_inline(genes, positions):
    """The same scan as one chained comparison, each distinct position once: O(n * m), middling."""
    found = {}
    for position in positions:
        if position not in found:
            found[position] = [name for name, start, end in genes if start <= position <= end]
    return [list(found[position]) for position in positions]


def solution_sweep(genes, positions):
    """Positions in order, open genes in a set, leaving by a heap of ends: O((n + m) log n + output)."""
    arrivals = sorted(range(len(genes)), key=lambda gene: -genes[gene][1])
    leaving, inside = [], set()
    result = [None] * len(positions)
    for query in sorted(range(len(positions)), key=positions.__getitem__):
        position = positions[query]
        while arrivals and genes[arrivals[-1]][1] <= position:
            gene = arrivals.pop()
            heapq.heappush(leaving, (genes[gene][2], gene))
            inside.add(gene)
        while leaving and leaving[0][0] < position:
            inside.discard(heapq.heappop(leaving)[1])
        result[query] = [genes[gene][0] for gene in sorted(inside)]
    return result


def solution_bins(genes, positions):
    """Fixed bins as wide as a typical gene, each gene in all its bins: O(genes of a bin) a position."""
    width = max(1, sum(end - start + 1 for _, start, end in genes) // max(1, len(genes)))
    bins = defaultdict(list)
    for gene in genes:
        for number in range(gene[1] // width, gene[2] // width + 1):
            bins[number].append(gene)
    result = []
    for position in positions:
        near = bins.get(position // width, ())
        result.append([name for name, start, end in near if start <= position <= end])
    return result


def solution_longest_gene(genes, positions):
    """Sorted by start; only starts within the length of the longest gene can cover: two bisections."""
    order = sorted(range(len(genes)), key=lambda gene: genes[gene][1])
    starts = [genes[gene][1] for gene in order]
    longest = max([end - start for _, start, end in genes], default=0)
    result = []
    for position in positions:
        low, high = bisect_right(starts, position - longest - 1), bisect_right(starts, position)
        covering = sorted([gene for gene in order[low:high] if genes[gene][2] >= position])
        result.append([genes[gene][0] for gene in covering])
    return result


def solution_segments(genes, positions):
    """Answers for all segments between edges made beforehand, then a bisection each: memory for speed."""
    edges = sorted({edge for _, start, end in genes for edge in (start, end + 1)})
    cell = {edge: number for number, edge in enumerate(edges)}
    answers = [[] for _ in edges]
    for name, start, end in genes:
        for number in range(cell[start], cell[end + 1]):
            answers[number].append(name)
    found = [bisect_right(edges, position) - 1 for position in positions]
    return [list(answers[number]) if number >= 0 else [] for number in found]


def solution_centred_tree(genes, positions):
    """An interval tree of nested tuples around medians, genes of a node sorted by start and by end."""

    def build(members):
        if not members:
            return None
        centre = sorted(genes[gene][1] for gene in members)[len(members) // 2]
        here = [gene for gene in members if genes[gene][1] <= centre <= genes[gene][2]]
        left = build([gene for gene in members if genes[gene][2] < centre])
        right = build([gene for gene in members if genes[gene][1] > centre])
        starts, ends = sorted((genes[g][1], g) for g in here), sorted((-genes[g][2], g) for g in here)
        return centre, starts, ends, left, right

    root, result = build(range(len(genes))), []
    for position in positions:
        node, covering = root, []
        while node:
            centre, starts, ends, left, right = node
            edges, limit, node = (starts, position, left) if position < centre else (ends, -position, right)
            covering += [gene for _, gene in edges[: bisect_right(edges, (limit, len(genes)))]]
        result.append([genes[gene][0] for gene in sorted(covering)])
    return result
