"""Smooth a series with a moving average.

In: a list of integers and the width of the window. Out: for each full window the mean, rounded down. The
series is the length of source lines of the standard library."""


def moving_average(values, window):
    averages = []
    for end in range(window, len(values) + 1):
        averages.append(sum(values[end - window : end]) // window)
    return averages


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_lines

    count = int(15_000 * size)
    return [([len(line) for line in stdlib_lines(count, seed, part)], 200 + 100 * part) for part in range(3)]
