"""Shorten identifiers to the fewest leading characters that still tell them apart.

In: names, a list of str, maybe with repeats; least, an int >= 0. Out: a list of str, in the order of
names. The short form of a name is its shortest prefix of at least `least` characters with which no
other, different name begins; the whole name if it is shorter than `least` or if another name begins with
the whole of it.
"""

FAMILY = "string"

EXAMPLES = [
    (([], 4), []),
    ((["abc"], 0), [""]),
    ((["abc", "abc"], 2), ["ab", "ab"]),
    ((["abc", "abd", "b"], 1), ["abc", "abd", "b"]),
    ((["ab", "abc", "abcd"], 0), ["ab", "abc", "abcd"]),
    ((["deadbeef", "dead0000", "c0ffee00", "deadbeef"], 4), ["deadb", "dead0", "c0ff", "deadb"]),
    ((["", "x", "yy"], 3), ["", "x", "yy"]),
    ((["master", "main", "maint", "dev"], 0), ["mas", "main", "maint", "d"]),
]


def is_ambiguous(prefix, name, names):
    others = [other for other in names if other != name and other.startswith(prefix)]
    return len(others) > 0


def shorten(name, names, least):
    prefix = name[:least]
    while len(prefix) < len(name) and is_ambiguous(prefix, name, names):
        prefix = prefix + name[len(prefix)]
    return prefix


def short_names(names, least):
    return [shorten(name, names, least) for name in names]


def inputs(seed=0, size=1.0):
    """Inputs: commit hashes, dotted paths with long common beginnings, branch names with repeats."""
    import random

    rng = random.Random(seed)
    hashes = [f"{rng.getrandbits(160):040x}" for _ in range(max(3, int(450 * size)))]
    hashes += [name[:5] + f"{rng.getrandbits(140):035x}" for name in hashes[::9]]
    rng.shuffle(hashes)
    paths = ["org.app"]
    while len(paths) < 130 * size:
        base = rng.choice(paths[-30:])
        paths.append(base[:40] + "." + rng.choice(["core", "util", "io"]) + str(rng.randrange(4)))
    branches = []
    for _ in range(max(4, int(260 * size))):
        kind = rng.choice(["feature", "bugfix", "release"])
        branches.append(f"{kind}/{rng.choice(['PAY', 'WEB'])}-{int(rng.paretovariate(0.6)) % 3000}")
    return [(hashes, 4), (paths, 0), (branches, 1)]


def common_length(first, second):
    length = 0
    for a, b in zip(first, second):
        if a != b:
            break
        length += 1
    return length


def solution_neighbours(names, least):
    """Sort, compare each name with its two neighbours: n log n."""
    ordered = sorted(set(names))
    common = [0] + [common_length(a, b) + 1 for a, b in zip(ordered, ordered[1:])] + [0]
    short = {name: name[: max(least, common[place], common[place + 1])] for place, name in enumerate(ordered)}
    return [short[name] for name in names]


def solution_prefix_counts(names, least):
    """Count every prefix of every name in a dict: total length squared in characters of memory."""
    counts = {}
    for name in set(names):
        for length in range(least, len(name) + 1):
            prefix = name[:length]
            counts[prefix] = counts.get(prefix, 0) + 1
    result = []
    for name in names:
        length = least
        while length < len(name) and counts[name[:length]] > 1:
            length += 1
        result.append(name[:length])
    return result


def solution_trie(names, least):
    """A trie that counts the names through each node: total length."""
    root = [0, {}]
    for name in set(names):
        node = root
        node[0] += 1
        for letter in name:
            node = node[1].setdefault(letter, [0, {}])
            node[0] += 1
    result = []
    for name in names:
        node, length = root, 0
        for letter in name:
            if length >= least and node[0] == 1:
                break
            node = node[1][letter]
            length += 1
        result.append(name[:length])
    return result


def solution_refine(names, least):
    """Split groups by one more character at a time until each holds one name: only ambiguous names go on."""
    short, length = {}, least
    groups = [list(set(names))]
    if least:
        by_head = {}
        for name in groups[0]:
            by_head.setdefault(name[:least], []).append(name)
        groups = list(by_head.values())
    while groups:
        parts = []
        for group in groups:
            if len(group) == 1:
                short[group[0]] = group[0][:length]
                continue
            split = {}
            for name in group:
                if len(name) <= length:
                    short[name] = name
                else:
                    split.setdefault(name[length], []).append(name)
            parts += split.values()
        groups, length = parts, length + 1
    return [short[name] for name in names]


def solution_all_pairs(names, least):
    """The longest common beginning with any other name, over all pairs: n squared comparisons."""
    distinct, short = list(dict.fromkeys(names)), {}
    for name in distinct:
        length = least
        for other in distinct:
            if other.startswith(name[:length]) and other != name:
                length = max(length, common_length(name, other) + 1)
        short[name] = name[:length]
    return [short[name] for name in names]
