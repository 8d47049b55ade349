"""Count the hits of a least-recently-used cache for several cache sizes.

In: requests, a list of str keys in order; capacities, a list of ints >= 0.
Out: a list with the number of hits for each capacity. The cache starts empty; a request of a key in the
cache is a hit and makes it the most recent; a missed key is put in, and what was used least recently goes
when it is full.
"""

from bisect import bisect_right
from collections import OrderedDict

FAMILY = "simulation"

EXAMPLES = [
    (([], [3]), [0]),
    ((["a", "a"], []), []),
    ((["a", "a"], [0, 1]), [0, 1]),
    ((["a", "b", "a", "b"], [1, 2]), [0, 2]),
    ((["a", "b", "c", "a", "b", "c"], [2, 3, 9]), [0, 3, 3]),
    ((["a", "b", "a", "c", "a", "b"], [2, 2, 3]), [2, 2, 3]),
]


def touch(cache, key, capacity):
    hit = cache.count(key) > 0
    if hit:
        cache.pop(cache.index(key))
    cache.insert(0, key)
    while len(cache) > capacity:
        cache.pop()
    return hit


def lru_hit_counts(requests, capacities):
    result = []
    for capacity in capacities:
        cache = []
        hits = [key for key in requests if touch(cache, key, capacity)]
        result.append(len(hits))
    return result


def inputs(seed=0, size=1.0):
    """Web pages by popularity, loops over a table a bit too large, and sessions with their own few files."""
    import random

    rng = random.Random(f"lru_hit_counts {seed}")
    number = max(5, int(5000 * size))
    pages = [f"/page/{min(int(rng.paretovariate(0.5)), 900)}" for _ in range(number)]
    table = [f"block {place % 110}" if place % 20 else f"index {rng.randrange(9)}" for place in range(number)]
    files, session = [], 0
    for _ in range(number):
        if rng.random() < 0.02:
            session = rng.randrange(40)
        files.append(f"/home/u{session}/{rng.choice('aaabbcdefgh')}.txt")
    return [(pages, [10, 50, 100, 300]), (table, [60, 110, 120, 200]), (files, [2, 8, 32, 128, 512])]


def solution_ordered_dict(requests, capacities):
    """An OrderedDict a capacity, move_to_end and popitem: O(n) a capacity."""
    result = []
    for capacity in capacities:
        cache, hits = OrderedDict(), 0
        for key in requests:
            if key in cache:
                hits += 1
                cache.move_to_end(key)
            else:
                cache[key] = None
                if len(cache) > capacity:
                    cache.popitem(last=False)
        result.append(hits)
    return result


def solution_oldest_stamp(requests, capacities):
    """Keys with the time of their last use, the oldest sought with min: O(n * capacity)."""
    result = []
    for capacity in capacities:
        used, hits = {}, 0
        for time, key in enumerate(requests):
            hits += key in used
            used[key] = time
            if len(used) > capacity:
                del used[min(used, key=used.get)]
        result.append(hits)
    return result


def solution_stack(requests, capacities):
    """One unbounded stack for all capacities; a hit for those that reach the depth: O(n * keys)."""
    stack, depths = [], []
    for key in requests:
        if key in stack:
            place = stack.index(key)
            depths.append(len(stack) - place)
            del stack[place]
        stack.append(key)
    depths.sort()
    return [bisect_right(depths, capacity) for capacity in capacities]


def solution_fenwick(requests, capacities):
    """One pass for all capacities: keys used since the last use counted by a Fenwick tree: O(n log n)."""
    tree = [0] * (len(requests) + 1)

    def add(place, amount):
        while place < len(tree):
            tree[place] += amount
            place += place & -place

    def up_to(place):
        return tree[place] + up_to(place & (place - 1)) if place else 0

    last, hits = {}, [0] * (len(requests) + 1)
    for place, key in enumerate(requests, 1):
        before = last.get(key)
        if before:
            hits[len(last) - up_to(before) + 1] += 1
            add(before, -1)
        add(place, 1)
        last[key] = place
    for depth in range(1, len(hits)):
        hits[depth] += hits[depth - 1]
    return [hits[min(capacity, len(requests))] for capacity in capacities]


def solution_hand_over_hand(requests, capacities):
    """A queue of uses with stale entries skipped at eviction, last uses in a dict: O(n) a capacity."""
    result = []
    for capacity in capacities:
        pending, hits, oldest = {}, 0, 0
        for time, key in enumerate(requests):
            hits += key in pending
            pending[key] = time
            while len(pending) > capacity:
                if pending.get(requests[oldest]) == oldest:
                    del pending[requests[oldest]]
                oldest += 1
        result.append(hits)
    return result
