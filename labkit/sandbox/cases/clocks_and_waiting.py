"""Outliving the limits: sleeping, refusing to die, leaving someone behind."""

from functools import partial

from . import BRAND, RAW, program

case = partial(program, "clocks_and_waiting")
LEFT = "ok runtime_error timeout denied"
DEAF = """\
import signal
for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
"""

CASES = (
    case(
        "sleep",
        "waits without using CPU time",
        "timeout",
        """
        import time
        time.sleep(60)
        print("ESCAPED the wall clock")
        """,
    ),
    case(
        "busy_loop",
        "uses CPU time for ever",
        "timeout",
        """
        while True:
            pass
        """,
    ),
    case(
        "base_exception_catcher",
        "catches whatever a timer raises and goes on",
        "timeout",
        """
        def stay():
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass
        stay()
        """,
    ),
    case(
        "ignored_signals",
        "ignores every signal that can be ignored",
        "timeout",
        """
        while True:
            pass
        """,
        prelude=DEAF,
    ),
    case(
        "blocked_signals",
        "blocks every signal, in every thread, and waits",
        "timeout",
        """
        import signal, time
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while True:
            time.sleep(1)
        """,
    ),
    case(
        "cancelled_alarm",
        "cancels the timers that it was started with",
        "timeout",
        """
        import signal
        signal.alarm(0)
        for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0)
        while True:
            pass
        """,
    ),
    case(
        "signal_rain",
        "a timer that interrupts itself 100,000 times a second",
        "timeout runtime_error",
        """
        import signal, time
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
        while True:
            time.sleep(1)
        """,
    ),
    case(
        "raised_cpu_limit",
        "lifts its own CPU limit, ignores SIGXCPU and loops",
        "timeout",
        """
        import resource, signal
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
        while True:
            pass
        """,
    ),
    case(
        "cpu_in_many_processes",
        "eight children burn CPU time while the parent sleeps",
        "timeout process_limit",
        """
        import os, time
        for _ in range(8):
            if os.fork() == 0:
                while True:
                    pass
        time.sleep(60)
        print("ESCAPED the CPU limit")
        """,
        wall_s=4,
        cpu_s=1,
    ),
    case(
        "daemon",
        "double fork into a new session, own command line changed to the marker",
        LEFT,
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                brand()
                time.sleep(30)
                open("@HOST_DIR@/late", "w").close()
            os._exit(0)
        os.wait()
        print("parent ends")
        """,
        prelude=BRAND,
    ),
    case(
        "daemon_by_exec",
        "a new session that becomes another program with the marker as its argument",
        LEFT,
        """
        import os, sys
        python = sys.executable or "/usr/bin/python3"
        if os.fork() == 0:
            os.setsid()
            os.execv(python, [python, "-c", "import time; time.sleep(30)", "@MARKER@"])
        print("parent ends")
        """,
    ),
    case(
        "daemon_without_descriptors",
        "closes everything, changes the folder, ignores every signal, stays",
        LEFT,
        """
        import ctypes, os, time
        def stay():
            brand()
            os.setsid()
            os.chdir("/")
            os.closerange(0, 4096)
            for number in range(1, 65):
                if number not in (9, 19, 32, 33):
                    signal.signal(number, signal.SIG_IGN)
            time.sleep(30)
        if os.fork() == 0:
            stay()
            os._exit(0)
        """,
        prelude=BRAND,
    ),
    case(
        "fleeing_process",
        "changes its process number all the time, so that a list of them is always old",
        LEFT + " process_limit",
        """
        brand()
        while True:
            try:
                if os.fork():
                    os._exit(0)
                os.setpgid(0, 0)
            except OSError:
                time.sleep(0.001)
        """,
        prelude=BRAND,
    ),
    case(
        "orphans_on_timeout",
        "children in own sessions while the parent runs into the wall clock",
        "timeout",
        """
        for _ in range(4):
            if os.fork() == 0:
                os.setsid()
                brand()
                time.sleep(30)
                os._exit(0)
        time.sleep(60)
        """,
        prelude=BRAND,
    ),
    case(
        "orphan_on_crash",
        "a child survives the parent's SIGKILL",
        "runtime_error denied",
        """
        if os.fork() == 0:
            os.setsid()
            brand()
            time.sleep(30)
            os._exit(0)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
        """,
        prelude=BRAND,
    ),
    case(
        "cleared_death_signal",
        "clears PR_SET_PDEATHSIG and becomes a child subreaper, then leaves a grandchild",
        LEFT,
        """
        libc = ctypes.CDLL(None)
        if os.fork() == 0:
            libc.prctl(1, 0, 0, 0, 0)
            libc.prctl(36, 1, 0, 0, 0)
            if os.fork() == 0:
                libc.prctl(1, 0, 0, 0, 0)
            brand()
            time.sleep(30)
            os._exit(0)
        time.sleep(0.2)
        """,
        prelude=BRAND,
    ),
    case(
        "stopped_itself",
        "SIGSTOP: it neither runs nor ends",
        "timeout runtime_error",
        """
        import os, signal
        os.kill(os.getpid(), signal.SIGSTOP)
        """,
    ),
    case(
        "stopped_child",
        "leaves a stopped child, which SIGTERM does not reach",
        LEFT,
        """
        if os.fork() == 0:
            brand()
            os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(0)
        time.sleep(0.2)
        """,
        prelude=BRAND,
    ),
    case(
        "child_holds_stdout",
        "the parent ends, its child keeps the output open for ever",
        LEFT,
        """
        import os, time
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        print("parent ends")
        """,
    ),
    case(
        "child_goes_on_printing",
        "the parent ends, its child floods the output",
        LEFT + " output_limit",
        """
        import os
        if os.fork() == 0:
            while True:
                os.write(1, b"still here\\n" * 100)
        print("parent ends")
        """,
    ),
    case(
        "closed_outputs",
        "closes every descriptor, which looks like its end, and goes on",
        "timeout runtime_error",
        """
        import os
        os.closerange(0, 4096)
        while True:
            pass
        """,
    ),
    case(
        "vfork_wait",
        "a parent that the kernel suspends until its child ends (CLONE_VFORK)",
        "timeout runtime_error denied",
        """
        import time
        if call(56, 220, 0x4000 | 17, 0, 0, 0, 0) == 0:
            time.sleep(60)
        """,
        prelude=RAW,
    ),
    case(
        "regex_backtracking",
        "one call into C that takes years and checks no signal",
        "timeout",
        """
        import re
        re.match(r"(a+)+$", "a" * 60 + "b")
        """,
    ),
    case(
        "long_c_call",
        "one multiplication chain that never returns to the interpreter",
        "timeout memory_limit runtime_error",
        """
        print(pow(3, 10**9) % 10)
        """,
    ),
    case(
        "greedy_thread",
        "a switch interval of an hour, so that no watching thread gets a turn",
        "timeout",
        """
        import sys, threading
        sys.setswitchinterval(3600)
        def spin():
            while True:
                pass
        threading.Thread(target=spin).start()
        spin()
        """,
    ),
    case(
        "waiting_for_stdin",
        "reads input that nobody sends",
        "ok runtime_error timeout",
        """
        import sys
        print(len(sys.stdin.read()))
        """,
    ),
    case(
        "deadlock",
        "takes the same lock twice",
        "timeout",
        """
        import threading
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()
        """,
    ),
    case(
        "endless_exit_handler",
        "ends, but its exit handler does not",
        "timeout",
        """
        import atexit
        @atexit.register
        def stay():
            while True:
                pass
        """,
    ),
    case(
        "thread_after_main",
        "the main thread ends, another one goes on",
        "timeout",
        """
        import threading, time
        threading.Thread(target=time.sleep, args=(60,)).start()
        """,
    ),
    case(
        "late_file",
        "a child waits for the end of the run and then writes into the scratch folder",
        LEFT,
        """
        if os.fork() == 0:
            os.setsid()
            brand()
            for index in range(3000):
                time.sleep(0.01)
                open(f"late{index}", "w").close()
            os._exit(0)
        """,
        prelude=BRAND,
    ),
)
