"""Merge address book cards that belong to the same person.

In: cards, a list of lists of str (e-mail addresses and phone numbers). Out: a list of sorted lists of
card numbers. Cards that share an entry belong together, also by way of other cards. Each card number
(from 0) occurs in one group; groups are ordered by their smallest number. A card without entries is a
group of its own.
"""

from collections import deque

FAMILY = "de-duplication"

EXAMPLES = [
    (([],), []),
    (([[]],), [[0]]),
    (([[], [], ["a"]],), [[0], [1], [2]]),
    (([["a@x"], ["b@x"], ["a@x", "b@x"]],), [[0, 1, 2]]),
    (([["a", "a"], ["b"], ["c", "a"], ["b", "d"]],), [[0, 2], [1, 3]]),
    (([["1"], ["2", "3"], ["4", "5"], ["3", "4"], ["6"], ["5", "1"]],), [[0, 1, 2, 3, 5], [4]]),
    (([["p"], ["q"], ["p"], ["q"], ["p"]],), [[0, 2, 4], [1, 3]]),
]


def share_entry(first, second):
    return any(entry in second for entry in first)


def merge_once(groups):
    for i in range(len(groups)):
        for j in range(i + 1, len(groups)):
            if share_entry(groups[i][1], groups[j][1]):
                merged = (groups[i][0] + groups[j][0], groups[i][1] + groups[j][1])
                rest = [group for k, group in enumerate(groups) if k not in (i, j)]
                return [merged] + rest
    return None


def merge_contact_cards(cards):
    groups = [([number], list(entries)) for number, entries in enumerate(cards)]
    while True:
        merged = merge_once(groups)
        if merged is None:
            break
        groups = merged
    return sorted(sorted(numbers) for numbers, _ in groups)


def inputs(seed=0, size=1.0):
    """Inputs: people with one to five entries, of which each card holds a few; some long chains."""
    import random

    rng = random.Random(seed)
    result = []
    for count, per_person in ((140, 2), (140, 5), (150, 1.2)):
        cards = []
        for _ in range(max(3, int(count * size / per_person))):
            name = f"{rng.choice('abcdefgh')}.{rng.randrange(10**6)}"
            entries = [f"{name}@{host}.org" for host in ("mail", "work", "home")[: rng.randint(1, 3)]]
            entries += [f"+41{rng.randrange(10**9):09}" for _ in range(rng.randint(0, 2))]
            for _ in range(rng.randint(1, max(1, int(2 * per_person - 1)))):
                cards.append(rng.sample(entries, rng.randint(1, min(3, len(entries)))))
        links = [f"+49{rng.randrange(10**9):09}" for _ in range(int(15 * size) + 1)]
        cards += [[first, second] for first, second in zip(links, links[1:])]
        cards += [[] for _ in range(int(3 * size))]
        rng.shuffle(cards)
        result.append((cards,))
    return result


def gathered(roots):
    groups = {}
    for number, root in enumerate(roots):
        groups.setdefault(root, []).append(number)
    return list(groups.values())


def solution_union_find(cards):
    """Union-find over cards, joined by the first card seen with each entry: almost linear."""
    parent = list(range(len(cards)))

    def find(node):
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    owner = {}
    for number, entries in enumerate(cards):
        for entry in entries:
            parent[find(owner.setdefault(entry, number))] = find(number)
    return gathered([find(number) for number in range(len(cards))])


def solution_search(cards):
    """Index from entry to cards, breadth-first search from each card not yet reached: linear."""
    holders = {}
    for number, entries in enumerate(cards):
        for entry in entries:
            holders.setdefault(entry, []).append(number)
    reached = [False] * len(cards)
    groups = []
    for start in range(len(cards)):
        if reached[start]:
            continue
        reached[start] = True
        group, queue = [], deque([start])
        while queue:
            number = queue.popleft()
            group.append(number)
            for entry in cards[number]:
                for other in holders.pop(entry, ()):
                    if not reached[other]:
                        reached[other] = True
                        queue.append(other)
        groups.append(sorted(group))
    return groups


def solution_labels(cards):
    """Spread the smallest label back and forth until nothing changes: a sweep for each chain link."""
    labels = list(range(len(cards)))
    changed = True
    while changed:
        changed = False
        lowest = {}
        for label, entries in zip(labels, cards):
            for entry in entries:
                lowest[entry] = min(label, lowest.get(entry, label))
        for number, entries in enumerate(cards):
            label = min([lowest[entry] for entry in entries], default=number)
            if label < labels[number]:
                labels[number] = label
                changed = True
    return gathered(labels)


def solution_absorb(cards):
    """Take cards one by one, absorbing each group that shares an entry by set tests: cards times groups."""
    groups = []
    for number, entries in enumerate(cards):
        numbers, held = [number], set(entries)
        apart = []
        for group in groups:
            if group[1].isdisjoint(entries):
                apart.append(group)
            else:
                numbers += group[0]
                held |= group[1]
        groups = apart + [(numbers, held)]
    return sorted(sorted(numbers) for numbers, _ in groups)


def solution_small_to_large(cards):
    """Entry to group list, the smaller list poured into the larger: n log n."""
    group_of_card, group_of_entry = [], {}
    for number, entries in enumerate(cards):
        group = [number]
        group_of_card.append(group)
        for entry in entries:
            other = group_of_entry.get(entry)
            if other is None:
                group_of_entry[entry] = number
                continue
            other, group = group_of_card[other], group_of_card[number]
            if other is not group:
                if len(other) < len(group):
                    other, group = group, other
                other += group
                for member in group:
                    group_of_card[member] = other
    return sorted(sorted(group) for group in {id(group): group for group in group_of_card}.values())
