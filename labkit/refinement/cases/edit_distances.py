"""Compute the edit distance of pairs of token lists.

In: pairs of lists of tokens. Out: for each pair the least number of insertions, deletions and
replacements that turn the first into the second. The lists are the starts of neighbouring lines of the
standard library."""

from functools import cache
from itertools import count

FAMILY = "DP"

EXAMPLES = [
    (([(["s", "i", "t", "t", "e", "n"], ["k", "i", "t", "i", "n", "g"]), ([], ["a", "b"])],), [4, 2]),
    (([(["if", "x", ":"], ["if", "not", "x", ":"])],), [1]),
    (([],), []),
    (([([], []), (["a"], [])],), [0, 1]),
    (([(["a", "b"], ["b", "a"]), (["a", "b", "c"], ["d", "e"])],), [2, 3]),
    (([(["a", "a", "a"], ["a"]), (["a"], ["a", "a", "a"]), (["x", "a", "a"], ["a", "a", "x"])],), [2, 2, 2]),
]


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


def solution_memo(pairs):
    """Recursion over two indices with a memo, O(nm) states with the cost of calls."""

    def distance(left, right):
        @cache
        def rest(i, j):
            if i == len(left) or j == len(right):
                return len(left) - i + len(right) - j
            if left[i] == right[j]:
                return rest(i + 1, j + 1)
            return 1 + min(rest(i, j + 1), rest(i + 1, j), rest(i + 1, j + 1))

        return rest(0, 0)

    return [distance(left, right) for left, right in pairs]


def solution_matrix(pairs):
    """The whole table, row by row, O(nm) time and memory."""
    answers = []
    for left, right in pairs:
        table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                if i == 0 or j == 0:
                    table[i][j] = i + j
                else:
                    change = table[i - 1][j - 1] + (left[i - 1] != right[j - 1])
                    table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, change)
        answers.append(table[-1][-1])
    return answers


def solution_one_row(pairs):
    """One row of the table, updated in place, O(nm) time and O(m) memory."""
    answers = []
    for left, right in pairs:
        row = list(range(len(right) + 1))
        for i, token in enumerate(left, 1):
            corner, row[0] = row[0], i
            for j, other in enumerate(right, 1):
                above = row[j]
                row[j] = corner if token == other else 1 + min(corner, above, row[j - 1])
                corner = above
        answers.append(row[-1])
    return answers


def solution_deepening(pairs):
    """Allow 0, 1, 2, ... edits and search depth first within the limit, exponential in the distance only."""

    def within(left, right, i, j, limit):
        while i < len(left) and j < len(right) and left[i] == right[j]:
            i, j = i + 1, j + 1
        gap = abs((len(left) - i) - (len(right) - j))
        if gap > limit:
            return False
        if i == len(left) or j == len(right):
            return True
        return any(within(left, right, i + a, j + b, limit - 1) for a, b in ((1, 1), (1, 0), (0, 1)))

    return [next(n for n in count() if within(left, right, 0, 0, n)) for left, right in pairs]


def solution_bit_vectors(pairs):
    """Myers: a column of the table as two integers of +1 and -1 steps, O(n) word operations."""
    answers = []
    for left, right in pairs:
        if not left or not right:
            answers.append(len(left) + len(right))
            continue
        where = {}
        for i, token in enumerate(left):
            where[token] = where.get(token, 0) | 1 << i
        full, top = (1 << len(left)) - 1, 1 << len(left) - 1
        plus, minus, distance = full, 0, len(left)
        for token in right:
            equal = where.get(token, 0)
            zero = (((equal & plus) + plus) ^ plus) | equal | minus
            up, down = minus | ~(zero | plus) & full, plus & zero
            distance += bool(up & top) - bool(down & top)
            up, down = up << 1 | 1, down << 1
            plus, minus = (down | ~(zero | up)) & full, up & zero & full
        answers.append(distance)
    return answers
