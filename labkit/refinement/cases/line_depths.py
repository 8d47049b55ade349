"""Find how deeply each line is nested.

In: spans (first line, last line) and the number of lines. Out: for each line from 1 on, how many spans
cover it. The spans are functions, classes, loops and branches of standard library modules laid end to
end."""


def line_depths(spans, line_count):
    depths = []
    for line in range(1, line_count + 1):
        depth = 0
        for first, last in spans:
            if first <= line <= last:
                depth += 1
        depths.append(depth)
    return depths


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import block_spans

    count = int(3_700 * size)
    return [(block_spans(count, seed, part), count) for part in range(2)]
