"""The guards, one function each: namespaces, a private root, Landlock, seccomp, resource limits.

Covered: Linux on x86-64 and 64-bit Arm, as root or as an ordinary user, with fewer guards inside
containers that forbid namespaces. Not covered: side channels between processes that share a core, and
bugs in the kernel itself; a hostile stranger's code belongs in a virtual machine.
"""

from __future__ import annotations

import ctypes
import functools
import os
import resource
import struct
import sys
from collections.abc import Collection

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
_with_gil = ctypes.PyDLL(None, use_errno=True)

CLONE = {
    "mount_ns": 0x0002_0000,
    "uts_ns": 0x0400_0000,
    "ipc_ns": 0x0800_0000,
    "user_ns": 0x1000_0000,
    "pid_ns": 0x2000_0000,
    "net_ns": 0x4000_0000,
}
CLONE_PARENT = 0x8000
NOBODY = 65534
DATA_SLACK = 512 << 20  # stacks and heaps that a virtual machine reserves and never touches
SCRATCH = "/tmp"

# name: (x86-64, aarch64); None where the architecture has no such call
SYSCALLS: dict[str, tuple[int | None, int | None]] = {
    "clone": (56, 220), "clone3": (435, 435), "socket": (41, 198), "prctl": (157, 167),
    "prlimit64": (302, 261),
    "pivot_root": (155, 41), "mount_setattr": (442, 442), "unshare": (272, 97),
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "kcmp": (312, 272), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "mount": (165, 40), "umount2": (166, 39),
    "chroot": (161, 51), "setns": (308, 268), "bpf": (321, 280), "userfaultfd": (323, 282),
    "perf_event_open": (298, 241), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None),
    "syslog": (103, 116), "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "vhangup": (153, 58), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "personality": (135, 92),
    "modify_ldt": (154, None), "uselib": (134, None), "lookup_dcookie": (212, 18),
    "fanotify_init": (300, 262), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "mknod": (133, None), "mknodat": (259, 33), "capset": (126, 91),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "open_tree_attr": (467, 467), "fcntl": (72, 25),
}  # fmt: skip
# What guards.py itself needs, or what is filtered by argument instead of forbidden outright.
_NOT_DENIED = {
    "clone", "clone3", "fcntl", "prlimit64", "socket", "prctl", "landlock_create_ruleset",
    "landlock_add_rule", "landlock_restrict_self",
}  # fmt: skip

_ARCH = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}.get(os.uname().machine)


class GuardError(OSError):
    """A guard could not be put up; its name and the reason are in the message."""


