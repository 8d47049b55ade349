"""Break paragraphs into lines with the least raggedness.

In: paragraphs (lists of words) and a width. Out: for each paragraph the least sum of the squares of the
spaces left at the ends of its lines; the last line is free, a word wider than a line stands alone. The
words are comments."""


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
