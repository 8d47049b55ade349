"""The harness inside the confined process; its text is passed to `python -I -S -c`.

Two ways to run: `script FILE` executes a whole program as __main__; `calls` answers messages on
descriptor 3: the source first, then the arguments of one call a message. Nothing here is trusted: the
clock, the limits and the judge are on the other side, which takes whatever comes back as data.
"""

import marshal
import os
import sys
import types


def plain(value):
    """The value in exact builtin types, as Python's == sees it; TypeError names what cannot be sent.

    Subclasses (Counter, defaultdict, namedtuple) become their base type, by the base type's own methods.
    """
    kind = type(value)
    if kind in (type(None), bool, int, float, complex, str, bytes):
        return value
    for base, parts in ((dict, dict.items), (list, list.__iter__), (tuple, tuple.__iter__)):
        if isinstance(value, base):
            return base(plain(part) for part in parts(value))
    for base in (set, frozenset):
        if isinstance(value, base):
            return base(plain(part) for part in base.__iter__(value))
    for base in (bool, int, float, str, bytes):
        if isinstance(value, base):
            return base.__new__(base, value) if base is not str else str.__str__(value)
    item = getattr(value, "item", None)  # numpy's scalars
    if kind.__module__ == "numpy" and item and not getattr(value, "ndim", 1):
        return value.item()
    raise TypeError(f"a result of type {kind.__module__}.{kind.__qualname__} cannot leave the sandbox")


SIMPLE = frozenset((type(None), bool, int, float, complex, str, bytes))
ROOM = 4 << 20  # address space for telling how it ended, when all other is used up; bytes() never touches it
FLAT = (list, tuple, set, frozenset)
MARKED = __name__ == "__main__"  # started by exec; a forked harness has nothing to start


def exact(value):
    """Whether this is builtin data through and through; marshal itself would take any buffer for bytes."""
    kind = type(value)
    if kind in SIMPLE:
        return True
    if kind is dict:
        return exact([*value]) and exact([*value.values()])
    if kind not in FLAT:
        return False
    return SIMPLE.issuperset(map(type, value)) or all(exact(part) for part in value)


def encode(value):
    return marshal.dumps(value if exact(value) else plain(value), 2)


def complain(error, file):
    """The traceback from the user's first line on, then one line (type, message) for the record."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f.filename == file]
    tail = frames[frames.index(own[0]) :] if own else []
    head = "Traceback (most recent call last):\n" if tail else ""
    text = head + "".join(traceback.format_list(tail))
    return text + "".join(traceback.format_exception_only(type(error), error))


def remember(file, source):
    """Let tracebacks show the program's lines, which are in no file that this process can read."""
    import linecache

    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)


def script(file):
    try:
        if MARKED:
            compile("", file, "exec")  # the first builds the AST's types: not the program's to pay for
            os.write(3, b"S")  # the interpreter is up: from here on clock and memory are the program's
            os.read(3, 1)
        os.close(3)
    except OSError:  # under valgrind nobody waits for the mark
        pass
    with open(file, "rb") as handle:
        source = handle.read()
    room = bytes(ROOM)
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__dict__["__file__"] = file
    sys.argv = [file]
    try:
        exec(compile(source, file, "exec"), module.__dict__)
        sys.stdout.flush()
    except SystemExit:
        raise
    except BaseException as error:
        del room
        remember(file, source.decode(errors="replace"))
        sys.stderr.write(complain(error, file))
        sys.stderr.flush()
        sys.exit(1)


def read(n):
    parts = []
    while n:
        part = os.read(3, min(n, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        n -= len(part)
    return b"".join(parts)


def receive():
    return marshal.loads(read(int.from_bytes(read(8), "big")))


def send(body):
    view = memoryview(len(body).to_bytes(8, "big") + body)
    while view:
        view = view[os.write(3, view) :]


def calls(file):
    def attempt(action):
        try:
            value = encode(action())
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            remember(file, source)
            return send(b"E" + encode((type(error).__name__, complain(error, file))))
        send(b"V" + value)

    def load():
        exec(compile(source, file, "exec"), names)
        if not callable(names.get(entry)):
            raise NameError(f"the program defines no function {entry!r}")

    send(b"V" + encode(receive()))  # the interpreter is up: from here on the clock is the program's
    source, entry = receive()
    names = {"__name__": "candidate"}
    attempt(load)
    while True:
        arguments = receive()

        def call(arguments=arguments):
            return names[entry](*arguments), arguments

        attempt(call)


def main(mode, file, *packages):
    sys.path += [path for path in packages if path not in sys.path]
    script(file) if mode == "script" else calls(file)


def own_streams():
    """Standard streams over this process's own descriptors, for a forked interpreter."""
    import io

    errors = {"r": "surrogateescape", "w": "surrogateescape", "e": "backslashreplace"}
    for fd, (name, how) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "e"))):
        raw = os.fdopen(fd, "rb" if how == "r" else "wb", closefd=False)
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors=errors[how], line_buffering=how == "e")
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def in_this_process(arguments, env):
    """The same in a forked interpreter; ends the process as the interpreter would have."""
    import atexit
    import threading

    os.environ.clear()
    os.environ.update(env)
    code = 0
    try:
        main(*arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if code == 1 and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
    except BaseException as error:
        code = code or 120
        sys.stderr.write(complain(error, ""))
    sys.stderr.flush()
    os._exit(code & 0xFF)


if __name__ == "__main__":
    main(*sys.argv[1:])
