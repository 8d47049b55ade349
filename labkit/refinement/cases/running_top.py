"""Keep the k largest values seen so far.

In: a list of integers and k. Out: after each value the k largest up to there, largest first (fewer at the
start). The values are lengths of source lines of the standard library."""


def running_top(values, k):
    seen = []
    tops = []
    for value in values:
        seen.append(value)
        tops.append(sorted(seen, reverse=True)[:k])
    return tops


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_lines

    count = int(1_000 * size)
    return [([len(line) for line in stdlib_lines(count, seed, part)], 3 + 2 * part) for part in range(3)]
