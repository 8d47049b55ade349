// Programs in the sandbox: memory over time, limits, output; two side by side with the interval of their
// ratio. Everything shown is a function of `state` (see sandbox.py); the page itself only remembers how far
// the comparison is scrubbed and which sources are unfolded.

const number = (value) => Number(value.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
const seconds = (s) => (s >= 1 || s === 0 ? `${number(s)} s` : s >= 1e-3 ? `${number(s * 1e3)} ms` : `${number(s * 1e6)} µs`);

/** About `most` round numbers from 0 up to `high`. */
export const ticks = (high, most) => {
  const rough = high / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
};

/** What both charts span, so that areas side by side can be compared. */
export const span = (programs) => {
  const curves = programs.flatMap((p) => (p.done ? p.done.curve : []));
  return { s: Math.max(1e-3, ...curves.map((c) => c[0])), mib: 1.15 * Math.max(1, ...curves.map((c) => c[1])) };
};

/** A limit is a line where it would be in sight, else words at the chart's edge. */
const limitMarks = (limits, full, px, py, box) => {
  const marks = [];
  const add = (kind, inSight, line, label) => marks.push(...(inSight
    ? [svg("line", { class: `limit ${kind}`, ...line }), svg("text", { class: "limit", ...label.at }, label.text)]
    : [svg("text", { class: "limit", ...label.edge }, `${label.text} ${label.arrow}`)]));
  if (limits.memory_mib) add("memory", limits.memory_mib <= full.mib,
    { x1: box.left, x2: box.right, y1: py(limits.memory_mib), y2: py(limits.memory_mib) },
    { text: `limit ${limits.memory_mib.toLocaleString("en")} MiB`, arrow: "↑",
      at: { x: box.left + 4, y: py(limits.memory_mib) - 4 }, edge: { x: box.left + 4, y: box.top - 4 } });
  if (limits.wall_s) add("wall", limits.wall_s <= full.s * 1.001,
    { x1: px(limits.wall_s), x2: px(limits.wall_s), y1: box.top, y2: box.bottom },
    { text: `limit ${limits.wall_s.toLocaleString("en")} s`, arrow: "→",
      at: { x: px(limits.wall_s) - 4, y: box.top + 12, "text-anchor": "end" },
      edge: { x: box.right, y: box.top - 4, "text-anchor": "end" } });
  return marks;
};

const curveChart = (program, full) => {
  const { done, limits } = program;
  const width = 400, height = 196, box = { left: 46, right: 386, top: 18, bottom: 160 };
  const px = (s) => box.left + (s / full.s) * (box.right - box.left);
  const py = (mib) => box.bottom - (mib / full.mib) * (box.bottom - box.top);
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `memory of program ${program.name} over time` });
  for (const mib of ticks(full.mib, 4)) {
    root.append(svg("line", { class: "grid", x1: box.left, x2: box.right, y1: py(mib), y2: py(mib) }));
    root.append(svg("text", { x: box.left - 6, y: py(mib) + 4, "text-anchor": "end" }, number(mib)));
  }
  const last = ticks(full.s, 4).at(-1);
  for (const s of ticks(full.s, 4))
    root.append(svg("text", { x: px(s), y: box.bottom + 15, "text-anchor": s === last && px(s) > 360 ? "end" : "middle" }, seconds(s)));
  root.append(svg("text", { x: box.left, y: height - 6 }, "MiB of the process tree over wall time"));
  if (!done) return root;
  const base = done.figures.baseline_mib, points = done.curve.map(([s, mib]) => `${px(s)} ${py(mib)}`);
  if (points.length) {
    const [first, end] = [done.curve[0], done.curve.at(-1)];
    root.append(svg("path", { class: "area", d: `M ${px(first[0])} ${py(0)} L ${points.join(" L ")} L ${px(end[0])} ${py(0)} Z` }));
    root.append(svg("path", { class: "curve", d: `M ${points.join(" L ")}` }));
  }
  if (base) {
    root.append(svg("line", { class: "base", x1: box.left, x2: box.right, y1: py(base.value), y2: py(base.value) }));
    root.append(svg("text", { x: box.right, y: py(base.value) + 13, "text-anchor": "end" }, "an empty program"));
  }
  root.append(...limitMarks(limits, full, px, py, box));
  return root;
};

