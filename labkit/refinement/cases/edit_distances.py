"""Compute the edit distance of pairs of token lists.

In: pairs of lists of tokens. Out: for each pair the least number of insertions, deletions and
replacements that turn the first into the second. The lists are the starts of neighbouring lines of the
standard library."""


def edit_distance(left, right):
    if not left or not right:
        return len(left) + len(right)
    if left[0] == right[0]:
        return edit_distance(left[1:], right[1:])
    insert = edit_distance(left, right[1:])
    delete = edit_distance(left[1:], right)
    replace = edit_distance(left[1:], right[1:])
    return 1 + min(insert, delete, replace)


def edit_distances(pairs):
    return [edit_distance(left, right) for left, right in pairs]


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    import re

    from labkit.refinement.corpus import stdlib_lines

    batches = []
    for part in range(2):
        lines = stdlib_lines(int(50 * size), seed, part)
        tokens = [re.findall(r"\w+|[^\w\s]", line)[:6] for line in lines]
        tokens = [row for row in tokens if len(row) >= 5]  # a lone "else:" is no work
        batches.append(([(tokens[i], tokens[i + 1]) for i in range(len(tokens) - 1)],))
    return batches
