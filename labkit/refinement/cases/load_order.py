"""Order modules so that imports come first.

In: a dict from module to the modules that it imports. Out: all modules; each time the alphabetically
first one whose imports are all placed, or, where a cycle leaves none, the alphabetically first. The
imports are the standard library's."""

from heapq import heapify, heappop, heappush

FAMILY = "graph"

EXAMPLES = [
    (({"app": ["lib", "os"], "lib": ["os"], "os": [], "abc": ["app"]},), ["os", "lib", "app", "abc"]),
    (({"b": ["a"], "a": ["b"], "c": ["elsewhere"]},), ["c", "a", "b"]),
    (({},), []),
    (({"b": [], "c": [], "a": []},), ["a", "b", "c"]),
    (({"a": ["a"], "b": [], "c": ["a", "a"]},), ["b", "a", "c"]),
    (({"a": ["c"], "b": ["a"], "c": ["b"], "d": ["c", "e"], "e": ["d"]},), ["a", "b", "c", "d", "e"]),
    (({"d": [], "a": ["d", "d"], "c": ["a"], "b": ["c"]},), ["d", "a", "c", "b"]),
]


def load_order(imports):
    order = []
    while len(order) < len(imports):
        remaining = sorted(module for module in imports if module not in order)
        chosen = remaining[0]
        for module in remaining:
            if all(needed in order for needed in imports[module] if needed in imports):
                chosen = module
                break
        order.append(chosen)
    return order


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import import_graph

    return [(import_graph(int(220 * size), seed, part, nested=False),) for part in range(2)]


def solution_placed_set(imports):
    """Sort once and look placements up in a set, but scan from the start each time, O(n * edges)."""
    remaining = sorted(imports)
    waits = {module: [needed for needed in imports[module] if needed in imports] for module in imports}
    placed, order = set(), []
    while remaining:
        chosen = next((module for module in remaining if placed.issuperset(waits[module])), remaining[0])
        remaining.remove(chosen)
        placed.add(chosen)
        order.append(chosen)
    return order


def solution_shrinking_sets(imports):
    """Strike each placed module from the sets of all others; the first empty set is next, O(n^2)."""
    waits = {module: set(imports[module]) & imports.keys() for module in sorted(imports)}
    order = []
    while waits:
        chosen = next((module for module, missing in waits.items() if not missing), None)
        if chosen is None:
            chosen = next(iter(waits))
        del waits[chosen]
        for missing in waits.values():
            missing.discard(chosen)
        order.append(chosen)
    return order


def solution_masks(imports):
    """Imports of a module as a bit mask; a scan in alphabetical order compares it with the missing ones."""
    names = sorted(imports)
    position = {name: i for i, name in enumerate(names)}
    masks = [sum({1 << position[needed] for needed in imports[name] if needed in position}) for name in names]
    missing = (1 << len(names)) - 1
    left = list(range(len(names)))
    order = []
    while left:
        i = next((i for i in left if not masks[i] & missing), left[0])
        left.remove(i)
        missing ^= 1 << i
        order.append(names[i])
    return order


def solution_watch_one(imports):
    """Each module waits at one missing import only and looks for the next one when that is placed."""
    placed, order = set(), []
    waiting = {module: [] for module in imports}
    rest = {module: [needed for needed in imports[module] if needed in imports] for module in imports}
    fallback = sorted(imports, reverse=True)
    ready, moved = [], list(imports)
    while len(order) < len(imports):
        for module in moved:
            needs = rest[module]
            while needs and needs[-1] in placed:
                needs.pop()
            if needs:
                waiting[needs[-1]].append(module)
            elif module not in placed:
                heappush(ready, module)
        if not ready:
            while fallback[-1] in placed:
                fallback.pop()
        chosen = heappop(ready) if ready else fallback.pop()
        placed.add(chosen)
        order.append(chosen)
        moved = waiting.pop(chosen)
    return order


def solution_heap(imports):
    """Counts of missing imports and a heap of the ready modules, O((n + edges) log n)."""
    missing = {module: {needed for needed in needs if needed in imports} for module, needs in imports.items()}
    users = {module: [] for module in imports}
    counts = {}
    for module, needs in missing.items():
        counts[module] = len(needs)
        for needed in needs:
            users[needed].append(module)
    ready = [module for module, count in counts.items() if not count]
    heapify(ready)
    names, order = iter(sorted(imports)), {}
    while len(order) < len(imports):
        chosen = heappop(ready) if ready else next(name for name in names if name not in order)
        order[chosen] = None
        for user in users[chosen]:
            counts[user] -= 1
            if not counts[user] and user not in order:
                heappush(ready, user)
    return list(order)
