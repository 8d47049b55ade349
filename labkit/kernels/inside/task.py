"""The task's own side of the harness: inputs and what its Model makes of them, where no candidate enters.

Follows host.py's text in one program: what is imported from it here is there already.
"""

import math
import os
import types

from labkit.kernels.inside.host import ACTIONS, MEMORY, tensor

ALIGN = 64
SPAN = 4096  # bytes between arrays, and at both ends
TASKS = {}  # by shape: the task's module


def load_task(key, source):
    """Run the task's source; what its Model is made with, and the names of its state."""
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    module = types.ModuleType("task")
    exec(compile(source, "<task>", "exec"), module.__dict__)
    TASKS[key] = module
    init = module.get_init_inputs()
    return list(init), list(module.Model(*init).state_dict())


def make_inputs(key, seed, dtype, other, factor, shift, skewed, opposed, rows):
    """Fresh inputs, parameters, and what the Model makes of them in float64 and in `dtype`, in shared memory.

    `other`: another seed, from whose inputs a few elements are taken; 0 for none. `factor`, `shift`: of
    inputs that have both signs, and so no range that they must keep to. `skewed`: nearly all whole numbers
    of an input are one of them. `opposed`: every second input is shifted the other way. `rows`: see with_rows
    and confident.
    """
    import torch

    module, kind = TASKS[key], getattr(torch, dtype)
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
    shifts = [-shift if opposed and i % 2 else shift for i in range(len(given))]
    given = [cast(widened(v, factor, by, skewed, kind), kind) for v, by in zip(given, shifts, strict=True)]
    if rows == "confident":
        given = confident(given)
    elif rows:
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
HOLES = 0.05  # of the elements


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


def widened(value, factor, shift, skewed, kind):
    """See make_inputs; in a small type the shift is one that its numbers can have."""
    import torch

    if kind not in (torch.float32, torch.float64):
        shift = max(shift, -16384.0)

    if not isinstance(value, torch.Tensor) or value.numel() < 2:
        return value
    if not value.is_floating_point():
        kept = torch.rand(value.shape) < 0.1
        return torch.where(kept, value, value.reshape(-1)[0]) if skewed else value
    return value * factor + shift if value.min() < 0 < value.max() else value


def with_rows(value, how):
    """`uneven`: each row by a power of two of its own, one by 0, one by next to nothing, some with a first
    element that is far larger. `falling`: each by a smaller power than the one before. `tainted`: one row is
    not a number, or `partly` so, from some place on. `tied`: the largest elements are zeros of both signs.
    `spiked`: the last element of each row is far larger. `holes`: some elements are 0, of inputs without
    negative ones, too."""
    import torch

    if not isinstance(value, torch.Tensor) or not value.is_floating_point() or value.dim() < 2:
        return value
    if how == "holes":
        return torch.where(torch.rand(value.shape) < HOLES, torch.zeros((), dtype=value.dtype), value)
    if not value.numel() or not value.min() < 0 < value.max():
        return value
    rows = value.clone().reshape(-1, value.shape[-1])
    if "tainted" in how:
        row, start = int(torch.randint(max(1, len(rows) // 2), ())), int(torch.randint(rows.shape[1], ()))
        rows[row, start if "partly" in how else 0 :] = math.nan
        return rows.reshape(value.shape)
    most = 10 if value.dtype in (torch.float32, torch.float64) else 4
    if how == "spiked":
        rows[:, -1] *= 4.0**most
        return rows.reshape(value.shape)
    if how == "tied":
        zeros = torch.where(torch.rand(value.shape) < 0.5, 0.0, -0.0).to(value.dtype)
        return torch.where(value.abs() < 0.5, zeros, -value.abs().round())
    powers = torch.randint(-most, most + 1, (len(rows), 1)) + torch.randint(-most, most + 1, ()) // 2
    if how == "falling":
        return (rows * (4.0 ** powers.sort(0, descending=True).values).to(rows.dtype)).reshape(value.shape)
    rows *= 2.0**powers
    rows[torch.rand(len(rows)) < 0.25, 0] *= 2.0**most
    if len(rows) > 2:
        rows[torch.randint(len(rows), ())] = 0
        rows[torch.randint(len(rows), ())] *= 2.0 ** (-7 * most)
    return rows.reshape(value.shape)


def confident(given):
    """Each row nearly flat but for one of its last elements, 8 to 18 above the others: a plain sum in float32
    comes to it when it has those. Whole numbers, one a row, all name that element."""
    import torch

    floats = [g for g in given if isinstance(g, torch.Tensor) and g.is_floating_point() and g.numel()]
    matrices = [g for g in floats if g.dim() > 1 and g.min() < 0 < g.max()]
    found = []
    for value in given:
        named = isinstance(value, torch.Tensor) and not value.is_floating_point() and value.numel()
        rows = any(value.numel() * g.shape[-1] == g.numel() for g in matrices) if named else False
        found.append(torch.full_like(value, int(value.max())) if rows else value)
    for i, value in enumerate(found):
        if any(value is g for g in matrices):
            width = value.shape[-1]
            names = [int(v.max()) for v, old in zip(found, given, strict=True) if v is not old]
            at = min([*names, width - 1])
            found[i] = value * 0.1
            found[i][..., at] = (8 + 10 * torch.rand(value.shape[:-1])).to(value.dtype)
    return found


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

    module = TASKS[key]
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


ACTIONS.update({"load_task": load_task, "make_inputs": make_inputs, "work": work})
