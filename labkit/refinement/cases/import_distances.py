"""Measure how far each module is from the others along its imports.

In: a dict from module to the modules that it imports, and the modules to start from. Out: for each start
a dict from every module it reaches to the least number of imports between them. The graph is the standard
library's."""

from collections import deque

FAMILY = "graph"

EXAMPLES = [
    (({"a": ["b"], "b": ["d"], "d": ["a"]}, ["a", "c"]), {"a": {"a": 0, "b": 1, "d": 2}, "c": {"c": 0}}),
    (({"a": ["b"]}, []), {}),
    (({}, ["lost"]), {"lost": {"lost": 0}}),
    (({"a": ["a", "b", "b"], "b": ["outside"]}, ["a"]), {"a": {"a": 0, "b": 1, "outside": 2}}),
    (({"a": ["b"], "b": ["a"], "c": ["a"]}, ["b", "b"]), {"b": {"b": 0, "a": 1}}),
    (({"a": ["b", "d"], "b": ["c"], "c": ["d"]}, ["a"]), {"a": {"a": 0, "b": 1, "d": 1, "c": 2}}),
]


def distances_from(start, imports):
    distance = {start: 0}
    visited = []
    queue = [start]
    while queue:
        module = queue.pop(0)
        visited.append(module)
        for needed in imports.get(module, []):
            if needed not in visited and needed not in queue:
                distance[needed] = distance[module] + 1
                queue.append(needed)
    return distance


def import_distances(imports, starts):
    return {start: distances_from(start, imports) for start in starts}


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import import_graph

    # The whole library: a sample falls apart where a module like os is missing. The seed chooses the starts.
    graph = import_graph(1_000, seed)
    starts = [module for module in graph if len(graph[module]) > 2]
    count = int(60 * size)
    return [(graph, starts[:count]), (graph, starts[count : 2 * count])]


def solution_relaxation(imports, starts):
    """Relax every edge again and again until nothing gets shorter, O(starts * depth * edges)."""
    edges = [(module, needed) for module in imports for needed in imports[module]]
    result = {}
    for start in starts:
        distance, changed = {start: 0}, True
        while changed:
            changed = False
            for module, needed in edges:
                if module in distance and distance.get(needed, len(edges) + 1) > distance[module] + 1:
                    distance[needed] = distance[module] + 1
                    changed = True
        result[start] = distance
    return result


def solution_seen_set(imports, starts):
    """Breadth first with a set of seen modules and pop(0) from a list."""
    result = {}
    for start in starts:
        distance, seen, queue = {start: 0}, {start}, [start]
        while queue:
            module = queue.pop(0)
            for needed in imports.get(module, []):
                if needed not in seen:
                    seen.add(needed)
                    distance[needed] = distance[module] + 1
                    queue.append(needed)
        result[start] = distance
    return result


def solution_deque(imports, starts):
    """Breadth first with a deque; the dict of distances tells what was seen, O(starts * edges)."""
    result = {}
    for start in starts:
        distance, queue = {start: 0}, deque([start])
        while queue:
            module = queue.popleft()
            for needed in imports.get(module, ()):
                if needed not in distance:
                    distance[needed] = distance[module] + 1
                    queue.append(needed)
        result[start] = distance
    return result


def solution_level_masks(imports, starts):
    """Modules as bits of integers: a level is one mask, the seen modules another."""
    names = list(dict.fromkeys([*imports, *(name for row in imports.values() for name in row), *starts]))
    bit = {name: 1 << i for i, name in enumerate(names)}
    masks = [sum({bit[needed] for needed in imports.get(name, ())}) for name in names]
    result = {}
    for start in starts:
        distance, seen, level, step = {}, 0, bit[start], 0
        while level:
            seen, following = seen | level, 0
            while level:
                i = level.bit_length() - 1
                level ^= 1 << i
                distance[names[i]] = step
                following |= masks[i]
            level, step = following & ~seen, step + 1
        result[start] = distance
    return result


def solution_all_starts_at_once(imports, starts):
    """One sweep for all starts: each module holds the starts that reached it as a bit mask."""
    starts = list(dict.fromkeys(starts))
    level, reached, step = {start: 1 << i for i, start in enumerate(starts)}, {}, 0
    result = {start: {} for start in starts}
    while level:
        following = {}
        for module, mask in level.items():
            new = mask & ~reached.get(module, 0)
            reached[module] = reached.get(module, 0) | new
            for needed in imports.get(module, ()) if new else ():
                following[needed] = following.get(needed, 0) | new
            while new:
                result[starts[new.bit_length() - 1]][module] = step
                new ^= 1 << new.bit_length() - 1
        level, step = following, step + 1
    return result
