"""What a program can learn: the host's secrets, its neighbours, what an earlier run has left."""

import os
from functools import partial

from . import RAW, program

case = partial(program, "information")
SAFE = "ok runtime_error denied"
# No secret: the numbers under which the kernel keeps the namespaces of whoever runs the suite.
SPACES = " ".join(
    os.readlink(f"/proc/self/ns/{name}") for name in ("user", "pid", "mnt", "net", "ipc", "uts")
)

CASES = (
    case(
        "environment",
        "a secret in the environment",
        SAFE,
        """
        import os
        if "@SECRET_ENV@" in os.environ:
            print("ESCAPED", os.environ["@SECRET_ENV@"])
        """,
    ),
    case(
        "environment_at_birth",
        "the environment as the kernel keeps it, which clearing os.environ does not change",
        SAFE,
        """
        text = open("/proc/self/environ", "rb").read()
        if b"@SECRET_ENV@" in text:
            print("ESCAPED", text)
        """,
    ),
    case(
        "environment_in_c",
        "the environment as the C library keeps it",
        SAFE,
        """
        import ctypes
        libc = ctypes.CDLL(None)
        libc.getenv.restype = ctypes.c_char_p
        if libc.getenv(b"@SECRET_ENV@"):
            print("ESCAPED", libc.getenv(b"@SECRET_ENV@"))
        """,
    ),
    case(
        "environment_of_others",
        "the environment of every process that can be seen",
        SAFE,
        """
        import os
        for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
            try:
                text = open(f"/proc/{pid}/environ", "rb").read()
                if b"@SECRET_ENV@" in text:
                    print("ESCAPED", pid, text)
            except OSError:
                pass
        """,
    ),
    case(
        "memory_left_by_the_parent",
        "looks for the secret in its own memory, where a fork would have left it",
        SAFE + " timeout memory_limit",
        """
        import re
        memory = open("/proc/self/mem", "rb", buffering=0)
        for line in open("/proc/self/maps"):
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if " rw" in line and end - start < 1 << 26:
                try:
                    memory.seek(start)
                    for value in re.findall(rb"@SECRET_ENV@[=]([!-~]{4,})", memory.read(end - start)):
                        print("ESCAPED", value)
                except OSError:
                    pass
        """,
    ),
    case(
        "objects_left_by_the_parent",
        "looks for the secret among the interpreter's objects, where a forked server would have left it",
        SAFE + " timeout",
        """
        import gc, os, sys
        for thing in gc.get_objects():
            for part in gc.get_referents(thing):
                if type(part) is dict and ("@SECRET_ENV@" in part or b"@SECRET_ENV@" in part):
                    value = part.get("@SECRET_ENV@") or part.get(b"@SECRET_ENV@")
                    print("ESCAPED", value)
        """,
    ),
    case(
        "arguments_of_others",
        "a neighbour's command line",
        SAFE,
        """
        import os
        for pid in [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]:
            try:
                text = open(f"/proc/{pid}/cmdline", "rb").read()
                if b"@NEIGHBOUR@" in text and b"listdir" not in text:
                    print("ESCAPED", pid, text)
            except OSError:
                pass
        """,
    ),
    case(
        "files_of_others",
        "a neighbour's scratch folder, wherever it is",
        SAFE + " timeout",
        """
        import os
        for top in ("..", "/tmp", "/var/tmp", "/dev/shm", "/run", "/box", "/sandbox"):
            for folder, deeper, names in os.walk(top):
                if folder.count("/") > 3:
                    deeper.clear()
                for name in names:
                    path = os.path.join(folder, name)
                    try:
                        text = open(path, "rb").read(10_000) if os.path.isfile(path) else b""
                    except OSError:
                        continue
                    if b"@NEIGHBOUR@" in text and b"os.walk" not in text:
                        print("ESCAPED", path)
        """,
    ),
    case(
        "processes_of_others",
        "counts the processes that can be seen",
        SAFE,
        """
        import os
        seen = [name for name in os.listdir("/proc") if name.isdigit()]
        print("ESCAPED: sees" if "@HOST_PID@" in seen else "sees", len(seen), "processes")
        """,
    ),
    case(
        "host_name",
        "harmless: name and version of the machine",
        SAFE,
        """
        import os
        print(os.uname())
        """,
    ),
    case(
        "boot_id",
        "harmless: the number of this start of the machine",
        SAFE,
        """
        print(open("/proc/sys/kernel/random/boot_id").read())
        """,
    ),
    case(
        "inherited_descriptors",
        "open files, folders, sockets and pipes beyond 0 to 3",
        SAFE,
        """
        import os, stat
        for fd in range(4, 1024):
            try:
                mode = os.fstat(fd).st_mode
                kind = "harmless" if stat.S_ISCHR(mode) else "ESCAPED: inherited"
                print(kind, fd, oct(mode))
            except OSError:
                pass
        """,
    ),
    case(
        "result_channel_leads_outside",
        "descriptor 3 is the sandbox's own, but it must not be a file or folder of the host",
        SAFE,
        """
        import os, stat
        mode = os.fstat(3).st_mode
        if stat.S_ISDIR(mode) or stat.S_ISBLK(mode):
            print("ESCAPED with", oct(mode))
        """,
    ),
    case(
        "real_root",
        "is it the machine's own root user, or in its group?",
        SAFE,
        """
        import os
        rows = [line.split() for line in open("/proc/self/uid_map")]
        whole = any(row[:2] == ["0", "0"] and int(row[2]) > 100_000 for row in rows)
        if whole and 0 in (os.getuid(), os.geteuid(), os.getgid(), *os.getgroups()):
            print("ESCAPED as root", os.getresuid(), os.getresgid(), os.getgroups())
        """,
    ),
    case(
        "namespaces_of_the_host",
        "is any namespace the host's own? The machine's name, its queues and its users would be too",
        SAFE,
        """
        import os
        for name in os.listdir("/proc/self/ns"):
            if (space := os.readlink(f"/proc/self/ns/{name}")) in "@SPACES@".split():
                print("ESCAPED: shares", space)
        """.replace("@SPACES@", SPACES),
    ),
    case(
        "mount_list",
        "folders of the host in the list of mounts",
        SAFE,
        """
        for path in ("/proc/self/mountinfo", "/proc/self/mounts", "/proc/mounts", "/etc/mtab"):
            try:
                if "@HOST_DIR@" in open(path).read():
                    print("ESCAPED: @HOST_DIR@ is in", path)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "kernel_log",
        "messages of the kernel, with addresses and names of others",
        SAFE,
        """
        room = ctypes.create_string_buffer(4096)
        if (size := call(103, 116, 3, room, 4096)) > 0:
            print("ESCAPED", room.raw[:80])
        """,
        prelude=RAW,
    ),
    case(
        "leave_system_v_memory",
        "part one: leaves a shared segment under a known key",
        SAFE,
        """
        number = call(29, 194, 0x6C61626B, 4096, 0o1666)
        queue = call(68, 186, 0x6C61626B, 0o1666)
        flag = call(64, 190, 0x6C61626B, 1, 0o1666)
        print("left", number, queue, flag)
        """,
        prelude=RAW,
    ),
    case(
        "find_system_v_memory",
        "part two: finds it again from another run",
        SAFE,
        """
        number = call(29, 194, 0x6C61626B, 0, 0)
        queue = call(68, 186, 0x6C61626B, 0)
        flag = call(64, 190, 0x6C61626B, 0, 0)
        if max(number, queue, flag) >= 0:
            print("ESCAPED: found", number, queue, flag)
            call(31, 195, number, 0, 0), call(71, 187, queue, 0, 0), call(66, 191, flag, 0, 0)
        """,
        prelude=RAW,
    ),
    case(
        "leave_message",
        "part one: leaves a message in a POSIX queue",
        SAFE,
        """
        queue = call(240, 180, b"labkit", 0o102, 0o666, None)
        if queue >= 0:
            call(242, 182, queue, b"hello", 5, 0, None)
        print("left in", queue)
        """,
        prelude=RAW,
    ),
    case(
        "find_message",
        "part two: reads the message in another run",
        SAFE,
        """
        if (queue := call(240, 180, b"labkit", 0, 0, None)) >= 0:
            print("ESCAPED: found a queue", queue)
            call(241, 181, b"labkit")
        """,
        prelude=RAW,
    ),
    case(
        "leave_in_interpreter",
        "part one: changes modules, which a server that reuses its workers would keep",
        SAFE,
        """
        import builtins, json, os, sys
        for module in (builtins, json, os, sys):
            module.labkit_left_behind = True
        os.environ["LABKIT_LEFT_BEHIND"] = "1"
        os.umask(0o777)
        """,
    ),
    case(
        "find_in_interpreter",
        "part two: looks for the change from another run",
        SAFE,
        """
        import builtins, json, os, sys
        if any(hasattr(module, "labkit_left_behind") for module in (builtins, json, os, sys)):
            print("ESCAPED: an earlier run changed this interpreter")
        if "LABKIT_LEFT_BEHIND" in os.environ or os.umask(0o22) == 0o777:
            print("ESCAPED: an earlier run changed this process")
        """,
    ),
)
