"""Find the times of a day at which everybody is free for long enough.

In: calendars, a list with a list of busy (start, end) pairs for each person, unsorted and perhaps
overlapping, in minutes, 0 <= start <= end; day_start, day_end and shortest, ints with day_start <= day_end
and shortest >= 1. A minute m (from m to m + 1) is busy when start <= m < end. Out: a list of (start, end),
ascending, of the maximal stretches within the day in which nobody is busy and which last at least shortest
minutes; [] when there are none.
"""

import heapq
import re
from bisect import bisect_left, bisect_right

FAMILY = "intervals"

EXAMPLES = [
    (([], 0, 10, 1), [(0, 10)]),
    (([[]], 5, 5, 1), []),
    (([[(2, 4)], [(3, 6)]], 0, 10, 3), [(6, 10)]),
    (([[(2, 4)], [(3, 6)]], 0, 10, 2), [(0, 2), (6, 10)]),
    (([[(4, 4)]], 0, 8, 1), [(0, 8)]),
    (([[(0, 30)]], 10, 20, 1), []),
    (([[(15, 99), (0, 11)]], 10, 20, 4), [(11, 15)]),
]


def is_busy(calendar, minute):
    return len([meeting for meeting in calendar if meeting[0] <= minute and minute < meeting[1]]) > 0


def find_common_free_slots(calendars, day_start, day_end, shortest):
    minutes = range(day_start, day_end)
    free = [minute for minute in minutes if not any(is_busy(calendar, minute) for calendar in calendars)]
    slots = []
    for minute in free:
        end = minute
        while end in free:
            end += 1
        if minute - 1 not in free and end - minute >= shortest:
            slots.append((minute, end))
    return slots


def inputs(seed=0, size=1.0):
    """A team's working day, a week with sparse bookings of many rooms, and fragmented short calls."""
    import random

    rng = random.Random(seed)
    out = []
    for people, each, minutes, long in ((12, 10, 600, 12), (15, 3, 3000, 150), (6, 30, 1400, 4)):
        day = int(minutes * size)
        calendars = []
        for _ in range(people):
            starts = [rng.randrange(day + 60) for _ in range(max(1, int(each * size)))]
            calendars.append([(start, start + rng.randrange(long)) for start in starts])
        out.append((calendars, 30, 30 + day, rng.choice((2, 3))))
    return out


def solution_sort_and_sweep(calendars, day_start, day_end, shortest):
    """All meetings sorted together, gaps found with the latest end so far: O(m log m)."""
    slots, free_from = [], day_start
    for start, end in sorted(meeting for calendar in calendars for meeting in calendar):
        if start == end:
            continue
        if min(start, day_end) - free_from >= shortest:
            slots.append((free_from, min(start, day_end)))
        free_from = max(free_from, end)
    if day_end - free_from >= shortest:
        slots.append((free_from, day_end))
    return slots


def solution_merge_sorted_calendars(calendars, day_start, day_end, shortest):
    """Calendars sorted alone and merged lazily with a heap: O(m log people), little memory."""
    slots, free_from = [], day_start
    for start, end in heapq.merge(*map(sorted, calendars), [(day_end, day_end + 1)]):
        if start < end:
            if min(start, day_end) - free_from >= shortest:
                slots.append((free_from, min(start, day_end)))
            free_from = max(free_from, end)
    return slots


def solution_difference_array(calendars, day_start, day_end, shortest):
    """Counts of starts minus ends per minute, summed along the day: O(m + minutes)."""
    change = [0] * (day_end - day_start + 1)
    for calendar in calendars:
        for start, end in calendar:
            start, end = max(start, day_start), min(end, day_end)
            if start < end:
                change[start - day_start] += 1
                change[end - day_start] -= 1
    slots, busy, free_from = [], 0, day_start
    for minute, step in enumerate(change[:-1], day_start):
        if step:
            if not busy and minute - free_from >= shortest:
                slots.append((free_from, minute))
            busy += step
            free_from = minute
    if not busy and day_end - free_from >= shortest:
        slots.append((free_from, day_end))
    return slots


def solution_painted_day(calendars, day_start, day_end, shortest):
    """A byte a minute, painted by slices and searched with a pattern: O(busy minutes + minutes) in C."""
    day = bytearray(b".") * (day_end - day_start)
    for calendar in calendars:
        for start, end in calendar:
            start, end = max(start, day_start), min(end, day_end)
            if start < end:
                day[start - day_start : end - day_start] = b"#" * (end - start)
    return [
        (match.start() + day_start, match.end() + day_start)
        for match in re.finditer(rb"\.+", day)
        if match.end() - match.start() >= shortest
    ]


def solution_subtract_each_meeting(calendars, day_start, day_end, shortest):
    """The list of free slots is rebuilt for every meeting: O(m * slots)."""
    free = [(day_start, day_end)]
    for calendar in calendars:
        for start, end in calendar:
            if start < end:
                pieces = [piece for a, b in free for piece in ((a, min(b, start)), (max(a, end), b))]
                free = [(a, b) for a, b in pieces if a < b]
    return [(a, b) for a, b in free if b - a >= shortest]


def solution_disjoint_busy_list(calendars, day_start, day_end, shortest):
    """Busy stretches kept disjoint in sorted lists, every meeting merged by bisection: O(m log m)."""
    starts, ends = [day_end], [day_end + 1]
    for calendar in calendars:
        for start, end in calendar:
            if start < end:
                first, last = bisect_left(ends, start), bisect_right(starts, end)
                if first < last:
                    start, end = min(start, starts[first]), max(end, ends[last - 1])
                starts[first:last], ends[first:last] = [start], [end]
    gaps = zip([day_start] + [max(end, day_start) for end in ends], [min(start, day_end) for start in starts])
    return [(a, b) for a, b in gaps if b - a >= shortest]
