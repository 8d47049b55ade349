"""Group the paths of files whose texts are equal apart from trailing blanks.

In: files, a list of (path, text), both str, paths distinct. Out: a list of lists of paths. Two texts are
equal if they are the same after spaces and tabs at line ends ("\\n" ends a line) and empty lines at the
end have been dropped. Only groups of two or more count; paths keep the input order within a group, and
groups are ordered by their first path's place in the input. No files, or no copies: an empty list.
"""

import hashlib
import re
from itertools import groupby

FAMILY = "de-duplication"

EXAMPLES = [
    (([],), []),
    (([("a.py", "x = 1\n")],), []),
    (([("a.py", "x = 1\n"), ("b.py", "x = 1 \t\n\n \n")],), [["a.py", "b.py"]]),
    (([("a", "x"), ("b", "y"), ("c", "y\n"), ("d", "x ")],), [["a", "d"], ["b", "c"]]),
    (([("a", ""), ("b", "\n\n"), ("c", "  \n"), ("d", "\nx")],), [["a", "b", "c"]]),
    (([("a", " x"), ("b", "x"), ("c", "x\n\ny"), ("d", "x\ny")],), []),
    (([("z", "p\nq"), ("y", "q"), ("x", "p \nq")],), [["z", "x"]]),
]


def normalised(text):
    lines = [line.rstrip(" \t") for line in text.split("\n")]
    while lines and lines[-1] == "":
        lines.pop()
    return "\n".join(lines)


def duplicate_file_groups(files):
    groups = []
    placed = []
    for path, text in files:
        if path in placed:
            continue
        copies = [other for other, other_text in files if normalised(other_text) == normalised(text)]
        if len(copies) > 1:
            groups.append(copies)
            placed.extend(copies)
    return groups


def inputs(seed=0, size=1.0):
    """Inputs: excerpts of standard library modules, some of them copied with stray blanks."""
    import random
    import sysconfig
    from pathlib import Path

    rng = random.Random(seed)
    modules = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    result = []
    for count, share in ((100, 0.3), (80, 0.6), (110, 0.1)):
        files = []
        for number in range(max(3, int(count * size))):
            if files and rng.random() < share:
                lines = rng.choice(files)[1].split("\n")
                for _ in range(rng.randint(0, 3)):
                    lines[rng.randrange(len(lines))] += rng.choice([" ", "\t", "  "])
                text = "\n".join(lines) + "\n" * rng.randint(0, 2)
            else:
                lines = rng.choice(modules).read_text(encoding="utf-8").split("\n")
                start = rng.randrange(max(1, len(lines) - 60))
                text = "\n".join(lines[start : start + rng.randint(10, 60)])
            files.append((f"src/pkg{number % 7}/file{number:04}.py", text))
        result.append((files,))
    return result


def solution_dict(files):
    """Normalise once, group in a dict keyed by the text: linear."""
    groups = {}
    for path, text in files:
        groups.setdefault(normalised(text), []).append(path)
    return [group for group in groups.values() if len(group) > 1]


def solution_digest(files):
    """As the dict, but only digests are held, so memory does not grow with the texts."""
    groups = {}
    for path, text in files:
        digest = hashlib.blake2b(normalised(text).encode("utf-8", "surrogatepass")).digest()
        groups.setdefault(digest, []).append(path)
    return [group for group in groups.values() if len(group) > 1]


def solution_sorted(files):
    """Sort places by normalised text and take runs: n log n comparisons of texts."""
    texts = [normalised(text) for _, text in files]
    order = sorted(range(len(files)), key=texts.__getitem__)
    runs = [list(run) for _, run in groupby(order, key=texts.__getitem__)]
    return [[files[place][0] for place in run] for run in sorted(runs) if len(run) > 1]


def solution_pairs(files):
    """Normalise once, then compare each text with one representative of every group: quadratic compares."""
    groups = []
    for path, text in files:
        text = normalised(text)
        for representative, paths in groups:
            if representative == text:
                paths.append(path)
                break
        else:
            groups.append((text, [path]))
    return [paths for _, paths in groups if len(paths) > 1]


def solution_pattern(files):
    """Strip blanks with one regular expression a text rather than line by line, then a dict: linear."""
    blanks = re.compile(r"[ \t]+(?=\n)")
    groups = {}
    for path, text in files:
        text = text.rstrip(" \t\n")
        if " \n" in text or "\t\n" in text:
            text = blanks.sub("", text)
        groups.setdefault(text, []).append(path)
    return [group for group in groups.values() if len(group) > 1]


def solution_renormalise(files):
    """Compare only texts with the same word count, normalising on each comparison: quadratic in a bucket."""
    buckets = {}
    for path, text in files:
        buckets.setdefault(len(text.split()), []).append((path, text))
    groups = {}
    for bucket in buckets.values():
        done = set()
        for path, text in bucket:
            if path not in done:
                copies = [other for other, found in bucket if normalised(found) == normalised(text)]
                done.update(copies)
                groups[path] = copies
    return [groups[path] for path, _ in files if len(groups.get(path, ())) > 1]
