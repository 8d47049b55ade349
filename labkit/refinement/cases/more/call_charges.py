"""Charge each phone call by the rate whose prefix matches the called number longest.

In: calls, a list of (number, seconds), str and int >= 0; rates, a dict from prefix (str) to cents a
minute (int). Out: a list, in the order of calls, of (prefix, cost): the longest prefix in rates that the
number starts with, and the rate times the minutes begun. The prefix "" may have a rate too. Without a
match: ("", 0).
"""

import re
from bisect import bisect_right

FAMILY = "joins"

EXAMPLES = [
    (([], {"41": 5}), []),
    (([("4144", 61)], {"41": 5}), [("41", 10)]),
    (([("4144", 60), ("4", 10)], {"41": 5, "414": 7, "4145": 9}), [("414", 7), ("", 0)]),
    (([("49", 0), ("50", 1)], {"49": 3, "": 8}), [("49", 0), ("", 8)]),
    (([("123", 600)], {}), [("", 0)]),
    (([("123", 1), ("123", 1)], {"123": 2, "1234": 1, "12": 9}), [("123", 2), ("123", 2)]),
    (([("1255", 1)], {"12": 4, "123": 2, "1234": 1, "1": 9}), [("12", 4)]),
]


def minutes_begun(seconds):
    return (seconds + 59) // 60


def find_prefix(number, rates):
    matching = []
    for prefix in rates.keys():
        if number[: len(prefix)] == prefix:
            matching.append(prefix)
    matching.sort(key=len, reverse=True)
    return matching[0] if matching else None


def call_charges(calls, rates):
    charges = []
    for number, seconds in calls:
        if find_prefix(number, rates) is not None:
            prefix = find_prefix(number, rates)
            charges.append((prefix, rates[prefix] * minutes_begun(seconds)))
        else:
            charges.append(("", 0))
    return charges


def inputs(seed=0, size=1.0):
    """Inputs: rate tables with nested prefixes, calls that go to a few destinations mostly."""
    import random

    rng = random.Random(seed)
    result = []
    for call_count, rate_count in ((400, 2000), (900, 700), (1500, 250)):
        prefixes = [str(n) for n in range(2, 9)]
        while len(prefixes) < rate_count * size**0.5:
            prefixes.append(rng.choice(prefixes)[:7] + str(rng.randrange(10 ** rng.randint(1, 2))))
        rates = {prefix: rng.randint(1, 90) for prefix in prefixes}
        calls = []
        for _ in range(max(3, int(call_count * size**0.5))):
            start = prefixes[min(len(prefixes) - 1, int(rng.expovariate(5 / len(prefixes))))]
            if rng.random() < 0.1:
                start = rng.choice("019")
            calls.append((start + f"{rng.randrange(10**7):07}", int(rng.expovariate(1 / 150))))
        result.append((calls, rates))
    return result


def solution_slices(calls, rates):
    """Look up ever shorter slices of the number in the dict: calls times prefix length."""
    longest = max(map(len, rates), default=0)
    charges = []
    for number, seconds in calls:
        for length in range(min(longest, len(number)), -1, -1):
            rate = rates.get(number[:length])
            if rate is not None:
                charges.append((number[:length], rate * ((seconds + 59) // 60)))
                break
        else:
            charges.append(("", 0))
    return charges


def solution_trie(calls, rates):
    """Walk a trie of nested dicts, noting the last rate passed: calls times prefix length."""
    root = {}
    for prefix in rates:
        node = root
        for digit in prefix:
            node = node.setdefault(digit, {})
        node[None] = prefix
    charges = []
    for number, seconds in calls:
        node, found = root, root.get(None)
        for digit in number:
            node = node.get(digit)
            if node is None:
                break
            found = node.get(None, found)
        charges.append(("", 0) if found is None else (found, rates[found] * minutes_begun(seconds)))
    return charges


def solution_longest_first(calls, rates):
    """Prefixes sorted longest first, the first that matches: calls times prefixes, without lists."""
    ordered = sorted(rates, key=len, reverse=True)
    charges = []
    for number, seconds in calls:
        for prefix in ordered:
            if number.startswith(prefix):
                charges.append((prefix, rates[prefix] * minutes_begun(seconds)))
                break
        else:
            charges.append(("", 0))
    return charges


def solution_bisect(calls, rates):
    """Binary search in the sorted prefixes, then up the enclosing prefixes: log of prefixes a call."""
    ordered = sorted(rates)
    enclosing, stack = [], []
    for place, prefix in enumerate(ordered):
        while stack and not prefix.startswith(ordered[stack[-1]]):
            stack.pop()
        enclosing.append(stack[-1] if stack else -1)
        stack.append(place)
    charges = []
    for number, seconds in calls:
        place = bisect_right(ordered, number) - 1
        while place >= 0 and not number.startswith(ordered[place]):
            place = enclosing[place]
        rate = rates[ordered[place]] if place >= 0 else 0
        charges.append((ordered[place] if place >= 0 else "", rate * minutes_begun(seconds)))
    return charges


def solution_pattern(calls, rates):
    """One regular expression of all prefixes, longest first: alternatives tried in turn in C."""
    if not rates:
        return [("", 0) for _ in calls]
    pattern = re.compile("|".join(map(re.escape, sorted(rates, key=len, reverse=True))))
    charges = []
    for number, seconds in calls:
        match = pattern.match(number)
        charges.append((match[0], rates[match[0]] * minutes_begun(seconds)) if match else ("", 0))
    return charges
