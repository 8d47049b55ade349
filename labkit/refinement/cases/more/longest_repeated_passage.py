"""Find the longest passage that occurs twice in a text, as a hint at copied code.

In: text, a str.
Out: the longest string that begins at two or more places of text (the two may overlap); of equally long ones
the one that occurs first. No character comes twice: "".
"""

FAMILY = "text"

EXAMPLES = [
    (("",), ""),
    (("abc",), ""),
    (("aaaa",), "aaa"),
    (("banana",), "ana"),
    (("xyabzabqxy",), "xy"),
    (("one two\none too\n",), "one t"),
    (("äöüßäöü",), "äöü"),
]


def occurs_twice(text, passage):
    places = [i for i in range(len(text)) if text[i : i + len(passage)] == passage]
    return len(places) > 1


def longest_repeated_passage(text):
    longest = ""
    for start in range(len(text)):
        while start + len(longest) < len(text):
            passage = text[start : start + len(longest) + 1]
            if not occurs_twice(text, passage):
                break
            longest = passage
    return longest


def inputs(seed=0, size=1.0):
    """The beginnings of two modules of the standard library, and DNA with a copied stretch."""
    import pathlib
    import random
    import sysconfig

    rng = random.Random(f"longest_repeated_passage {seed}")
    paths = sorted(pathlib.Path(sysconfig.get_path("stdlib")).glob("*.py"))
    length = max(20, int(1100 * size**0.5))
    cases = []
    for path in rng.sample([path for path in paths if path.stat().st_size > 9000], 2):
        text = path.read_text(encoding="utf-8", errors="replace")
        start = rng.randrange(len(text) - 5000)
        cases.append((text[start : start + length],))
    dna = "".join(rng.choices("ACGT", k=length * 9 // 10))
    copied = rng.randrange(length // 2)
    return [*cases, (dna + dna[copied : copied + length // 10],)]


def solution_find(text):
    """The longest passage grown from each start as long as str.find sees it once more: O(n^2) in C."""
    best, size = 0, 0
    for start in range(len(text)):
        while start + size < len(text) and text.find(text[start : start + size + 1], start + 1) != -1:
            best, size = start, size + 1
    return text[best : best + size]


def solution_length_by_length(text):
    """Sets of passages of length 1, 2, 3 and on until none comes twice: O(n * longest), much memory."""
    longest = ""
    for size in range(1, len(text)):
        seen, twice = set(), set()
        for start in range(len(text) - size + 1):
            passage = text[start : start + size]
            (twice if passage in seen else seen).add(passage)
        if not twice:
            break
        longest = next(text[i : i + size] for i in range(len(text)) if text[i : i + size] in twice)
    return longest


def solution_bisected_length(text):
    """Bisect for the length, first places of the passages in a dict: O(n log n) slices."""
    low, high, answer = 1, len(text) - 1, ""
    while low <= high:
        size = (low + high) // 2
        first, repeated = {}, []
        for start in range(len(text) - size + 1):
            place = first.setdefault(text[start : start + size], start)
            if place != start:
                repeated.append(place)
        if repeated:
            answer, low = text[min(repeated) : min(repeated) + size], size + 1
        else:
            high = size - 1
    return answer


def solution_sorted_suffixes(text):
    """All suffixes as strings, sorted; repeats are common beginnings of neighbours: quick, O(n^2) memory."""
    suffixes = sorted([text[start:] for start in range(len(text))])
    size, places = 0, []
    for one, other in zip(suffixes, suffixes[1:]):
        if one[:size] != other[:size] or not size <= len(one):
            continue
        common = size
        while common < len(one) and one[: common + 1] == other[: common + 1]:
            common += 1
        if common > size:
            size, places = common, []
        places += [len(text) - len(one), len(text) - len(other)]
    return text[min(places) : min(places) + size] if size else ""


def solution_automaton(text):
    """A suffix automaton; states reached by a link are the repeats: O(n) steps, heavy ones."""
    moves, links, sizes, firsts, last = [{}], [-1], [0], [-1], 0
    for place, letter in enumerate(text):
        state, here = len(moves), last
        moves.append({})
        links.append(0)
        sizes.append(sizes[last] + 1)
        firsts.append(place)
        while here != -1 and letter not in moves[here]:
            moves[here][letter] = state
            here = links[here]
        if here != -1:
            target = moves[here][letter]
            if sizes[target] != sizes[here] + 1:
                copy = len(moves)
                moves.append(dict(moves[target]))
                links.append(links[target])
                sizes.append(sizes[here] + 1)
                firsts.append(firsts[target])
                while here != -1 and moves[here].get(letter) == target:
                    moves[here][letter] = copy
                    here = links[here]
                links[target] = target = copy
            links[state] = target
        last = state
    repeated = {link for link in links if link > 0}
    size, end = max([(sizes[state], -firsts[state]) for state in repeated], default=(0, -1))
    return text[1 - end - size : 1 - end] if size else ""
