"""Order modules so that imports come first.

In: a dict from module to the modules that it imports. Out: all modules; each time the alphabetically
first one whose imports are all placed, or, where a cycle leaves none, the alphabetically first. The
imports are the standard library's."""


def load_order(imports):
    order = []
    while len(order) < len(imports):
        remaining = sorted(module for module in imports if module not in order)
        chosen = remaining[0]
        for module in remaining:
            if all(needed in order for needed in imports[module] if needed in imports):
                chosen = module
                break
        order.append(chosen)
    return order


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import import_graph

    return [(import_graph(int(220 * size), seed, part, nested=False),) for part in range(2)]
