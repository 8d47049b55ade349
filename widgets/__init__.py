"""Views of run records, live or replayed: one .py and one plain ES module a widget.

Every view is rebuilt from a record's events, shows a table where no script runs, and takes Stop as a
message, so that it works on every kernel. The story starts in `view.py`.
"""

from labkit.errors import need

need("anywidget", "lab")

from labkit.widgets.refinement import RefinementView  # noqa: E402  (after the check that names the extra)
from labkit.widgets.sandbox import SandboxView  # noqa: E402

__all__ = ["KernelView", "RefinementView", "SandboxView"]


def __getattr__(name: str):
    if name != "KernelView":
        raise AttributeError(f"module 'labkit.widgets' has no attribute {name!r}")
    from labkit.widgets.kernel import KernelView  # needs numpy, as the other views do not

    return KernelView
