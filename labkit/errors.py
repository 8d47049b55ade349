"""The one small hierarchy of errors. Every message names the input, the reason and the way out."""

from __future__ import annotations


class LabkitError(Exception):
    """Something the user can act on; the command line prints it as one line."""

    exit_code = 1


class BadInput(LabkitError, ValueError):
    """What was asked for cannot be done as asked (command line: exit 2)."""

    exit_code = 2


class NonDeterministic(BadInput):
    """The same function gave two answers for the same input."""


class SandboxUnavailable(LabkitError):
    """This machine offers no isolation, or the sandbox could not be started."""


class RecordError(LabkitError):
    """A run record could not be written or read."""


class MissingExtra(LabkitError, ImportError):
    """An optional dependency is not installed."""


def need(module: str, extra: str, *, load: bool = True):
    """Import `module`, or raise `MissingExtra` naming the command that installs it.

    With `load=False` only look whether it is installed; importing may take a second.

    >>> need("math", "lab").floor(1.5)
    1
    """
    import importlib.util

    root = module.partition(".")[0]
    missing = MissingExtra(
        f"{root} is not installed, and this needs it: pip install 'labkit-jupyter[{extra}]'"
    )
    try:
        if not load and importlib.util.find_spec(root) is None:
            raise missing
        return importlib.import_module(module) if load else None
    except ImportError as error:
        if error is missing or (error.name and error.name.partition(".")[0] != root):
            raise
        raise missing from error
