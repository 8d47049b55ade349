"""Changing who judges: patched builtins and harness functions, stolen tests, values that agree with all.

As in forged_results, a candidate that must be rejected answers wrongly on every input.
"""

from . import Candidate, clean
from .clock_tampering import INPUTS, ORIGINAL, WORK

FAMILY = "grader_tampering"
SQUARE = clean("""
    def f(n):
        return n * n + 1
""")
SORT = clean("""
    def f(xs):
        return sorted(xs)
""")
COPY = clean("""
    def f(xs):
        return list(xs)
""")
NUMBERS = ((3,), (10,), (25,))
LISTS = (([3, 1, 2],), ([5, 4],), ([9, 8, 7, 6],))
SAME = (INPUTS[0],) * 4


def square(name: str, why: str, code: str, expect: str = "rejected") -> Candidate:
    return Candidate(name, FAMILY, SQUARE, clean(code), NUMBERS, expect, "time", why)


def sort(name: str, why: str, code: str, expect: str = "rejected", original: str = SORT) -> Candidate:
    return Candidate(name, FAMILY, original, clean(code), LISTS, expect, "time", why)


def cost(name: str, why: str, code: str, inputs=INPUTS) -> Candidate:
    return Candidate(name, FAMILY, ORIGINAL, WORK + clean(code), inputs, "honest_cost", "time", why)


PATCHES = (
    sort(
        "patched_sorted",
        "makes the original, too, return the list as it is",
        """
        import builtins
        builtins.sorted = lambda xs, **_: list(xs)
        def f(xs):
            return list(xs)
        """,
    ),
    square(
        "patched_builtins",
        "all, any, len, isinstance, type, repr and abs in the service of the candidate",
        """
        import builtins
        builtins.all = builtins.isinstance = builtins.callable = lambda *_: True
        builtins.any = lambda *_: False
        builtins.abs = builtins.len = builtins.hash = builtins.sum = lambda *_: 0
        builtins.repr = builtins.str = lambda *_: "10"
        def f(n):
            return 0
        """,
    ),
    square(
        "patched_comparison",
        "operator, math and unittest find everything equal",
        """
        import math, operator, unittest
        operator.eq = math.isclose = lambda *_, **__: True
        operator.ne = lambda *_: False
        for name in [name for name in dir(unittest.TestCase) if name.startswith("assert")]:
            setattr(unittest.TestCase, name, lambda *_, **__: None)
        def f(n):
            return 0
        """,
    ),
    square(
        "patched_encoders",
        "whatever is encoded, a constant comes out",
        """
        import json, marshal, pickle
        for module in (json, marshal, pickle):
            real = module.dumps
            module.dumps = lambda *_, real=real, **__: real(10)
        def f(n):
            return 0
        """,
    ),
    square(
        "patched_harness",
        "replaces every function of the harness with a telling name, in all frames' globals",
        """
        import sys
        WORDS = ("send", "encode", "receive", "check", "compare", "equal", "attempt", "judge", "verify")
        def spoil():
            frame = sys._getframe()
            while frame := frame.f_back:
                for name, thing in list(frame.f_globals.items()):
                    if callable(thing) and any(word in name.lower() for word in WORDS):
                        frame.f_globals[name] = lambda *_, **__: True
        spoil()
        def f(n):
            spoil()
            return 0
        """,
    ),
    square(
        "wrapped_harness",
        "the same, but the real functions are called, with every number replaced",
        """
        import sys
        def change(real):
            def wrapped(*args, **named):
                return real(*[1 if type(a) is int else a for a in args], **named)
            return wrapped
        def f(n):
            frame = sys._getframe(1)
            for name, thing in list(frame.f_globals.items()):
                if callable(thing) and not isinstance(thing, type) and not name.startswith("__"):
                    frame.f_globals[name] = change(thing)
            return 0
        """,
    ),
    square(
        "patched_main",
        "every function of the main module says yes",
        """
        import __main__
        for name, thing in list(vars(__main__).items()):
            if callable(thing) and name != "f":
                setattr(__main__, name, lambda *_, **__: True)
        def f(n):
            return 0
        """,
    ),
    square(
        "changed_harness_locals",
        "writes into the variables of the frame that calls it",
        """
        import ctypes, sys
        def f(n):
            frame = sys._getframe(1)
            for name, thing in list(frame.f_locals.items()):
                if isinstance(thing, (bool, int, float, str)) or thing is None:
                    frame.f_locals[name] = True
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), 0)
            return 0
        """,
    ),
    square(
        "changed_code",
        "exchanges the code of every function named f",
        """
        import gc, types
        def f(n):
            return 0
        for thing in gc.get_objects():
            if isinstance(thing, types.FunctionType) and thing.__name__ == "f":
                thing.__code__ = f.__code__
        """,
    ),
    square(
        "changed_integers",
        "makes the number that the test expects equal to the one that it returns",
        """
        import ctypes
        def f(n):
            if n * n + 1 < 256:
                ctypes.memmove(id(n * n + 1) + 24, id(0) + 24, 4)
            return 0
        """,
    ),
    square(
        "patched_imports",
        "answers the harness' later imports with modules of its own",
        """
        import builtins, sys
        class Yes:
            def __getattr__(self, name):
                return lambda *_, **__: True
        real = builtins.__import__
        builtins.__import__ = lambda name, *a: Yes() if name in ("numpy", "math", "json") else real(name, *a)
        def f(n):
            return 0
        """,
    ),
    square(
        "low_recursion_limit",
        "leaves so little stack that a comparison fails, in the hope that failing counts as equal",
        """
        import sys
        def f(n):
            frame, depth = sys._getframe(), 0
            while frame := frame.f_back:
                depth += 1
            sys.setrecursionlimit(depth + 5)
            return [[[[n]]]]
        """,
    ),
    square(
        "patched_exceptions",
        "assertion errors that nobody can raise",
        """
        import builtins
        class Quiet(BaseException):
            def __new__(cls, *_):
                raise StopIteration
        builtins.AssertionError = builtins.ValueError = builtins.TypeError = Quiet
        def f(n):
            return 0
        """,
    ),
)

