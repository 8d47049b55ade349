"""Rewrites: source text of a small program in, faster source texts with the same results out.

Read ``program`` and ``uses`` first (nodes, names, uses), ``evidence``, ``plain`` and ``facts`` (what follows
from them), ``edits`` (how the text is changed), and then any file of rewrites. A rewrite looks before it
fires, but proves little: hashability, NaN or rounding are for the judge, which runs every result.

To add one: write ``@rewrite("name", "summary") def name(program): yield Edit..`` in a file here and put its
name in REGISTRY.
"""

from .classics import append_comprehension, compile_pattern, generator_argument, sorted_top
from .copies import update_in_place
from .edits import Rewrite
from .graphs import ever_queued
from .grouping import keys_index
from .grouping_calls import (
    inlined_keys_index,
    inlined_prefix_index,
    inlined_range_count,
    inlined_range_index,
    inlined_window_sorted,
)
from .grouping_inline import inline_block, inline_helper
from .grouping_members import member_of_filter
from .growing import list_concat_append, string_build_join
from .intervals import range_count, range_index
from .joining import nested_loop_index
from .keys_calls import repeated_call
from .loops import enough_hits, unread_list
from .loops_hoist import hoist_assignment, sort_once_filter
from .membership import any_equal, keys_membership, membership_set
from .ordered import pop0_deque, sort_in_loop, sorted_ends
from .recursion import cache_recursion
from .refreshed import hoist_from_test, refresh_on_change
from .selecting import growing_sorted, repeated_min
from .selecting_filters import filter_then_sort
from .slicing import slice_find
from .slicing_heads import heads_by_length
from .slicing_text import findall_translate
from .states import suffix_table
from .states_memo import remember_answers
from .states_recency import recency_dict
from .tables import count_counter, hoist_invariant, prefix_sum
from .texts import prefix_index
from .windows import window_extreme, window_sum
from .windows_sorted import window_sorted

__all__ = ["REGISTRY", "Rewrite"]

# In the order of how often they pay.
REGISTRY: tuple[Rewrite, ...] = (
    filter_then_sort,
    inlined_keys_index,
    keys_index,
    inlined_range_count,
    range_count,
    inlined_range_index,
    range_index,
    inlined_prefix_index,
    prefix_index,
    growing_sorted,
    repeated_min,
    inlined_window_sorted,
    window_sorted,
    window_sum,
    window_extreme,
    member_of_filter,
    suffix_table,
    slice_find,
    ever_queued,
    recency_dict,
    heads_by_length,
    membership_set,
    cache_recursion,
    nested_loop_index,
    pop0_deque,
    remember_answers,
    hoist_assignment,
    refresh_on_change,
    hoist_from_test,
    sort_once_filter,
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
    enough_hits,
    findall_translate,
    update_in_place,
    unread_list,
    repeated_call,
    inline_helper,
    inline_block,
)
