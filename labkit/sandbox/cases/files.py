"""Files of the host: reading, writing, changing, finding what an earlier run left, hurting clean-up."""

from functools import partial

from . import program

case = partial(program, "files")
SAFE = "ok runtime_error denied"

CASES = (
    case(
        "secret_file",
        "reads a file of the host by its path",
        SAFE,
        """
        text = open("@SECRET_FILE@").read()
        print("ESCAPED", text)
        """,
    ),
    case(
        "secret_file_by_dots",
        "the same file by .. from the scratch folder",
        SAFE,
        """
        text = open("../" * 40 + "@SECRET_FILE@".lstrip("/")).read()
        print("ESCAPED", text)
        """,
    ),
    case(
        "secret_file_by_proc",
        "the same file through the root and the folder of every process that can be seen",
        SAFE + " timeout",
        """
        import os
        for pid in [p for p in os.listdir("/proc") if p.isdigit()] + ["self", "thread-self"]:
            for door in ("root", "cwd/" + "../" * 40):
                try:
                    print("ESCAPED", pid, open(f"/proc/{pid}/{door}/@SECRET_FILE@").read())
                except OSError:
                    pass
        """,
    ),
    case(
        "secret_file_by_symlink",
        "the same file through a symbolic link in the scratch folder",
        SAFE,
        """
        import os
        os.symlink("@SECRET_FILE@", "link")
        text = open("link").read()
        print("ESCAPED", text)
        """,
    ),
    case(
        "secret_file_by_hard_link",
        "a second name for the file, then a read through it",
        SAFE,
        """
        import os
        os.link("@SECRET_FILE@", "copy")
        text = open("copy").read()
        print("ESCAPED", text)
        """,
    ),
    case(
        "secret_file_by_child",
        "lets another program read it",
        SAFE,
        """
        import subprocess
        done = subprocess.run(["cat", "@SECRET_FILE@"], capture_output=True, text=True)
        print("ESCAPED" if done.stdout else "refused", done.stdout, done.stderr)
        """,
    ),
    case(
        "secret_file_by_folder_descriptor",
        "openat from every folder that was left open",
        SAFE,
        """
        import os
        for fd in range(256):
            try:
                found = os.open("../" * 40 + "@SECRET_FILE@".lstrip("/"), os.O_RDONLY, dir_fd=fd)
                print("ESCAPED", fd, os.read(found, 1000))
            except OSError:
                pass
        """,
    ),
    case(
        "secret_file_by_race",
        "swaps a harmless file for a link while it is opened, 5,000 times",
        SAFE + " timeout",
        """
        import os, threading
        def swap():
            while True:
                for target in ("harmless", "@SECRET_FILE@"):
                    os.symlink(target, "next")
                    os.rename("next", "door")
        open("harmless", "w").close()
        threading.Thread(target=swap, daemon=True).start()
        for _ in range(5000):
            try:
                if text := open("door").read():
                    print("ESCAPED", text)
                    break
            except OSError:
                pass
        """,
    ),
    case(
        "password_file",
        "the users of the host",
        SAFE,
        """
        for path in ("/etc/passwd", "/etc/shadow", "/etc/group"):
            try:
                text = open(path).read()
                print("ESCAPED" if text.count(":") > 12 else "harmless", path, text[:200])
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "home_folders",
        "keys and histories in home folders",
        SAFE,
        """
        import glob, os
        for path in ["/root", *glob.glob("/home/*")]:
            try:
                print("ESCAPED" if os.listdir(path) else "empty", path, os.listdir(path))
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "kernel_settings",
        "opens settings of the kernel for writing, without writing",
        SAFE,
        """
        import os
        for path in ("sys/kernel/core_pattern", "sys/kernel/hostname", "sys/vm/drop_caches",
                     "sysrq-trigger", "sys/kernel/modprobe", "sys/vm/overcommit_memory"):
            try:
                os.open("/proc/" + path, os.O_WRONLY)
                print("ESCAPED: can write", path)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "out_of_memory_score",
        "asks the kernel to kill others first",
        SAFE,
        """
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("-1000")
        print("ESCAPED with", open("/proc/self/oom_score_adj").read())
        """,
    ),
    case(
        "raw_devices",
        "memory, disks and kernel log as files",
        SAFE,
        """
        import glob, os
        for path in ["/dev/mem", "/dev/kmem", "/dev/port", "/dev/kmsg", "/dev/kvm", "/dev/fuse",
                     *glob.glob("/dev/[svn][dv]*"), *glob.glob("/dev/loop*")]:
            try:
                os.open(path, os.O_RDONLY | os.O_NONBLOCK)
                print("ESCAPED: can open", path)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "own_device_node",
        "makes its own door to the kernel's memory and the first disk",
        SAFE,
        """
        import os, stat
        for name, kind, major, minor in (("m", stat.S_IFCHR, 1, 1), ("d", stat.S_IFBLK, 8, 0)):
            try:
                os.mknod(name, kind | 0o666, os.makedev(major, minor))
                os.open(name, os.O_RDONLY)
                print("ESCAPED through", name)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "write_in_host_folder",
        "a file and a folder in a folder that everyone may write",
        SAFE,
        """
        import os
        for make in (os.mkdir, lambda path: open(path, "w"), os.mkfifo, lambda path: os.symlink("x", path)):
            try:
                make("@HOST_DIR@/made%d" % id(make))
                print("ESCAPED: wrote in @HOST_DIR@")
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "write_library",
        "a file beside the standard library, which the next interpreter would import",
        SAFE,
        """
        import os
        for folder in (os.path.dirname(os.__file__), os.path.dirname(os.__file__) + "/__pycache__"):
            path = os.path.join(folder, "labkit_was_here.py")
            open(path, "w").close()
            print("ESCAPED: wrote", path)
            os.remove(path)
        """,
    ),
    case(
        "unnamed_file_in_host_folder",
        "O_TMPFILE in the folder, then a name for it",
        SAFE,
        """
        import os
        fd = os.open("@HOST_DIR@", os.O_TMPFILE | os.O_WRONLY)
        print("ESCAPED: space in @HOST_DIR@")
        folder = os.open("/", os.O_RDONLY)
        os.link(f"/proc/self/fd/{fd}", "@HOST_DIR@/named", src_dir_fd=folder, follow_symlinks=True)
        """,
    ),
    case(
        "rename_out",
        "moves a file out of the scratch folder",
        SAFE,
        """
        import os
        for move in (os.rename, os.replace, os.link):
            open("mine", "w").close()
            try:
                move("mine", "@HOST_DIR@/" + move.__name__)
                print("ESCAPED by", move.__name__)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "change_folder_rights",
        "mode, owner, times and attributes: changes that open no file",
        SAFE,
        """
        import os
        tries = (lambda p: os.chmod(p, 0o700), lambda p: os.chown(p, os.getuid(), os.getgid()),
                 lambda p: os.utime(p, (1, 1)), lambda p: os.setxattr(p, "user.labkit", b"1"))
        for number, change in enumerate(tries):
            try:
                change("@HOST_DIR@")
                print("ESCAPED: change", number)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "truncate_secret",
        "truncate by path, which opens nothing (to its own length)",
        SAFE,
        """
        import os
        os.truncate("@SECRET_FILE@", os.stat("@SECRET_FILE@").st_size)
        print("ESCAPED: could truncate")
        """,
    ),
    case(
        "watch_host_folder",
        "inotify on a host folder, which opens nothing",
        SAFE,
        """
        import ctypes
        libc = ctypes.CDLL(None)
        fd = libc.inotify_init1(0)
        if fd >= 0 and libc.inotify_add_watch(fd, b"@HOST_DIR@", 0xFFF) >= 0:
            print("ESCAPED: sees what happens in @HOST_DIR@")
        """,
    ),
    case(
        "reopened_descriptors",
        "opens its own descriptors again for writing",
        SAFE,
        """
        import os
        for fd in range(4, 256):
            try:
                kind = os.readlink(f"/proc/self/fd/{fd}")
                os.open(f"/proc/self/fd/{fd}", os.O_RDWR)
                print("ESCAPED" if kind.startswith("/") and not kind.startswith("/dev/") else "own", kind)
            except OSError:
                pass
        """,
    ),
    case(
        "foreign_owner",
        "gives a file away and sets its set-user-id bit",
        SAFE,
        """
        import os
        open("gift", "w").close()
        os.chown("gift", 12345, 12345)
        os.chmod("gift", 0o6755)
        print("ESCAPED with", oct(os.stat("gift").st_mode), os.stat("gift").st_uid)
        """,
    ),
    case(
        "leave_in_shared_folders",
        "part one: leaves a file wherever another run could find it",
        SAFE,
        """
        import os
        for folder in ("/dev/shm", "/tmp", "/var/tmp", "/run", "/run/lock", "/dev/mqueue", "..", "."):
            try:
                open(os.path.join(folder, "labkit-left-behind"), "w").close()
                print("left in", folder)
            except OSError:
                pass
        """,
    ),
    case(
        "find_in_shared_folders",
        "part two: finds what another run has left",
        SAFE,
        """
        import os
        for folder in ("/dev/shm", "/tmp", "/var/tmp", "/run", "/run/lock", "/dev/mqueue", "..", "."):
            path = os.path.join(folder, "labkit-left-behind")
            if os.path.exists(path):
                print("ESCAPED: found", path)
                os.remove(path)
        """,
    ),
    case(
        "link_for_the_cleaner",
        "a link to a host folder where clean-up might follow it and delete or chmod what it meets",
        "ok runtime_error denied",
        """
        import os
        os.makedirs("inner/most")
        for name in ("folder", "inner/folder", "inner/most/output.txt"):
            os.symlink("@HOST_DIR@", name)
        """,
    ),
    case(
        "locked_folders",
        "folders that their owner cannot enter, for a clean-up that gives up",
        "ok runtime_error denied",
        """
        import os
        os.makedirs("a/b/c")
        open("a/b/file", "w").close()
        os.chmod("a/b", 0)
        os.chmod("a", 0)
        os.chmod(".", 0)
        """,
    ),
    case(
        "immutable_file",
        "chattr +i, so that not even the owner can delete it",
        SAFE,
        """
        import array, fcntl, os
        fd = os.open("forever", os.O_RDWR | os.O_CREAT)
        fcntl.ioctl(fd, 0x40086602, array.array("l", [0x10]))
        try:
            os.remove("forever")
        except OSError:
            print("ESCAPED: made a file that stays")
        """,
    ),
    case(
        "pipes_for_the_reader",
        "named pipes under likely names: whoever opens one waits for ever",
        "ok runtime_error denied",
        """
        import os
        for name in ("output.txt", "result.json", "stdout", "stderr", "result", "main.py", "__init__.py"):
            if os.path.lexists(name):
                os.remove(name)
            os.mkfifo(name)
        """,
    ),
    case(
        "bad_names",
        "file names that are not text, not short, not polite",
        "ok runtime_error denied",
        r"""
        names = [b"\xff\xfe", b"new\nline", b"x" * 255, b"-rf *", b"\x1b[2J", "\u202egnp.txt".encode(),
                 b"$(touch @HOST_DIR@/pwned)", b"; touch @HOST_DIR@", b"%s%n", b" ", b"...", b"nul\x7f"]
        for name in names:
            try:
                open(name.replace(b"/", b"_"), "w").close()
            except OSError as error:
                print(ascii(error))
        """,
    ),
    case(
        "scratch_vanishes",
        "removes its own folder, and everything in it",
        "ok runtime_error denied timeout",
        """
        import os, shutil
        here = os.getcwd()
        shutil.rmtree(here, ignore_errors=True)
        try:
            os.rmdir(here)
            os.rename(here, here + "-moved")
        except OSError as error:
            print(error)
        """,
    ),
    case(
        "planted_modules",
        "modules under the names of standard ones, for whoever imports in this folder next",
        "ok runtime_error denied",
        """
        for name in ("json", "marshal", "struct", "socket", "sitecustomize", "usercustomize", "random"):
            with open(name + ".py", "w") as file:
                file.write("open('@HOST_DIR@/imported', 'w').close()")
        """,
    ),
)
