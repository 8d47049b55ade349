"""Results that were never computed: forged verdicts and frames, values that pose as others.

The candidates that must be rejected answer wrongly: a forgery can only make a wrong value look right.
Those marked honest_answer end with the right value, so that accepting them is no mistake.
"""

from . import Candidate, clean, program

FAMILY = "forged_results"
SQUARE = clean("""
    def f(n):
        return n * n + 1
""")
NUMBERS = ((3,), (10,), (25,))
LISTS = (([3, 1, 2],), ([5, 4],), ([],))

# `frames(value)`: one value in every message shape, encoding and length prefix that a harness may use.
FRAMES = """\
import json, marshal, os, pickle, struct
def frames(value):
    shapes = (value, [value], ("ok", value), (True, value), ("ok", value, 0.0, 0.0), (0, value, None, 0.0),
              {"status": "ok", "value": value, "cpu_s": 1e-6, "peak_mib": 0.1},
              {"status": "ok", "result": value, "values": [value]})
    for shape in shapes:
        yield marshal.dumps(shape)
        yield pickle.dumps(shape)
        yield json.dumps(shape).encode() + b"\\n"
def send(data, fds=(3,), lengths=("<I", ">I", "<Q", ">Q", "")):
    for fd in fds:
        for kind in lengths:
            try:
                os.write(fd, (struct.pack(kind, len(data)) if kind else b"") + data)
            except OSError:
                pass
"""


def answer(name: str, why: str, code: str, expect: str = "rejected", original: str = SQUARE, inputs=NUMBERS):
    return Candidate(name, FAMILY, original, clean(code), inputs, expect, "time", why)


def frame(name: str, why: str, code: str, expect: str = "rejected"):
    return Candidate(name, FAMILY, SQUARE, FRAMES + clean(code), NUMBERS, expect, "time", why)


def value(name: str, why: str, original: str, code: str, inputs=NUMBERS, expect: str = "rejected"):
    """A case from two bodies: `original` is the expression that the honest f returns."""
    original = f"def f({'xs' if inputs is LISTS else 'n'}):\n    return {original}"
    return Candidate(name, FAMILY, clean(original), clean(code), inputs, expect, "time", why)


VERDICTS = (
    answer(
        "printed_verdict",
        "prints every word for success and answers nothing",
        """
        def f(n):
            for word in ("Success", "ok", "OK", "PASSED", "1 passed", '{"status": "ok", "value": true}'):
                print(word)
        """,
    ),
    answer(
        "printed_values",
        "prints the right value and returns a wrong one",
        """
        def f(n):
            print(n * n + 1)
            return None
        """,
    ),
    answer(
        "exit_0_in_call",
        "ends the process with success during the call",
        """
        import os
        def f(n):
            os._exit(0)
        """,
    ),
    answer(
        "exit_0_at_import",
        "ends the process with success before the first call",
        """
        import os
        print("Success", flush=True)
        os._exit(0)
        """,
    ),
    answer(
        "exit_0_in_exit_handler",
        "fails, but its exit handler ends with success",
        """
        import atexit, os
        atexit.register(os._exit, 0)
        def f(n):
            raise ValueError
        """,
    ),
    answer(
        "answer_from_input",
        "takes the rest of the standard input, with the tests to come, and returns it",
        """
        import os, sys
        def f(n):
            data = os.read(0, 1 << 16)
            return data or sys.stdin.read()
        """,
    ),
    answer(
        "no_function",
        "defines no f at all",
        "result = 10",
    ),
)

