"""Using up the machine: processes, memory, disk, descriptors, output. Never run these unconfined."""

from functools import partial

from . import RAW, program

case = partial(program, "resources")
STORM = "process_limit timeout runtime_error memory_limit"
MEMORY = "memory_limit runtime_error"
DISK = "ok runtime_error memory_limit output_limit denied timeout"
FLOOD = "output_limit timeout runtime_error"

CASES = (
    case(
        "fork_bomb",
        "doubles without end",
        STORM,
        """
        import os
        while True:
            os.fork()
        """,
    ),
    case(
        "deaf_fork_bomb",
        "doubles without end, ignores every signal and every refusal",
        STORM,
        """
        import os, signal
        for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        while True:
            try:
                os.fork()
            except BaseException:
                pass
        """,
    ),
    case(
        "many_sleeping_children",
        "holds 200 processes at once under a limit of 16",
        STORM,
        """
        import os, time
        for _ in range(200):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        print("ESCAPED with 200 processes")
        """,
    ),
    case(
        "fork_bomb_with_sessions",
        "every generation leaves its process group and its parent",
        STORM + " ok",
        """
        import os
        while True:
            try:
                if os.fork() == 0:
                    os.setsid()
            except OSError:
                pass
        """,
    ),
    case(
        "thread_storm",
        "2,000 threads",
        STORM,
        """
        import threading, time
        for _ in range(2000):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        print("ESCAPED with", threading.active_count(), "threads")
        """,
    ),
    case(
        "one_big_allocation",
        "1 GiB in one piece",
        MEMORY,
        """
        data = b"x" * (1 << 30)
        print("ESCAPED with", len(data))
        """,
    ),
    case(
        "slow_growth",
        "1 GiB, one MiB at a time",
        MEMORY + " timeout",
        """
        held = []
        for index in range(1024):
            held.append(bytes([index % 251 + 1]) * (1 << 20))
        print("ESCAPED with", len(held), "MiB")
        """,
    ),
    case(
        "memory_error_catcher",
        "catches MemoryError and goes on asking",
        MEMORY + " timeout",
        """
        held = []
        while len(held) < 1024:
            try:
                held.append(b"x" * (1 << 20))
            except MemoryError:
                pass
        print("ESCAPED with", len(held), "MiB")
        """,
    ),
    case(
        "memory_in_six_processes",
        "six children with 150 MiB each: small one by one, 900 MiB together",
        MEMORY + " timeout process_limit",
        """
        import os, time
        read, write = os.pipe()
        for _ in range(6):
            if os.fork() == 0:
                data = b"x" * (150 << 20)
                os.write(write, b"+")
                time.sleep(30)
                os._exit(len(data) & 1)
        os.close(write)
        got = b""
        while len(got) < 6:
            part = os.read(read, 6)
            if not part:
                raise MemoryError("a child was refused its memory")
            got += part
        print("ESCAPED with 900 MiB in", len(got), "processes")
        """,
    ),
    case(
        "memory_in_tmpfs_files",
        "fills whichever memory file system it finds, past 16 MiB of disk",
        DISK,
        """
        import os
        total, block = 0, b"x" * (1 << 20)
        for folder in ("/dev/shm", "/tmp", "/run", "/var/tmp", "."):
            try:
                with open(os.path.join(folder, "fill"), "wb", buffering=0) as file:
                    for _ in range(300):
                        total += file.write(block)
            except OSError as error:
                print(folder, error)
        print("ESCAPED" if total > 64 << 20 else "wrote", total)
        """,
    ),
    case(
        "many_full_files",
        "stays under any limit on one file: 100 files of 4 MiB",
        DISK,
        """
        total = 0
        for index in range(100):
            try:
                with open(f"part{index}", "wb", buffering=0) as file:
                    total += file.write(b"x" * (4 << 20))
            except OSError:
                break
        print("ESCAPED" if total > 64 << 20 else "wrote", total)
        """,
    ),
    case(
        "deleted_file_kept_open",
        "fills files that no longer have a name, which a walk over the folder cannot see",
        DISK,
        """
        import os
        held, total = [], 0
        for index in range(100):
            try:
                held.append(open("gone", "wb", buffering=0))
                os.unlink("gone")
                total += held[-1].write(b"x" * (4 << 20))
            except OSError:
                break
        print("ESCAPED" if total > 64 << 20 else "wrote", total)
        """,
    ),
    case(
        "shared_anonymous_memory",
        "1 GiB of shared memory, each quarter touched by another process",
        MEMORY + " timeout process_limit",
        """
        import mmap, os
        size = 1 << 30
        area = mmap.mmap(-1, size)
        quarter = size // 4
        for part in range(4):
            if os.fork() == 0:
                for place in range(part * quarter, (part + 1) * quarter, 4096):
                    area[place] = 1
                os._exit(0)
        codes = [os.wait()[1] for _ in range(4)]
        if any(codes):
            raise MemoryError(str(codes))
        print("ESCAPED with 1 GiB of shared memory")
        """,
    ),
    case(
        "memfd",
        "1 GiB in a file that lives in memory and that no process maps",
        MEMORY + " output_limit denied",
        """
        import os
        fd, total = os.memfd_create("hold"), 0
        for _ in range(1024):
            total += os.write(fd, b"x" * (1 << 20))
        print("ESCAPED with", total)
        """,
    ),
    case(
        "many_memfds",
        "1 GiB in memory files of 8 MiB each, under a limit on file size",
        MEMORY + " output_limit denied",
        """
        import os
        held = []
        for index in range(128):
            held.append(os.memfd_create(str(index)))
            if os.write(held[-1], b"x" * (8 << 20)) < 8 << 20:
                raise MemoryError
        print("ESCAPED with", len(held) * 8, "MiB")
        """,
    ),
    case(
        "system_v_memory",
        "1 GiB in 8 System V segments, detached after they were filled",
        MEMORY + " denied",
        """
        libc.shmat.restype = ctypes.c_void_p
        libc.shmat.argtypes = ctypes.c_int, ctypes.c_void_p, ctypes.c_int
        libc.shmdt.argtypes = (ctypes.c_void_p,)
        held = []
        for _ in range(8):
            held.append(call(29, 194, 0, 128 << 20, 0o1600))
            place = libc.shmat(held[-1], None, 0)
            if held[-1] < 0 or place in (None, ctypes.c_void_p(-1).value):
                raise MemoryError(errno())
            ctypes.memset(place, 1, 128 << 20)
            libc.shmdt(place)
        print("ESCAPED with 1 GiB in", held)
        [call(31, 195, one, 0, 0) for one in held]
        """,
        prelude=RAW,
    ),
    case(
        "locked_memory",
        "pages that the kernel may not take back, however little memory there is",
        "ok runtime_error denied memory_limit",
        """
        held = bytearray(48 << 10)
        place = ctypes.addressof((ctypes.c_char * len(held)).from_buffer(held))
        if libc.mlock(ctypes.c_void_p(place), ctypes.c_size_t(len(held))) == 0:
            print("ESCAPED with", len(held), "bytes locked")
        """,
        prelude=RAW,
    ),
    case(
        "sparse_file",
        "1 TiB of length for anyone who copies the folder",
        DISK,
        """
        with open("long", "wb") as file:
            file.seek(1 << 40)
            file.write(b"end")
        print("made it")
        """,
    ),
    case(
        "small_file_flood",
        "20,000 files of one byte, 80 MiB on the disk",
        DISK + " process_limit",
        """
        for index in range(20_000):
            with open(f"f{index}", "w") as file:
                file.write("x")
        print("ESCAPED with 20,000 files")
        """,
        wall_s=5,
        cpu_s=5,
    ),
    case(
        "symlink_flood",
        "50,000 symbolic links: no data at all, only names",
        DISK,
        """
        import os
        for index in range(50_000):
            os.symlink("x" * 200, f"l{index}")
        print("ESCAPED with 50,000 links")
        """,
        wall_s=5,
        cpu_s=5,
    ),
    case(
        "directory_flood",
        "50,000 folders",
        DISK,
        """
        import os
        for index in range(50_000):
            os.mkdir(f"d{index}")
        print("ESCAPED with 50,000 folders")
        """,
        wall_s=5,
        cpu_s=5,
    ),
    case(
        "deep_directories",
        "3,000 folders inside one another, beyond PATH_MAX and beyond a recursive clean-up",
        DISK,
        """
        import os
        for _ in range(3000):
            os.mkdir("deeper")
            os.chdir("deeper")
        print("done")
        """,
    ),
    case(
        "stdout_flood",
        "endless standard output",
        FLOOD,
        """
        while True:
            print("the same line again")
        """,
    ),
    case(
        "stderr_flood",
        "endless standard error",
        FLOOD,
        """
        import sys
        while True:
            sys.stderr.write("the same line again\\n")
        """,
    ),
    case(
        "both_floods",
        "both streams at once, so that draining one blocks the other",
        FLOOD,
        """
        import os, threading
        def flood(fd):
            while True:
                os.write(fd, b"x" * 65536)
        threading.Thread(target=flood, args=(1,)).start()
        flood(2)
        """,
    ),
    case(
        "one_endless_line",
        "output without a line end",
        FLOOD,
        """
        import os
        while True:
            os.write(1, b"x" * 65536)
        """,
    ),
    case(
        "flood_by_children",
        "ten children share the output, each below the limit",
        FLOOD + " process_limit ok",
        """
        import os, time
        for _ in range(10):
            if os.fork() == 0:
                for _ in range(20):
                    os.write(1, b"x" * 10_000)
                os._exit(0)
        for _ in range(10):
            os.wait()
        """,
    ),
    case(
        "output_by_splice",
        "zero bytes copied to the output by sendfile, without a buffer of its own",
        FLOOD + " denied",
        """
        import os
        with open("zeros", "wb") as file:
            file.write(bytes(1 << 20))
        fd = os.open("zeros", os.O_RDONLY)
        while True:
            os.sendfile(1, fd, 0, 1 << 20)
        """,
    ),
    case(
        "descriptor_exhaustion",
        "opens descriptors until refused",
        "ok runtime_error memory_limit",
        """
        import os
        held = []
        try:
            while len(held) < 200_000:
                held.append(os.dup(0))
        except OSError as error:
            print(error)
        print("ESCAPED with" if len(held) >= 200_000 else "stopped at", len(held))
        """,
    ),
    case(
        "pipe_buffers",
        "keeps 512 MiB in pipes, memory that belongs to no process",
        "ok runtime_error memory_limit denied timeout",
        """
        import fcntl, os
        held, total = [], 0
        try:
            for _ in range(512):
                held.append(os.pipe2(os.O_NONBLOCK))
                fcntl.fcntl(held[-1][1], 1031, 1 << 20)
                total += os.write(held[-1][1], b"x" * (1 << 20))
        except OSError as error:
            print(error)
        print("ESCAPED with" if total > 400 << 20 else "stopped at", total)
        """,
    ),
    case(
        "socket_buffers",
        "keeps data and descriptors in flight between its own sockets",
        "ok runtime_error memory_limit denied timeout",
        """
        import socket
        held, total = [], 0
        try:
            while total < 512 << 20:
                held.append(socket.socketpair())
                held[-1][0].setblocking(False)
                held[-1][0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
                total += held[-1][0].send(b"x" * (100 << 10))
        except OSError as error:
            print(error)
        print("ESCAPED with" if total >= 512 << 20 else "stopped at", total)
        """,
    ),
    case(
        "big_exception_message",
        "an error text of 50 MB",
        "runtime_error memory_limit output_limit",
        """
        raise ValueError("x" * 50_000_000)
        """,
    ),
    case(
        "recursion_without_limit",
        "lifts the recursion limit and recurses",
        "runtime_error memory_limit timeout",
        """
        import sys
        sys.setrecursionlimit(2**31 - 1)
        def down(n):
            return down(n + 1) + 1
        down(0)
        """,
    ),
    case(
        "power_tower",
        "one expression that wants memory and time without a byte code in between",
        "timeout memory_limit runtime_error",
        """
        print(len(str(9 ** 9 ** 9)))
        """,
    ),
    case(
        "decompression_bomb",
        "1 GiB out of one kilobyte, again and again",
        MEMORY + " timeout",
        """
        import zlib
        packed = zlib.compress(bytes(1 << 20))
        held = [zlib.decompress(packed) for _ in range(1024)]
        print("ESCAPED with", len(held), "MiB")
        """,
    ),
)
