"""List the links of a network whose failure alone cuts it in two.

In: links, a list of (a, b), str each, undirected. Out: a sorted list of (a, b) with a < b. A link is
critical if without it its ends are no longer connected. Links listed twice (in either direction) are two
cables, so neither is critical; a link from a device to itself never is. No links: an empty list.
"""

FAMILY = "graph"

EXAMPLES = [
    (([],), []),
    (([("b", "a")],), [("a", "b")]),
    (([("a", "b"), ("b", "a")],), []),
    (([("a", "a"), ("a", "b")],), [("a", "b")]),
    (([("a", "b"), ("b", "c"), ("c", "a"), ("d", "c")],), [("c", "d")]),
    (([("p", "q"), ("x", "y"), ("q", "r")],), [("p", "q"), ("q", "r"), ("x", "y")]),
    (
        ([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d"), ("f", "g")],),
        [("c", "d"), ("f", "g")],
    ),
]


def connected(links, start, goal):
    seen = [start]
    for device in seen:
        for a, b in links:
            if a == device and b not in seen:
                seen.append(b)
            elif b == device and a not in seen:
                seen.append(a)
    return goal in seen


def critical_links(links):
    critical = []
    for place in range(len(links)):
        others = links[:place] + links[place + 1 :]
        a, b = links[place]
        if not connected(others, a, b):
            critical.append((min(a, b), max(a, b)))
            critical.sort()
    return critical


def inputs(seed=0, size=1.0):
    """Inputs: rings of routers with trees of devices, a long chain with a few loops, separate sites."""
    import random

    rng = random.Random(seed)
    result = []
    for count, ring, extra in ((80, 8, 3), (80, 1, 4), (110, 4, 9)):
        count = max(6, int(count * size))
        names = [f"{rng.choice(['sw', 'rt', 'ap'])}-{n:04}" for n in range(count)]
        links = []
        for place in range(1, count):
            if ring == 4 and place % 20 == 0:
                continue
            before = place - 1 if ring == 1 or place % ring else max(0, place - rng.randint(1, 20))
            links.append((names[place], names[before]))
            if ring > 1 and place % ring == ring - 1:
                links.append((names[place], names[place - ring + 2]))
        for _ in range(max(1, int(extra * size))):
            first = rng.randrange(count)
            links.append((names[first], names[max(0, first - rng.randint(0, 6))]))
        links.append(rng.choice(links)[::-1])
        rng.shuffle(links)
        result.append((links,))
    return result


def neighbours(links):
    table = {}
    for number, (a, b) in enumerate(links):
        table.setdefault(a, []).append((b, number))
        table.setdefault(b, []).append((a, number))
    return table


def search_tree(links):
    """Devices in depth-first order and the (parent, link) of each."""
    table, order, parent = neighbours(links), [], {}
    for root in table:
        stack = [(root, None, -1)]
        while stack:
            device, above, number = stack.pop()
            if device not in parent:
                parent[device] = (above, number)
                order.append(device)
                stack += [(other, device, link) for other, link in table[device] if other not in parent]
    return order, parent


def named(links, numbers):
    return sorted((min(links[number]), max(links[number])) for number in numbers)


def solution_low_points(links):
    """Lowest place reached from each subtree of one depth-first search: linear."""
    order, parent = search_tree(links)
    place = {device: number for number, device in enumerate(order)}
    low = dict(place)
    tree = {number for _, number in parent.values()}
    for number, (a, b) in enumerate(links):
        if number not in tree:
            low[a] = min(low[a], place[b])
            low[b] = min(low[b], place[a])
    critical = []
    for device in reversed(order):
        above, number = parent[device]
        if above is not None:
            low[above] = min(low[above], low[device])
            if low[device] == place[device]:
                critical.append(number)
    return named(links, critical)


def solution_cover_counts(links):
    """Links outside the depth-first tree counted over the tree path they span, by differences: linear."""
    order, parent = search_tree(links)
    place = {device: number for number, device in enumerate(order)}
    tree = {number for _, number in parent.values()}
    covers = dict.fromkeys(order, 0)
    for number, (a, b) in enumerate(links):
        if number not in tree:
            covers[max(a, b, key=place.get)] += 1
            covers[min(a, b, key=place.get)] -= 1
    critical = []
    for device in reversed(order):
        above, number = parent[device]
        if above is not None:
            covers[above] += covers[device]
            if covers[device] == 0:
                critical.append(number)
    return named(links, critical)


def solution_contract(links):
    """Tree paths of the other links walked and contracted with union-find: almost linear."""
    order, parent = search_tree(links)
    place = {device: number for number, device in enumerate(order)}
    tree = {number for _, number in parent.values()}
    top = {device: device for device in order}

    def find(device):
        while top[device] != device:
            top[device] = top[top[device]]
            device = top[device]
        return device

    for number, (a, b) in enumerate(links):
        if number not in tree:
            a, b = find(a), find(b)
            while a != b:
                if place[a] < place[b]:
                    a, b = b, a
                top[a] = find(parent[a][0])
                a = top[a]
    return named(
        links,
        [parent[device][1] for device in order if top[device] == device and parent[device][0] is not None],
    )


def solution_indexed_search(links):
    """One search for each link over a shared neighbour table, stopped at the goal: links squared."""
    table, critical = neighbours(links), []
    for cut, (start, goal) in enumerate(links):
        seen, stack = {start}, [start]
        while stack and goal not in seen:
            for other, number in table[stack.pop()]:
                if number != cut and other not in seen:
                    seen.add(other)
                    stack.append(other)
        if goal not in seen:
            critical.append(cut)
    return named(links, critical)


def solution_tree_only(links):
    """Union-find anew without each link of a spanning forest, since no other can be critical: n times m."""

    def joins(numbers):
        group = {}

        def find(device):
            while group.setdefault(device, device) != device:
                device = group[device]
            return device

        used = []
        for number in numbers:
            a, b = find(links[number][0]), find(links[number][1])
            if a != b:
                group[a] = b
                used.append(number)
        return used

    everything = range(len(links))
    forest = joins(everything)
    critical = [cut for cut in forest if len(joins([n for n in everything if n != cut])) < len(forest)]
    return named(links, critical)
