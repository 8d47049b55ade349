"""Render a journal with the newest entry on top.

In: entries (path, number, text), oldest first, and the width of the path column. Out: the journal as one
string, one line for each entry with a tally of its file so far. The entries are source lines of the
standard library."""

from collections import Counter, deque
from io import StringIO

FAMILY = "string"

EXAMPLES = [
    (
        ([("a.py", 1, " x = 1"), ("lib/b.py", 20, "y"), ("a.py", 3, "z ")], 5),
        " a.py:3     #2    z\n/b.py:20    #1    y\n a.py:1     #1    x = 1\n",
    ),
    (([], 8), ""),
    (([("a.py", 7, "\t  ")], 4), "a.py:7     #1    \n"),
    (([("a.py", 123456, "x")], 1), "y:123456 #1    x\n"),
    (([("a", 1, "x"), ("a", 1, "x")], 3), "  a:1     #2    x\n  a:1     #1    x\n"),
    (([("x/a", 1, "p"), ("x/a", 3, "")], 1), "a:3     #2    \na:1     #1    p\n"),
    (([("", 0, "é  ü")], 2), "  :0     #1    é  ü\n"),
]


def newest_first(entries, width):
    tallies = {}
    journal = ""
    for path, number, text in entries:
        tallies[path] = tallies.get(path, 0) + 1
        row = f"{path[-width:]:>{width}}:{number:<5} #{tallies[path]:<4} {text.strip()}\n"
        journal = row + journal
    return journal


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import numbered_lines

    count = int(8_000 * size)
    return [(numbered_lines(count, seed, part), 20 + 10 * part) for part in range(2)]


def solution_insert(entries, width):
    """Insert each row at the head of a list and join at the end: moves pointers, not text, yet O(n^2)."""
    tallies, rows = {}, []
    for path, number, text in entries:
        tallies[path] = tallies.get(path, 0) + 1
        rows.insert(0, f"{path[-width:]:>{width}}:{number:<5} #{tallies[path]:<4} {text.strip()}\n")
    return "".join(rows)


def solution_blocks(entries, width):
    """Put rows before a short block of text, every 100 rows the block before the journal, about O(n^1.5)."""
    tallies = {}
    journal = block = ""
    for count, (path, number, text) in enumerate(entries, 1):
        tallies[path] = tallies.get(path, 0) + 1
        block = f"{path[-width:]:>{width}}:{number:<5} #{tallies[path]:<4} {text.strip()}\n" + block
        if count % 100 == 0:
            journal, block = block + journal, ""
    return block + journal


def solution_recount(entries, width):
    """Count the tally anew in the list of paths so far; rows by index from the end, O(n^2)."""
    paths, rows = [], [""] * len(entries)
    for place, (path, number, text) in enumerate(entries, 1):
        paths.append(path)
        tally = paths.count(path)
        rows[-place] = f"{path[-width:]:>{width}}:{number:<5} #{tally:<4} {text.strip()}\n"
    return "".join(rows)


def solution_halves(entries, width):
    """Divide and conquer: the journal of the later half, then that of the earlier half, O(n log n)."""
    tallies = {}

    def journal(low, high):
        if high - low > 1:
            middle = (low + high) // 2
            earlier = journal(low, middle)
            return journal(middle, high) + earlier
        path, number, text = entries[low]
        tallies[path] = tallies.get(path, 0) + 1
        return f"{path[-width:]:>{width}}:{number:<5} #{tallies[path]:<4} {text.strip()}\n"

    return journal(0, len(entries)) if entries else ""


def solution_deque(entries, width):
    """Rows go to the left end of a deque, one join, O(n)."""
    tallies, rows = Counter(), deque()
    for path, number, text in entries:
        tallies[path] += 1
        rows.appendleft(f"{path[-width:]:>{width}}:{number:<5} #{tallies[path]:<4} {text.strip()}\n")
    return "".join(rows)


def solution_backwards(entries, width):
    """Count the files first, then write from the newest entry back and count down; no list of rows, O(n)."""
    tallies = Counter(path for path, _, _ in entries)
    journal = StringIO()
    for path, number, text in reversed(entries):
        journal.write(f"{path[-width:]:>{width}}:{number:<5} #{tallies[path]:<4} {text.strip()}\n")
        tallies[path] -= 1
    return journal.getvalue()


def solution_reverse_join(entries, width):
    """Rows in a list with each path's column made once, reversed and joined, O(n)."""
    tallies, columns, rows = {}, {}, []
    for path, number, text in entries:
        if path in tallies:
            tally = tallies[path] = tallies[path] + 1
        else:
            tally = tallies[path] = 1
            columns[path] = path[-width:].rjust(width)
        rows.append(f"{columns[path]}:{number:<5} #{tally:<4} {text.strip()}\n")
    rows.reverse()
    return "".join(rows)