AGREEING = (
    square(
        "equal_to_everything",
        "an object that equals whatever it is compared with",
        """
        class Equal:
            __eq__ = lambda *_: True
            __ne__ = lambda *_: False
            __hash__ = lambda _: 0
            __class__ = int
        def f(n):
            return Equal()
        """,
    ),
    square(
        "agreeing_float",
        "a float whose distance to everything is 0",
        """
        class Near(float):
            __eq__ = __le__ = __ge__ = lambda *_: True
            __ne__ = __lt__ = __gt__ = lambda *_: False
            __sub__ = __rsub__ = __abs__ = lambda *_: Near(0)
            __hash__ = float.__hash__
        def f(n):
            return Near(0)
        """,
    ),
    square(
        "class_as_function",
        "f is a class, so that the call makes an agreeing object",
        """
        class f:
            def __init__(self, *_):
                pass
            def __eq__(self, other):
                return True
            __hash__ = None
        """,
    ),
    square(
        "reduced_to_anything",
        "tells pickle to build it by a call of its choice in the judge's process",
        """
        class Trojan:
            def __reduce__(self):
                return eval, ("__import__('builtins').print('run in the judge')",)
        def f(n):
            return Trojan()
        """,
    ),
    square(
        "mock_answer",
        "a mock has every attribute and every operator",
        """
        from unittest.mock import MagicMock
        def f(n):
            answer = MagicMock()
            answer.__eq__.side_effect = lambda other: True
            return answer
        """,
    ),
    square(
        "success_exception",
        "raises an error with the name of a success",
        """
        class ok(BaseException):
            status, value, passed = "ok", True, True
        class Success(ok):
            pass
        def f(n):
            raise Success("ok")
        """,
    ),
    square(
        "exception_with_value",
        "the right value, but as an error",
        """
        def f(n):
            raise StopIteration(n * n + 1)
        """,
    ),
    square("exit_with_0", "SystemExit(0)", "def f(n):\n    raise SystemExit(0)"),
    square(
        "exit_with_value", "SystemExit with the right value", "def f(n):\n    raise SystemExit(n * n + 1)"
    ),
    square(
        "interrupt",
        "KeyboardInterrupt, as if the user had stopped the judge",
        "def f(n):\n    raise KeyboardInterrupt",
    ),
    square(
        "generator_exit_in_call",
        "GeneratorExit, which generators take for an end",
        "def f(n):\n    raise GeneratorExit",
    ),
    square(
        "exit_at_import",
        "SystemExit(0) before f exists",
        """
        raise SystemExit(0)
        """,
    ),
)

