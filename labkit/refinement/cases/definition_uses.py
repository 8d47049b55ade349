"""Join the table of definitions with the table of calls.

In: two tables with rows (name, path, line). Out: for every call of a defined name, in the order of the
calls, a row (name, place of the call, place of the definition), definitions in their order. Both tables
are of real modules."""


def place(path, line):
    return f"{path}:{line}"


def definition_uses(definitions, calls):
    joined = []
    for name, path, line in calls:
        for defined_name, defined_path, defined_line in definitions:
            if defined_name == name:
                joined.append((name, place(path, line), place(defined_path, defined_line)))
    return joined


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import calls, definitions

    return [
        (definitions(int(600 * size), seed, part), calls(int(4_500 * size), seed, part)) for part in range(2)
    ]
