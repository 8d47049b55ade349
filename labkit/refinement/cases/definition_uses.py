"""Join the table of definitions with the table of calls.

In: two tables with rows (name, path, line). Out: for every call of a defined name, in the order of the
calls, a row (name, place of the call, place of the definition), definitions in their order. Both tables
are of real modules."""

from bisect import bisect_left
from collections import defaultdict

FAMILY = "joins"

EXAMPLES = [
    (
        ([("f", "a.py", 1), ("g", "a.py", 5), ("f", "b.py", 2)], [("f", "c.py", 9), ("h", "c.py", 10)]),
        [("f", "c.py:9", "a.py:1"), ("f", "c.py:9", "b.py:2")],
    ),
    (([], [("f", "c.py", 9)]), []),
    (([("f", "a.py", 1)], []), []),
    (([("f", "a.py", 1)], [("g", "a.py", 2), ("F", "a.py", 3)]), []),
    (
        ([("z", "a.py", 1), ("a", "a.py", 2)], [("z", "b.py", 3), ("a", "b.py", 3), ("z", "b.py", 3)]),
        [("z", "b.py:3", "a.py:1"), ("a", "b.py:3", "a.py:2"), ("z", "b.py:3", "a.py:1")],
    ),
    (
        ([("run", "z.py", 9), ("run", "a.py", 1), ("run", "z.py", 9)], [("run", "m.py", 4)]),
        [("run", "m.py:4", "z.py:9"), ("run", "m.py:4", "a.py:1"), ("run", "m.py:4", "z.py:9")],
    ),
]


def place(path, line):
    return f"{path}:{line}"


def definition_uses(definitions, calls):
    joined = []
    for name, path, line in calls:
        for defined_name, defined_path, defined_line in definitions:
            if defined_name == name:
                joined.append((name, place(path, line), place(defined_path, defined_line)))
    return joined


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import calls, definitions

    return [
        (definitions(int(600 * size), seed, part), calls(int(4_500 * size), seed, part)) for part in range(2)
    ]


def solution_known_names(definitions, calls):
    """Skip calls of unknown names by a set, scan the definitions for the rest, O(c + hits * d)."""
    known = {row[0] for row in definitions}
    joined = []
    for name, path, line in calls:
        if name in known:
            use = f"{path}:{line}"
            joined += [(name, use, f"{row[1]}:{row[2]}") for row in definitions if row[0] == name]
    return joined


def solution_scan_per_name(definitions, calls):
    """Scan the definitions once for each distinct called name and remember the places, O(names * d)."""
    remembered = {}
    joined = []
    for name, path, line in calls:
        if name not in remembered:
            remembered[name] = [f"{row[1]}:{row[2]}" for row in definitions if row[0] == name]
        for defined in remembered[name]:
            joined.append((name, f"{path}:{line}", defined))
    return joined


def solution_bisect(definitions, calls):
    """Sort the definitions by name (stable) and search each call by bisection, O((d + c) log d + output)."""
    ordered = sorted(definitions, key=lambda row: row[0])
    names = [row[0] for row in ordered]
    joined = []
    for name, path, line in calls:
        i = bisect_left(names, name)
        while i < len(names) and names[i] == name:
            joined.append((name, f"{path}:{line}", f"{ordered[i][1]}:{ordered[i][2]}"))
            i += 1
    return joined


def solution_merge(definitions, calls):
    """Sort both tables by name, merge them, and put the rows back in the order of the calls."""
    left = sorted(range(len(definitions)), key=lambda i: definitions[i][0])
    right = sorted(range(len(calls)), key=lambda i: calls[i][0])
    slots = [()] * len(calls)
    low = 0
    for j in right:
        name, path, line = calls[j]
        while low < len(left) and definitions[left[low]][0] < name:
            low += 1
        rows, high = [], low
        while high < len(left) and definitions[left[high]][0] == name:
            _, defined_path, defined_line = definitions[left[high]]
            rows.append((name, f"{path}:{line}", f"{defined_path}:{defined_line}"))
            high += 1
        slots[j] = rows
    return [row for rows in slots for row in rows]


def solution_chains(definitions, calls):
    """Link definitions of one name by index (head and next): the index holds integers only, O(d + c)."""
    head = {}
    following = [-1] * len(definitions)
    for i in range(len(definitions) - 1, -1, -1):
        following[i] = head.get(definitions[i][0], -1)
        head[definitions[i][0]] = i
    joined = []
    for name, path, line in calls:
        i = head.get(name, -1)
        while i >= 0:
            joined.append((name, f"{path}:{line}", f"{definitions[i][1]}:{definitions[i][2]}"))
            i = following[i]
    return joined


def solution_index(definitions, calls):
    """Index the rendered places by name, render each call once, O(d + c + output)."""
    places = defaultdict(list)
    for name, path, line in definitions:
        places[name].append(f"{path}:{line}")
    joined = []
    for name, path, line in calls:
        if name in places:
            use = f"{path}:{line}"
            joined += [(name, use, defined) for defined in places[name]]
    return joined
