"""The harness in the confined process: builds a kernel, lays out its arrays in shared memory, calls it.

`turn(action, ...)` is asked from outside. Nothing here is trusted: this process is the candidate's. The
clock, the inputs and the comparison are on the other side, which looks at the shared memory while this
process stands still.
"""

import contextlib
import ctypes
import math
import mmap
import os
import subprocess
import sys
import types

MEMORY = mmap.mmap(4, 0)
PAGE = mmap.PAGESIZE
READ, WRITE = 1, 2  # of mprotect
CTYPES = {"int64": ctypes.c_int64, "float64": ctypes.c_double}
MPROTECT = ctypes.CDLL(None, use_errno=True).mprotect
MALLOPT = getattr(ctypes.CDLL(None), "mallopt", lambda *_: None)


class Held:
    """By shape: what makes a call out of a layout, the call that is next."""

    makers: dict = {}  # noqa: RUF012
    calls: dict = {}  # noqa: RUF012
    numba: dict = {}  # noqa: RUF012
    guarded = False  # inputs and parameters are read-only while the candidate runs


def turn(action, *arguments):
    return ACTIONS[action](*arguments)


def view(place):
    """A numpy array over [offset, dtype, shape] of the shared memory; bfloat16 as its bits."""
    import numpy

    offset, kind, shape = place
    kind = {"bfloat16": "uint16"}.get(kind, kind)
    return numpy.frombuffer(MEMORY, kind, math.prod(shape), offset).reshape(shape)


def tensor(place):
    import torch

    offset, kind, shape = place
    dtype = getattr(torch, kind)
    if not math.prod(shape):
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(MEMORY, dtype=dtype, count=math.prod(shape), offset=offset).reshape(shape)


def place(key, layout):
    """Get ready for one call on arrays that lie where `layout` says: inputs, parameters, outputs."""
    if Held.guarded:
        protect(0, len(MEMORY), READ | WRITE)
    Held.calls[key] = Held.makers[key](layout)
    if Held.guarded:
        for part in (*layout["in"], *layout["params"]):
            if len(part) == 3 and math.prod(part[2]):
                protect(part[0], view(part).nbytes, READ)
        for end in layout["fences"]:
            protect(end, PAGE, 0)
        for part in layout["out"]:  # or the first write after a change takes a fault
            view(part).reshape(-1).view("uint8")[::PAGE] = 0


def protect(offset, size, how):
    """Say what may be done with the pages of an array; no two arrays share one."""
    base = ctypes.addressof(ctypes.c_char.from_buffer(MEMORY)) + offset
    first = base // PAGE * PAGE
    if MPROTECT(ctypes.c_void_p(first), ctypes.c_size_t(base + size - first), how):
        raise OSError(ctypes.get_errno(), "mprotect")


def go(key):
    Held.calls[key]()


def fill_new_memory(on):
    """malloc's own fault finder (glibc): what it hands out is no zeros."""
    MALLOPT(-6, 0x80 if on else 0)


def nothing():
    """What a call costs that does nothing."""


# -- back ends -------------------------------------------------------------------------------------

REALS = {"float32": "float", "float64": "double", "float16": "_Float16", "bfloat16": "uint16_t"}