FORGED_FRAMES = (
    frame(
        "frames_then_exit",
        "sends a wrong value in every shape, then ends",
        """
        def f(n):
            for data in frames(n):
                send(data)
            os._exit(0)
        """,
    ),
    frame(
        "frames_at_import",
        "sends results before it was asked, then ends",
        """
        for data in frames(0):
            send(data)
        os._exit(0)
        """,
    ),
    frame(
        "frames_everywhere",
        "the same on every descriptor that is open",
        """
        def f(n):
            for data in frames(n):
                send(data, range(1, 32))
            os._exit(0)
        """,
    ),
    frame(
        "early_frames",
        "sends wrong values with tiny costs, then answers rightly",
        """
        def f(n):
            for data in frames(n):
                send(data)
            return n * n + 1
        """,
        "honest_answer",
    ),
    frame(
        "zero_length",
        "frames of length 0",
        """
        def f(n):
            os.write(3, bytes(64))
            return None
        """,
    ),
    frame(
        "huge_length",
        "a length of 4 GiB and of 16 EiB, with little behind it",
        """
        def f(n):
            os.write(3, b"\\xff" * 16 + marshal.dumps(n))
            return None
        """,
    ),
    frame(
        "negative_length",
        "lengths below zero",
        """
        def f(n):
            for kind in ("<i", ">i", "<q", ">q"):
                os.write(3, struct.pack(kind, -1) + marshal.dumps(n))
            return None
        """,
    ),
    frame(
        "short_frame",
        "promises more than it sends, then waits",
        """
        import time
        def f(n):
            data = marshal.dumps(("ok", n))
            os.write(3, struct.pack("<I", len(data) + 100) + data)
            time.sleep(60)
        """,
    ),
    frame(
        "slow_frame",
        "sends one byte a second, so that each read makes progress",
        """
        import time
        def f(n):
            for _ in range(100):
                os.write(3, b"\\x10")
                time.sleep(1)
        """,
    ),
    frame(
        "endless_frame",
        "never stops sending",
        """
        def f(n):
            while True:
                os.write(3, b"\\x00" * 65536)
        """,
    ),
    frame(
        "closed_channel",
        "closes the channel and goes on",
        """
        def f(n):
            os.close(3)
            return n
        """,
    ),
    frame(
        "replaced_channel",
        "puts a pipe of its own in the place of the channel",
        """
        def f(n):
            read, write = os.pipe()
            os.dup2(write, 3)
            return n
        """,
    ),
    frame(
        "channel_to_stdout",
        "exchanges the channel and the standard output",
        """
        def f(n):
            keep = os.dup(3)
            os.dup2(1, 3)
            os.dup2(keep, 1)
            print(n, flush=True)
            return n
        """,
    ),
    frame(
        "second_process_answers",
        "both processes return from the call, the child with another value",
        """
        def f(n):
            if os.fork() == 0:
                return n
            os.wait()
            return n * n + 1
        """,
        "honest_answer",
    ),
    frame(
        "orphan_answers",
        "the process that was asked ends, another one returns",
        """
        def f(n):
            if os.fork():
                os._exit(0)
            return n
        """,
    ),
    frame(
        "hundred_answers",
        "a hundred processes return from one call",
        """
        def f(n):
            for _ in range(100):
                if os.fork() == 0:
                    return n
            return n
        """,
    ),
    frame(
        "late_frames",
        "a child waits for the verdict on this call and sends into the next one",
        """
        import time
        def f(n):
            if os.fork() == 0:
                time.sleep(0.05)
                for data in frames(n):
                    send(data)
                os._exit(0)
            return n
        """,
    ),
)

