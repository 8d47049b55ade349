"""Count for every package how many other packages need it, directly or through others.

In: packages, a list of unique str, and requires, a list of (package, needed package) pairs of names in
packages, perhaps repeated, without cycles. Out: a list of (package, count) in descending order of count, then
by name; count is the number of different packages from which the package can be reached. Empty packages give
[].
"""

from functools import lru_cache

FAMILY = "graph"

EXAMPLES = [
    (([], []), []),
    ((["a"], []), [("a", 0)]),
    ((["b", "a"], []), [("a", 0), ("b", 0)]),
    ((["app", "lib"], [("app", "lib"), ("app", "lib")]), [("lib", 1), ("app", 0)]),
    ((["a", "b", "c"], [("a", "b"), ("b", "c")]), [("c", 2), ("b", 1), ("a", 0)]),
    (
        (["a", "b", "c", "d"], [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]),
        [("d", 3), ("b", 1), ("c", 1), ("a", 0)],
    ),
]


def direct_dependents(package, requires):
    return [user for user, needed in requires if needed == package]


def count_transitive_dependents(packages, requires):
    counts = {}
    for package in packages:
        found = []
        todo = direct_dependents(package, requires)
        while todo:
            user = todo.pop(0)
            if user not in found:
                found.append(user)
                todo = todo + direct_dependents(user, requires)
        counts[package] = len(found)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def inputs(seed=0, size=1.0):
    """A broad repository with popular core libraries, a layered one, and a long chain with shortcuts."""
    import random

    rng = random.Random(seed)
    out = []
    for n, edges, reach in ((300, 1.7, None), (240, 1.9, 25), (180, 1.2, 4)):
        n = max(2, int(n * size))
        names = [f"{rng.choice(('lib', 'py', 'go', 'x'))}-{i}" for i in range(n)]
        requires = []
        for _ in range(int(n * edges)):
            user = rng.randrange(1, n)
            popular, near = int(user * rng.random() ** 2), rng.randrange(max(0, user - (reach or 1)), user)
            requires.append((names[user], names[near if reach else popular]))
        out.append((rng.sample(names, n), requires))
    return out


def _users(packages, requires):
    users = {package: set() for package in packages}
    for user, needed in requires:
        users[needed].add(user)
    return users


def solution_search_with_index(packages, requires):
    """An index of dependents and one depth-first search a package: O(packages * edges)."""
    users = _users(packages, requires)
    counts = []
    for package in packages:
        seen, stack = set(), [package]
        while stack:
            fresh = users[stack.pop()] - seen
            seen |= fresh
            stack.extend(fresh)
        counts.append((-len(seen), package))
    return [(package, -count) for count, package in sorted(counts)]


def solution_set_per_package(packages, requires):
    """Memoised sets of dependents, a union over the direct ones: O(packages * edges), much memory."""
    users = _users(packages, requires)

    @lru_cache(maxsize=None)
    def dependents(package):
        direct = users[package]
        return frozenset(direct).union(*map(dependents, direct))

    counts = {package: len(dependents(package)) for package in packages}
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def solution_bitsets_in_topological_order(packages, requires):
    """A big integer as a bit set a package, joined in topological order: O(edges * packages / word)."""
    number = {package: i for i, package in enumerate(packages)}
    needs = [[] for _ in packages]
    waiting = [0] * len(packages)
    for user, needed in set(requires):
        needs[number[user]].append(number[needed])
        waiting[number[needed]] += 1
    bits = [0] * len(packages)
    ready = [i for i, count in enumerate(waiting) if not count]
    for i in ready:
        mine = bits[i] | 1 << i
        for j in needs[i]:
            bits[j] |= mine
            waiting[j] -= 1
            ready.extend([] if waiting[j] else [j])
    counts = sorted((-bits[i].bit_count(), package) for i, package in enumerate(packages))
    return [(package, -count) for count, package in counts]


def solution_bitset_closure(packages, requires):
    """Warshall's closure with a bit set a row: O(packages ** 2) operations on big integers."""
    number = {package: i for i, package in enumerate(packages)}
    rows = [0] * len(packages)
    for user, needed in requires:
        rows[number[needed]] |= 1 << number[user]
    for middle, mask in enumerate([1 << i for i in range(len(packages))]):
        through = rows[middle]
        for i, row in enumerate(rows):
            if row & mask:
                rows[i] = row | through
    counts = {package: row.bit_count() for package, row in zip(packages, rows)}
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def solution_boolean_matrix(packages, requires):
    """Warshall's closure over lists of bool: O(packages ** 3)."""
    n = len(packages)
    number = {package: i for i, package in enumerate(packages)}
    reached = [[False] * n for _ in range(n)]
    for user, needed in requires:
        reached[number[needed]][number[user]] = True
    for middle in range(n):
        through = reached[middle]
        for row in reached:
            if row[middle]:
                row[:] = [a or b for a, b in zip(row, through)]
    counts = sorted((-sum(reached[i]), package) for i, package in enumerate(packages))
    return [(package, -count) for count, package in counts]
