"""`%%sandbox`: run a notebook's cell as a program in the sandbox, in any of its languages.

`%load_ext labkit` registers it. Options complete with Tab, `%%sandbox?` lists them. Not covered yet: the
other rooms' magics.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable
from typing import Any, NoReturn

from labkit.errors import BadInput, LabkitError, need

OPENING = "%%sandbox"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{OPENING}: {message}; {OPENING}? lists the options")


def parser() -> argparse.ArgumentParser:
    """The options of `%%sandbox`; a name in capitals is that of a variable in the notebook."""
    from labkit.sandbox.languages import LANGUAGES
    from labkit.sandbox.trial import OBJECTIVES

    options = _Parser(OPENING, add_help=False, description="Run this cell as a program in the sandbox.")
    add = options.add_argument
    add("--language", choices=tuple(LANGUAGES), default="python", help="what the cell is written in")
    add("--wall", type=float, metavar="S", help="wall-clock limit in seconds (10)")
    add("--cpu", type=float, metavar="S", help="CPU limit in seconds (10)")
    add("--memory", type=float, metavar="MIB", help="memory limit in MiB (1024)")
    add("--processes", type=int, metavar="N", help="process limit (16)")
    add("--isolation", choices=("auto", "bwrap", "none"), default="auto")
    add("--repeats", type=int, default=1, metavar="N", help="runs; figures are then medians")
    add("--against", metavar="NAME", help="variable that holds the program to beat: is this cell cheaper?")
    add("--objective", choices=tuple(OBJECTIVES), default="time", help="what is compared")
    add("--stdin", metavar="NAME", help="variable that holds what the program reads")
    add("--expected", metavar="NAME", help="variable that holds the output that is right")
    add("--save", metavar="NAME", help="variable that receives the view; NAME.result is the trial")
    add("--source", metavar="NAME", help="variable that receives the cell's text, for a later --against")
    add("--record", action="store_true", help="write a run record below runs/")
    add("--wait", action="store_true", help="return when it has ended, as a report needs it")
    return options


def sandbox(shell: Any, line: str, cell: str) -> Any:
    """Run `cell` as `line` says; returns the view. Raises BadInput, SandboxUnavailable."""
    from labkit.sandbox import Limits
    from labkit.widgets import SandboxView

    try:
        words = shlex.split(line)
    except ValueError as error:
        raise BadInput(f"{OPENING} {line}: {error}") from None
    given = parser().parse_args(words)
    limits = {"wall_s": given.wall, "cpu_s": given.cpu, "memory_mib": given.memory}
    limits["processes"] = given.processes
    options = {
        "language": given.language, "isolation": given.isolation, "repeats": given.repeats,
        "objective": given.objective, "record": given.record, "expected": _text(shell, given.expected),
        "limits": Limits(**{name: value for name, value in limits.items() if value is not None}),
        "stdin": _text(shell, given.stdin) or "",
    }  # fmt: skip
    against = _text(shell, given.against)
    programs = (cell,) if against is None else (against, cell)
    view = SandboxView.start(*programs, **options)
    for name, value in ((given.save, view), (given.source, cell)):
        if name:
            shell.user_ns[name] = value
    if given.wait:
        view.wait()
    return view


def _text(shell: Any, name: str | None) -> str | None:
    if name is None:
        return None
    if name not in shell.user_ns:
        raise BadInput(f"{OPENING}: no variable {name!r} in this notebook")
    value = shell.user_ns[name]
    if not isinstance(value, str):
        raise BadInput(f"{OPENING}: {name} is a {type(value).__name__}: give a variable that holds a str")
    return value


def complete(words: list[str], names: Iterable[str]) -> list[str]:
    """What may follow: `words` of the line so far, the last one unfinished; `names` of the notebook's texts.

    >>> complete(["--lan"], [])
    ['--language']
    >>> complete(["--language", "ja"], [])
    ['javascript', 'java']
    >>> complete(["--against", ""], ["first"])
    ['first']
    """
    actions = {action.option_strings[0]: action for action in parser()._actions}
    before, last = words[-2] if len(words) > 1 else "", words[-1]
    asked = actions.get(before)
    if asked is None or asked.nargs == 0:
        used = set(words[:-1])
        offered: Iterable[str] = [option for option in actions if option not in used]
    elif asked.choices:
        offered = asked.choices
    else:
        offered = names if asked.metavar == "NAME" else ()
    return [word for word in offered if word.startswith(last)]


def register(shell: Any) -> None:
    """Add `%%sandbox` to an IPython shell, with completion; an error is one line, without traceback."""
    usage_error = need("IPython.core.error", "lab").UsageError
    matcher = need("IPython.core.completer", "lab").context_matcher

    def magic(line: str, cell: str) -> Any:
        try:
            return sandbox(shell, line, cell)
        except LabkitError as error:
            raise usage_error(str(error)) from None

    @matcher(identifier=OPENING)
    def options(context: Any) -> dict[str, Any]:
        opening, *words = _before_cursor(context).split(" ")
        found = complete(words, _texts(shell)) if opening == OPENING and words else []
        return {
            "completions": [simple(word, type="magic") for word in found],
            "suppress": bool(found),
            "matched_fragment": words[-1] if found else "",
        }

    magic.__doc__ = parser().format_help()
    simple = need("IPython.core.completer", "lab").SimpleCompletion
    shell.register_magic_function(magic, "cell", OPENING.lstrip("%"))
    known = shell.Completer.custom_matchers
    known[:] = [old for old in known if getattr(old, "matcher_identifier", "") != OPENING]
    known.append(options)


def _before_cursor(context: Any) -> str:
    return context.full_text.split("\n")[context.cursor_line][: context.cursor_position]


def _texts(shell: Any) -> list[str]:
    return [name for name, value in shell.user_ns.items() if isinstance(value, str) and name[0] != "_"]
