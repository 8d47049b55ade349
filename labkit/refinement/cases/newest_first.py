"""Render a journal with the newest entry on top.

In: entries (path, number, text), oldest first, and the width of the path column. Out: the journal as one
string, one line for each entry with a tally of its file so far. The entries are source lines of the
standard library."""


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
