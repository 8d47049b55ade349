"""The index rewrites, seen through the helpers that a loop calls.

Covered: one helper written out, then one index. Not covered: helpers of helpers (two turns do them).
"""

from __future__ import annotations

from .edits import Rewrite
from .grouping import keys_index
from .grouping_inline import inline_block, inline_helper
from .intervals import range_count, range_index
from .texts import prefix_index
from .windows_sorted import window_sorted


def through_helpers(then: Rewrite) -> Rewrite:
    """A rewrite that fires where a helper, written out in the loop that calls it, lets another one fire.

    Either alone is no gain: the helper sees one call, and the loop does not see what the helper looks for.
    """

    def apply(source: str) -> list[str]:
        found = []
        for first in [*inline_helper.apply(source), *inline_block.apply(source)]:
            mine = set(first.splitlines()) - set(source.splitlines())
            for new in then.apply(first):
                # only where the second step changes what the first one wrote
                if mine - set(new.splitlines()):
                    found.append(new)
        return list(dict.fromkeys(found))

    return Rewrite(f"inlined_{then.name}", f"helper written out, then: {then.summary}", apply)


inlined_keys_index = through_helpers(keys_index)
inlined_range_count = through_helpers(range_count)
inlined_range_index = through_helpers(range_index)
inlined_prefix_index = through_helpers(prefix_index)
inlined_window_sorted = through_helpers(window_sorted)
