"""Simulate a ticket hall with one queue and several counters, and report when everybody is served and where.

In: visitors, a list of (arrival, duration), ints with arrival >= 0 and duration >= 1, unsorted; counters, an
int >= 1. Visitors queue by arrival, then by their place in visitors. Whenever a counter is free and somebody
has arrived, the first in the queue goes there at once; to the counter of the lowest number (from 0) when
several are free. A counter is free again at start + duration. Out: a list of (start, counter) in the order of
visitors; [] for none.
"""

import heapq
from bisect import insort

FAMILY = "simulation"

EXAMPLES = [
    (([], 2), []),
    (([(3, 4)], 1), [(3, 0)]),
    (([(0, 5), (0, 5)], 1), [(0, 0), (5, 0)]),
    (([(0, 5), (0, 3), (1, 1)], 2), [(0, 0), (0, 1), (3, 1)]),
    (([(4, 1), (0, 9), (2, 2)], 2), [(4, 1), (0, 0), (2, 1)]),
    (([(0, 2), (0, 2), (1, 1), (2, 1)], 2), [(0, 0), (0, 1), (2, 0), (2, 1)]),
    (([(0, 9), (0, 1), (5, 1)], 3), [(0, 0), (0, 1), (5, 1)]),
]


def simulate_ticket_counters(visitors, counters):
    result = [None] * len(visitors)
    busy_until = [0] * counters
    waiting = []
    arrived = []
    minute = 0
    while None in result:
        for number, visitor in enumerate(visitors):
            if visitor[0] == minute and number not in arrived:
                arrived.append(number)
                waiting.append(number)
        for counter in range(counters):
            if waiting and busy_until[counter] <= minute:
                number = waiting.pop(0)
                result[number] = (minute, counter)
                busy_until[counter] = minute + visitors[number][1]
        minute += 1
    return result


def inputs(seed=0, size=1.0):
    """A steady flow, a rush at opening time with a long queue, and many counters with long services."""
    import random

    rng = random.Random(seed)
    n = int(700 * size)
    steady = [(rng.randrange(4 * n + 1), rng.randint(1, 14)) for _ in range(n)]
    rush = [(int(n * rng.random() ** 3), rng.choice((2, 3, 3, 20))) for _ in range(2 * n)]
    long = [(rng.randrange(3 * n + 1), rng.randint(60, 300)) for _ in range(n)]
    return [(steady, 3), (rush, 4), (long, 55)]


def _queue(visitors):
    return sorted(range(len(visitors)), key=lambda number: visitors[number][0])


def solution_scan_counters(visitors, counters):
    """Visitor by visitor; the counter by a scan of all counters: O(n * counters)."""
    result, until = [None] * len(visitors), [0] * counters
    for number in _queue(visitors):
        arrival, duration = visitors[number]
        start = max(arrival, min(until))
        counter = next(i for i, end in enumerate(until) if end <= start)
        result[number] = (start, counter)
        until[counter] = start + duration
    return result


def solution_two_heaps(visitors, counters):
    """A heap of free counters and one of ends of service: O(n log counters)."""
    result, free, busy, start = [None] * len(visitors), list(range(counters)), [], 0
    for number in _queue(visitors):
        arrival, duration = visitors[number]
        start = max(start, arrival)
        if not free and busy[0][0] > start:
            start = busy[0][0]
        while busy and busy[0][0] <= start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        counter = heapq.heappop(free)
        result[number] = (start, counter)
        heapq.heappush(busy, (start + duration, counter))
    return result


def solution_event_list(visitors, counters):
    """A list of all events in order of time, ends of service inserted as they become known: O(n * events)."""
    result, free, head = [None] * len(visitors), list(range(counters)), 0
    queue = _queue(visitors)
    events = sorted({(arrival, -1) for arrival, _ in visitors}, reverse=True)
    while head < len(queue):
        now = events[-1][0]
        while events and events[-1][0] == now:
            counter = events.pop()[1]
            if counter >= 0:
                insort(free, counter)
        while free and head < len(queue) and visitors[queue[head]][0] <= now:
            number, counter = queue[head], free.pop(0)
            result[number] = (now, counter)
            insort(events, (now + visitors[number][1], counter), key=lambda event: (-event[0], -event[1]))
            head += 1
    return result


def solution_minute_by_minute_indexed(visitors, counters):
    """Every minute is visited, with the queue sorted once and a pointer into it: O(minutes * counters)."""
    result, until = [None] * len(visitors), [0] * counters
    queue = _queue(visitors)
    head, minute = 0, 0
    while head < len(queue):
        for counter in range(counters):
            if head < len(queue) and visitors[queue[head]][0] <= minute and until[counter] <= minute:
                result[queue[head]] = (minute, counter)
                until[counter] = minute + visitors[queue[head]][1]
                head += 1
        minute += 1
    return result


def solution_calendar_of_bits(visitors, counters):
    """Free counters as bits of an int; a dict from minute to the bits freed then: O(n + minutes)."""
    result, freed, free = [None] * len(visitors), {}, (1 << counters) - 1
    now = 0
    for number in _queue(visitors):
        arrival, duration = visitors[number]
        while freed and (now < arrival or not free):
            now += 1
            free |= freed.pop(now, 0)
        now = max(now, arrival)
        lowest = free & -free
        free ^= lowest
        result[number] = (now, lowest.bit_length() - 1)
        freed[now + duration] = freed.get(now + duration, 0) | lowest
    return result