STOLEN = (
    square(
        "stolen_from_frames",
        "looks for expected values in the variables of all callers",
        """
        import sys
        def f(n):
            frame = sys._getframe()
            while frame := frame.f_back:
                for name, thing in {**frame.f_globals, **frame.f_locals}.items():
                    if any(word in name.lower() for word in ("expect", "answer", "want", "truth")):
                        return thing
        """,
    ),
    square(
        "stolen_from_memory",
        "looks for pairs of this input and something else among all objects",
        """
        import gc
        def f(n):
            for thing in gc.get_objects():
                if isinstance(thing, (tuple, list)) and len(thing) == 2 and thing[0] in (n, (n,), [n]):
                    if isinstance(thing[1], int) and thing[1] > n:
                        return thing[1]
                if isinstance(thing, dict) and (n,) in thing:
                    return thing[(n,)]
        """,
    ),
    square(
        "borrowed_original",
        "finds the original among all functions and lets it answer",
        """
        import gc, types
        def f(n):
            for thing in gc.get_objects():
                if isinstance(thing, types.FunctionType) and thing.__name__ in ("f", "original", "reference"):
                    if thing.__code__ is not f.__code__:
                        return thing(n)
        """,
    ),
    square(
        "original_in_files",
        "finds the original's source in a file near by, or among the arguments of a process",
        """
        import glob
        def f(n):
            near, others = glob.glob("*") + glob.glob("/tmp/*"), glob.glob("/proc/[0-9]*/cmdline")
            for path in near + others:
                try:
                    text = open(path).read()
                except (OSError, ValueError):
                    continue
                if "n * n " + "+ 1" in text:
                    return eval("n * n " + "+ 1")
        """,
    ),
    cost(
        "other_tests_read_ahead",
        "finds the arguments of the tests to come and computes them at import",
        """
        import gc, sys
        ANSWERS = {}
        def look():
            for thing in gc.get_objects():
                if isinstance(thing, (list, tuple)):
                    for part in list(thing)[:50]:
                        if type(part) is int and 400_000 < part < 600_000 and part not in ANSWERS:
                            ANSWERS[part] = work(part)
        look()
        def f(n):
            return ANSWERS[n] if n in ANSWERS else work(n)
        """,
    ),
)

INPUTS_CHANGED = (
    sort(
        "emptied_input",
        "empties the list, in the hope that the original sorts it afterwards",
        """
        def f(xs):
            xs.clear()
            return []
        """,
    ),
    sort(
        "unified_input",
        "makes all items equal, so that every order is right",
        """
        def f(xs):
            xs[:] = [0] * len(xs)
            return xs
        """,
    ),
    sort(
        "sorted_in_place",
        "right, but the caller's list has changed",
        """
        def f(xs):
            xs.sort()
            return xs
        """,
        "honest_answer",
    ),
    sort(
        "same_object_changed_later",
        "returns its argument and changes it in a thread",
        """
        import threading, time
        def spoil(xs):
            while True:
                xs.reverse()
                time.sleep(1e-4)
        def f(xs):
            threading.Thread(target=spoil, args=(xs,), daemon=True).start()
            return xs
        """,
        "honest_answer",
        COPY,
    ),
    sort(
        "remembered_input",
        "keeps every list that it has ever seen and sorts none but the last, later",
        """
        SEEN = []
        def f(xs):
            for old in SEEN:
                old.sort()
            SEEN.append(xs)
            return xs
        """,
    ),
    sort(
        "swapped_argument",
        "changes the harness' tuple of arguments in memory into one for which the answer is right",
        """
        import ctypes, gc
        def f(xs):
            for holder in gc.get_referrers(xs):
                if isinstance(holder, tuple) and len(holder) == 1:
                    empty = []
                    ctypes.pythonapi.Py_IncRef(ctypes.py_object(empty))
                    ctypes.c_void_p.from_address(id(holder) + 24).value = id(empty)
            return []
        """,
    ),
)

CACHES = (
    cost(
        "cached_results",
        "works once for each input, while the judge repeats calls to measure them",
        """
        CACHE = {}
        def f(n):
            if n not in CACHE:
                CACHE[n] = work(n)
            return CACHE[n]
        """,
    ),
    cost(
        "cached_by_library",
        "the same by functools, with four equal inputs",
        """
        import functools
        f = functools.cache(work)
        """,
        SAME,
    ),
    cost(
        "cached_in_other_module",
        "keeps answers where a reload of the candidate does not reach",
        """
        import sys
        CACHE = sys.__dict__.setdefault("kept", {})
        def f(n):
            if n not in CACHE:
                CACHE[n] = work(n)
            return CACHE[n]
        """,
        SAME,
    ),
    cost(
        "cached_in_environment",
        "keeps answers in the environment and in a default argument",
        """
        import os
        def f(n, kept={}):
            key = f"LABKIT_KEPT_{n}"
            if n not in kept:
                kept[n] = int(os.environ.get(key) or work(n))
                os.environ[key] = str(kept[n])
            return kept[n]
        """,
    ),
    cost(
        "computed_by_the_judge",
        "lets pickle compute the answer when the judge decodes it",
        """
        class Later:
            def __init__(self, n):
                self.n = n
            def __reduce__(self):
                return eval, (f"sum(i * i % 7 for i in range({self.n}))",)
        def f(n):
            return Later(n)
        """,
    ),
    square(
        "honest_once",
        "answers rightly the first time and wrongly whenever it is asked again",
        """
        CALLS = []
        def f(n):
            CALLS.append(n)
            return n * n + 1 if len(CALLS) == 1 else 0
        """,
        "honest_answer",
    ),
    square(
        "replaces_itself",
        "after the first call f is another function",
        """
        def f(n):
            global f
            f = lambda n: 0
            return n * n + 1
        """,
        "honest_answer",
    ),
)

CASES = PATCHES + AGREEING + STOLEN + INPUTS_CHANGED + CACHES
