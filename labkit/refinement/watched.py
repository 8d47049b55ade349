"""What runs beside a watched program in its sandbox: marks after statements, looks by a timer, counts.

The text goes into the program's own process, so it stands alone; hotspots reads what it sends back, as data.
Not covered: threads, waiting, a program that means to be misread.
"""

HARNESS = """
import ast


def labkit_marked(tree, mark="labkit_mark(None)"):
    # A signal's handler runs at the next call or jump back, not where the signal came: without a mark after
    # each statement, what `x in items` costs would be charged to whatever is called or repeated next.
    plain = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global,
             ast.Nonlocal, ast.Pass, ast.Break, ast.Continue, ast.Raise, ast.Try, ast.Return)

    def at(node, text):
        made = ast.parse(text.format(line=node.lineno)).body
        for each in made:
            for part in ast.walk(each):
                if hasattr(part, "lineno"):
                    part.lineno = part.end_lineno = node.lineno
                    part.col_offset = part.end_col_offset = node.col_offset
        return made

    def block(body, head=None):
        done = at(head, mark) if head else []
        for node in body:
            value = getattr(node, "value", None)
            if isinstance(node, ast.Expr) and isinstance(value, ast.Constant):
                done.append(node)  # a docstring stays first
            elif isinstance(node, ast.Return) or (
                isinstance(node, (ast.Expr, ast.Assign)) and isinstance(value, ast.Yield)
            ):
                holder = node if isinstance(node, ast.Return) else value
                if holder.value is not None:  # nothing comes after it: the mark goes between value and end
                    first, between, name = at(node, f"labkit_value = 0; {mark}; labkit_value")
                    first.value, holder.value = holder.value, name.value
                    done += [first, between]
                done.append(node)
            else:
                done.append(inside(node))
                if not isinstance(node, plain):
                    done += at(node, mark)
        return done

    def inside(node):
        if isinstance(node, (ast.If, ast.For, ast.AsyncFor, ast.While)):
            node.body = block(node.body, node)
            node.orelse = block(node.orelse, node) if node.orelse or isinstance(node, ast.If) else []
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            node.body = block(node.body, node)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                case.body = block(case.body, node)
        elif isinstance(node, (ast.Try, getattr(ast, "TryStar", ast.Try))):
            for name in ("body", "orelse", "finalbody"):
                setattr(node, name, block(getattr(node, name)))
            for each in node.handlers:
                each.body = block(each.body)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = block(node.body)
        elif isinstance(node, ast.ClassDef):
            node.body = [inside(each) for each in node.body]
        return node

    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tree.body = [inside(node) if isinstance(node, named) else node for node in tree.body]
    return tree


def labkit_profile(inputs, seconds, entry, period, enough, cut):
    # Samples by stack, the innermost frame first; calls by function; what failed
    import collections, dis, itertools, marshal, random, signal, sys, time
    clock, cpu, set_timer = time.perf_counter, time.process_time, signal.setitimer
    function = labkit_names[entry]
    sys.setrecursionlimit(sys.getrecursionlimit() + 50)  # room for a look at the deepest place
    stacks, lines, heads = {}, {}, {}
    state = {"running": False, "until": 0.0, "at": 0, "seen": 0, "last": 0.0, "due": 0.0}
    parcel, spent = marshal.dumps(inputs, 2), {"cpu": 0.0, "rounds": 0}

    class Enough(BaseException):
        pass

    def line_of(frame):
        key = frame.f_code, frame.f_lasti
        if key not in lines:  # a jump back may have no line of its own
            known = [n for at, n in dis.findlinestarts(frame.f_code) if at <= frame.f_lasti and n]
            lines[key] = frame.f_lineno or (known or [frame.f_code.co_firstlineno])[-1]
        return lines[key]

    def at_head(frame):
        # Whether nothing of it has run since it was called or resumed: the time was its caller's
        code = frame.f_code
        if code not in heads:
            heads[code] = {i.offset for i in dis.get_instructions(code) if i.opname == "RESUME"}
        return frame.f_lasti in heads[code]

    def look_again():
        # After a time that no loop can keep in step with. The kernel counts CPU time for ITIMER_PROF in
        # ticks of 4 ms; this is wall time, on a core that is the program's own
        state["due"] = period * random.uniform(0.5, 1.5)
        state["last"] = cpu()
        set_timer(signal.ITIMER_REAL, state["due"])

    def handler(signum, frame):
        if not state["running"]:
            return
        late = cpu() - state["last"] - state["due"]
        stack, skip = {}, True
        while frame is not None:
            if frame.f_code.co_filename == "<program>":
                if not (skip and at_head(frame)):
                    stack[frame.f_code.co_name, line_of(frame)] = None
                skip = False
            frame = frame.f_back
        if late > -0.8 * state["due"] and stack:  # else it waited
            # in a long call into C one look stands for as many as there was time for
            times = 1 + int(max(0.0, late) / period + random.random())
            stack = tuple(stack)
            stacks[stack] = stacks.get(stack, 0) + times
            state["seen"] += times
        look_again()
        if clock() > state["until"]:
            raise Enough

    def measured(rounds, within):
        # Run so many rounds, each on arguments of its own; whether they all ended
        batch = [marshal.loads(parcel) for _ in range(rounds)]
        began = cpu()
        try:
            state["until"], state["running"] = clock() + within, True
            look_again()
            for fresh in batch:
                for state["at"], arguments in enumerate(fresh):
                    function(*arguments)
                spent["rounds"] += 1
            return True
        except Enough:
            return False
        finally:
            state["running"] = False
            set_timer(signal.ITIMER_REAL, 0)
            spent["cpu"] += cpu() - began

    def mark_s():
        # What one mark costs, the loop around it taken off
        names = dict(labkit_mark=callable)
        exec("def some(n):\\n for _ in n: " + "labkit_mark(None);" * 10, names)
        exec("def none(n):\\n for _ in n: pass", names)
        least = []
        for each in (names["some"], names["none"]):
            times = []
            for _ in range(7):
                began = clock()
                each(range(1000))
                times.append(clock() - began)
            least.append(min(times))
        return max(0.0, least[0] - least[1]) / 10_000

    def marks(within):
        # How often each mark is passed in one round, or in as much of it as there is time for
        ticks = collections.defaultdict(lambda: itertools.count().__next__)
        names = labkit_loaded("labkit_ticks[{line}]()", labkit_ticks=ticks)
        state["until"], state["running"], fresh = clock() + within, True, marshal.loads(parcel)
        try:
            look_again()
            for arguments in fresh:
                names[entry](*arguments)
        except Enough:
            pass
        finally:
            state["running"] = False
            set_timer(signal.ITIMER_REAL, 0)
        return [(line, each()) for line, each in ticks.items()]

    def counted(within):
        # How often each function is called in one round; None where that takes too long
        calls, starts, deadline = {}, {}, clock() + within

        def count(frame, event, arg):
            code = frame.f_code
            if event == "call" and code.co_filename == "<program>":
                if starts.setdefault(code, frame.f_lasti) == frame.f_lasti:  # not a generator that goes on
                    key = code.co_name, code.co_firstlineno
                    calls[key] = calls.get(key, 0) + 1
                if clock() > deadline:
                    raise Enough

        fresh = marshal.loads(parcel)
        sys.setprofile(count)
        try:
            for state["at"], arguments in enumerate(fresh):
                function(*arguments)
        except Enough:
            return None
        finally:
            sys.setprofile(None)
        return [(name, line, n) for (name, line), n in calls.items()]

    signal.signal(signal.SIGALRM, handler)
    calls, failed, whole, began, size, seen, passed = None, None, True, clock(), 1, [], []
    try:
        while whole and spent["cpu"] < seconds and state["seen"] < enough and clock() - began < cut:
            whole = measured(size, cut - (clock() - began))
            each = max(spent["cpu"] / max(1, spent["rounds"]), 1e-7)
            size = max(1, min(int(0.05 / each), 1000, (8 << 20) // len(parcel)))
        seen, passed = list(stacks.items()), marks(2 * spent["cpu"] / max(1, spent["rounds"]) + period)
        calls = counted(cut / 2) if whole else None
    except Exception as error:
        failed = state["at"], type(error).__name__, str(error)
    return {
        "stacks": seen, "calls": calls, "failed": failed, "marks": passed, "mark_s": mark_s(),
        "whole": whole or spent["rounds"] > 0, **spent,
    }


def labkit_loaded(mark, **names):
    names["__name__"] = "candidate"
    tree = labkit_marked(ast.parse(labkit_source), mark)
    exec(compile(tree, "<program>", "exec", dont_inherit=True), names)
    return names


labkit_names = labkit_loaded("labkit_mark(None)", labkit_mark=callable)
if not callable(labkit_names.get(labkit_entry)):
    raise NameError(f"the program defines no function {labkit_entry!r}")
"""