/** The ratio b/a after each pair, its always-valid interval as a band, on a logarithmic scale. */
const ratioChart = (pairs, answer) => {
  const width = 820, height = 150, box = { left: 46, right: 806, top: 12, bottom: 118 };
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "ratio of the costs, by pairs" });
  const known = pairs.filter((p) => p.hi !== null && p.lo > 0);
  const all = [...pairs.map((p) => p.ratio), ...known.flatMap((p) => [p.lo, p.hi])].filter((y) => y > 0);
  const low = Math.min(0.9, ...all) / 1.04, high = Math.max(1.1, ...all) * 1.04;
  const px = (n) => box.left + 8 + ((n - 1) / Math.max(9, pairs.length - 1)) * (box.right - box.left - 8);
  const py = (y) => box.top + (Math.log(high / y) / Math.log(high / low)) * (box.bottom - box.top);
  const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 1, 1.1, 1.25, 2, 5, 10, 20, 50, 100].filter((y) => y > low && y < high);
  let above = Infinity;
  for (const y of steps.toReversed()) {
    root.append(svg("line", { class: y === 1 ? "one" : "grid", x1: box.left, x2: box.right, y1: py(y), y2: py(y) }));
    if (y !== 1 && (Math.abs(py(y) - py(1)) < 12 || Math.abs(py(y) - above) < 12)) continue;
    root.append(svg("text", { x: box.left - 6, y: py(y) + 4, "text-anchor": "end" }, `${y}`));
    above = py(y);
  }
  if (known.length > 1) {
    const up = known.map((p) => `${px(p.n)} ${py(p.hi)}`), down = known.toReversed().map((p) => `${px(p.n)} ${py(p.lo)}`);
    root.append(svg("path", { class: "band", d: `M ${up.join(" L ")} L ${down.join(" L ")} Z` }));
  }
  if (pairs.length > 1) root.append(svg("path", { class: "curve", d: `M ${pairs.map((p) => `${px(p.n)} ${py(p.ratio)}`).join(" L ")}` }));
  const end = pairs.at(-1);
  const mark = svg("circle", { class: answer === "faster" ? "kept" : "rejected", cx: px(end.n), cy: py(end.ratio), r: 4 });
  mark.append(svg("title", {}, `pair ${end.n}: ${number(end.ratio)}`));
  root.append(mark);
  root.append(svg("text", { x: box.left, y: height - 6 }, `pair 1 → ${end.n}: cost of b over a's, line at 1; band: always-valid 95 % interval`));
  return root;
};

const figures = (done) => el("table", { "aria-label": "figures" }, el("tbody", {}, ...done.rows.map(([what, value, how]) =>
  el("tr", {}, el("th", { scope: "row" }, what), el("td", { class: "value" }, value), el("td", { class: "how" }, how)))));

const output = (done, name) => ["stdout", "stderr"].filter((stream) => done[stream].trim()).flatMap((stream) => [
  el("p", { class: `stream ${stream}` }, { stdout: "output", stderr: "error output" }[stream]),
  el("pre", { tabindex: "0", "aria-label": `${stream} of program ${name}` }, done[stream].trimEnd())]);

const panel = (program, full, only, live, unfolded) => {
  const { done } = program, good = done && done.status === "ok";
  const how = done ? `${good ? "✓" : "✕"} ${done.status}` : live ? "… running" : "not run";
  const source = el("details", { ontoggle: (event) => { unfolded[program.name] = event.target.open; } },
    el("summary", {}, "source"), el("pre", { tabindex: "0", "aria-label": `source of program ${program.name}` }, program.source.trimEnd()));
  source.open = Boolean(unfolded[program.name]);
  return el("div", { class: "program", "data-program": program.name },
    el("h4", {}, only ? "" : `${program.name} `, el("span", { class: "dim" }, program.language),
      el("span", { class: `how ${good ? "kept" : done ? "failed" : ""}` }, ` ${how}`)),
    done && done.detail ? el("p", { class: good ? "dim" : "message" }, done.detail) : "",
    curveChart(program, full),
    done ? figures(done) : "",
    ...(done ? output(done, program.name) : []),
    program.source.trim() ? source : "");
};

function render({ model, el: host }) {
  let upto = null;
  const unfolded = {};
  host.classList.add("labkit-host");
  const box = el("section", { class: "labkit sandbox", "aria-label": "sandbox" });
  host.append(box);

  const draw = () => {
    const state = model.get("state"), programs = state.programs || [], all = state.pairs || [];
    const live = state.status === "running" || state.status === "stopping";
    const pairs = upto === null ? all : all.slice(0, upto), full = span(programs);
    const focused = box.querySelector("input") && box.querySelector("input") === box.getRootNode().activeElement;
    const slider = el("input", { type: "range", min: 1, max: all.length, value: pairs.length, "aria-label": "pairs shown",
      oninput: (event) => { upto = +event.target.value >= all.length ? null : +event.target.value; draw(); } });
    const guards = programs.map((p) => p.done).find((done) => done && done.guards.length);
    box.replaceChildren(
      heading(model, programs.length > 1 ? "Sandbox: b against a" : "Sandbox", state, state.words || ""),
      state.message ? el("p", { class: "message" }, state.message) : "",
      pairs.length ? ratioChart(pairs, upto === null && state.verdict ? state.verdict.answer : "") : "",
      all.length > 1 && !live ? el("label", { class: "scrub" }, "replay", slider, `${pairs.length} of ${all.length} pairs`) : "",
      el("div", { class: programs.length > 1 ? "columns even" : "single" },
        ...programs.map((p) => panel(p, full, programs.length === 1, live, unfolded))),
      guards ? el("p", { class: "dim" }, `guards on: ${guards.guards.join(", ")}`) : "");
    if (focused) slider.focus();
  };
  model.on("change:state", draw);
  draw();
  return () => model.off("change:state", draw);
}

export default { render };