def _check(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise GuardError(error, f"{what}: {os.strerror(error)}")
    return result


def syscall(name: str, *args: int | bytes | ctypes.c_void_p | None) -> int:
    """Raw system call by name; raises GuardError with the errno."""
    number = SYSCALLS[name][_ARCH[0]] if _ARCH else None
    if number is None:
        raise GuardError(38, f"{name}: not on this architecture")
    values = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    return _check(libc.syscall(ctypes.c_long(number), *values), name)


def prctl(option: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> None:
    _check(libc.prctl(option, *map(ctypes.c_ulong, (a, b, c, d))), f"prctl {option}")


def clone(namespaces: list[str], flags: int = 0) -> int:
    """Fork into new namespaces; 0 in the child. Only for a single-threaded process."""
    flags |= sum(CLONE[name] for name in namespaces)
    return syscall("clone", flags | 17, 0, 0, 0, 0)  # 17 = SIGCHLD


def fork() -> int:
    """Fork a single-threaded process without Python's hooks, which touch 130 pages that then are copied.

    What they are for: locks that other threads held (there are none), and what `own_ids` does.
    """
    return _check(_with_gil.fork(), "fork")


def own_ids() -> None:
    """After `fork`: thread number and random state of this process's own, where those modules are loaded."""
    if threading := sys.modules.get("threading"):
        threading.main_thread()._set_native_id()
    if random := sys.modules.get("random"):
        random.seed()


def die_with_parent() -> None:
    prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL


def map_user(outside_uid: int, outside_gid: int) -> None:
    """Inside the new user namespace this process is `nobody`, and nobody else exists."""
    uid_map, gid_map = b"%d %d 1" % (NOBODY, outside_uid), b"%d %d 1" % (NOBODY, outside_gid)
    for path, text in (("setgroups", b"deny"), ("uid_map", uid_map), ("gid_map", gid_map)):
        write(f"/proc/self/{path}", text)


def write(path: str, text: bytes) -> None:
    """Without Python's layers: after a fork, every page of memory that is touched has to be copied."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text)
    finally:
        os.close(fd)


def mount(source: str, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    to = [None if s is None else os.fsencode(s) for s in (source, target, kind, options)]
    _check(libc.mount(to[0], to[1], to[2], ctypes.c_ulong(flags), to[3]), f"mount {target}")


MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18


def _bind(path: str, target: str) -> None:
    """Show `path` at `target` too."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):  # /lib -> usr/lib
        return os.symlink(os.readlink(path), target)
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    mount(path, target, None, MS_BIND | MS_REC)


def _read_only(target: str) -> None:
    attributes = struct.pack("=QQQQ", MS_RDONLY | MS_NOSUID, 0, 0, 0)
    at_recursive = 0x8000
    syscall("mount_setattr", -100, os.fsencode(target), at_recursive, attributes, len(attributes))


def private_root(readable: list[str]) -> None:
    """Move into a root of its own: `readable` bound read-only, nothing else of the host."""
    places = ("/mnt", "/media", "/srv", "/sys")  # one that is there, and that nothing needed comes from
    base = next(
        p for p in places if os.path.isdir(p) and not any(f"{r}/".startswith(f"{p}/") for r in readable)
    )
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", base, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m,nr_inodes=4096")
    for path in readable:
        _bind(path, base + kept(path))
    for name in ("/proc", SCRATCH):
        os.makedirs(base + name, exist_ok=True)
    _read_only(base)
    mount(
        "/proc", base + "/proc", None, MS_BIND | MS_REC
    )  # a new proc may be mounted only beside a whole one
    os.chdir(base)
    syscall("pivot_root", b".", b".")
    _check(libc.umount2(b".", 2), "umount the old root")  # MNT_DETACH
    os.chdir("/")


def empty_scratch(readable: list[str], disk_kib: int, uid: int) -> None:
    """An empty tmpfs on /tmp, with what is readable below /tmp shown in it."""
    scratch = f"size={disk_kib}k,nr_inodes=8192,mode=700,uid={uid},gid={uid}"
    mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, scratch)
    for path in readable:
        if path != kept(path):
            _bind(kept(path), path)


def remove_scratch() -> None:
    """Take away the tmpfs that `empty_scratch` put on /tmp, and all that is in it."""
    _check(libc.umount2(SCRATCH.encode(), 2), "umount the scratch folder")  # MNT_DETACH


def own_proc() -> None:
    """A /proc that shows this pid namespace only."""
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "subset=pid")
    except GuardError:  # a container may forbid it; then the program has no /proc at all
        mount("tmpfs", "/proc", "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k")


def kept(path: str) -> str:
    """Where the private root keeps `path`: what lies below /tmp is shown there again in each scratch."""
    return f"/.below{path}" if path.startswith(SCRATCH + "/") else path


# Landlock rights by ABI: 1 has thirteen, 2 adds refer, 3 truncate, 5 device ioctl.
_BEYOND_FILES = ("landlock_net", "landlock_scope")
_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read file, read directory
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}


def landlock_abi() -> int:
    try:
        return syscall("landlock_create_ruleset", None, 0, 1)
    except GuardError:
        return 0


LANDLOCK = {"landlock": 1, "landlock_net": 4, "landlock_scope": 6}  # guard: the first ABI that has it


