"""Honest work at a false price: the clock is changed, or the work is done where nobody looks.

Every candidate does about as much work as the original (25-40 ms of plain Python, or 40 MiB), so a
judge that accepts it must have measured at least half of that.
"""

from . import Candidate, clean

FAMILY = "clock_tampering"
# 500,000 rounds are about 30 ms on a core of 2023.
WORK = clean("""
    def work(n):
        total = 0
        for i in range(n):
            total += i * i % 7
        return total
""")
ORIGINAL = WORK.replace("work", "f")
INPUTS = ((500_000,), (520_000,), (540_000,))
BOX_ORIGINAL = WORK + "def f(n):\n    return [work(n)]\n"

# A list of a million new integers: 8 MiB of pointers and 30 MiB of objects.
HOLD = clean("""
    def work(n):
        data = list(range(1000, n + 1000))
        return sum(data)
""")
MEMORY_ORIGINAL = HOLD.replace("work", "f")
SIZES = ((1_000_000,), (1_050_000,))


def late(name: str, why: str, code: str, original: str = ORIGINAL) -> Candidate:
    return Candidate(name, FAMILY, original, WORK + clean(code), INPUTS, "honest_cost", "time", why)


def hidden(name: str, why: str, code: str) -> Candidate:
    return Candidate(name, FAMILY, MEMORY_ORIGINAL, HOLD + clean(code), SIZES, "honest_cost", "memory", why)


CLOCKS = (
    late(
        "patched_clocks",
        "every clock of the time module shows 0",
        """
        import time
        for name in ("time", "perf_counter", "process_time", "thread_time", "monotonic"):
            setattr(time, name, lambda: 0.0)
            setattr(time, name + "_ns", lambda: 0)
        time.clock_gettime = lambda clock: 0.0
        time.clock_gettime_ns = lambda clock: 0
        def f(n):
            return work(n)
        """,
    ),
    late(
        "patched_references",
        "clocks that were imported by name, in every module and class",
        """
        import gc, time, resource, os
        NAMES = ("time", "perf_counter", "process_time", "thread_time", "monotonic", "clock_gettime")
        CLOCKS = [getattr(time, name + end) for name in NAMES for end in ("", "_ns")]
        CLOCKS += [resource.getrusage]
        for names in [thing for thing in gc.get_objects() if isinstance(thing, dict)]:
            for key, thing in list(names.items()):
                if any(thing is clock for clock in CLOCKS):
                    names[key] = (lambda *_: 0) if str(key).endswith("_ns") else (lambda *_: 0.0)
        def f(n):
            return work(n)
        """,
    ),
    late(
        "patched_usage",
        "resource.getrusage and os.times show nothing",
        """
        import os, resource
        NOTHING = resource.struct_rusage([0] * 16)
        resource.getrusage = lambda who: NOTHING
        os.times = lambda: os.times_result((0, 0, 0, 0, 0))
        def f(n):
            return work(n)
        """,
    ),
    late(
        "patched_c_clock",
        "overwrites clock_gettime in the C library with code that says 0",
        """
        import ctypes, platform
        libc = ctypes.CDLL(None)
        place = ctypes.cast(libc.clock_gettime, ctypes.c_void_p).value
        code = bytes.fromhex("48c70600000000 48c7460800000000 31c0 c3")
        if platform.machine() == "aarch64":
            code = bytes.fromhex("3f0000f9 3f0400f9 00008052 c0035fd6")
        start = place & ~4095
        if libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(8192), 7) == 0:
            ctypes.memmove(place, code, len(code))
        def f(n):
            return work(n)
        """,
    ),
    late(
        "sleepy_clock",
        "a clock that stands still only while f runs",
        """
        import time
        NAMES = ("perf_counter", "process_time", "thread_time", "monotonic")
        REAL = {name: getattr(time, name) for name in NAMES}
        LOST = dict.fromkeys(REAL, 0.0)
        for name in REAL:
            setattr(time, name, lambda name=name: REAL[name]() - LOST[name])
        def f(n):
            before = {name: clock() for name, clock in REAL.items()}
            total = work(n)
            for name, clock in REAL.items():
                LOST[name] += clock() - before[name]
            return total
        """,
    ),
    late(
        "timer_signal",
        "answers with an empty list that a timer signal fills after the return",
        """
        import signal
        def f(n):
            box = []
            signal.signal(signal.SIGALRM, lambda *_: box.append(work(n)))
            signal.setitimer(signal.ITIMER_REAL, 2e-5)
            return box
        """,
        BOX_ORIGINAL,
    ),
    late(
        "no_collection",
        "switches the collector off, so that its work falls due later",
        """
        import gc
        gc.disable()
        gc.freeze()
        def f(n):
            return work(n)
        """,
    ),
)

