"""Find the least total cost from a station to all others, with fares for legs and a fee at each stop between.

In: legs, a list of (from, to, fare), str, str, int >= 0, one way; fees, a dict from station to int >= 0
(none: 0); origin, a str. Out: a list of (station, cost) by station name, for every station that can be
reached. A trip costs the fares of its legs and the fees of the stations between its ends; the origin
itself costs 0.
"""

from collections import deque
from heapq import heappop, heappush

FAMILY = "graph"

EXAMPLES = [
    (([], {}, "A"), [("A", 0)]),
    (([("B", "A", 3)], {}, "A"), [("A", 0)]),
    (([("A", "B", 3), ("B", "C", 4)], {"A": 9, "B": 2, "C": 9}, "A"), [("A", 0), ("B", 3), ("C", 9)]),
    (([("A", "B", 3), ("A", "B", 1), ("A", "A", 0)], {}, "A"), [("A", 0), ("B", 1)]),
    (([("A", "B", 1), ("B", "C", 1), ("A", "C", 5)], {"B": 4}, "A"), [("A", 0), ("B", 1), ("C", 5)]),
    (
        ([("A", "B", 1), ("B", "C", 1), ("C", "D", 1), ("A", "D", 9)], {"B": 1, "C": 1}, "A"),
        [("A", 0), ("B", 1), ("C", 3), ("D", 5)],
    ),
    (([("Z", "Y", 0), ("Y", "Z", 0), ("Y", "X", 7)], {"Y": 1}, "Z"), [("X", 8), ("Y", 0), ("Z", 0)]),
]


def cheapest_fares(legs, fees, origin):
    costs = [(origin, 0)]
    improved = True
    while improved:
        improved = False
        for start, end, fare in legs:
            known = dict(costs)
            if start not in known:
                continue
            cost = known[start] + fare
            if start != origin:
                cost += fees.get(start, 0)
            if end not in known or cost < known[end]:
                costs = [entry for entry in costs if entry[0] != end]
                costs.append((end, cost))
                improved = True
    return sorted(costs)


def inputs(seed=0, size=1.0):
    """Inputs: a grid of towns, a long line with express legs listed from its far end, a hub network."""
    import random

    rng = random.Random(seed)
    result = []
    legs = []
    wide, high = 9, max(2, int(10 * size))
    for x in range(wide):
        for y in range(high):
            for to_x, to_y in ((x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)):
                if 0 <= to_x < wide and 0 <= to_y < high:
                    legs.append((f"{x:02}-{y:03}", f"{to_x:02}-{to_y:03}", rng.randint(1, 99)))
    rng.shuffle(legs)
    result.append((legs, {}, "00-000"))
    stops = [f"km{n:04}" for n in range(max(4, int(105 * size)))]
    legs = [(stops[n], stops[n + 1], rng.randint(2, 9)) for n in range(len(stops) - 1)]
    legs += [(stops[n], stops[n + 7], rng.randint(20, 60)) for n in range(0, len(stops) - 7, 3)]
    legs.sort(reverse=True)
    result.append((legs, {stop: rng.randint(0, 4) for stop in stops}, stops[0]))
    towns = [f"{rng.choice('BDKLMNPRST')}{rng.choice('aeiou')}{n:03}" for n in range(max(5, int(360 * size)))]
    hubs = towns[: max(2, len(towns) // 20)]
    legs = [(*rng.sample(hubs, 2), rng.randint(50, 300)) for _ in range(3 * len(hubs))]
    for town in towns:
        legs += [
            leg
            for hub in rng.choices(hubs, k=2)
            for leg in ((town, hub, rng.randint(5, 90)), (hub, town, rng.randint(5, 90)))
        ]
    result.append((legs, {town: rng.randint(0, 30) for town in hubs}, towns[-1]))
    return result


def legs_with_fees(legs, fees, origin):
    table = {}
    for start, end, fare in legs:
        table.setdefault(start, []).append((end, fare + (fees.get(start, 0) if start != origin else 0)))
    return table


def solution_heap(legs, fees, origin):
    """Dijkstra with a heap, stale entries skipped: edges times log."""
    table, costs, heap = legs_with_fees(legs, fees, origin), {origin: 0}, [(0, origin)]
    while heap:
        cost, station = heappop(heap)
        if cost > costs[station]:
            continue
        for end, extra in table.get(station, ()):
            total = cost + extra
            if end not in costs or total < costs[end]:
                costs[end] = total
                heappush(heap, (total, end))
    return sorted(costs.items())


def solution_rounds(legs, fees, origin):
    """Bellman-Ford over all legs until a round changes nothing: rounds times edges."""
    costs, improved = {origin: 0}, True
    while improved:
        improved = False
        for start, end, fare in legs:
            if start in costs:
                cost = costs[start] + fare + (fees.get(start, 0) if start != origin else 0)
                if end not in costs or cost < costs[end]:
                    costs[end] = cost
                    improved = True
    return sorted(costs.items())


def solution_queue(legs, fees, origin):
    """Only stations that became cheaper are looked at again, first in first out: few visits each."""
    table, costs = legs_with_fees(legs, fees, origin), {origin: 0}
    queue, queued = deque([origin]), {origin}
    while queue:
        station = queue.popleft()
        queued.discard(station)
        for end, extra in table.get(station, ()):
            total = costs[station] + extra
            if end not in costs or total < costs[end]:
                costs[end] = total
                if end not in queued:
                    queued.add(end)
                    queue.append(end)
    return sorted(costs.items())


def solution_nearest_open(legs, fees, origin):
    """Dijkstra by min over a dict of open stations, all legs scanned each time: stations times legs."""
    open_costs, settled = {origin: 0}, {}
    while open_costs:
        station = min(open_costs, key=open_costs.get)
        settled[station] = open_costs.pop(station)
        base = settled[station] + (fees.get(station, 0) if station != origin else 0)
        for start, end, fare in legs:
            if start == station and end not in settled:
                open_costs[end] = min(base + fare, open_costs.get(end, base + fare))
    return sorted(settled.items())


def solution_cost_buckets(legs, fees, origin):
    """Dial's buckets: stations listed by cost in a dict, costs taken in order from a heap."""
    table, costs, settled = legs_with_fees(legs, fees, origin), {origin: 0}, set()
    buckets, keys = {0: [origin]}, [0]
    while keys:
        cost = heappop(keys)
        for station in buckets[cost]:
            if station in settled:
                continue
            settled.add(station)
            for end, extra in table.get(station, ()):
                total = cost + extra
                if end not in costs or total < costs[end]:
                    costs[end] = total
                    if total not in buckets:
                        buckets[total] = []
                        heappush(keys, total)
                    buckets[total].append(end)
    return sorted(costs.items())
