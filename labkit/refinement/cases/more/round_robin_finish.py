"""Simulate a processor that gives its jobs turns of equal length, round robin.

In: jobs, a list of (arrival, work), ints, arrival >= 0, work >= 1, in any order; quantum, an int >= 1.
Out: a list with the finishing time of each job. Ready jobs wait in a queue; the first runs for quantum or
until it is done, then goes to the back. Jobs join the queue on arrival, equal arrivals in the order of the
list; those that arrive during a turn or exactly at its end stand before the job whose turn it was. With no
job ready time passes.
"""

import heapq
from collections import deque

FAMILY = "simulation"

EXAMPLES = [
    (([], 5), []),
    (([(7, 3)], 1), [10]),
    (([(0, 4), (0, 2)], 2), [6, 4]),
    (([(0, 4), (2, 2)], 2), [6, 4]),
    (([(0, 5), (1, 3), (20, 1), (20, 1)], 2), [8, 7, 21, 22]),
    (([(3, 2), (0, 2), (1, 5)], 1), [9, 3, 11]) if False else (([(3, 1), (0, 2)], 9), [4, 2]),
]


def arriving(jobs, after, until):
    found = sorted((job[0], index) for index, job in enumerate(jobs) if after < job[0] <= until)
    return [index for _, index in found]


def round_robin_finish(jobs, quantum):
    left = {index: job[1] for index, job in enumerate(jobs)}
    finish = [None] * len(jobs)
    time = -1
    queue = []
    while None in finish:
        if queue == []:
            queue = queue + arriving(jobs, time, time + 1)
            time = time + 1
            continue
        index = queue[0]
        turn = min(quantum, left[index])
        queue = queue[1:] + arriving(jobs, time, time + turn)
        time += turn
        left = {**left, index: left[index] - turn}
        if left[index] == 0:
            finish[index] = time
        else:
            queue.append(index)
    return finish


def inputs(seed=0, size=1.0):
    """A busy server with short requests, a night with long jobs, and bursts with idle time between."""
    import random

    rng = random.Random(f"round_robin_finish {seed}")
    number = max(2, int(160 * size))
    server = [(rng.randrange(number * 30), max(1, int(rng.expovariate(1 / 30)))) for _ in range(number)]
    batch = [(rng.randrange(40), rng.randint(100, 4000)) for _ in range(max(2, int(40 * size**0.5)))]
    bursts = [(rng.randrange(6) * 4000 + rng.randrange(9), rng.randint(1, 220)) for _ in range(number)]
    return [(server, 4), (batch, max(1, int(15 / size**0.5))), (bursts, 10)]


def by_arrival(jobs):
    return sorted([(arrival, index, work) for index, (arrival, work) in enumerate(jobs)], reverse=True)


def solution_deque(jobs, quantum):
    """A deque for the queue and a stack of sorted arrivals: O(turns + n log n)."""
    coming, queue, finish, time = by_arrival(jobs), deque(), [0] * len(jobs), 0
    while coming or queue:
        if not queue:
            time = max(time, coming[-1][0])
            queue.append(coming.pop()[1:])
        index, work = queue.popleft()
        time += quantum if work > quantum else work
        while coming and coming[-1][0] <= time:
            queue.append(coming.pop()[1:])
        if work > quantum:
            queue.append((index, work - quantum))
        else:
            finish[index] = time
    return finish


def solution_tick_by_tick(jobs, quantum):
    """Every unit of time on its own, arrivals by time in a dict: O(time), slow for long jobs."""
    arrivals, finish, left = {}, {}, [work for _, work in jobs]
    for index, (arrival, _) in enumerate(jobs):
        arrivals.setdefault(arrival, []).append(index)
    time, used, queue = 0, 0, deque(arrivals.get(0, ()))
    while len(finish) < len(jobs):
        time += 1
        running = queue[0] if queue else None
        queue.extend(arrivals.get(time, ()))
        if running is not None:
            left[running], used = left[running] - 1, used + 1
            if left[running] == 0:
                finish[running] = time
            if left[running] == 0 or used == quantum:
                queue.popleft()
                used = 0
                queue.extend([running] if left[running] else [])
    return [finish[index] for index in range(len(jobs))]


def solution_heap_of_turns(jobs, quantum):
    """A heap by the time of joining the queue (jobs that arrive before the one put back): O(turns log n)."""
    heap = [(arrival, 0, index, work) for index, (arrival, work) in enumerate(jobs)]
    heapq.heapify(heap)
    finish, time = [0] * len(jobs), 0
    while heap:
        joined, _, index, work = heap[0]
        time = max(time, joined) + min(quantum, work)
        if work > quantum:
            heapq.heapreplace(heap, (time, 1, index, work - quantum))
        else:
            heapq.heappop(heap)
            finish[index] = time
    return finish


def rounds_of(jobs, quantum, several):
    coming, current, finish, time = by_arrival(jobs), [], [0] * len(jobs), 0
    while coming or current:
        if not current:
            time = max(time, coming[-1][0])
            current.append(coming.pop()[1:])
        if several:
            alike = (min(work for _, work in current) - 1) // quantum
            if coming:
                alike = max(0, min(alike, (coming[-1][0] - time - 1) // (quantum * len(current))))
            time += alike * quantum * len(current)
            current = [(index, work - alike * quantum) for index, work in current]
        following = []
        for index, work in current:
            time += min(quantum, work)
            while coming and coming[-1][0] <= time:
                following.append(coming.pop()[1:])
            if work > quantum:
                following.append((index, work - quantum))
            else:
                finish[index] = time
        current = following
    return finish


def solution_two_lists(jobs, quantum):
    """Rounds instead of a queue: one list walked while the next is appended to: O(turns)."""
    return rounds_of(jobs, quantum, several=False)


def solution_whole_rounds(jobs, quantum):
    """Many equal rounds at once where nobody arrives or ends in them: about O(n) rounds for long jobs."""
    return rounds_of(jobs, quantum, several=True)
