"""Measure how far each module is from the others along its imports.

In: a dict from module to the modules that it imports, and the modules to start from. Out: for each start
a dict from every module it reaches to the least number of imports between them. The graph is the standard
library's."""


def distances_from(start, imports):
    distance = {start: 0}
    visited = []
    queue = [start]
    while queue:
        module = queue.pop(0)
        visited.append(module)
        for needed in imports.get(module, []):
            if needed not in visited and needed not in queue:
                distance[needed] = distance[module] + 1
                queue.append(needed)
    return distance


def import_distances(imports, starts):
    return {start: distances_from(start, imports) for start in starts}


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import import_graph

    # The whole library: a sample falls apart where a module like os is missing. The seed chooses the starts.
    graph = import_graph(1_000, seed)
    starts = [module for module in graph if len(graph[module]) > 2]
    count = int(60 * size)
    return [(graph, starts[:count]), (graph, starts[count : 2 * count])]
