"""Find the links of a network whose failure alone cuts some sites off from others they could reach before.

In: sites, an int (sites are 0 .. sites - 1), and links, a list of (a, b) pairs of different sites; the
network may be in several parts, and two links may join the same two sites. Out: the positions in links of the
critical links, a list of int in ascending order; [] when there are none.
"""

FAMILY = "graph"

EXAMPLES = [
    ((0, []), []),
    ((3, []), []),
    ((2, [(0, 1)]), [0]),
    ((2, [(0, 1), (1, 0)]), []),
    ((3, [(0, 1), (1, 2), (2, 0)]), []),
    ((4, [(0, 1), (1, 2), (2, 0), (3, 1)]), [3]),
    ((6, [(0, 1), (2, 3), (3, 4), (4, 2), (4, 5)]), [0, 4]),
]


def count_parts(sites, links):
    part = list(range(sites))
    for a, b in links:
        if part[a] != part[b]:
            part = [part[a] if p == part[b] else p for p in part]
    return len(set(part))


def find_critical_links(sites, links):
    critical = []
    for at in range(len(links)):
        remaining = links[:at] + links[at + 1 :]
        if count_parts(sites, remaining) > count_parts(sites, links):
            critical.append(at)
    return critical


def inputs(seed=0, size=1.0):
    """A tree with a few spare links, rings joined by single links, and a dense network with stubs."""
    import random

    rng = random.Random(seed)
    n = max(8, int(100 * size))
    core, ring = n * 3 // 4, 8
    sparse = [(i, rng.randrange(i)) for i in range(1, n)]
    sparse += [tuple(rng.sample(range(n), 2)) for _ in range(n // 6)]
    rings = [(i, i + 1 if (i + 1) % ring and i + 1 < n else i - i % ring) for i in range(n)]
    rings = [(a, b) for a, b in rings if a != b] + [(i, i - ring + 3) for i in range(ring, n, ring)]
    dense = [tuple(rng.sample(range(core), 2)) for _ in range(2 * core)]
    dense += [(i, i - core) for i in range(core, n)]
    return [(n, rng.sample(links, len(links))) for links in (sparse, rings, dense)]


def _neighbours(sites, links):
    near = [[] for _ in range(sites)]
    for at, (a, b) in enumerate(links):
        near[a].append((b, at))
        near[b].append((a, at))
    return near


def _forest(sites, links):
    """Sites in an order of discovery, and the link to the parent and the parent of each (or -1)."""
    near = _neighbours(sites, links)
    order, via, parent = [], [-1] * sites, [-1] * sites
    seen = [False] * sites
    for root in range(sites):
        stack = [(root, -1, -1)]
        while stack:
            site, link, above = stack.pop()
            if not seen[site]:
                seen[site], via[site], parent[site] = True, link, above
                order.append(site)
                stack.extend((other, at, site) for other, at in near[site] if not seen[other])
    return order, via, parent


def solution_search_without_link(sites, links):
    """For every link, search from one end to the other without it: O(links ** 2)."""
    near, critical = _neighbours(sites, links), []
    for at, (a, b) in enumerate(links):
        seen, stack = {a}, [a]
        while stack and b not in seen:
            for other, link in near[stack.pop()]:
                if link != at and other not in seen:
                    seen.add(other)
                    stack.append(other)
        if b not in seen:
            critical.append(at)
    return critical


def solution_low_links(sites, links):
    """Tarjan's low numbers over a depth-first forest: O(sites + links)."""
    order, via, parent = _forest(sites, links)
    rank = {site: i for i, site in enumerate(order)}
    low, tree = dict(rank), set(via)
    for at, (a, b) in enumerate(links):
        if at not in tree:
            low[a], low[b] = min(low[a], rank[b]), min(low[b], rank[a])
    for site in reversed(order):
        if parent[site] >= 0:
            low[parent[site]] = min(low[parent[site]], low[site])
    return sorted(via[site] for site in order if parent[site] >= 0 and low[site] == rank[site])


def solution_parity_masks(sites, links):
    """A bit for every spare link, xor-ed up a spanning forest; a zero mask is critical: O(links * spare)."""
    order, via, parent = _forest(sites, links)
    tree, mask, bit = set(via), [0] * sites, 1
    for at, (a, b) in enumerate(links):
        if at not in tree:
            mask[a] ^= bit
            mask[b] ^= bit
            bit <<= 1
    for site in reversed(order):
        if parent[site] >= 0:
            mask[parent[site]] ^= mask[site]
    return sorted(via[site] for site in order if parent[site] >= 0 and not mask[site])


def solution_contract_cycles(sites, links):
    """Every spare link contracts its tree path in a union-find: near linear; what stays is critical."""
    order, via, parent = _forest(sites, links)
    rank, tree, top = {site: i for i, site in enumerate(order)}, set(via), list(range(sites))

    def find(site):
        while top[site] != site:
            top[site] = site = top[top[site]]
        return site

    for at, (a, b) in enumerate(links):
        if at not in tree:
            a, b = find(a), find(b)
            while a != b:
                a, b = max(a, b, key=rank.get), min(a, b, key=rank.get)
                top[a] = parent[a]
                a = find(a)
    return sorted(via[site] for site in order if parent[site] >= 0 and top[site] == site)


def solution_tree_links_only(sites, links):
    """Only links of a spanning forest are tried, a component count each: O(sites * links)."""
    _, via, parent = _forest(sites, links)
    critical = []
    for at in sorted(link for link in via if link >= 0):
        order, _, up = _forest(sites, links[:at] + links[at + 1 :])
        if sum(up[site] < 0 for site in order) > parent.count(-1):
            critical.append(at)
    return critical
