"""Simulate a least-recently-used cache for several capacities over one sequence of page requests.

In: requests, a list of str (pages), and capacities, a list of int >= 0, perhaps repeated. A cache starts
empty; a request is a hit when the page is held; otherwise the page is loaded, and when the cache holds more
pages than its capacity, the page used least recently is dropped. Out: a dict from capacity to number of hits,
in the order in which capacities first occur. Capacity 0 has no hits. Empty capacities give {}.
"""

from bisect import bisect_left
from collections import OrderedDict

FAMILY = "simulation"

EXAMPLES = [
    ((["a", "a"], []), {}),
    (([], [3, 1]), {3: 0, 1: 0}),
    ((["a", "a", "a"], [0, 1]), {0: 0, 1: 2}),
    ((["a", "b", "a", "b"], [1, 2, 1]), {1: 0, 2: 2}),
    ((["a", "b", "c", "a", "b", "c"], [2, 3, 9]), {2: 0, 3: 3, 9: 3}),
    ((["a", "b", "a", "c", "a", "b"], [2]), {2: 2}),
    ((["a", "b", "c", "b", "a", "a", "d", "c"], [3, 2, 1]), {3: 3, 2: 2, 1: 1}),
]


def use_page(cache, page, capacity):
    if page in cache:
        return [page] + [other for other in cache if other != page], True
    return ([page] + cache)[:capacity], False


def count_cache_hits_by_capacity(requests, capacities):
    hits = {}
    for capacity in capacities:
        hits[capacity], cache = 0, []
        for page in requests:
            cache, hit = use_page(cache, page, capacity)
            if hit:
                hits[capacity] += 1
    return hits


def inputs(seed=0, size=1.0):
    """Popular and rare pages, loops over a table with excursions, and phases with their own working sets."""
    import random

    rng = random.Random(seed)
    n = int(4000 * size)
    popular = [f"/page/{int(400 * rng.random() ** 3)}" for _ in range(n)]
    loops = [f"row{i % 90}" if rng.random() < 0.9 else f"index{rng.randrange(20)}" for i in range(n)]
    phases = [f"tile{i * 8 // max(n, 1) * 30 + rng.randrange(70)}" for i in range(n)]
    return [(popular, [1, 5, 20, 50, 100, 200]), (loops, [10, 80, 95, 110]), (phases, list(range(4, 84, 8)))]


def solution_list_in_place(requests, capacities):
    """A list with the newest page at the end, moved by remove and append: O(requests * capacity), in C."""
    hits = dict.fromkeys(capacities, 0)
    for capacity in hits:
        cache = []
        for page in requests if capacity else ():
            if page in cache:
                hits[capacity] += 1
                cache.remove(page)
            elif len(cache) == capacity:
                del cache[0]
            cache.append(page)
    return hits


def solution_ordered_dict(requests, capacities):
    """An OrderedDict for each different capacity: O(requests * capacities)."""
    hits = dict.fromkeys(capacities, 0)
    for capacity in hits:
        cache = OrderedDict()
        for page in requests if capacity else ():
            if page in cache:
                hits[capacity] += 1
            elif len(cache) == capacity:
                cache.popitem(last=False)
            cache[page] = None
            cache.move_to_end(page)
    return hits


def solution_time_stamps(requests, capacities):
    """A dict from page to its last use, the oldest found with min: O(evictions * capacity)."""
    hits = dict.fromkeys(capacities, 0)
    for capacity in hits:
        used = {}
        for now, page in enumerate(requests if capacity else ()):
            if page in used:
                hits[capacity] += 1
            elif len(used) == capacity:
                del used[min(used, key=used.get)]
            used[page] = now
    return hits


def _hits_from_depths(depths, capacities):
    """Hits at a capacity are the requests whose page lies less deep than it in the stack of pages."""
    depths.sort()
    return {capacity: bisect_left(depths, capacity) for capacity in capacities}


def solution_one_stack(requests, capacities):
    """One stack of all pages serves all capacities; the depth of a page decides: O(requests * pages)."""
    stack, depths = [], []
    for page in requests:
        if page in stack:
            depths.append(stack.index(page))
            del stack[depths[-1]]
        stack.insert(0, page)
    return _hits_from_depths(depths, capacities)


def solution_sorted_last_uses(requests, capacities):
    """Depth as the number of later last uses in a sorted list: O(requests * log pages) and short moves."""
    last, uses, depths = {}, [], []
    for now, page in enumerate(requests):
        if page in last:
            at = bisect_left(uses, last[page])
            depths.append(len(uses) - at - 1)
            del uses[at]
        uses.append(now)
        last[page] = now
    return _hits_from_depths(depths, capacities)


def solution_fenwick_tree(requests, capacities):
    """Depth from a Fenwick tree over time that marks last uses: O(requests log requests)."""
    size = len(requests)
    tree, last, depths = [0] * (size + 1), {}, []
    for now, page in enumerate(requests, 1):
        before = last.get(page)
        if before:
            at, depth = before, len(last)
            while at:
                depth -= tree[at]
                at &= at - 1
            depths.append(depth)
        for at, change in ((now, 1), (before or size + 1, -1)):
            while at <= size:
                tree[at] += change
                at += at & -at
        last[page] = now
    return _hits_from_depths(depths, capacities)