def landlock_offers(guard: str) -> None:
    """Raise GuardError when this kernel's Landlock does not have this part."""
    abi = landlock_abi()
    if abi < LANDLOCK[guard]:
        have = f"this kernel has {abi}" if abi else "not in this kernel"
        raise GuardError(38, f"{guard}: needs Landlock ABI {LANDLOCK[guard]}, {have}")


@functools.cache
def _rights(abi: int, writable: bool) -> int:
    return (1 << _FS_BITS.get(abi, 16)) - 1 if writable else _READ


@functools.cache
def landlock_rules(paths: tuple[str, ...], writable: bool = False) -> list[bytes]:
    """A rule for each path that exists here. Their descriptors stay open: made once, good for every fork."""
    rules, rights = [], _rights(landlock_abi(), writable)
    for path in paths:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        of_a_file = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
        rules.append(struct.pack("=Qi", rights if os.path.isdir(path) else rights & of_a_file, fd))
    return rules


def landlock(rules: list[bytes], parts: Collection[str] = tuple(LANDLOCK)) -> None:
    """Files: what `rules` give.

    With `landlock_net` no TCP; with `landlock_scope` no signals and no abstract sockets to the outside.
    """
    abi = landlock_abi()
    if not abi:
        raise GuardError(38, "landlock: not in this kernel")
    every = _rights(abi, True) if "landlock" in parts else 0
    net, scope = (3 if guard in parts and abi >= LANDLOCK[guard] else 0 for guard in _BEYOND_FILES)
    attr = struct.pack("=QQQ", every, net, scope)
    attr = attr[: 8 if abi < 4 else 16 if abi < 6 else 24]
    if not (every or net or scope):
        return
    ruleset = syscall("landlock_create_ruleset", attr, len(attr), 0)
    for rule in rules if every else ():
        syscall("landlock_add_rule", ruleset, 1, rule, 0)
    prctl(38, 1)
    syscall("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


_LOAD, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06  # of a filter's instructions, those we need
_ALLOW, _ERRNO, _KILL = 0x7FFF_0000, 0x0005_0000, 0x8000_0000
_NR, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
Step = tuple[int, int, str, str] | str  # (instruction, operand, label if so, label if not), or a label


def _tree(leaves: list[tuple[int, int, str]]) -> list[Step]:
    """Where each range (first, last, label) of calls goes, the others to `allow`, by halving.

    The kernel tries a filter on every call there is when it is loaded, which is once for each run.
    """
    (first, last, label), half = leaves[len(leaves) // 2], len(leaves) // 2
    if half:
        right = f"from {first}"
        return [(_JGE, first, right, ""), *_tree(leaves[:half]), right, *_tree(leaves[half:])]
    if first == last:
        return [(_JEQ, first, label, "allow")]
    return [(_JGE, first, "", "allow"), (_JGE, last + 1, "allow", label)]


def _ranges(calls: dict[int, str]) -> list[tuple[int, int, str]]:
    """Neighbours with one label as one range, in order."""
    found: list[tuple[int, int, str]] = []
    for number, label in sorted(calls.items()):
        if found and found[-1][1:] == (number - 1, label):
            found[-1] = (found[-1][0], number, label)
        else:
            found.append((number, number, label))
    return found


def _assembled(steps: list[Step]) -> bytes:
    at, instructions = {"": 0}, []
    for step in steps:
        if isinstance(step, str):
            at[step] = len(instructions)
        else:
            instructions.append(step)
    return b"".join(
        struct.pack("=HBBI", code, *(at[to] - i - 1 if to else 0 for to in (yes, no)), operand)
        for i, (code, operand, yes, no) in enumerate(instructions)
    )


@functools.cache
def filter_program(unix_sockets: bool) -> tuple[ctypes.Array, ctypes.Array]:
    """The BPF program that `seccomp` loads, and what points to it."""
    if _ARCH is None:
        raise GuardError(38, f"seccomp: no table for {os.uname().machine}")
    column, audit_arch = _ARCH
    # glibc falls back from clone3, whose flags a filter cannot read, to clone, whose flags it can
    by_argument = {name: name for name in ("clone", "fcntl", "prlimit64", "socket")} | {"clone3": "enosys"}
    labels = {name: "eperm" for name in SYSCALLS if name not in _NOT_DENIED} | by_argument
    calls = {
        SYSCALLS[name][column]: label for name, label in labels.items() if SYSCALLS[name][column] is not None
    }
    new_namespaces = sum(CLONE.values()) | 0x0200_0000  # cgroup namespaces too
    set_pipe_size = 1031  # a pipe holds memory of no process: 64 KiB of it by default, 1 MiB on request
    af_unix = 1 if unix_sockets else 0xFFFF_FFFF
    steps: list[Step] = [
        (_LOAD, _ARCHITECTURE, "", ""), (_JEQ, audit_arch, "", "kill"),
        (_LOAD, _NR, "", ""), (_JGE, 0x4000_0000, "eperm", ""),  # the x32 twin of every call
        *_tree(_ranges(calls)),
        "clone", (_LOAD, _ARGUMENTS, "", ""), (_JSET, new_namespaces, "eperm", "allow"),
        # limits of one's own are one's own business: pid 0
        "prlimit64", (_LOAD, _ARGUMENTS, "", ""), (_JEQ, 0, "allow", "eperm"),
        "fcntl", (_LOAD, _ARGUMENTS + 8, "", ""), (_JEQ, set_pipe_size, "eperm", "allow"),
        "socket", (_LOAD, _ARGUMENTS, "", ""), (_JEQ, af_unix, "allow", "eacces"),
        "allow", (_RET, _ALLOW, "", ""),
        "eperm", (_RET, _ERRNO | 1, "", ""),
        "eacces", (_RET, _ERRNO | 13, "", ""),
        "enosys", (_RET, _ERRNO | 38, "", ""),
        "kill", (_RET, _KILL, "", ""),
    ]  # fmt: skip
    body = _assembled(steps)
    code = ctypes.create_string_buffer(body)
    return code, ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(body) // 8, ctypes.addressof(code)))


def seccomp(unix_sockets: bool = True) -> None:
    """Refuse (EPERM) the calls that reach for the kernel, other processes, or the network.

    Also those that hold memory which no process's resident set shows: memfd, SysV segments, queues.
    """
    _, pointer = filter_program(unix_sockets)
    prctl(38, 1)
    prctl(22, 2, ctypes.addressof(pointer))  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def rlimits(limits: dict, address_space: bool, count_processes: bool) -> None:
    """Per-process ceilings of the kernel; the broker's watch over the whole tree comes on top.

    Processes are counted a user, so that ceiling is only for a user namespace of the program's own. Without
    `address_space` what a process may write is bounded instead of what it maps: virtual machines map much
    more than they use.
    """
    mib = 1 << 20
    memory = int(limits["memory_mib"] * mib)
    wanted = {
        **({"AS": memory} if address_space else {"DATA": memory + DATA_SLACK}),
        "CPU": int(limits["cpu_s"]) + 2,  # whole seconds only: the broker's own clock is the sharp one
        "FSIZE": int(limits["disk_mib"] * mib),
        # threads count, and the namespace's own init
        "NPROC": int(limits["processes"] + limits["threads"]) + 1,
        "NOFILE": 256,
        "CORE": 0,
        "MEMLOCK": 0,
        "MSGQUEUE": 0,
    }
    if not count_processes:
        del wanted["NPROC"]
    for name, value in wanted.items():
        which = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(which)
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (limit, limit))


def become_nobody() -> None:
    """Leave root: the program owns nothing on the host even if it got out."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    prctl(4, 1)  # dumpable again, or it may not write its own uid_map


def drop_capabilities() -> None:
    """Give up every capability held in the new user namespace, and hide from the program's ptrace."""
    prctl(38, 1)  # PR_SET_NO_NEW_PRIVS
    header, nothing = struct.pack("=Ii", 0x2008_0522, 0), bytes(24)
    syscall("capset", header, nothing)
    prctl(4, 0)  # PR_SET_DUMPABLE
