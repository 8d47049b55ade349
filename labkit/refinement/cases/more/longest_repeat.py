"""Find the longest piece of a sequence that occurs at least twice.

In: sequence, a str. Out: a str. The two occurrences may overlap. Of several longest pieces the one that
begins first is given. The empty string if no character occurs twice.
"""

FAMILY = "string"

EXAMPLES = [
    (("",), ""),
    (("A",), ""),
    (("ACGT",), ""),
    (("AAAA",), "AAA"),
    (("GATTACAGATTA",), "GATTA"),
    (("ABCXBCAYAB",), "AB"),
    (("TGTGT",), "TGT"),
    (("CCAATTGGAATTCC",), "AATT"),
]


def occurrences(sequence, piece):
    count = 0
    for start in range(len(sequence) - len(piece) + 1):
        if sequence[start : start + len(piece)] == piece:
            count += 1
    return count


def longest_repeat(sequence):
    best = ""
    for start in range(len(sequence)):
        for end in range(start + 1, len(sequence) + 1):
            piece = sequence[start:end]
            if occurrences(sequence, piece) < 2:
                break
            if len(piece) > len(best):
                best = piece
    return best


def inputs(seed=0, size=1.0):
    """Inputs: DNA with a copied and mutated stretch, a tandem repeat, a sequence with little repetition."""
    import random

    rng = random.Random(seed)
    result = []
    for count, kind in ((340, "copied"), (130, "tandem"), (420, "random")):
        count = max(12, int(count * size))
        letters = rng.choices("ACGT", k=count)
        if kind == "copied":
            length = count // 14 + 1
            start = rng.randrange(count - 2 * length)
            letters[-length:] = letters[start : start + length]
        if kind == "tandem":
            unit = rng.choices("ACGT", k=9)
            start = rng.randrange(count // 3)
            stretch = (unit * count)[: count // 4]
            letters[start : start + len(stretch)] = stretch
        result.append(("".join(letters),))
    return result


def solution_sorted_suffixes(sequence):
    """Sort all suffixes, compare neighbours: n squared characters of memory."""
    suffixes = sorted((sequence[start:], start) for start in range(len(sequence)))
    length, best = 0, 0
    for (first, start), (second, other) in zip(suffixes, suffixes[1:]):
        if length and first[:length] != second[:length]:
            continue
        common = length
        while common < len(first) and first[: common + 1] == second[: common + 1]:
            common += 1
        if common > length:
            length, best = common, min(start, other)
        elif common:
            best = min(best, start, other)
    return sequence[best : best + length]


def solution_automaton(sequence):
    """Suffix automaton, occurrences counted along its links: linear."""
    length, link, edges, first_end, count = [0], [-1], [{}], [-1], [0]
    last = 0
    for place, letter in enumerate(sequence):
        node = len(length)
        length.append(length[last] + 1)
        link.append(0)
        edges.append({})
        first_end.append(place)
        count.append(1)
        state, last = last, node
        while state >= 0 and letter not in edges[state]:
            edges[state][letter] = node
            state = link[state]
        if state < 0:
            continue
        target = edges[state][letter]
        if length[target] == length[state] + 1:
            link[node] = target
            continue
        clone = len(length)
        length.append(length[state] + 1)
        link.append(link[target])
        edges.append(dict(edges[target]))
        first_end.append(first_end[target])
        count.append(0)
        while state >= 0 and edges[state].get(letter) == target:
            edges[state][letter] = clone
            state = link[state]
        link[target] = link[node] = clone
    best, end = 0, -1
    for state in sorted(range(1, len(length)), key=length.__getitem__, reverse=True):
        count[link[state]] += count[state]
        if count[state] > 1 and (length[state], -first_end[state]) > (best, -end):
            best, end = length[state], first_end[state]
    return sequence[end + 1 - best : end + 1]


def repeat_of_length(sequence, length):
    first = {}
    starts = [
        first.setdefault(sequence[start : start + length], start)
        for start in range(len(sequence) - length + 1)
    ]
    return min((start for place, start in enumerate(starts) if start != place), default=None)


def solution_halving(sequence):
    """Binary search for the length, pieces of one length in a dict: n log n pieces."""
    low, high, best = 0, len(sequence), 0
    while high - low > 1:
        middle = (low + high) // 2
        start = repeat_of_length(sequence, middle)
        if start is None:
            high = middle
        else:
            low, best = middle, start
    return sequence[best : best + low]


def solution_rows(sequence):
    """Common suffix lengths of all pairs of prefixes, one row at a time: n squared steps, linear memory."""
    length, best, above = 0, 0, [0] * (len(sequence) + 1)
    for first, letter in enumerate(sequence):
        row = [0] * (len(sequence) + 1)
        for second in range(first + 1, len(sequence)):
            if sequence[second] == letter:
                row[second + 1] = above[second] + 1
                if row[second + 1] > length:
                    length, best = row[second + 1], first + 1 - row[second + 1]
                elif row[second + 1] == length:
                    best = min(best, first + 1 - length)
        above = row
    return sequence[best : best + length]


def solution_only_longer(sequence):
    """From each start test with find whether a piece longer than the best comes again: n searches in C."""
    length, best = 0, 0
    for start in range(len(sequence)):
        while start + length < len(sequence):
            if sequence.find(sequence[start : start + length + 1], start + 1) < 0:
                break
            length += 1
            best = start
    return sequence[best : best + length]
