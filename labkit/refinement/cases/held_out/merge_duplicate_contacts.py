"""Group the rows of an address book that belong to one person because they share an email or a phone number.

In: contacts, a list of (name, email, phone) tuples of str; email or phone may be "". Emails are compared
without case, phones by their digits alone; empty ones match nothing; sharing is transitive, names do not
matter. Out: a list of groups, each a list of row numbers in ascending order; groups in order of their first
row. Rows that share with nobody are a group of one. Empty input gives [].
"""

FAMILY = "de-duplication"

EXAMPLES = [
    (([],), []),
    (([("Ann", "ann@x.org", "")],), [[0]]),
    (([("Ann", "ann@x.org", ""), ("A.", "ANN@x.org", "1-2")],), [[0, 1]]),
    (([("Ann", "", ""), ("Ann", "", "")],), [[0], [1]]),
    (([("a", "a@x", "1"), ("b", "b@x", "2"), ("c", "b@x", "(1)")],), [[0, 1, 2]]),
    (([("a", "a@x", "1"), ("b", "b@x", "2"), ("c", "c@x", "3"), ("d", "c@x", "1")],), [[0, 2, 3], [1]]),
    (([("a", "1", ""), ("b", "", "1")],), [[0], [1]]),
    (([("a", "a@x", "ext."), ("b", "b@x", "ext.")],), [[0], [1]]),
]


def contact_keys(contact):
    _, email, phone = contact
    digits = ""
    for char in phone:
        digits += char if char in "0123456789" else ""
    keys = ["mail:" + email.lower()] if email else []
    return keys + ["phone:" + digits] if digits else keys


def merge_duplicate_contacts(contacts):
    groups = []
    for row in range(len(contacts)):
        keys = contact_keys(contacts[row])
        merged = [row]
        for group in groups[:]:
            group_keys = [key for member in group for key in contact_keys(contacts[member])]
            if any(key in group_keys for key in keys):
                merged = merged + group
                groups.remove(group)
        groups.append(sorted(merged))
    return sorted(groups)


def inputs(seed=0, size=1.0):
    """Three address books: few duplicates, many duplicates, long chains of shared phones."""
    import random

    rng = random.Random(seed)
    books = []
    for rows, share in ((240, 0.2), (380, 0.7), (300, 0.0)):
        people = max(1, int(rows * size * (1 - share)))
        book = []
        for row in range(int(rows * size)):
            person = rng.randrange(people)
            mail = f"User{person}@Mail{rng.randrange(2)}.example" if rng.random() < 0.8 else ""
            digits = f"0{rng.choice((person, person + 1)) if share == 0 else person:07d}"
            phone = f"({digits[:3]}) {digits[3:5]}-{digits[5:]}" if rng.random() < 0.5 else digits
            mail, phone = rng.choice((mail, mail.lower())), rng.choice((phone, phone, ""))
            book.append((f"Person {person}", mail, phone))
        books.append((book,))
    return books


def solution_rescan_with_cached_keys(contacts):
    """Groups with a set of keys each, every row compared with every group: O(rows * groups)."""
    groups = []
    for row, contact in enumerate(contacts):
        keys = set(contact_keys(contact))
        apart, members = [], [row]
        for group, seen in groups:
            if keys.isdisjoint(seen):
                apart.append((group, seen))
            else:
                members, keys = group + members, keys | seen
        apart.append((members, keys))
        groups = apart
    return sorted(sorted(group) for group, _ in groups)


def _rows_by_label(labels):
    groups = {}
    for row, label in enumerate(labels):
        groups.setdefault(label, []).append(row)
    return list(groups.values())


def solution_union_find(contacts):
    """Union-find over rows, linked through the first row that showed each key: near linear."""
    parent, first = list(range(len(contacts))), {}
    for row, contact in enumerate(contacts):
        for key in contact_keys(contact):
            a, b = first.setdefault(key, row), row
            while parent[a] != a:
                a = parent[a]
            while parent[b] != b:
                b = parent[b]
            parent[row] = parent[max(a, b)] = min(a, b)
    for row in range(len(contacts)):
        parent[row] = parent[parent[row]]
    return _rows_by_label(parent)


def solution_search_over_shared_keys(contacts):
    """Rows and keys as a two-sided graph, a depth-first search from every new row: linear."""
    keys = [contact_keys(contact) for contact in contacts]
    rows_of = {}
    for row, row_keys in enumerate(keys):
        for key in row_keys:
            rows_of.setdefault(key, []).append(row)
    label = [None] * len(contacts)
    for row in range(len(contacts)):
        stack = [row] if label[row] is None else []
        while stack:
            member = stack.pop()
            label[member] = row
            for key in keys[member]:
                stack.extend(rows_of.pop(key, ()))
    return _rows_by_label(label)


def solution_label_propagation(contacts):
    """Lower labels through keys until nothing changes: O(rows * length of the longest chain)."""
    keys = [contact_keys(contact) for contact in contacts]
    label = list(range(len(contacts)))
    while True:
        lowest = {}
        for row, row_keys in enumerate(keys):
            for key in row_keys:
                lowest[key] = min(lowest.get(key, row), label[row])
        better = [min((lowest[key] for key in row_keys), default=row) for row, row_keys in enumerate(keys)]
        if better == label:
            return _rows_by_label(label)
        label = better


def solution_move_smaller_group(contacts):
    """A shared list per group, the smaller list moved into the larger at a meeting: O(rows log rows)."""
    first, home = {}, [[row] for row in range(len(contacts))]
    for row, contact in enumerate(contacts):
        for key in contact_keys(contact):
            small, large = sorted((home[row], home[first.setdefault(key, row)]), key=len)
            if small is not large:
                large.extend(small)
                for member in small:
                    home[member] = large
    return [sorted(group) for row, group in enumerate(home) if min(group) == row]
