"""List the identifiers of a source in the order of their first appearance.

In: lines of source. Out: each identifier once, with keywords and comments left out. The lines come from
modules of the standard library."""

import keyword
import re
from bisect import bisect_left

FAMILY = "de-duplication"

EXAMPLES = [
    ((["for b in a:  # a comment", "    b = a_1(b)"],), ["b", "a", "a_1"]),
    (([],), []),
    ((["", "# only a comment", "if True:", "    pass"],), []),
    ((["x = 0x1F + 3a9", "X.x._"],), ["x", "x1F", "a9", "X", "_"]),
    ((['s = "a#b" + c', "c = s"],), ["s", "a", "c"]),
    ((["naïve = été", "format = classes"],), ["naïve", "té", "format", "classes"]),
    ((["ab a abc", "abc bc"],), ["ab", "a", "abc", "bc"]),
]


def strip_comment(line):
    return line.split("#")[0]


def unique_identifiers(lines):
    found = []
    for line in lines:
        for name in re.findall(r"[A-Za-z_]\w*", strip_comment(line)):
            if name not in found and name not in keyword.kwlist:
                found.append(name)
    return found


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_lines

    count = int(1_800 * size)
    return [(stdlib_lines(count, seed, part),) for part in range(3)]


def solution_text_search(lines):
    """Search each name, between spaces, in a text of all names found."""
    known = f" {' '.join(keyword.kwlist)} "
    mark = len(known)
    for line in lines:
        for name in re.findall(r"[A-Za-z_]\w*", line.partition("#")[0]):
            if f" {name} " not in known:
                known += f"{name} "
    return known[mark:].split(" ")[:-1]


def solution_bisect(lines):
    """A sorted list next to the result, searched by bisection, O(total * log names) and moves."""
    ordered, found = sorted(keyword.kwlist), []
    for line in lines:
        for name in re.findall(r"[A-Za-z_]\w*", line.partition("#")[0]):
            place = bisect_left(ordered, name)
            if place == len(ordered) or ordered[place] != name:
                ordered.insert(place, name)
                found.append(name)
    return found


def solution_sort_by_place(lines):
    """First place of each name: all pairs sorted by name and place, repeats dropped, sorted by place."""
    names = []
    for line in lines:
        names += re.findall(r"[A-Za-z_]\w*", line.partition("#")[0])
    firsts, previous = [], None
    for place in sorted(range(len(names)), key=names.__getitem__):
        if names[place] != previous:
            previous = names[place]
            firsts.append(place)
    return [names[place] for place in sorted(firsts) if not keyword.iskeyword(names[place])]


def solution_characters(lines):
    """A scanner over characters with a set of names seen, O(total) without a regular expression."""
    seen, found = set(keyword.kwlist), []
    for line in lines:
        start = None
        for place, char in enumerate(line + "#"):
            if start is None:
                if char == "_" or (char.isascii() and char.isalpha()):
                    start = place
            elif char != "_" and not char.isalnum():
                name, start = line[start:place], None
                if name not in seen:
                    seen.add(name)
                    found.append(name)
            if char == "#":
                break
    return found


def solution_seen_set(lines):
    """One pass with a compiled pattern and a set of names seen, keywords among them, O(total)."""
    names_of = re.compile(r"[A-Za-z_]\w*").findall
    seen, found = set(keyword.kwlist), []
    for line in lines:
        for name in names_of(line.partition("#")[0]):
            if name not in seen:
                seen.add(name)
                found.append(name)
    return found


def solution_dict(lines):
    """One search over the joined code; a dict drops the repeats and the keywords leave at the end."""
    code = "\n".join([line.partition("#")[0] if "#" in line else line for line in lines])
    found = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", code))
    return [name for name in found if name not in keyword.kwlist]
