"""Find the groups of functions that call each other in circles.

In: calls, a dict from function name to the list of names it calls (these need not be keys). Out: a list
of lists. Two functions are in one group if each reaches the other along calls; a function alone is a
group only if it calls itself. Names are sorted in a group, groups by their first name.
"""

FAMILY = "graph"

EXAMPLES = [
    (({},), []),
    (({"f": []},), []),
    (({"f": ["f"], "g": ["f"]},), [["f"]]),
    (({"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"]},), [["a", "b", "c"]]),
    (({"z": ["y"], "y": ["z"], "b": ["a", "z"], "a": ["b", "b"]},), [["a", "b"], ["y", "z"]]),
    (({"a": ["b", "x"], "b": ["c"], "c": ["d"], "d": ["b", "e"], "e": ["e"]},), [["b", "c", "d"], ["e"]]),
    (({"a": ["b", "c"], "b": ["a"], "c": ["a"]},), [["a", "b", "c"]]),
]


def reachable(calls, function):
    found = []
    waiting = [function]
    while waiting:
        current = waiting.pop(0)
        for callee in calls.get(current, []):
            if callee not in found:
                found.append(callee)
                waiting.append(callee)
    return found


def mutual_callers(calls):
    groups = []
    for function in calls:
        if any(function in group for group in groups):
            continue
        if function not in reachable(calls, function):
            continue
        group = []
        for other in reachable(calls, function):
            if function in reachable(calls, other):
                group.append(other)
        groups.append(sorted(group))
    return sorted(groups)


def inputs(seed=0, size=1.0):
    """Inputs: call graphs of modules, mostly downwards in layers, with some calls back up."""
    import random

    rng = random.Random(seed)
    result = []
    for count, calls_each, back in ((240, 2.5, 0.1), (130, 3, 0.15), (300, 2, 0.02)):
        count = max(5, int(count * size))
        names = [f"{rng.choice(['load', 'parse', 'emit', 'walk'])}_{n:04}" for n in range(count)]
        calls = {}
        for place, name in enumerate(names):
            callees = []
            for _ in range(int(rng.expovariate(1 / calls_each))):
                if rng.random() < back:
                    callees.append(names[rng.randrange(place + 1)])
                elif rng.random() < 0.05:
                    callees.append(names[max(0, place - rng.randint(0, 3))])
                elif place + 1 < count:
                    callees.append(names[min(count - 1, place + int(rng.paretovariate(0.8)))])
            calls[name] = callees + ["print"] * (rng.random() < 0.2)
        items = list(calls.items())
        rng.shuffle(items)
        result.append((dict(items),))
    return result


def circles(components, calls):
    return sorted(sorted(part) for part in components if len(part) > 1 or part[0] in calls.get(part[0], ()))


def solution_tarjan(calls):
    """Tarjan's algorithm with a stack of iterators: linear."""
    index, low, stack, held, components = {}, {}, [], set(), []
    for root in calls:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        held.add(root)
        path = [(root, iter(calls[root]))]
        while path:
            node, rest = path[-1]
            for callee in rest:
                if callee not in index:
                    index[callee] = low[callee] = len(index)
                    stack.append(callee)
                    held.add(callee)
                    path.append((callee, iter(calls.get(callee, ()))))
                    break
                if callee in held and index[callee] < low[node]:
                    low[node] = index[callee]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                if low[node] == index[node]:
                    part = [stack.pop()]
                    while part[-1] != node:
                        part.append(stack.pop())
                    held.difference_update(part)
                    components.append(part)
    return circles(components, calls)


def solution_kosaraju(calls):
    """Finishing order of one search, components by a second one along reversed calls: linear."""
    callers, order, seen = {}, [], set()
    for name, callees in calls.items():
        for callee in callees:
            callers.setdefault(callee, []).append(name)
    for root in calls:
        path = [(root, False)]
        while path:
            node, finished = path.pop()
            if finished:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                path.append((node, True))
                path += [(callee, False) for callee in calls.get(node, ()) if callee not in seen]
    components, placed = [], set()
    for root in reversed(order):
        if root in placed:
            continue
        placed.add(root)
        part = [root]
        for node in part:
            for caller in callers.get(node, ()):
                if caller not in placed:
                    placed.add(caller)
                    part.append(caller)
        components.append(part)
    return circles(components, calls)


def solution_reach_sets(calls):
    """A set of all reached functions for each one, groups by membership both ways: n squared memory."""
    reach = {}
    for function in calls:
        found, waiting = set(), [function]
        while waiting:
            new = set(calls.get(waiting.pop(), ())) - found
            found |= new
            waiting += new
        reach[function] = found
    groups, placed = [], set()
    for function, found in reach.items():
        if function in found and function not in placed:
            group = sorted(other for other in found if function in reach.get(other, ()))
            placed.update(group)
            groups.append(group)
    return sorted(groups)


def solution_bit_closure(calls):
    """Warshall's closure with a big integer as each row: n squared row operations in C."""
    names = list(calls)
    number = {name: place for place, name in enumerate(names)}
    rows = [sum({1 << number[callee] for callee in calls[name] if callee in number}) for name in names]
    for middle, bit in enumerate([1 << place for place in range(len(names))]):
        through = rows[middle]
        for place, row in enumerate(rows):
            if row & bit:
                rows[place] = row | through
    groups = {}
    for place, row in enumerate(rows):
        if row >> place & 1:
            groups.setdefault(row, []).append(names[place])
    return sorted(sorted(group) for group in groups.values())


def solution_forward_backward(calls):
    """What a function reaches and what reaches it, intersected, then taken out: n times edges at worst."""
    callers = {}
    for name, callees in calls.items():
        for callee in callees:
            callers.setdefault(callee, []).append(name)

    def flood(edges, start, allowed):
        found = [start]
        seen = {start}
        for node in found:
            for other in edges.get(node, ()):
                if other in allowed and other not in seen:
                    seen.add(other)
                    found.append(other)
        return seen

    left, components = set(calls), []
    for start in calls:
        if start in left:
            part = flood(calls, start, left) & flood(callers, start, left)
            left -= part
            components.append(list(part))
    return circles(components, calls)
