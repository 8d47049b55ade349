"""List the identifiers of a source in the order of their first appearance.

In: lines of source. Out: each identifier once, with keywords and comments left out. The lines come from
modules of the standard library."""

import keyword
import re


def strip_comment(line):
    return line.split("#")[0]


def unique_identifiers(lines):
    found = []
    for line in lines:
        for name in re.findall(r"[A-Za-z_]\w*", strip_comment(line)):
            if name not in found and name not in keyword.kwlist:
                found.append(name)
    return found


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import stdlib_lines

    count = int(1_800 * size)
    return [(stdlib_lines(count, seed, part),) for part in range(3)]
