"""System calls that leave the box, give power over others, or reach rarely tested kernel code.

Written to be harmless where they succeed: signal 0, an empty image, a missing swap file. An error
other than "not permitted" then says that the permission was there. Never run these unconfined.
"""

from functools import partial

from . import RAW, program

SAFE = "ok runtime_error denied"
case = partial(program, "kernel")
raw = partial(program, "kernel", prelude=RAW)

CASES = (
    raw(
        "trace_the_parent",
        "ptrace of the parent and of the host process",
        SAFE,
        """
        for pid in {os.getppid(), @HOST_PID@} - {0}:
            if call(101, 117, 0x4206, pid, 0, 0) == 0:
                print("ESCAPED: traces", pid)
        """,
    ),
    raw(
        "read_others_memory",
        "process_vm_readv from the parent, where a forked one has the same addresses",
        SAFE,
        """
        room = ctypes.create_string_buffer(8)
        here = (ctypes.c_size_t * 2)(ctypes.addressof(room), 8)
        there = (ctypes.c_size_t * 2)(id(object), 8)
        for pid in {os.getppid(), @HOST_PID@} - {0}:
            if call(310, 270, pid, here, 1, there, 1, 0) > 0:
                print("ESCAPED: read", room.raw, "from", pid)
        """,
    ),
    case(
        "memory_of_others",
        "/proc/PID/mem of process 1, of the parent, of the host",
        SAFE,
        """
        import os
        for pid in {1, os.getppid(), @HOST_PID@} - {0, os.getpid()}:
            try:
                start = int(open(f"/proc/{pid}/maps").readline().split("-")[0], 16)
                fd = os.open(f"/proc/{pid}/mem", os.O_RDWR)
                print("ESCAPED: memory of", pid, os.pread(fd, 16, start))
            except (OSError, ValueError) as error:
                print(pid, error)
        """,
    ),
    raw(
        "take_a_descriptor",
        "pidfd_getfd: a copy of the parent's open files",
        SAFE,
        """
        for pid in {os.getppid(), @HOST_PID@} - {0}:
            door = call(434, 434, pid, 0)
            for fd in range(20):
                if door >= 0 and (copy := call(438, 438, door, fd, 0)) >= 0:
                    print("ESCAPED: has descriptor", fd, "of", pid, os.fstat(copy))
        """,
    ),
    case(
        "signal_the_host",
        "may it signal the process that started it?",
        SAFE,
        """
        import os
        os.kill(@HOST_PID@, 0)
        print("ESCAPED: could kill the host process")
        """,
    ),
    case(
        "kill_the_broker",
        "SIGKILL to its parent, with a marker if it then outlives the run",
        SAFE + " timeout",
        """
        import os, signal, time
        if os.getppid() > 0:
            os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(0.3)
        print("still here, parent is now", os.getppid())
        """,
    ),
    case(
        "stop_the_broker",
        "SIGSTOP to its parent and to process 1, so that nobody watches",
        SAFE + " timeout",
        """
        import os, signal, time
        for pid in {os.getppid(), 1} - {0, os.getpid()}:
            try:
                os.kill(pid, 0 if os.path.exists("/proc/@HOST_PID@") else signal.SIGSTOP)
            except OSError as error:
                print(pid, error)
        time.sleep(60)
        print("ESCAPED the wall clock")
        """,
    ),
    case(
        "signal_every_process",
        "may it signal any process number beside its own family?",
        SAFE + " timeout",
        """
        import os
        for pid in set(range(2, 70_000)) - {os.getpid(), os.getppid()}:
            try:
                os.kill(pid, 0)
                print("ESCAPED: could kill", pid)
                break
            except OSError:
                pass
        """,
    ),
    case(
        "kill_everyone",
        "SIGKILL to every process that it may reach, unless the host is among them",
        SAFE + " timeout",
        """
        import os, signal
        try:
            os.kill(@HOST_PID@, 0)
            print("ESCAPED: would have killed the host")
        except OSError:
            os.kill(-1, signal.SIGKILL)
        """,
    ),
    raw(
        "key_in_keyring",
        "keys survive the process and are shared by user id",
        SAFE,
        """
        key = call(248, 217, b"user", b"labkit", b"secret", 6, -4)
        ring = call(250, 219, 0, -4, 1, 0, 0)
        if key > 0 or ring > 0:
            print("ESCAPED with key", key, "in ring", ring)
        """,
    ),
    raw(
        "mount",
        "mounts a new file system, and the root a second time",
        SAFE,
        """
        os.mkdir("m")
        for source, kind, flags in ((b"x", b"tmpfs", 0), (b"/", None, 4096), (b"proc", b"proc", 0)):
            if call(165, 40, source, b"m", kind, flags, None) == 0:
                print("ESCAPED: mounted", source)
                call(166, 39, b"m", 2)
        """,
    ),
    raw(
        "new_mount_calls",
        "the newer ways to mount: fsopen, open_tree",
        SAFE,
        """
        if (fd := call(430, 430, b"tmpfs", 0)) >= 0:
            print("ESCAPED: fsopen", fd)
        if (fd := call(428, 428, -100, b"/", 1)) >= 0:
            print("ESCAPED: open_tree", fd)
        """,
    ),
    raw(
        "unmount",
        "takes a file system away to see what is below",
        SAFE,
        """
        if call(272, 97, 0x20000 | 0x10000000) == 0:
            print("ESCAPED: a mount space of its own")
            for place in (b"/proc", b"/tmp", b"/"):
                print(place, call(166, 39, place, 2))
        """,
    ),
    raw(
        "unshare",
        "new namespaces, where it would be root",
        SAFE,
        """
        for name, flag in (("user", 0x10000000), ("mount", 0x20000), ("net", 0x40000000), ("pid", 0x20000000),
                           ("ipc", 0x8000000), ("uts", 0x4000000), ("cgroup", 0x2000000), ("time", 0x80)):
            if call(272, 97, flag) == 0:
                print("ESCAPED: a new namespace,", name)
        """,
    ),
    raw(
        "clone_with_namespace",
        "the same by clone",
        SAFE,
        """
        child = call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        if child > 0:
            print("ESCAPED: a child in a new user namespace")
        """,
    ),
    raw(
        "clone3_with_namespace",
        "the same by clone3, whose flags a system call filter cannot read",
        SAFE,
        """
        request = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17)
        child = call(435, 435, request, 64)
        if child == 0:
            os._exit(0)
        if child > 0:
            print("ESCAPED: a child in a new user namespace")
        """,
    ),
    case(
        "enter_namespaces",
        "setns into those of process 1, of the parent, of the host",
        SAFE,
        """
        import ctypes, os
        libc = ctypes.CDLL(None)
        for pid in {1, os.getppid(), @HOST_PID@} - {0, os.getpid()}:
            for space in ("user", "mnt", "net", "pid", "ipc", "uts"):
                try:
                    fd = os.open(f"/proc/{pid}/ns/{space}", os.O_RDONLY)
                except OSError:
                    continue
                if libc.setns(fd, 0) == 0:
                    print("ESCAPED into", space, "of", pid)
        """,
    ),
    raw(
        "thirty_two_bit_call",
        "int 0x80: other call numbers than the filter may look at (unshare, 64-bit Intel only)",
        SAFE + " timeout",
        """
        import mmap
        if not ARM:
            code = bytes.fromhex("53 b836010000 bb00000010 cd80 5b c3")
            page = mmap.mmap(-1, 4096, prot=7)
            page.write(code)
            run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
            print("ESCAPED: new user namespace" if run() == 0 else "refused")
        """,
    ),
    raw(
        "x32_call",
        "the x32 numbers of the same calls",
        SAFE,
        """
        if not ARM and call(0x40000000 | 272, 0, 0x10000000) == 0:
            print("ESCAPED: new user namespace")
        """,
    ),
    raw(
        "io_uring",
        "a queue of file and network operations that no filter sees",
        SAFE,
        """
        fd = call(425, 425, 4, ctypes.create_string_buffer(120))
        print("ESCAPED with a ring" if fd >= 0 else "refused", errno())
        """,
    ),
    raw(
        "bpf",
        "a map in the kernel",
        SAFE,
        """
        attributes = (ctypes.c_uint32 * 32)(2, 4, 8, 1)
        fd = call(321, 280, 0, attributes, 128)
        print("ESCAPED with a map" if fd >= 0 else "refused", errno())
        """,
    ),
    raw(
        "userfaultfd",
        "stops the kernel in the middle of a copy, the base of many exploits",
        SAFE,
        """
        for flags in (0, 1):
            if (fd := call(323, 282, flags)) >= 0:
                print("ESCAPED with", fd)
        """,
    ),
    raw(
        "perf_events",
        "counters of the processor and of other processes",
        SAFE,
        """
        for pid in (0, -1, @HOST_PID@):
            attributes = (ctypes.c_uint32 * 32)(1, 128)
            if (fd := call(298, 241, attributes, pid, 0 if pid == -1 else -1, -1, 0)) >= 0:
                print("ESCAPED with counter", fd, "of", pid)
        """,
    ),
    raw(
        "kexec",
        "another kernel (an empty image)",
        SAFE,
        """
        print("ESCAPED" if call(246, 104, 0, 0, None, 0) == 0 else "refused", errno())
        """,
    ),
    raw(
        "reboot",
        "switches Ctrl-Alt-Del off, which asks for the right to reboot",
        SAFE,
        """
        print("ESCAPED" if call(169, 142, 0xFEE1DEAD, 672274793, 0, None) == 0 else "refused", errno())
        """,
    ),
    raw(
        "swap_and_accounting",
        "swapon of nothing, process accounting off",
        SAFE,
        """
        call(167, 224, b"/labkit/missing", 0)
        print("ESCAPED: may swap" if errno() == 2 else "refused", errno())
        print("ESCAPED: accounting" if call(163, 89, None) == 0 else "refused", errno())
        """,
    ),
    raw(
        "kernel_module",
        "loads a module (garbage)",
        SAFE,
        """
        call(175, 105, b"garbage", 7, b"")
        print("ESCAPED: may load modules" if errno() in (8, 22) else "refused", errno())
        """,
    ),
    raw(
        "open_by_handle",
        "opens the disk's root by its number, past every mount",
        SAFE,
        """
        import struct
        handle = ctypes.create_string_buffer(struct.pack("=IiQ", 8, 1, 2))
        fd = call(304, 265, os.open("/", os.O_RDONLY), handle, 0)
        if fd >= 0 or errno() == 116:
            print("ESCAPED: may open by handle", fd)
        """,
    ),
    case(
        "chroot",
        "a new root, the first half of the old way out",
        SAFE,
        """
        import os
        os.mkdir("jail")
        root = os.open("/", os.O_RDONLY)
        os.chroot("jail")
        os.fchdir(root)
        os.chdir("../" * 40)
        os.chroot(".")
        names = os.listdir("/")
        print("ESCAPED to", names)
        """,
    ),
    raw(
        "pivot_root",
        "another root, tried only in a mount space of its own",
        SAFE,
        """
        if call(272, 97, 0x20000 | 0x10000000) == 0:
            print("ESCAPED: own mount space", call(155, 41, b".", b"."))
        """,
    ),
    raw(
        "personality",
        "switches address randomisation off, the first step of an exploit",
        SAFE,
        """
        if call(135, 92, 0x0040000) >= 0 and call(135, 92, 0xFFFFFFFF) & 0x0040000:
            print("ESCAPED with fixed addresses")
        """,
    ),
    raw(
        "local_descriptor_table",
        "a 16-bit code segment (64-bit Intel only)",
        SAFE,
        """
        entry = (ctypes.c_uint32 * 4)(0, 0, 0xFFF, 0b1010001)
        if not ARM and call(154, 0, 1, entry, 16) == 0:
            print("ESCAPED with a segment of its own")
        """,
    ),
    raw(
        "port_access",
        "input and output ports of the machine (64-bit Intel only)",
        SAFE,
        """
        if not ARM and (call(172, 0, 3) == 0 or call(173, 0, 0x70, 2, 1) == 0):
            print("ESCAPED with ports")
        """,
    ),
    case(
        "priority",
        "goes before everybody else",
        SAFE,
        """
        import os
        for ask in (lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
                    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
                    lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))):
            try:
                ask()
                print("ESCAPED with priority", os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0))
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "limits_of_others",
        "prlimit on the parent and on the host",
        SAFE,
        """
        import os, resource
        for pid in {os.getppid(), @HOST_PID@} - {0}:
            try:
                print("ESCAPED:", pid, resource.prlimit(pid, resource.RLIMIT_NOFILE))
            except OSError as error:
                print(pid, error)
        """,
    ),
    case(
        "own_limits",
        "lifts its own hard limits",
        SAFE,
        """
        import resource
        free = resource.RLIM_INFINITY
        for name in ("AS", "DATA", "NPROC", "FSIZE", "CPU", "NOFILE", "CORE", "STACK"):
            kind = getattr(resource, "RLIMIT_" + name)
            before = resource.getrlimit(kind)[1]
            try:
                resource.setrlimit(kind, (free, free))
                print("unlimited anyway" if before == free else "ESCAPED from", name, before)
            except (ValueError, OSError) as error:
                print(name, error)
        """,
    ),
    raw(
        "gagging_filter",
        "a system call filter on itself under which nobody can write a result",
        SAFE + " timeout",
        """
        import struct
        rules = struct.pack("=HBBI" * 4, 0x20, 0, 0, 0, 0x15, 0, 1, 64 if ARM else 1,
                            0x06, 0, 0, 0x50001, 0x06, 0, 0, 0x7FFF0000)
        room = ctypes.create_string_buffer(rules)
        program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 4, ctypes.addressof(room)))
        libc.prctl(38, 1, 0, 0, 0)
        call(317, 277, 1, 0, program)
        print("nobody reads this")
        """,
    ),
    raw(
        "seccomp_listener",
        "a filter that asks the program itself: it would answer for a ptrace-based guard",
        SAFE + " timeout",
        """
        import struct
        rules = struct.pack("=HBBI" * 4, 0x20, 0, 0, 0, 0x15, 0, 1, 160 if ARM else 63,
                            0x06, 0, 0, 0x7FC00000, 0x06, 0, 0, 0x7FFF0000)
        room = ctypes.create_string_buffer(rules)
        program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 4, ctypes.addressof(room)))
        libc.prctl(38, 1, 0, 0, 0)
        print("listener", call(317, 277, 1, 8, program), errno())
        """,
    ),
    case(
        "leave_the_group",
        "moves itself into another control group, where no limit holds",
        SAFE + " timeout",
        """
        import glob, os
        for path in glob.glob("/sys/fs/cgroup/**/cgroup.procs", recursive=True):
            try:
                with open(path, "w") as file:
                    file.write(str(os.getpid()))
                print("ESCAPED into", path)
                break
            except OSError:
                pass
        """,
    ),
    case(
        "capabilities",
        "any power that a root user would have",
        SAFE,
        """
        for line in open("/proc/self/status"):
            if line.startswith(("CapEff", "CapPrm", "CapInh", "CapAmb")) and int(line.split()[1], 16):
                print("ESCAPED with", line)
        """,
    ),
    case(
        "become_another_user",
        "changes its user and group",
        SAFE,
        """
        import os
        for change, number in ((os.setuid, 12345), (os.setgid, 12345), (os.setuid, 0), (os.setgid, 0)):
            before = os.getuid(), os.getgid()
            try:
                change(number)
                print("ESCAPED as" if before != (os.getuid(), os.getgid()) else "same", number)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "privileged_programs",
        "programs that would give it root",
        SAFE,
        """
        import subprocess
        for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["unshare", "-Ur", "id"], ["pkexec", "id"]):
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=1, stdin=-3)
                print("ESCAPED by" if "uid=0" in done.stdout else "refused", command, done.stderr)
            except (OSError, subprocess.SubprocessError) as error:
                print(error)
        """,
    ),
    raw(
        "set_the_clock",
        "sets the machine's clock (to what it shows)",
        SAFE,
        """
        import time
        try:
            time.clock_settime(time.CLOCK_REALTIME, time.time())
            print("ESCAPED: may set the clock")
        except OSError as error:
            print(error)
        """,
    ),
    case(
        "typed_into_the_terminal",
        "TIOCSTI: types a command for whoever uses the terminal next",
        SAFE,
        r"""
        import fcntl, os
        for path in ("/dev/tty", "/dev/stdin", "/dev/console", "/dev/tty0"):
            try:
                fcntl.ioctl(os.open(path, os.O_RDWR | os.O_NONBLOCK), 0x5412, b"#")
                print("ESCAPED: typed on", path)
            except OSError as error:
                print(path, error)
        """,
    ),
)
