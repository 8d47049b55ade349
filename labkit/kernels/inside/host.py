"""The harness in the confined process: builds a kernel, lays out its arrays in shared memory, calls it.

`turn(action, ...)` is asked from outside. Nothing here is trusted: this process is the candidate's. The
clock, the inputs and the comparison are on the other side, which looks at the shared memory while this
process stands still. The same harness runs the task's own Model, in a process that no candidate enters.
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
ALIGN = 64
CTYPES = {"int64": ctypes.c_int64, "float64": ctypes.c_double}
SPAN = 4096  # bytes between arrays, and at both ends: a page, so that none has two
MPROTECT = ctypes.CDLL(None, use_errno=True).mprotect
MALLOPT = getattr(ctypes.CDLL(None), "mallopt", lambda *_: None)


class Held:
    """By shape: what makes a call out of a layout, the call that is next, the task's module."""

    makers: dict = {}  # noqa: RUF012
    calls: dict = {}  # noqa: RUF012
    tasks: dict = {}  # noqa: RUF012
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
    """Start the compiler for one shape."""
    sizes = "".join(f"  {name} = {value},\n" for name, value in config["sizes"].items())
    header = f"#include <stdint.h>\ntypedef uint16_t bf16;\ntypedef {REALS[config['dtype']]} real;\n"
    header += f"enum {{\n{sizes}  THREADS = {config['threads']},\n}};\n"
    os.makedirs(key)
    for name, text in (("task.h", header), ("kernel.c", source)):
        with open(f"{key}/{name}", "w") as file:
            file.write(text)
    command = [*config["command"], "kernel.c", "-o", "kernel.so", "-lm"]
    return subprocess.Popen(command, cwd=key, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def load_c(key, process):
    """The built kernel; ('compile_error', what the compiler or the loader says) where there is none."""
    complaint = process.communicate()[1]
    if process.returncode:
        return "compile_error", complaint.decode(errors="replace")[-4000:]
    try:
        kernel = ctypes.CDLL(f"./{key}/kernel.so").kernel
    except (OSError, AttributeError) as error:
        return "compile_error", str(error)
    kernel.restype = None
    base = ctypes.addressof(ctypes.c_char.from_buffer(MEMORY))

    def make(layout):
        given = [scalar(part) if len(part) == 2 else ctypes.c_void_p(base + part[0]) for part in layout["in"]]
        rest = [ctypes.c_void_p(base + part[0]) for part in (*layout["params"], *layout["out"])]
        arguments = (*given, *rest)
        return lambda: kernel(*arguments)

    Held.makers[key] = make
    return "ok", ""


def build_c(shapes, source):
    """Every shape, as many compilers at a time as there are cores."""
    waiting, running, answers = list(shapes.items()), [], {}
    while waiting or running:
        while waiting and len(running) < (os.cpu_count() or 1):
            key, config = waiting.pop(0)
            running.append((key, compile_c(key, source, config)))
        key, process = running.pop(0)
        answers[key] = load_c(key, process)
    return answers


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


def build(backend, source, shapes):
    """Make the kernel ready for these shapes (key: config); (status, words) for each."""
    Held.guarded = any(config["guarded"] for config in shapes.values())
    if backend == "c":
        return build_c(shapes, source)
    one = build_numba if backend == "numba" else build_torch
    return {key: one(key, config["text"] or source, config) for key, config in shapes.items()}


# -- the task's own process ------------------------------------------------------------------------


def load_task(key, source):
    """Run the task's source; what its Model is made with, and the names of its state."""
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    module = types.ModuleType("task")
    exec(compile(source, "<task>", "exec"), module.__dict__)
    Held.tasks[key] = module
    init = module.get_init_inputs()
    return list(init), list(module.Model(*init).state_dict())


def make_inputs(key, seed, dtype, other, factor, shift, skewed, rows):
    """Fresh inputs, parameters, and what the Model makes of them in float64 and in `dtype`, in shared memory.

    `other`: another seed, from whose inputs a few elements are taken; 0 for none. `factor`, `shift`: of
    inputs that have both signs, and so no range that they must keep to. `skewed`: nearly all whole numbers
    of an input are one of them. `rows`: see with_rows.
    """
    import torch

    module, kind = Held.tasks[key], getattr(torch, dtype)
    torch.manual_seed(seed)
    model = module.Model(*module.get_init_inputs()).eval()
    given = module.get_inputs()
    if other:
        torch.manual_seed(other)
        another = module.Model(*module.get_init_inputs()).state_dict()
        given = [mixed(a, b) for a, b in zip(given, module.get_inputs(), strict=True)]
        model.load_state_dict(
            {name: mixed(value, another[name]) for name, value in model.state_dict().items()}
        )
    if kind not in (torch.float32, torch.float64):
        shift = max(shift, -16384.0)
    given = [cast(widened(value, factor, shift, skewed), kind) for value in given]
    if rows:
        given = [with_rows(value, rows) for value in given]
    params = [cast(value, kind) for value in model.state_dict().values()]
    exact = answers(module, params, given, torch.float64)
    arrays = {"in": given, "params": params, "native": answers(module, params, given, kind), "exact": exact}
    arrays["shaken"], arrays["usual"] = [], [0.0 for _ in exact]
    if sum(answer.numel() for answer in exact) <= FEW:
        for _ in range(SHAKES):
            arrays["shaken"] += answers(
                module, params, [shaken(value, kind) for value in given], torch.float64
            )
        draws = [answers(module, params, module.get_inputs(), torch.float64) for _ in range(DRAWS)]
        arrays["usual"] = [size(torch.stack(drawn)) for drawn in zip(*draws, strict=True)]
    return store(arrays)


FEW = 4096  # outputs: so few tell little of how far off an honest result may be, and how large one usually is
SHAKES, DRAWS = 3, 8


def size(values):
    """Their root mean square."""
    return float(values.double().square().mean().sqrt()) if values.numel() else 0.0


def cast(value, to):
    import torch

    floating = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.to(to) if floating else value


def answers(module, params, given, to):
    """What a new Model with these parameters makes of copies of the inputs, all of them of one type."""
    import torch

    model = module.Model(*module.get_init_inputs()).eval()
    with torch.no_grad():
        for target, value in zip(model.state_dict().values(), params, strict=True):
            target.copy_(value)
        copies = [value.clone() if isinstance(value, torch.Tensor) else value for value in given]
        found = model.to(to)(*(cast(value, to) for value in copies))
    return [answer.detach() for answer in (found if isinstance(found, tuple | list) else (found,))]


def shaken(value, kind):
    """In float64, each element off by up to half its last digit in `kind`."""
    import torch

    if not isinstance(value, torch.Tensor) or not value.is_floating_point():
        return value
    return value.double() * (1 + torch.finfo(kind).eps * (torch.rand(value.shape, dtype=torch.float64) - 0.5))


def widened(value, factor, shift, skewed):
    import torch

    if not isinstance(value, torch.Tensor) or value.numel() < 2:
        return value
    if not value.is_floating_point():
        kept = torch.rand(value.shape) < 0.1
        return torch.where(kept, value, value.reshape(-1)[0]) if skewed else value
    return value * factor + shift if value.min() < 0 < value.max() else value


def with_rows(value, how):
    """`uneven`: each row by a power of two of its own, one by 0, one by next to nothing, some with a first
    element that is far larger. `falling`: each by a smaller power than the one before. `tainted`: one row is
    not a number, or `partly` so, from some place on."""
    import torch

    if not isinstance(value, torch.Tensor) or not value.is_floating_point() or value.dim() < 2:
        return value
    if not value.numel() or not value.min() < 0 < value.max():
        return value
    rows = value.clone().reshape(-1, value.shape[-1])
    if "tainted" in how:
        row, start = int(torch.randint(max(1, len(rows) // 2), ())), int(torch.randint(rows.shape[1], ()))
        rows[row, start if "partly" in how else 0 :] = math.nan
        return rows.reshape(value.shape)
    most = 10 if value.dtype in (torch.float32, torch.float64) else 4
    powers = torch.randint(-most, most + 1, (len(rows), 1)) + torch.randint(-most, most + 1, ()) // 2
    if how == "falling":
        return (rows * (4.0 ** powers.sort(0, descending=True).values).to(rows.dtype)).reshape(value.shape)
    rows *= 2.0**powers
    rows[torch.rand(len(rows)) < 0.25, 0] *= 2.0**most
    if len(rows) > 2:
        rows[torch.randint(len(rows), ())] = 0
        rows[torch.randint(len(rows), ())] *= 2.0 ** (-7 * most)
    return rows.reshape(value.shape)


def mixed(one, two):
    """One tensor with a fiftieth of its elements, one at least, from another."""
    import torch

    if not isinstance(one, torch.Tensor) or not one.numel():
        return one
    one, two = one.clone(), two.reshape(-1)
    some = torch.randperm(one.numel())[: max(1, one.numel() // 50)]
    one.view(-1)[some] = two[some]
    return one


def store(arrays):
    """Lay the tensors out one after another; [offset, dtype, shape], or [kind, value] of a plain number."""
    at, layout = SPAN, {}
    for name, values in arrays.items():
        layout[name] = []
        for value in values:
            if not hasattr(value, "numel"):
                whole = isinstance(value, int)
                layout[name].append(["int64" if whole else "float64", value])
                continue
            spot = [at, str(value.dtype).removeprefix("torch."), list(value.shape)]
            size = value.numel() * value.element_size()
            if at + size + SPAN > len(MEMORY):
                raise MemoryError(f"the task's arrays need more than {len(MEMORY) >> 20} MiB")
            tensor(spot).copy_(value)
            layout[name].append(spot)
            at += -(-size // ALIGN) * ALIGN + SPAN
    return layout


def work(key, seed):
    """FLOPs that torch counts in one call, and how many inputs one output depends on."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    module = Held.tasks[key]
    torch.manual_seed(seed)
    model = module.Model(*module.get_init_inputs()).eval().double()
    given = [
        v.double() if hasattr(v, "is_floating_point") and v.is_floating_point() else v
        for v in module.get_inputs()
    ]
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(*given)
    try:
        return counter.get_total_flops(), fan_in(model, given)
    except RuntimeError:  # it has no derivative
        return counter.get_total_flops(), 1


def fan_in(model, given):
    """How many inputs one output depends on: those with a derivative, for a few outputs."""
    import torch

    leaves = [v.requires_grad_() for v in given if hasattr(v, "is_floating_point") and v.is_floating_point()]
    leaves += list(model.parameters())
    answers = model(*given)
    answers = [a for a in (answers if isinstance(answers, tuple | list) else (answers,)) if a.requires_grad]
    most = 1
    for answer in answers:
        flat = answer.reshape(-1)
        for i in {0, flat.numel() // 2, flat.numel() - 1}:
            grads = torch.autograd.grad(flat[i], leaves, retain_graph=True, allow_unused=True)
            most = max(most, sum(int((g != 0).sum()) for g in grads if g is not None))
    return most


ACTIONS = {
    "build": build, "place": place, "go": go, "nothing": nothing,
    "fill_new_memory": fill_new_memory, "load_task": load_task,
    "make_inputs": make_inputs, "work": work,
}  # fmt: skip
