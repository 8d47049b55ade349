"""Break paragraphs into lines with the least raggedness.

In: paragraphs (lists of words) and a width. Out: for each paragraph the least sum of the squares of the
spaces left at the ends of its lines; the last line is free, a word wider than a line stands alone. The
words are comments."""

from functools import cache
from heapq import heappop, heappush
from itertools import accumulate

FAMILY = "DP"

EXAMPLES = [
    (([["aa", "bb", "cc"], ["aaaaaaaa", "b"], [], ["aaa", "bbb", "c", "d", "e"]], 5), [0, 0, 0, 4]),
    (([], 10), []),
    (([[], ["word"], ["longer"]], 4), [0, 0, 0]),
    (([["ab", "cd"], ["ab", "cde"]], 5), [0, 9]),
    (([["a", "bbbbbb", "c", "d"]], 4), [9]),
    (([["aaa", "bb", "cc", "ddddd"]], 6), [10]),
]


def best_cost(words, width):
    if len(words) <= 1 or len(" ".join(words)) <= width:
        return 0
    best = None
    for count in range(1, len(words)):
        line = " ".join(words[:count])
        if count > 1 and len(line) > width:
            break
        cost = max(0, width - len(line)) ** 2 + best_cost(words[count:], width)
        if best is None or cost < best:
            best = cost
    return best


def paragraph_breaks(paragraphs, width):
    return [best_cost(words, width) for words in paragraphs]


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import comment_words

    batches = []
    for part, length in enumerate((15, 16)):
        words = comment_words(int(30 * size) * length, seed, part)
        batches.append(([words[i : i + length] for i in range(0, len(words), length)], 24))
    return batches


def solution_bounded_search(paragraphs, width):
    """Depth first over the breaks, cut off as soon as the cost reaches the best one known."""

    def search(words, start, cost, best):
        length = len(words[start])
        for end in range(start + 1, len(words)):
            new = cost + max(0, width - length) ** 2
            if new < best:
                best = search(words, end, new, best)
            length += 1 + len(words[end])
            if length > width:
                return best
        return min(best, cost)

    return [search(words, 0, 0, float("inf")) if words else 0 for words in paragraphs]


def solution_memo(paragraphs, width):
    """The same recursion over the index of the first word, with a memo, O(words * words in a line)."""

    def least(words):
        @cache
        def cost(start):
            if len(words) - start <= 1 or len(" ".join(words[start:])) <= width:
                return 0
            totals = []
            for end in range(start + 1, len(words)):
                line = " ".join(words[start:end])
                if totals and len(line) > width:
                    break
                totals.append(max(0, width - len(line)) ** 2 + cost(end))
            return min(totals)

        return cost(0)

    return [least(words) for words in paragraphs]


def solution_shortest_path(paragraphs, width):
    """Breaks as nodes and lines as edges: Dijkstra until a node whose rest fits on the last line."""
    answers = []
    for words in paragraphs:
        ends = list(accumulate((len(word) + 1 for word in words), initial=0))
        heap, done, cost, start = [], set(), 0, 0
        while len(words) - start > 1 and ends[-1] - ends[start] - 1 > width:
            for end in range(start + 1, len(words) if start not in done else 0):
                length = ends[end] - ends[start] - 1
                if end > start + 1 and length > width:
                    break
                heappush(heap, (cost + max(0, width - length) ** 2, end))
            done.add(start)
            cost, start = heappop(heap)
        answers.append(cost)
    return answers


def solution_line_lengths(paragraphs, width):
    """Word by word: the least cost for each length of the open line, O(words * width) and little memory."""
    answers = []
    for words in paragraphs:
        costs = {len(words[0]): 0} if words else {0: 0}
        for word in words[1:]:
            size = len(word)
            fresh = min(cost + max(0, width - length) ** 2 for length, cost in costs.items())
            grown = {length + 1 + size: cost for length, cost in costs.items() if length + 1 + size <= width}
            costs = grown | {size: fresh}
        answers.append(min(costs.values()))
    return answers


def solution_from_the_end(paragraphs, width):
    """Least cost from each word to the end, last word first, lengths added up on the way."""
    answers = []
    for words in paragraphs:
        sizes, count = [len(word) for word in words], len(words)
        costs = [0] * (count + 1)
        for start in range(count - 2, -1, -1):
            length = sizes[start]
            best = (width - length) ** 2 + costs[start + 1] if length < width else costs[start + 1]
            for end in range(start + 1, count):
                length += 1 + sizes[end]
                if length > width:
                    break
                total = (width - length) ** 2 + costs[end + 1] if end + 1 < count else 0
                if total < best:
                    best = total
            costs[start] = best
        answers.append(costs[0])
    return answers