ELSEWHEN = (
    late(
        "precomputed_at_import",
        "answers for guessed inputs are ready before the first call",
        """
        ANSWERS = {n: work(n) for n in (500_000, 520_000, 540_000)}
        def f(n):
            return ANSWERS[n] if n in ANSWERS else work(n)
        """,
    ),
    late(
        "work_while_decoding",
        "computes the answer when the arguments are decoded, before the clock starts",
        """
        import json, marshal, pickle
        ANSWERS = {}
        def look(thing):
            if type(thing) is int and 400_000 < thing < 600_000:
                ANSWERS[thing] = work(thing)
            for part in thing if isinstance(thing, (list, tuple)) else ():
                look(part)
            for part in thing.values() if isinstance(thing, dict) else ():
                look(part)
            return thing
        for module in (marshal, pickle, json):
            for name in ("load", "loads"):
                setattr(module, name, lambda *a, real=getattr(module, name), **k: look(real(*a, **k)))
        def f(n):
            return ANSWERS.pop(n) if n in ANSWERS else work(n)
        """,
    ),
    late(
        "work_while_reading",
        "computes when the standard input is read, one step before decoding",
        """
        import os, sys
        ANSWERS = {}
        def look(data):
            for n in (500_000, 520_000, 540_000):
                if n.to_bytes(4, "little") in bytes(data) or str(n).encode() in bytes(data):
                    ANSWERS[n] = work(n)
            return data
        real_read = os.read
        os.read = lambda fd, size: look(real_read(fd, size))
        class Reader:
            def __init__(self, inner):
                self.inner = inner
            def __getattr__(self, name):
                real = getattr(self.inner, name)
                return (lambda *a: look(real(*a))) if name.startswith("read") else real
        sys.stdin = Reader(sys.stdin.buffer)
        def f(n):
            return ANSWERS.pop(n) if n in ANSWERS else work(n)
        """,
    ),
    late(
        "work_in_profile_hook",
        "a hook sees the harness ask for the time and computes before the clock is read",
        """
        import sys
        ANSWERS, BUSY = {}, []
        def look(thing, depth):
            if type(thing) is int and 400_000 < thing < 600_000 and thing not in ANSWERS:
                ANSWERS[thing] = work(thing)
            for part in thing if depth and isinstance(thing, (list, tuple)) else ():
                look(part, depth - 1)
        def hook(frame, event, what):
            if event == "c_call" and not BUSY:
                BUSY.append(1)
                for thing in list(frame.f_locals.values()):
                    look(thing, 3)
                BUSY.clear()
        sys.setprofile(hook)
        def f(n):
            return ANSWERS.pop(n) if n in ANSWERS else work(n)
        """,
    ),
    late(
        "work_in_caller_trace",
        "sets a trace on the harness' own frame and computes in its next line, after f returned",
        """
        import sys
        def f(n):
            box, caller = [], sys._getframe(1)
            def trace(frame, event, what):
                if not box:
                    box.append(work(n))
                return trace
            sys.settrace(lambda *_: None)
            caller.f_trace = trace
            return box
        """,
        BOX_ORIGINAL,
    ),
    late(
        "thread_after_return",
        "returns an empty list that a thread fills",
        """
        import threading
        def f(n):
            box = []
            threading.Thread(target=lambda: box.append(work(n))).start()
            return box
        """,
        BOX_ORIGINAL,
    ),
    late(
        "lazy_list",
        "a list that is computed when it is encoded",
        """
        class Lazy(list):
            def __init__(self, n):
                self.n = n
            def __iter__(self):
                if not len(self):
                    self.append(work(self.n))
                return list.__iter__(self)
            def __reduce_ex__(self, protocol):
                return list, (list(iter(self)),)
        def f(n):
            return Lazy(n)
        """,
        BOX_ORIGINAL,
    ),
    late(
        "lazy_number",
        "a number that is computed when it is compared, printed or converted",
        """
        class Lazy(int):
            def __index__(self):
                return work(int.__add__(self, 0))
            __int__ = __index__
            def __eq__(self, other):
                return self.__index__() == other
            def __repr__(self):
                return repr(self.__index__())
            __hash__, __str__ = int.__hash__, __repr__
        def f(n):
            return Lazy(n)
        """,
    ),
    late(
        "work_in_finalizer",
        "the answer is put into the list when a variable of the call dies",
        """
        class Last:
            def __init__(self, box, n):
                self.box, self.n = box, n
            def __del__(self):
                self.box.append(work(self.n))
        def f(n):
            box = []
            cycle = Last(box, n)
            return box
        """,
        BOX_ORIGINAL,
    ),
    late(
        "work_between_calls",
        "after an answer was sent, a thread prepares the next one",
        """
        import threading
        ANSWERS = {}
        def prepare(n):
            ANSWERS[n] = work(n)
        def f(n):
            total = ANSWERS.pop(n) if n in ANSWERS else work(n)
            threading.Thread(target=prepare, args=(n + 20_000,)).start()
            return total
        """,
    ),
    late(
        "cache_on_disk",
        "keeps answers in files, for the next fresh process",
        """
        import os
        FOLDERS = (".", "/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"))
        def f(n):
            for folder in FOLDERS:
                try:
                    return int(open(f"{folder}/labkit-cache-{n}").read())
                except (OSError, ValueError):
                    pass
            total = work(n)
            for folder in FOLDERS:
                try:
                    open(f"{folder}/labkit-cache-{n}", "w").write(str(total))
                except OSError:
                    pass
            return total
        """,
    ),
)

