"""Find the shortest stretch of a text that has all the searched words.

In: words, a list of str (the text); wanted, a list of str, maybe with repeats. Out: a tuple (start, end)
such that words[start:end] has every wanted word at least once and end - start is least; among equals the
least start. None if there is no such stretch; (0, 0) if nothing is wanted.
"""

from bisect import bisect_left

FAMILY = "windows"

EXAMPLES = [
    (([], []), (0, 0)),
    (([], ["a"]), None),
    ((["a", "b"], []), (0, 0)),
    ((["a", "b", "c"], ["c", "a"]), (0, 3)),
    ((["a", "b", "a"], ["a", "b", "a"]), (0, 2)),
    ((["x", "a", "y", "b", "b", "a", "z"], ["a", "b"]), (4, 6)),
    ((["a", "b", "b"], ["b", "q"]), None),
    ((["x", "y", "x", "y"], ["y"]), (1, 2)),
]


def covers(span, wanted):
    return all(word in span for word in wanted)


def shortest_covering_span(words, wanted):
    if not wanted:
        return (0, 0)
    if not covers(words, wanted):
        return None
    best = (0, len(words))
    for start in range(len(words)):
        span = []
        for end in range(start, len(words)):
            span = span + [words[end]]
            if words[end] in wanted and covers(span, wanted):
                if len(span) < best[1] - best[0]:
                    best = (start, end + 1)
                break
    return best


def inputs(seed=0, size=1.0):
    """Inputs: identifiers of standard library modules, searched for a few rare and common ones."""
    import random
    import re
    import sysconfig
    from pathlib import Path

    rng = random.Random(seed)
    modules = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    result = []
    for count, reach in ((500, 60), (560, 30), (400, 150)):
        length, words = max(20, int(count * size)), []
        while len(words) < length:
            words += re.findall(r"\w+", rng.choice(modules).read_text(encoding="utf-8").lower())
        start = rng.randrange(len(words) - length + 1)
        words = words[start : start + length]
        place = rng.randrange(length)
        near = words[max(0, place - reach) : place + reach]
        result.append((words, rng.sample(near, min(len(near), 4)) + [rng.choice(near)]))
    return result


def solution_window(words, wanted):
    """A window with counts that grows to the right and shrinks from the left: linear."""
    if not wanted:
        return (0, 0)
    missing = dict.fromkeys(wanted, 1)
    lacking, start, best = len(missing), 0, None
    for end, word in enumerate(words, 1):
        if word not in missing:
            continue
        missing[word] -= 1
        lacking -= missing[word] == 0
        while not lacking:
            if best is None or end - start < best[1] - best[0]:
                best = (start, end)
            if words[start] in missing:
                missing[words[start]] += 1
                lacking += missing[words[start]] == 1
            start += 1
    return best


def solution_recency(words, wanted):
    """Last places of the wanted words in a dict kept in order of recency: linear, no window counts."""
    if not wanted:
        return (0, 0)
    wanted, last, best = set(wanted), {}, None
    for place, word in enumerate(words):
        if word in wanted:
            last.pop(word, None)
            last[word] = place
            if len(last) == len(wanted):
                start = next(iter(last.values()))
                if best is None or place + 1 - start < best[1] - best[0]:
                    best = (start, place + 1)
    return best


def solution_last_places(words, wanted):
    """Last place of each wanted word, the least of them taken at each hit: linear times wanted."""
    if not wanted:
        return (0, 0)
    last, best = dict.fromkeys(wanted, -1), None
    for place, word in enumerate(words):
        if word in last:
            last[word] = place
            start = min(last.values())
            if start >= 0 and (best is None or place + 1 - start < best[1] - best[0]):
                best = (start, place + 1)
    return best


def places_of(words, wanted):
    places = {word: [] for word in wanted}
    for place, word in enumerate(words):
        if word in places:
            places[word].append(place)
    return list(places.values())


def solution_next_places(words, wanted):
    """From each start the next place of each wanted word by binary search: n times wanted times log."""
    if not wanted:
        return (0, 0)
    places, best = places_of(words, wanted), None
    for start in range(len(words)):
        nexts = [bisect_left(mine, start) for mine in places]
        if any(index == len(mine) for index, mine in zip(nexts, places)):
            break
        end = max(mine[index] for index, mine in zip(nexts, places)) + 1
        if best is None or end - start < best[1] - best[0]:
            best = (start, end)
    return best


def solution_from_each(words, wanted):
    """From each start a set of what is still missing, given up at the best length: n times span."""
    if not wanted:
        return (0, 0)
    wanted, best = set(wanted), None
    for start in range(len(words)):
        missing = set(wanted)
        limit = len(words) if best is None else start + best[1] - best[0] - 1
        for end in range(start, min(len(words), limit)):
            missing.discard(words[end])
            if not missing:
                best = (start, end + 1)
                break
        if best is None:
            return None
    return best