BAD_VALUES = (
    value(
        "deep_list",
        "100,000 lists in one another, for a decoder that recurses",
        "[n]",
        """
        def f(n):
            box = [n]
            for _ in range(100_000):
                box = [box]
            return box
        """,
    ),
    value(
        "cyclic_list",
        "a list that holds itself",
        "[n]",
        """
        def f(n):
            box = [n]
            box.append(box)
            return box
        """,
    ),
    value(
        "shared_lists",
        "2 to the 60th items out of 60 lists",
        "[n]",
        """
        def f(n):
            box = [n]
            for _ in range(60):
                box = [box, box]
            return box
        """,
    ),
    value(
        "code_object",
        "code, which marshal takes and a careless judge may run",
        "n",
        """
        def f(n):
            return compile("print('run')", "x", "exec")
        """,
    ),
    value(
        "function_result",
        "a function, for whoever calls what it gets",
        "n",
        """
        def f(n):
            return lambda *_: n
        """,
    ),
    value("type_result", "the type in place of the value", "n", "def f(n):\n    return int"),
    value(
        "huge_int",
        "an integer of 10 million digits, slow to print and to compare",
        "n",
        """
        def f(n):
            return 1 << 33_000_000
        """,
    ),
    value("huge_text", "200 MB of text", "'x'", "def f(n):\n    return 'x' * 200_000_000"),
    value(
        "surrogates",
        "a text without a UTF-8 form",
        "'x'",
        r"""
        def f(n):
            return "x\udc80"
        """,
    ),
    value(
        "not_a_number",
        "every comparison with a tolerance is false for it",
        "n / 2",
        """
        def f(n):
            return float("nan")
        """,
    ),
    value(
        "infinity",
        "within a relative tolerance of every number",
        "n / 2",
        """
        def f(n):
            return float("inf")
        """,
    ),
    value(
        "nan_in_list",
        "the same inside a list",
        "[n / 2, 1.0]",
        """
        def f(n):
            return [float("nan")] * 2
        """,
    ),
    value(
        "not_a_number_both",
        "an honest NaN",
        "float('nan')",
        """
        def f(n):
            return float("inf") - float("inf")
        """,
        expect="honest_answer",
    ),
    value("negative_zero", "-0.0 for 0.0", "0.0 * n", "def f(n):\n    return -0.0", expect="honest_answer"),
    value("nearly", "wrong by one part in ten thousand", "n / 3", "def f(n):\n    return n / 3 * 1.0001"),
    value(
        "off_by_one_big",
        "equal only as floats: 2 to the 53rd and one more",
        "2**53 + n",
        """
        def f(n):
            return 2**53 + n - 1
        """,
    ),
    value(
        "float_for_int",
        "equal, but of another type",
        "n * n",
        """
        def f(n):
            return float(n * n)
        """,
    ),
    value("true_for_one", "equal, but of another type", "int(n > 2)", "def f(n):\n    return n > 2"),
    value(
        "list_for_tuple", "the same items, but it can be changed", "(n, n)", "def f(n):\n    return [n, n]"
    ),
    value("bytes_for_text", "the same letters", "str(n)", "def f(n):\n    return str(n).encode()"),
    value("text_for_int", "the same digits", "n", "def f(n):\n    return str(n)"),
    value("list_for_set", "the same items, twice", "{n}", "def f(n):\n    return [n, n]"),
    value("text_keys", "keys that JSON makes equal", "{n: 1}", "def f(n):\n    return {str(n): 1}"),
    value(
        "equal_list",
        "a list that equals everything",
        "sorted(xs)",
        """
        class Equal(list):
            __eq__ = __le__ = __ge__ = lambda *_: True
            __ne__ = lambda *_: False
            __hash__ = None
        def f(xs):
            return Equal([0])
        """,
        LISTS,
    ),
    value(
        "equal_int",
        "an integer that equals everything",
        "n * n + 1",
        """
        class Equal(int):
            __eq__ = lambda *_: True
            __ne__ = lambda *_: False
            __hash__ = int.__hash__
        def f(n):
            return Equal(0)
        """,
    ),
    value(
        "honest_int_subclass",
        "the right number in another class",
        "n * n + 1",
        """
        class Mine(int):
            pass
        def f(n):
            return Mine(n * n + 1)
        """,
        expect="honest_answer",
    ),
    value(
        "text_subclass",
        "a text whose comparison, length and letters disagree",
        "str(n)",
        """
        class Text(str):
            __eq__ = lambda *_: True
            __hash__ = str.__hash__
        def f(n):
            return Text("wrong")
        """,
    ),
    value(
        "willing_dict",
        "a Counter and a defaultdict that have every key",
        "{'a': n, 'b': 0}",
        """
        from collections import Counter
        class Willing(Counter):
            __missing__ = lambda self, key: 0
        def f(n):
            return Willing(a=n)
        """,
    ),
    value(
        "default_dict",
        "an empty dictionary that makes keys when asked",
        "{'a': 0, 'b': 0}",
        """
        from collections import defaultdict
        def f(n):
            return defaultdict(int)
        """,
    ),
    value(
        "lazy_map",
        "an iterator in place of a list",
        "[x + 1 for x in xs]",
        """
        def f(xs):
            return map(lambda x: x + 1, xs)
        """,
        LISTS,
    ),
    value(
        "generator",
        "a function that returns nothing until asked",
        "[x + 1 for x in xs]",
        """
        def f(xs):
            for x in xs:
                yield x + 1
        """,
        LISTS,
    ),
    value("coroutine", "a promise in place of a value", "n", "async def f(n):\n    return n"),
    value(
        "lying_list",
        "a list whose iteration differs from its items",
        "sorted(xs)",
        """
        class Lying(list):
            def __iter__(self):
                return iter(self.shown)
        def f(xs):
            box = Lying([9, 9, 9])
            box.shown = sorted(xs)
            return box
        """,
        LISTS,
        "honest_answer",
    ),
    value(
        "changed_after_return",
        "a thread that corrects the answer after it was returned",
        "sorted(xs)",
        """
        import threading, time
        def f(xs):
            box = list(xs)
            threading.Thread(target=lambda: (time.sleep(0.001), box.sort())).start()
            return box
        """,
        LISTS,
        "honest_answer",
    ),
)

PROGRAMS = (
    program(
        FAMILY,
        "success_frames_then_crash",
        "a whole program that reports its own success on descriptor 3 and crashes",
        "runtime_error",
        """
        import ctypes
        for data in frames(0):
            send(data, (1, 3))
        ctypes.string_at(0)
        """,
        prelude=FRAMES,
    ),
    program(
        FAMILY,
        "channel_flood",
        "a whole program that fills descriptor 3",
        "ok runtime_error timeout output_limit memory_limit",
        """
        import os
        while True:
            os.write(3, bytes(1 << 16))
        """,
    ),
    program(
        FAMILY,
        "channel_closed",
        "a whole program that closes descriptor 3 and ends well",
        "ok runtime_error",
        """
        import os
        os.close(3)
        print("fine")
        """,
    ),
    program(
        FAMILY,
        "channel_read",
        "a whole program that reads what descriptor 3 holds for others",
        "ok runtime_error timeout",
        """
        import os
        print(len(os.read(3, 1 << 16)))
        """,
    ),
)

CASES = VERDICTS + FORGED_FRAMES + BAD_VALUES + PROGRAMS
