"""List the best-selling products of every region.

In: orders, a list of (region, product, quantity) with str, str, int > 0; k, an int >= 0.
Out: a list of (region, products), regions ascending; products is a list of at most k tuples (product,
total), by total quantity in the region descending, equal totals by name ascending. No orders: [].
"""

import heapq
from bisect import insort
from collections import Counter, defaultdict
from itertools import groupby

FAMILY = "top-k"

EXAMPLES = [
    (([], 3), []),
    (([("north", "tea", 2)], 0), [("north", [])]),
    (([("n", "tea", 2), ("n", "jam", 2), ("n", "rye", 1)], 2), [("n", [("jam", 2), ("tea", 2)])]),
    (
        ([("b", "x", 1), ("a", "x", 5), ("b", "y", 1), ("b", "x", 1)], 1),
        [("a", [("x", 5)]), ("b", [("x", 2)])],
    ),
    (([("a", "x", 1), ("a", "y", 3), ("a", "x", 3)], 9), [("a", [("x", 4), ("y", 3)])]),
    (([("a", "z", 7), ("a", "y", 7), ("a", "x", 7)], 2), [("a", [("x", 7), ("y", 7)])]),
]


def sold(orders, region, product):
    return sum([order[2] for order in orders if order[0] == region and order[1] == product])


def best_sellers_by_region(orders, k):
    regions = []
    for order in orders:
        if order[0] not in regions:
            regions.append(order[0])
    report = []
    for region in sorted(regions):
        products = []
        for order in orders:
            if order[0] == region and order[1] not in products:
                products.append(order[1])
        totals = [(product, sold(orders, region, product)) for product in products]
        totals.sort(key=lambda entry: entry[0])
        totals.sort(key=lambda entry: entry[1], reverse=True)
        report.append((region, totals[:k]))
    return report


def inputs(seed=0, size=1.0):
    """A shop with few regions and a long tail of products, a chain of branches, and a crowded region."""
    import random

    rng = random.Random(f"best_sellers_by_region {seed}")
    cases = []
    for number, regions, products, k in ((3600, 6, 150, 5), (2200, 60, 40, 3), (3200, 2, 400, 25)):
        number = max(2, int(number * size))
        names = [f"{rng.choice(('oak', 'ash', 'elm'))}-{item:03}" for item in range(products)]
        places = [f"branch {place:02}" for place in range(regions)]
        orders = []
        for _ in range(number):
            product = names[min(int(rng.paretovariate(0.6)) - 1, products - 1)]
            orders.append((rng.choice(places), product, rng.choice((1, 1, 1, 2, 2, 3, 10))))
        cases.append((orders, k))
    return cases


def solution_filter_by_region(orders, k):
    """The orders filtered again for each region, then a Counter: O(regions * n), middling."""
    report = []
    for region in sorted({order[0] for order in orders}):
        totals = Counter()
        for _, product, quantity in [order for order in orders if order[0] == region]:
            totals[product] += quantity
        report.append((region, sorted(totals.items(), key=lambda entry: (-entry[1], entry[0]))[:k]))
    return report


def solution_nested_dicts(orders, k):
    """A dict of totals a region, each sorted in full: O(n + p log p)."""
    totals = {}
    for region, product, quantity in orders:
        products = totals.setdefault(region, {})
        products[product] = products.get(product, 0) + quantity
    report = []
    for region in sorted(totals):
        ranked = sorted(totals[region].items(), key=lambda entry: (-entry[1], entry[0]))
        report.append((region, ranked[:k]))
    return report


def solution_heap(orders, k):
    """Totals by (region, product), then heapq.nsmallest in each region: O(n + p log k)."""
    totals = defaultdict(lambda: defaultdict(int))
    for region, product, quantity in orders:
        totals[region][product] -= quantity
    report = []
    for region, products in sorted(totals.items()):
        best = heapq.nsmallest(k, zip(products.values(), products))
        report.append((region, [(product, -total) for total, product in best]))
    return report


def solution_sort_and_group(orders, k):
    """Sort all orders, then group twice: O(n log n), no dicts, the best k kept by insertion."""
    report = []
    for region, of_region in groupby(sorted(orders), key=lambda order: order[0]):
        best = []
        for product, sales in groupby(of_region, key=lambda order: order[1]):
            insort(best, (-sum([sale[2] for sale in sales]), product))
            del best[k:]
        report.append((region, [(product, -total) for total, product in best]))
    return report


def solution_numbered(orders, k):
    """Regions and products numbered in order, a flat matrix of totals: O(n + regions * products)."""
    regions = sorted({order[0] for order in orders})
    products = sorted({order[1] for order in orders})
    row = {region: place * len(products) for place, region in enumerate(regions)}
    column = {product: place for place, product in enumerate(products)}
    totals = [0] * (len(regions) * len(products))
    for region, product, quantity in orders:
        totals[row[region] + column[product]] += quantity
    report = []
    for region in regions:
        here = totals[row[region] : row[region] + len(products)]
        present = [place for place, total in enumerate(here) if total]
        ranked = sorted(present, key=here.__getitem__, reverse=True)
        report.append((region, [(products[place], here[place]) for place in ranked[:k]]))
    return report
