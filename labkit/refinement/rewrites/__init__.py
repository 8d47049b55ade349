"""Rewrites: source text of a small program in, faster source texts with the same results out.

Read ``program`` and ``uses`` first (nodes, names, uses), ``evidence``, ``plain`` and ``facts`` (what follows
from them), ``edits`` (how the text is changed), and then any file of rewrites. A rewrite looks before it
fires, but proves little: hashability, NaN or rounding are for the judge, which runs every result.

To add one: write ``@rewrite("name", "summary") def name(program): yield Edit..`` in a file here and put its
name in REGISTRY.
"""

from .classics import append_comprehension, compile_pattern, generator_argument, sorted_top
from .edits import Rewrite
from .growing import list_concat_append, string_build_join
from .joining import nested_loop_index
from .membership import any_equal, keys_membership, membership_set
from .ordered import pop0_deque, sort_in_loop, sorted_ends
from .recursion import cache_recursion
from .tables import count_counter, hoist_invariant, prefix_sum

__all__ = ["REGISTRY", "Rewrite"]

# In the order of how often they pay.
REGISTRY: tuple[Rewrite, ...] = (
    membership_set,
    cache_recursion,
    nested_loop_index,
    pop0_deque,
    count_counter,
    hoist_invariant,
    sort_in_loop,
    prefix_sum,
    list_concat_append,
    any_equal,
    keys_membership,
    sorted_ends,
    string_build_join,
    sorted_top,
    compile_pattern,
    append_comprehension,
    generator_argument,
)
