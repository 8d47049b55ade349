"""Find the slots in which nobody has an appointment.

In: calendars, a list with one list of appointments (start, end) a person, in minutes, start < end, in any
order, overlaps allowed, possibly outside of the period; opening and closing, ints, opening <= closing: the
period looked at; length, an int >= 1.
Out: a list of (start, end), ascending: all maximal stretches of the period that touch no appointment and
last at least length minutes. An appointment that ends at minute 30 leaves a slot from minute 30 on.
"""

import heapq
from collections import Counter
from itertools import accumulate

FAMILY = "intervals"

EXAMPLES = [
    (([], 0, 60, 30), [(0, 60)]),
    (([[], []], 0, 60, 61), []),
    (([[(10, 20)], [(15, 30)]], 0, 60, 5), [(0, 10), (30, 60)]),
    (([[(10, 20)], [(15, 30)]], 0, 60, 20), [(30, 60)]),
    (([[(40, 50), (0, 10)], [(10, 40)]], 0, 50, 1), []),
    (([[(-20, 5), (55, 90), (100, 120)]], 0, 60, 10), [(5, 55)]),
    (([[(0, 10), (20, 60)], [(2, 8)]], 5, 5, 1), []),
]


def is_free(minute, calendars):
    busy = []
    for appointments in calendars:
        busy += [minute for start, end in appointments if start <= minute < end]
    return minute not in busy


def free_slots(calendars, opening, closing, length):
    free = []
    for minute in range(opening, closing):
        if is_free(minute, calendars):
            free.append(minute)
    slots = []
    while free:
        start = free.pop(0)
        end = start + 1
        while end in free:
            free.remove(end)
            end += 1
        if end - start >= length:
            slots.append((start, end))
    return slots


def inputs(seed=0, size=1.0):
    """A small team over a week, a large one on a single day, and rooms that are hardly used."""
    import random

    rng = random.Random(f"free_slots {seed}")
    cases = []
    shrink = size**0.5
    for people, days, meetings, length in ((3, 6, 8, 30), (40, 1, 5, 5), (6, 4, 6, 60)):
        period = max(60, int(days * 1440 * shrink))
        calendars = []
        for _ in range(max(1, int(people * shrink)) if people > 9 else people):
            calendar = []
            for _ in range(max(1, int(days * meetings * shrink))):
                start = int(rng.betavariate(2, 3) * period) // 5 * 5
                calendar.append((start, start + rng.choice((15, 30, 30, 45, 60, 90))))
            calendars.append(calendar)
        cases.append((calendars, 0, period, length))
    return cases


def solution_cut_apart(calendars, opening, closing, length):
    """Start with the whole period and cut it at every appointment: O(appointments * slots), middling."""
    slots = [(opening, closing)]
    for appointments in calendars:
        for start, end in appointments:
            left = [(first, min(last, start)) for first, last in slots if first < start]
            right = [(max(first, end), last) for first, last in slots if last > end]
            slots = left + right
    return sorted(slot for slot in slots if slot[1] - slot[0] >= length)


def solution_sort_and_sweep(calendars, opening, closing, length):
    """All appointments sorted by start, one pass with the latest end so far: O(n log n)."""
    slots, free_from = [], opening
    everything = sorted([appointment for appointments in calendars for appointment in appointments])
    everything.append((closing, closing))
    for start, end in everything:
        if start > closing:
            start = closing
        if start - free_from >= length:
            slots.append((free_from, start))
        if end > free_from:
            free_from = end
    return slots


def solution_merged_streams(calendars, opening, closing, length):
    """Each calendar sorted on its own and merged lazily with heapq.merge, no joint list."""
    slots, free_from = [], opening
    for start, end in heapq.merge(*map(sorted, calendars), [(closing, closing)]):
        if min(start, closing) - free_from >= length:
            slots.append((free_from, min(start, closing)))
        free_from = max(free_from, end)
    return slots


def solution_differences(calendars, opening, closing, length):
    """Plus and minus one at the edges, summed over every minute: O(n + minutes)."""
    change = Counter()
    for appointments in calendars:
        for start, end in appointments:
            change[max(start, opening)] += 1
            change[max(end, opening)] -= 1
    busy = accumulate([change[minute] for minute in range(opening, closing)])
    slots, since = [], None
    for minute, number in enumerate([*busy, 1], opening):
        if number and since is not None:
            if minute - since >= length:
                slots.append((since, minute))
            since = None
        elif not number and since is None:
            since = minute
    return slots


def solution_painted_bytes(calendars, opening, closing, length):
    """Paint a bytearray with slices and split it at the busy minutes: O(n * duration) at memcpy speed."""
    day = bytearray(b".") * (closing - opening)
    for appointments in calendars:
        for start, end in appointments:
            first, last = max(start - opening, 0), min(end - opening, len(day))
            if first < last:
                day[first:last] = b"x" * (last - first)
    slots, place = [], opening
    for stretch in day.split(b"x"):
        if len(stretch) >= length:
            slots.append((place, place + len(stretch)))
        place += len(stretch) + 1
    return slots
