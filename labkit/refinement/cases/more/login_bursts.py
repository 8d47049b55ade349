"""Report the users whose failed logins pile up within a short time.

In: failures, a list of (time, user), int and str, in any order; seconds and limit, int >= 1. Out: a list
of (user, peak, start), by descending peak, then by user. The peak of a user is the greatest number of
their failures at times t with start <= t < start + seconds, where start is the time of one of them; the
earliest such start is given. Only users whose peak is at least `limit` are listed.
"""

from bisect import bisect_left
from collections import deque

FAMILY = "windows"

EXAMPLES = [
    (([], 10, 1), []),
    (([(5, "ann")], 10, 1), [("ann", 1, 5)]),
    (([(5, "ann")], 10, 2), []),
    (([(15, "ann"), (5, "ann"), (14, "ann")], 10, 2), [("ann", 2, 5)]),
    (([(1, "bob"), (1, "ann"), (2, "bob"), (2, "ann")], 2, 2), [("ann", 2, 1), ("bob", 2, 1)]),
    (([(7, "ann"), (7, "ann"), (7, "ann"), (9, "bob"), (8, "ann")], 1, 1), [("ann", 3, 7), ("bob", 1, 9)]),
    (([(0, "x"), (4, "x"), (6, "x"), (8, "x"), (20, "x"), (24, "x"), (24, "x")], 5, 3), [("x", 3, 4)]),
]


def failures_of(user, failures):
    return [time for time, name in failures if name == user]


def login_bursts(failures, seconds, limit):
    users = []
    for _, user in failures:
        if user not in users:
            users.append(user)
    bursts = []
    for user in users:
        peak, first = 0, None
        for start in sorted(failures_of(user, failures)):
            count = len([time for time in failures_of(user, failures) if start <= time < start + seconds])
            if count > peak:
                peak, first = count, start
        if peak >= limit:
            bursts.append((user, peak, first))
            bursts.sort(key=lambda burst: (-burst[1], burst[0]))
    return bursts


def inputs(seed=0, size=1.0):
    """Inputs: a day of failures, most users with a few, some attacked in bursts; log shards not in order."""
    import random

    rng = random.Random(seed)
    result = []
    for count, users, seconds, limit in ((1200, 300, 600, 3), (900, 9, 3600, 5), (1300, 1500, 60, 2)):
        failures = []
        while len(failures) < count * size:
            user = f"{rng.choice(['svc', 'usr', 'adm'])}{int(rng.paretovariate(0.7) * 7) % users:04}"
            time = rng.randrange(86_400)
            for _ in range(int(rng.paretovariate(1.2)) if rng.random() < 0.2 else 1):
                failures.append((time, user))
                time += rng.randint(0, 30)
                if len(failures) > count * size:
                    break
        rng.shuffle(failures)
        result.append((failures, seconds, limit))
    return result


def times_by_user(failures):
    times = {}
    for time, user in failures:
        times.setdefault(user, []).append(time)
    return times


def ordered(bursts, limit):
    listed = [burst for burst in bursts if burst[1] >= limit]
    return sorted(listed, key=lambda burst: (-burst[1], burst[0]))


def solution_two_pointers(failures, seconds, limit):
    """Times sorted for each user, a window moved along them, only as wide as the peak: n log n."""
    bursts = []
    for user, times in times_by_user(failures).items():
        if len(times) < limit:
            continue
        times.sort()
        peak, first = 1, times[0]
        for place, start in enumerate(times):
            while place + peak < len(times) and times[place + peak] < start + seconds:
                peak += 1
                first = start
        bursts.append((user, peak, first))
    return ordered(bursts, limit)


def solution_bisect(failures, seconds, limit):
    """Times sorted for each user, the end of each window by binary search: n log n."""
    bursts = []
    for user, times in times_by_user(failures).items():
        times.sort()
        counts = [bisect_left(times, start + seconds) - place for place, start in enumerate(times)]
        peak = max(counts)
        bursts.append((user, peak, times[counts.index(peak)]))
    return ordered(bursts, limit)


def solution_stream(failures, seconds, limit):
    """All failures in order of time, a queue of recent ones for each user: n log n."""
    recent, best = {}, {}
    for time, user in sorted(failures):
        queue = recent.setdefault(user, deque())
        queue.append(time)
        while queue[0] <= time - seconds:
            queue.popleft()
        if len(queue) > best.get(user, (0, 0))[0]:
            best[user] = (len(queue), queue[0])
    return ordered([(user, *found) for user, found in best.items()], limit)


def solution_user_squares(failures, seconds, limit):
    """Group by user, then count for each failure among those of its user: quadratic in a user's failures."""
    bursts = []
    for user, times in times_by_user(failures).items():
        counts = [(-sum(start <= time < start + seconds for time in times), start) for start in times]
        count, start = min(counts)
        bursts.append((user, -count, start))
    return ordered(bursts, limit)


def solution_all_pairs(failures, seconds, limit):
    """Count for each failure over all failures in plain loops, no lists: n squared, little memory."""
    best = {}
    for start, user in failures:
        end, count = start + seconds, 0
        for time, name in failures:
            if name == user and start <= time < end:
                count += 1
        best[user] = min(best.get(user, (0, 0)), (-count, start))
    return ordered([(user, -count, start) for user, (count, start) in best.items()], limit)


def solution_time_slots(failures, seconds, limit):
    """Failures in slots of `seconds` by user, each counted over its own slot and the next: n times slot."""
    slots = {}
    for time, user in failures:
        slots.setdefault((user, time // seconds), []).append(time)
    best = {}
    for (user, slot), times in slots.items():
        following = slots.get((user, slot + 1), ())
        if len(times) + len(following) < limit:
            continue
        for start in set(times):
            count = sum(time >= start for time in times) + sum(time < start + seconds for time in following)
            best[user] = min(best.get(user, (0, 0)), (-count, start))
    return ordered([(user, -count, start) for user, (count, start) in best.items()], limit)
