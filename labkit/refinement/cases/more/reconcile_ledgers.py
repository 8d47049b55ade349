"""Match bank statement lines with ledger entries of the same amount and a near day.

In: bank and book, lists of (day, amount) of int; days, an int >= 0. Out: (pairs, bank left over, book
left over), a tuple of three lists: (bank index, book index) in bank order, and ascending indices without
a partner. Bank lines choose in list order: among the book entries not yet taken, of equal amount and at
most `days` away, the one with the nearest day, then the earlier day, then the lower index.
"""

from bisect import bisect_left

FAMILY = "joins"

EXAMPLES = [
    (([], [], 3), ([], [], [])),
    (([(1, 500)], [], 3), ([], [0], [])),
    (([], [(1, 500)], 3), ([], [], [0])),
    (([(5, 100)], [(1, 100), (9, 100), (5, -100)], 4), ([(0, 0)], [], [1, 2])),
    (([(5, 100), (5, 100)], [(5, 100), (5, 100)], 0), ([(0, 0), (1, 1)], [], [])),
    (([(5, 100), (4, 100)], [(4, 100), (8, 100)], 2), ([(0, 0)], [1], [1])),
    (([(5, 7), (6, 8)], [(6, 8), (7, 7), (4, 7)], 1), ([(0, 2), (1, 0)], [], [1])),
]


def reconcile_ledgers(bank, book, days):
    pairs = []
    for i, (day, amount) in enumerate(bank):
        candidates = []
        for j, (book_day, book_amount) in enumerate(book):
            taken = [pair[1] for pair in pairs]
            if book_amount == amount and abs(book_day - day) <= days and j not in taken:
                candidates.append((abs(book_day - day), book_day, j))
        if candidates:
            candidates.sort()
            pairs.append((i, candidates[0][2]))
    bank_left = [i for i in range(len(bank)) if i not in [pair[0] for pair in pairs]]
    book_left = [j for j in range(len(book)) if j not in [pair[1] for pair in pairs]]
    return pairs, bank_left, book_left


def inputs(seed=0, size=1.0):
    """Inputs: a year of payments, many of equal amounts, posted days late, a few missing."""
    import random

    rng = random.Random(seed)
    result = []
    for count, kinds, days in ((170, 400, 4), (150, 6, 3), (180, 60, 30)):
        prices = [rng.choice([1, -1]) * rng.randint(100, 90_000) for _ in range(kinds)]
        bank, book = [], []
        for _ in range(max(4, int(count * size))):
            day, amount = rng.randrange(365), rng.choice(prices)
            if rng.random() < 0.93:
                book.append((day, amount))
            if rng.random() < 0.93:
                bank.append((day + int(rng.expovariate(0.4)), amount))
        bank.sort()
        rng.shuffle(book)
        result.append((bank, book, days))
    return result


def finished(bank, book, pairs):
    bank_left = set(range(len(bank))).difference(i for i, _ in pairs)
    book_left = set(range(len(book))).difference(j for _, j in pairs)
    return pairs, sorted(bank_left), sorted(book_left)


def solution_taken_set(bank, book, days):
    """All against all with a set of the taken: n times m."""
    taken, pairs = set(), []
    for i, (day, amount) in enumerate(bank):
        best = min(
            (
                (abs(when - day), when, j)
                for j, (when, cents) in enumerate(book)
                if cents == amount and abs(when - day) <= days and j not in taken
            ),
            default=None,
        )
        if best:
            taken.add(best[2])
            pairs.append((i, best[2]))
    return finished(bank, book, pairs)


def solution_buckets(bank, book, days):
    """Open entries listed by amount, searched in full and removed: n times entries of an amount."""
    entries, pairs = {}, []
    for j, (when, cents) in enumerate(book):
        entries.setdefault(cents, []).append((when, j))
    for i, (day, amount) in enumerate(bank):
        mine = entries.get(amount)
        if mine:
            best = min(mine, key=lambda entry: (abs(entry[0] - day), entry))
            if abs(best[0] - day) <= days:
                mine.remove(best)
                pairs.append((i, best[1]))
    return finished(bank, book, pairs)


def solution_probe_days(bank, book, days):
    """Open entries by (amount, day), probing nearest days first: n times days."""
    entries, pairs = {}, []
    for j in range(len(book) - 1, -1, -1):
        entries.setdefault(book[j], []).append(j)
    for i, (day, amount) in enumerate(bank):
        for offset in range(days + 1):
            mine = entries.get((day - offset, amount)) or entries.get((day + offset, amount))
            if mine:
                pairs.append((i, mine.pop()))
                break
    return finished(bank, book, pairs)


def solution_bisect(bank, book, days):
    """Sorted open entries by amount, binary search and one look to each side: n log m and short deletes."""
    entries, pairs = {}, []
    for j, (when, cents) in enumerate(book):
        entries.setdefault(cents, []).append((when, j))
    for mine in entries.values():
        mine.sort()
    for i, (day, amount) in enumerate(bank):
        mine = entries.get(amount)
        if not mine:
            continue
        place = bisect_left(mine, (day, -1))
        if place:
            before = mine[place - 1][0]
            if place == len(mine) or day - before <= mine[place][0] - day:
                place = bisect_left(mine, (before, -1))
        if abs(mine[place][0] - day) <= days:
            pairs.append((i, mine.pop(place)[1]))
    return finished(bank, book, pairs)


def solution_skip_links(bank, book, days):
    """Distinct days sorted by amount with union-find links past the used-up ones: almost n log m."""
    entries, pairs = {}, []
    for j, (when, cents) in enumerate(book):
        entries.setdefault(cents, {}).setdefault(when, []).append(j)
    tables = {}
    for cents, by_day in entries.items():
        order = sorted(by_day)
        waiting = [by_day[when][::-1] for when in order]
        tables[cents] = (order, waiting, list(range(len(order) + 1)), list(range(len(order) + 1)))

    def follow(links, node):
        while links[node] != node:
            links[node] = links[links[node]]
            node = links[node]
        return node

    for i, (day, amount) in enumerate(bank):
        if amount not in tables:
            continue
        order, waiting, after, before = tables[amount]
        place = bisect_left(order, day)
        right, left = follow(after, place), follow(before, place) - 1
        near = [(abs(order[k] - day), order[k], k) for k in (left, right) if 0 <= k < len(order)]
        if near and min(near)[0] <= days:
            k = min(near)[2]
            pairs.append((i, waiting[k].pop()))
            if not waiting[k]:
                after[k], before[k + 1] = k + 1, k
    return finished(bank, book, pairs)