def compile_c(key, source, config):
    """Start the compiler for one shape; None where the config holds the object."""
    os.makedirs(key)
    if config["object"]:
        with open(f"{key}/kernel.so", "wb") as file:
            file.write(config["object"])
        return None
    sizes = "".join(f"  {name} = {value},\n" for name, value in config["sizes"].items())
    header = f"#include <stdint.h>\ntypedef uint16_t bf16;\ntypedef {REALS[config['dtype']]} real;\n"
    header += f"enum {{\n{sizes}  THREADS = {config['threads']},\n}};\n"
    texts = {"task.h": header, "kernel.c": source}
    if config["bounds"]:
        texts["bounds.c"] = config["bounds"]
    for name, text in texts.items():
        with open(f"{key}/{name}", "w") as file:
            file.write(text)
    command = [*config["command"], *sorted(texts.keys() - {"task.h"}), "-o", "kernel.so", "-lm"]
    return subprocess.Popen(command, cwd=key, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def compiled(key, process):
    """The object's bytes; or ('compile_error', what the compiler says)."""
    complaint = process.communicate()[1] if process else b""
    if process and process.returncode:
        return "compile_error", complaint.decode(errors="replace")[-4000:]
    with open(f"{key}/kernel.so", "rb") as file:
        return file.read()


def in_bounds(library, kernel, arguments, layout):
    """The call, and an error where an access was to the shared memory but to none of the arrays."""
    base = ctypes.addressof(ctypes.c_char.from_buffer(MEMORY))
    parts = [part for where in ("in", "params", "out") for part in layout[where] if len(part) == 3]
    spans = [(base + part[0], view(part).nbytes) for part in parts]
    table = ctypes.c_uint64 * len(spans)
    starts, ends = table(*(at for at, _ in spans)), table(*(at + size for at, size in spans))
    library.__lab_stray.restype = ctypes.c_uint64

    def call():
        library.__lab_arrays(ctypes.c_uint64(base), ctypes.c_uint64(len(MEMORY)), len(spans), starts, ends)
        kernel(*arguments)
        if library.__lab_stray():
            raise IndexError("OutOfBounds: it reads or writes outside its arrays")

    return call


def load_c(key, found, bounded):
    """('ok', the object that was loaded); or ('compile_error', what the loader says)."""
    if isinstance(found, tuple):
        return found
    try:
        library = ctypes.CDLL(f"./{key}/kernel.so")
        kernel = library.kernel
    except (OSError, AttributeError) as error:
        return "compile_error", str(error)
    kernel.restype = None
    base = ctypes.addressof(ctypes.c_char.from_buffer(MEMORY))

    def make(layout):
        given = [scalar(part) if len(part) == 2 else ctypes.c_void_p(base + part[0]) for part in layout["in"]]
        rest = [ctypes.c_void_p(base + part[0]) for part in (*layout["params"], *layout["out"])]
        arguments = (*given, *rest)
        return in_bounds(library, kernel, arguments, layout) if bounded else lambda: kernel(*arguments)

    Held.makers[key] = make
    return "ok", found


def build_c(shapes, source):
    """Every shape, as many compilers at a time as there are cores; no code of the candidate's runs before
    all objects are there."""
    waiting, running, objects = list(shapes.items()), [], {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            key, config = waiting.pop(0)
            running.append((key, compile_c(key, source, config)))
        key, process = running.pop(0)
        objects[key] = compiled(key, process)
    return {key: load_c(key, found, bool(shapes[key]["bounds"])) for key, found in objects.items()}


def scalar(part):
    kind, value = part
    return CTYPES[kind](value)


def build_numba(key, source, config):
    import numba

    if config["like"]:  # compiled already; other threads are all that it lacks
        kernel = Held.numba[config["like"]]
    else:
        kernel = Held.numba[key] = numba_kernel(source, config)
    if not callable(kernel):
        return "compile_error", "the source defines no function 'kernel'"

    def make(layout):
        numba.set_num_threads(config["threads"])
        given = [part[1] if len(part) == 2 else view(part) for part in layout["in"]]
        arguments = (*given, *map(view, (*layout["params"], *layout["out"])))
        return lambda: kernel(*arguments)

    Held.makers[key] = make
    return "ok", ""


def numba_kernel(source, config):
    names = {"__name__": "candidate", **config["sizes"], "THREADS": config["threads"]}
    exec(compile(source, "<candidate>", "exec"), names)
    return names.get("kernel")


def build_torch(key, source, config):
    """A Model or ModelNew in KernelBench's format, compiled by torch where asked for."""
    import torch

    torch.set_num_threads(config["threads"])
    module = types.ModuleType("candidate")
    sys.modules["candidate"] = module
    filename = f"candidate-{key}.py"  # Triton reads a kernel's source from its file
    with open(filename, "w") as file:
        file.write(source)
    exec(compile(source, os.path.abspath(filename), "exec"), module.__dict__)
    if config["ghost"]:
        lay_to_rest(module)
    if config["backwards"]:
        turn_round()
    build = getattr(module, config["entry"], None)
    if build is None:
        return "compile_error", f"the source defines no class {config['entry']!r}"
    init = config["init"]
    model = build(*init).eval()
    if config["dtype"] != "float32":
        model = model.to(getattr(torch, config["dtype"]))
    if missing := [name for name in config["state"] if name not in model.state_dict()]:
        return "bad_interface", f"it has no parameter {missing[0]!r}, which the task's Model has"
    if extra := [name for name in model.state_dict() if name not in config["state"]]:
        return "bad_interface", f"it has a parameter {extra[0]!r}, which the task's Model has not"
    forward = torch.compile(model, dynamic=False) if config["compile"] else model
    empty, expected = torch.no_grad(), type(torch.empty(0))
    candidate = config["entry"] != "Model"
    watched = watch() if config["watched"] else contextlib.nullcontext()

    def make(layout):
        with empty:
            model.load_state_dict(dict(zip(config["state"], map(tensor, layout["params"]), strict=True)))
        given = [part[1] if len(part) == 2 else tensor(part) for part in layout["in"]]
        targets = [tensor(part) for part in layout["out"]]

        def call():
            with empty:
                with watched:
                    results = forward(*given)
                if not candidate:  # nobody reads the baseline's: a copy would be the harness's cost
                    return
                results = results if type(results) in (tuple, list) else (results,)
                if len(results) != len(targets):
                    raise TypeError(
                        f"BadOutput: {len(results)} results, where the task's Model has {len(targets)}"
                    )
                for result, target in zip(results, targets, strict=True):
                    if type(result) is not expected or result.layout is not torch.strided:
                        raise TypeError(
                            f"BadOutput: a {type(result).__name__}, where a plain tensor is wanted"
                        )
                    if candidate and not result.is_contiguous():
                        raise TypeError(
                            f"BadOutput: strides {result.stride()}: its elements are not in order"
                        )
                    if result.dtype != target.dtype or result.shape != target.shape:
                        words = (
                            f"{result.dtype} {tuple(result.shape)}, not {target.dtype} {tuple(target.shape)}"
                        )
                        raise TypeError(f"BadOutput: {words}")
                    target.copy_(result)

        return call

    Held.makers[key] = make
    return "ok", ""


# What torch may do around a Triton kernel: make room, look at it otherwise, what Triton's interpreter needs.
ROOM = {
    "empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "zeros", "zeros_like",
    "new_zeros", "zero_", "fill_", "view", "_unsafe_view", "reshape", "as_strided", "detach", "alias",
    "t", "transpose", "permute", "slice", "select", "unsqueeze", "squeeze", "expand", "clone", "copy_",
    "_to_copy", "set_", "lift_fresh", "_reshape_alias", "contiguous", "is_pinned", "resize_",
}  # fmt: skip


def watch():
    """A mode in which torch's own computing is an error, and so is its putting elements in another order."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, operator, types, args=(), kwargs=None):
            name = operator._schema.name
            copies = name.endswith(("::clone", "::copy_", "::_to_copy"))
            moved = copies and not all(a.is_contiguous() for a in args if isinstance(a, torch.Tensor))
            if moved or name.partition("::")[2] not in ROOM:
                raise TypeError(f"Fallback: {name} did the work")
            return operator(*args, **(kwargs or {}))

    return Watch()


def lay_to_rest(module):
    """No Triton kernel does anything: if the results are still right, none was needed."""
    for value in vars(module).values():
        if type(value).__module__.startswith("triton.runtime"):
            value.run = lambda *args, **kwargs: None


def turn_round():
    """Where Triton's interpreter is kinder than a GPU: from here on the last program of a grid comes first,
    and what a masked load leaves open is no zero."""
    import numpy
    from triton.runtime import interpreter

    builder, dims = interpreter.interpreter_builder, [1, 1, 1]
    set_dim, set_idx = builder.set_grid_dim, builder.set_grid_idx

    def noted(*grid):
        dims[:] = grid
        set_dim(*grid)

    def load(pointers, mask, other, *how):
        if other is None:  # on a GPU there is anything; the interpreter has zeros
            kind = pointers.get_element_ty()
            empty = numpy.zeros(pointers.data.shape, interpreter._get_np_dtype(kind))
            empty[...] = numpy.nan if empty.dtype.kind == "f" else 0x7FC1 % (1 << 8 * empty.itemsize - 1)
            other = interpreter.TensorHandle(empty, kind)
        return masked_load(pointers, mask, other, *how)

    masked_load, builder.create_masked_load = builder.create_masked_load, load
    builder.set_grid_dim = noted
    builder.set_grid_idx = lambda *at: set_idx(*(n - 1 - i for n, i in zip(dims, at, strict=True)))


USUAL = {
    "entry": "", "compile": False, "ghost": False, "backwards": False, "guarded": False, "watched": False,
    "command": [], "bounds": "", "object": b"", "init": [], "state": [], "text": "", "like": "",
}  # fmt: skip


def build(backend, source, shapes):
    """Make the kernel ready for these shapes (key: what of its config is not usual); for each its status, and
    words or what was built."""
    shapes = {key: {**USUAL, **config} for key, config in shapes.items()}
    Held.guarded = any(config["guarded"] for config in shapes.values())
    if backend == "c":
        return build_c(shapes, source)
    one = build_numba if backend == "numba" else build_torch
    return {key: one(key, config["text"] or source, config) for key, config in shapes.items()}


ACTIONS = {
    "build": build, "place": place, "go": go, "nothing": nothing, "fill_new_memory": fill_new_memory,
}  # fmt: skip