ELSEWHERE = (
    late(
        "work_in_thread",
        "another thread works while this one waits, for a clock of one thread",
        """
        import threading
        def f(n):
            box = []
            thread = threading.Thread(target=lambda: box.append(work(n)))
            thread.start()
            thread.join()
            return box[0]
        """,
    ),
    late(
        "work_in_child",
        "a child works while this process sleeps in a read",
        """
        import os
        def f(n):
            read, write = os.pipe()
            if os.fork() == 0:
                os.write(write, str(work(n)).encode())
                os._exit(0)
            os.close(write)
            total = int(os.read(read, 100))
            os.close(read)
            return total
        """,
    ),
    late(
        "work_in_waited_child",
        "the same, properly waited for, so that the time is in the children's account",
        """
        import os
        def f(n):
            read, write = os.pipe()
            if (child := os.fork()) == 0:
                os.write(write, str(work(n)).encode())
                os._exit(0)
            os.waitpid(child, 0)
            return int(os.read(read, 100))
        """,
    ),
    late(
        "work_in_servant",
        "a double-forked servant, started at import, works while f sleeps",
        """
        import os
        ask_read, ask_write = os.pipe()
        tell_read, tell_write = os.pipe()
        if os.fork() == 0:
            if os.fork() == 0:
                os.setsid()
                while question := os.read(ask_read, 100):
                    os.write(tell_write, str(work(int(question))).encode())
            os._exit(0)
        def f(n):
            os.write(ask_write, str(n).encode())
            return int(os.read(tell_read, 100))
        """,
    ),
    late(
        "work_in_other_program",
        "a fresh interpreter works, started through a shell",
        """
        import os, subprocess, sys
        PYTHON = sys.executable or "/usr/bin/python3"
        def f(n):
            code = f"print(sum(i * i % 7 for i in range({n})))"
            return int(subprocess.run([PYTHON, "-I", "-c", code], capture_output=True).stdout)
        """,
    ),
)

