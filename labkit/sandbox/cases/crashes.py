"""Ends that confuse whoever waits for them: signals, exit codes, broken text, broken interpreters."""

from functools import partial

from . import program

case = partial(program, "crashes")
FAILED = "runtime_error"
ANY_END = "ok runtime_error timeout memory_limit denied"

CASES = (
    case("segmentation_fault", "reads address 0", FAILED, "import ctypes\nctypes.string_at(0)"),
    case("abort", "SIGABRT", FAILED, "import os\nos.abort()"),
    case(
        "kill_itself",
        "SIGKILL, which looks like the kernel's answer to too much memory",
        FAILED,
        """
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
        """,
    ),
    case(
        "fake_filter_death",
        "SIGSYS by hand, which looks like a refused system call",
        "runtime_error denied",
        """
        import os, signal
        os.kill(os.getpid(), signal.SIGSYS)
        """,
    ),
    case(
        "fake_cpu_death",
        "SIGXCPU by hand, which looks like a spent CPU limit",
        "runtime_error timeout",
        """
        import os, signal
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGXCPU)
        """,
    ),
    case(
        "c_stack_overflow",
        "recursion in C code",
        "runtime_error memory_limit",
        """
        import sys
        sys.setrecursionlimit(10**8)
        box = []
        for _ in range(10**6):
            box = [box]
        hash(repr(box))
        """,
    ),
    case(
        "parser_overflow",
        "a program that is too deep for the parser",
        "runtime_error memory_limit timeout",
        "value = " + "-" * 100_000 + "1",
    ),
    case("nul_in_source", "a NUL in the source", FAILED, "print('before')\0print('after')"),
    case(
        "lone_surrogate_in_source", "source that has no UTF-8 form", FAILED, "x = '\udc80'\nraise ValueError"
    ),
    case(
        "wrong_coding_line",
        "an unknown encoding in the first line",
        "ok runtime_error",
        "# coding: nonsense\nx = 1",
    ),
    case("empty_source", "nothing at all", "ok", ""),
    case("syntax_error", "not a program", FAILED, "def f(:\n    'unfinished"),
    case(
        "bytes_on_stdout",
        "output that is not text",
        "ok",
        r"""
        import os
        os.write(1, bytes(range(256)) * 4)
        os.write(2, b"\xff\xfe\x00\xed\xa0\x80\xf5")
        """,
    ),
    case("surrogate_on_stdout", "text that has no UTF-8 form", "ok runtime_error", r"print('\udcff')"),
    case(
        "half_a_character",
        "an output limit in the middle of a character",
        "ok output_limit runtime_error",
        """
        import sys
        sys.stdout.write("x" + "\u20ac" * 100_000)
        """,
        output_kib=64,
    ),
    case(
        "surrogate_in_exception",
        "an error text that has no UTF-8 form, with control characters",
        FAILED,
        r"raise ValueError('\udcff \x00 \x1b[2J \r\n')",
    ),
    case("exit_code_0", "ends early without a word", "ok", "import os\nos._exit(0)"),
    case("exit_code_1", "fails without a word", FAILED, "import os\nos._exit(1)"),
    case("exit_code_124", "the code of a timeout", FAILED, "import os\nos._exit(124)"),
    case("exit_code_137", "the code of a SIGKILL, without one", FAILED, "import os\nos._exit(137)"),
    case("exit_code_159", "the code of a SIGSYS, without one", FAILED, "import os\nos._exit(159)"),
    case("exit_code_255", "the greatest code", FAILED, "import os\nos._exit(255)"),
    case("exit_code_256", "a code that wraps to 0", "ok runtime_error", "import sys\nsys.exit(256)"),
    case("exit_with_text", "an exit code that is a text", FAILED, "import sys\nsys.exit('no')"),
    case(
        "exit_with_object",
        "an exit code whose text raises",
        "ok runtime_error",
        """
        class Code:
            def __str__(self):
                raise RuntimeError
        raise SystemExit(Code())
        """,
    ),
    case(
        "every_exit_code",
        "children with every code, then the same codes once more in one process",
        "ok process_limit runtime_error",
        """
        import os
        for code in range(256):
            if os.fork() == 0:
                os._exit(code)
            assert os.waitstatus_to_exitcode(os.wait()[1]) == code
        """,
    ),
    case(
        "exit_in_exit_handler",
        "ends while it ends",
        "ok runtime_error",
        """
        import atexit, os, sys
        atexit.register(os._exit, 7)
        atexit.register(sys.exit, 3)
        """,
    ),
    case(
        "exception_in_finalizer",
        "raises where nobody can catch it",
        "ok runtime_error",
        """
        class Loud:
            def __del__(self):
                raise BaseException("late")
        box = [Loud() for _ in range(100)]
        box.append(box)
        """,
    ),
    case(
        "unprintable_exception",
        "an error whose text and traceback raise errors",
        FAILED,
        """
        class Bad(Exception):
            def __str__(self):
                raise Bad
            __repr__ = __str__
            __notes__ = property(__str__)
        raise Bad
        """,
    ),
    case(
        "exit_in_exception_text",
        "an error whose text ends the process",
        "ok runtime_error",
        """
        import os
        class Bad(Exception):
            def __str__(self):
                os._exit(0)
        raise Bad
        """,
    ),
    case(
        "endless_exception_text",
        "an error whose text never comes",
        "timeout",
        """
        class Bad(Exception):
            def __str__(self):
                while True:
                    pass
        raise Bad
        """,
    ),
    case(
        "deep_traceback",
        "a traceback of 100,000 different frames",
        "runtime_error output_limit memory_limit timeout",
        """
        import sys
        sys.setrecursionlimit(200_000)
        def a(n):
            return b(n - 1) if n else 1 / 0
        def b(n):
            return a(n - 1) if n else 1 / 0
        a(100_000)
        """,
    ),
    case(
        "exception_cycle",
        "two errors, each the cause of the other, in a group of groups",
        FAILED,
        """
        one, two = ValueError(1), ValueError(2)
        one.__cause__, two.__cause__ = two, one
        group = one
        for _ in range(500):
            group = ExceptionGroup("more", [group, two])
        raise group
        """,
    ),
    case(
        "replaced_hooks",
        "answers its own error with success",
        "ok runtime_error",
        """
        import os, sys
        sys.excepthook = sys.unraisablehook = lambda *_: os._exit(0)
        raise ValueError("hidden")
        """,
    ),
    case(
        "fatal_error",
        "faulthandler's own fatal error",
        FAILED,
        "import faulthandler\nfaulthandler._fatal_error_c_thread()",
    ),
    case(
        "late_fault_handler",
        "faulthandler ends the process from a thread in C",
        "runtime_error",
        """
        import faulthandler, time
        faulthandler.dump_traceback_later(0.2, exit=True)
        time.sleep(60)
        """,
    ),
    case(
        "corrupt_none",
        "breaks the type of None",
        ANY_END,
        """
        import ctypes
        ctypes.memset(id(None), 0, 16)
        print([None] * 10)
        """,
    ),
    case(
        "corrupt_small_ints",
        "makes 1 equal to 2, in every module",
        ANY_END,
        """
        import ctypes, sys
        size = sys.getsizeof(1)
        ctypes.memmove(id(1) + 16, id(2) + 16, size - 16)
        print(1 + 1)
        """,
    ),
    case(
        "empty_builtins",
        "takes every builtin away",
        "ok runtime_error",
        """
        import builtins, sys
        vars(builtins).clear()
        """,
    ),
    case(
        "empty_modules",
        "takes every module away, and the output",
        "ok runtime_error",
        """
        import sys
        sys.stdout = sys.stderr = sys.__stdout__ = None
        sys.modules.clear()
        """,
    ),
    case(
        "closed_descriptors",
        "closes every descriptor and ends",
        "ok runtime_error",
        """
        import os
        os.closerange(0, 4096)
        """,
    ),
    case(
        "made_up_memory_error",
        "a MemoryError without any memory",
        "runtime_error memory_limit",
        """
        raise MemoryError("made up")
        """,
    ),
    case(
        "made_up_messages",
        "prints the texts of other ends, then fails",
        FAILED,
        """
        import sys
        for text in ("MemoryError", "Killed", "status: ok", "TimeoutError", "Bad system call"):
            print(text)
            print(text, file=sys.stderr)
        sys.exit(1)
        """,
    ),
    case("keyboard_interrupt", "an error that is no Exception", FAILED, "raise KeyboardInterrupt"),
    case("generator_exit", "another one", FAILED, "raise GeneratorExit"),
)