MEMORY = (
    hidden(
        "memory_before_the_call",
        "holds the memory from the import on, so that no call adds to it",
        """
        POOL = list(range(1000, 1_101_000))
        def f(n):
            return sum(POOL[i] for i in range(n))
        """,
    ),
    hidden(
        "memory_in_child",
        "a child holds it",
        """
        import os
        def f(n):
            read, write = os.pipe()
            if (child := os.fork()) == 0:
                os.write(write, str(work(n)).encode())
                os._exit(0)
            total = int(os.read(read, 100))
            os.waitpid(child, 0)
            return total
        """,
    ),
    hidden(
        "memory_in_servant",
        "a servant that is nobody's child holds it",
        """
        import os
        ask_read, ask_write = os.pipe()
        tell_read, tell_write = os.pipe()
        if os.fork() == 0:
            if os.fork() == 0:
                os.setsid()
                while question := os.read(ask_read, 100):
                    os.write(tell_write, str(work(int(question))).encode())
            os._exit(0)
        def f(n):
            os.write(ask_write, str(n).encode())
            return int(os.read(tell_read, 100))
        """,
    ),
    hidden(
        "memory_in_memfd",
        "keeps the numbers in a file in memory, 38 bytes each",
        """
        import os
        def f(n):
            fd, total = os.memfd_create("hold"), 0
            for start in range(1000, n + 1000, 1000):
                part = range(start, min(start + 1000, n + 1000))
                os.write(fd, b"".join(i.to_bytes(38, "little") for i in part))
            os.lseek(fd, 0, 0)
            while block := os.read(fd, 38_000):
                total += sum(int.from_bytes(block[k : k + 38], "little") for k in range(0, len(block), 38))
            os.close(fd)
            return total
        """,
    ),
    hidden(
        "memory_in_tmpfs",
        "keeps them in the first memory file system that takes them",
        """
        import os, tempfile
        FOLDER = next(d for d in ("/dev/shm", "/tmp", ".") if os.access(d, os.W_OK))
        def f(n):
            total = 0
            with tempfile.TemporaryFile(dir=FOLDER) as file:
                for i in range(1000, n + 1000):
                    file.write(i.to_bytes(38, "little"))
                file.seek(0)
                while part := file.read(38_000):
                    total += sum(int.from_bytes(part[k : k + 38], "little") for k in range(0, len(part), 38))
            return total
        """,
    ),
    hidden(
        "memory_in_system_v",
        "keeps them in a shared segment and detaches it before anybody looks",
        """
        import ctypes
        libc = ctypes.CDLL(None)
        libc.shmat.restype = ctypes.c_void_p
        libc.shmdt.argtypes = (ctypes.c_void_p,)
        def f(n):
            number = libc.shmget(0, ctypes.c_size_t(n * 38), 0o1600)
            place = libc.shmat(number, None, 0)
            ctypes.memset(ctypes.c_void_p(place), 1, n * 38)
            libc.shmdt(place)
            libc.shmctl(number, 0, None)
            return sum(range(1000, n + 1000))
        """,
    ),
    hidden(
        "memory_peak_reset",
        "resets the kernel's record of the peak after the work",
        """
        def f(n):
            total = work(n)
            try:
                with open("/proc/self/clear_refs", "w") as file:
                    file.write("5")
            except OSError:
                pass
            return total
        """,
    ),
    hidden(
        "memory_reports_patched",
        "patches whatever a harness in this process could ask",
        """
        import builtins, io, resource, tracemalloc
        NOTHING = resource.struct_rusage([0] * 16)
        resource.getrusage = lambda who: NOTHING
        tracemalloc.get_traced_memory = lambda: (0, 0)
        real_open = builtins.open
        def false_open(path, *args, **named):
            if str(path).startswith("/proc/"):
                return io.StringIO("VmHWM: 100 kB\\nVmRSS: 100 kB\\nVmPeak: 100 kB\\n")
            return real_open(path, *args, **named)
        builtins.open = false_open
        def f(n):
            tracemalloc.stop()
            return work(n)
        """,
    ),
    hidden(
        "memory_after_the_answer",
        "an exit by exec: a fresh program with a small record takes this one's place after the answer",
        """
        import atexit, os, sys
        PYTHON = sys.executable or "/usr/bin/python3"
        atexit.register(os.execv, PYTHON, [PYTHON, "-I", "-S", "-c", "pass"])
        def f(n):
            return work(n)
        """,
    ),
)

CASES = CLOCKS + ELSEWHEN + ELSEWHERE + MEMORY
