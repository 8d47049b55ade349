// The refinement loop to watch. Everything shown is a function of `state` (see refinement.py); the only
// state of the page itself is which turn is selected and how far the record is scrubbed.

/** How a turn ended, for shape and colour: kept, rejected, or failed. */
export const kind = (turn) =>
  turn.outcome.status !== "ok" ? "failed" : turn.accepted ? "kept" : "rejected";

/** Cost over the start's: the chained estimate, and for rejected turns what their own run showed. */
export const cost = (turn, start) => {
  if (turn.verdict || turn.accepted) return turn.cost_ratio;
  const key = start.objective === "memory" ? "peak_mib" : "cpu_s";
  const mine = turn.outcome.figures[key], first = start.outcome.figures[key];
  return mine && first ? mine.value / first.value : null;
};

/** The last turn kept, by trajectory; over all trajectories the one of least cost. */
export const best = (turns) =>
  turns.filter((t) => t.accepted && t.outcome.status === "ok")
    .reduce((a, b) => (a === null || b.cost_ratio <= a.cost_ratio ? b : a), null);

/** Lines of `b` against `a` as [" " | "+" | "-", line], by longest common subsequence. */
export const diff = (a, b) => {
  const x = a.split("\n"), y = b.split("\n");
  const table = Array.from({ length: x.length + 1 }, () => new Uint32Array(y.length + 1));
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--)
      table[i][j] = x[i] === y[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const lines = [];
  let i = 0, j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) { lines.push([" ", x[i]]); i++; j++; }
    else if (i < x.length && (j === y.length || table[i + 1][j] >= table[i][j + 1])) lines.push(["-", x[i++]]);
    else lines.push(["+", y[j++]]);
  }
  return lines;
};

/** How deep a turn hangs in its trajectory's tree: below the program that it was proposed on. */
export const depths = (turns) => {
  const kept = {}, found = new Map();
  for (const turn of turns) {
    found.set(turn, turn.number ? kept[turn.trajectory] ?? 1 : 0);
    if (turn.accepted) kept[turn.trajectory] = found.get(turn) + 1;
  }
  return found;
};

/** Sums of what proposals cost, by unit: tokens, usd. */
export const spent = (turns) => {
  const sums = {};
  for (const turn of turns)
    for (const [unit, n] of Object.entries(turn.spent || {}))
      if (unit !== "requests") sums[unit] = (sums[unit] || 0) + n;
  return Object.entries(sums).filter(([, n]) => n > 0).map(([unit, n]) => `${+n.toPrecision(4)} ${unit}`).join(", ");
};

const nameOf = (turn) => `${turn.trajectory}.${turn.number}`;

const times = (ratio) => `${(1 / ratio).toPrecision(3)}x`;

const chart = (turns, objective, chosen, select) => {
  const width = 400, height = 230, left = 46, right = 14, top = 16, bottom = 34;
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": "cost of each turn over the start's, on a logarithmic scale" });
  if (!turns.length) return root;
  const start = { ...turns[0], objective };
  const points = turns.map((turn) => ({ turn, y: cost(turn, start) }));
  const ends = turns.filter((t) => t.verdict).flatMap(({ cost_ratio, verdict: v }) =>
    [v.lo, v.hi].map((end) => (cost_ratio / v.ratio) * end));
  const known = [...points.map((p) => p.y), ...ends].filter((y) => y !== null && y > 0 && Number.isFinite(y));
  const low = Math.min(0.5, ...known), high = Math.max(1.3, ...known);
  const last = Math.max(1, ...turns.map((t) => t.number));
  const px = (n) => left + 12 + (n / last) * (width - left - right - 12);
  const py = (y) => top + (Math.log(high / y) / Math.log(high / low)) * (height - top - bottom);
  const steps = [1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100];
  for (const y of steps.filter((s) => s >= low * 0.99 && s <= high * 1.01)) {
    root.append(svg("line", { class: "grid", x1: left, x2: width - right, y1: py(y), y2: py(y) }));
    root.append(svg("text", { x: left - 6, y: py(y) + 4, "text-anchor": "end" }, `${+y.toPrecision(2)}`));
  }
  root.append(svg("text", { x: left, y: height - 6 }, `turn (0 = start) → up to ${last}`));
  root.append(svg("text", { x: width - right, y: height - 6, "text-anchor": "end" }, `${objective} over the start's`));
  for (const t of new Set(turns.map((turn) => turn.trajectory))) {
    const kept = turns.filter((turn) => turn.trajectory === t && turn.accepted);
    const d = kept.map((turn, i) => (i ? `H ${px(turn.number)} V ${py(turn.cost_ratio)}` : `M ${px(turn.number)} ${py(turn.cost_ratio)}`));
    const end = Math.max(...turns.filter((turn) => turn.trajectory === t).map((turn) => turn.number));
    root.append(svg("path", { class: "path", d: `${d.join(" ")} H ${px(end)}` }));
  }
  for (const { turn, y } of points) {
    const x = px(turn.number), at = y === null || y <= 0 ? top : py(y), how = kind(turn);
    const mark = svg("g", { "data-turn": `${turn.trajectory}.${turn.number}` });
    if (turn.verdict && Number.isFinite(turn.verdict.lo) && Number.isFinite(turn.verdict.hi)) {
      const base = turn.cost_ratio / turn.verdict.ratio;
      mark.append(svg("line", { class: "whisker", x1: x, x2: x, y1: py(base * turn.verdict.lo), y2: py(base * turn.verdict.hi) }));
    }
    if (how === "failed") mark.append(svg("path", { class: "failed", d: `M ${x - 4} ${at - 4} l 8 8 m 0 -8 l -8 8` }));
    else mark.append(svg("circle", { class: how, cx: x, cy: at, r: how === "kept" ? 4.5 : 4 }));
    if (turn === chosen) mark.append(svg("circle", { class: "chosen", cx: x, cy: at, r: 8.5 }));
    mark.append(svg("title", {}, `${turn.trajectory}.${turn.number} ${turn.origin}: ${turn.reason}`));
    mark.addEventListener("click", () => select(turn));
    root.append(mark);
  }
  const top1 = best(turns);
  if (top1 && top1.number) {
    const text = svg("text", { class: "strong", "text-anchor": px(top1.number) > width - 90 ? "end" : "start",
      x: px(top1.number) + (px(top1.number) > width - 90 ? -10 : 10), y: py(top1.cost_ratio) - 7 },
      `best: ${times(top1.cost_ratio)} less`);
    root.append(text);
  }
  return root;
};

const rows = (turns, chosen, select) => {
  const top1 = best(turns), deep = depths(turns);
  const body = el("tbody");
  const order = [...turns].sort((a, b) => a.trajectory - b.trajectory || a.number - b.number);
  for (const turn of order) {
    const how = kind(turn), name = nameOf(turn), level = deep.get(turn);
    const pick = () => select(turn);
    const onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(); }
      const next = { ArrowDown: "nextSibling", ArrowUp: "previousSibling" }[event.key];
      if (next && event.currentTarget[next]) { event.preventDefault(); event.currentTarget[next].focus(); event.currentTarget[next].click(); }
    };
    body.append(el("tr", { tabindex: "0", "data-turn": name, "aria-level": String(level + 1),
      "aria-selected": String(turn === chosen), onclick: pick, onkeydown },
      el("td", { style: `padding-left: ${4 + 11 * Math.min(level, 8)}px` },
        (level ? "└ " : "") + name + (turn === top1 && turn.number ? " ★" : "")),
      el("td", {}, turn.origin.replace("rewrite:", "")),
      el("td", { class: how }, { kept: "✓ kept", rejected: "– rejected", failed: `✕ ${turn.outcome.status}` }[how],
        turn.outcome.detail?.tier ? el("span", { class: "tier" }, turn.outcome.detail.tier) : ""),
      el("td", {}, turn.reason)));
  }
  const head = ["turn", "proposed by", "result", "why"].map((name) => el("th", { scope: "col" }, name));
  return el("table", { role: "treegrid", "aria-label": "turns, each below the program it was proposed on" }, el("thead", {}, el("tr", {}, ...head)), body);
};

/** A choice among the turns that have a source. */
const chooser = (label, turns, value, choose) => {
  const options = turns.filter((t) => t.source).map((t) => {
    const option = el("option", { value: nameOf(t) }, nameOf(t) + (t.number ? "" : " (start)"));
    if (nameOf(t) === value) option.setAttribute("selected", "");
    return option;
  });
  return el("label", {}, label, el("select", { "aria-label": `${label} turn`, onchange: (event) => choose(event.target.value) }, ...options));
};

/** Where a program's cost is, line by line, as measured before the next change was proposed. */
const hotLines = (turn) => {
  const hot = turn?.outcome?.detail?.hot || [], lines = (turn?.source || "").split("\n");
  const shown = hot.filter(([, share]) => share >= 0.01);
  if (!shown.length) return "";
  const body = shown.map(([line, share]) => el("tr", {},
    el("td", {}, `${line}`), el("td", {}, `${Math.round(100 * share)} %`),
    el("td", {}, el("span", { class: "bar", style: `width: ${Math.round(90 * share)}px` })),
    el("td", {}, el("code", {}, (lines[line - 1] || "").trim()))));
  return el("details", { class: "hot" }, el("summary", {}, `where the cost of ${nameOf(turn)} is`),
    el("table", { "aria-label": "hot lines" }, el("tbody", {}, ...body)));
};

/** A picture that Python has drawn: how the cost grows, the way to the roofline. */
const figureOf = (state) => {
  if (!state.figure) return "";
  const box = el("div", { class: "single" }, el("h4", {}, state.figure.title));
  box.insertAdjacentHTML("beforeend", state.figure.html);
  return box;
};

function render({ model, el: host }) {
  let selected = null, upto = null, focusTurn = null, from = null, open = false;
  host.classList.add("labkit-host");
  const box = el("section", { class: "labkit", "aria-label": "refinement" });
  host.append(box);

  const draw = () => {
    const state = model.get("state");
    const all = state.turns || [], task = state.task || {};
    const turns = upto === null ? all : all.slice(0, upto);
    const chosen = turns.find((t) => `${t.trajectory}.${t.number}` === selected) || best(turns) || turns.at(-1);
    const select = (turn) => { selected = focusTurn = `${turn.trajectory}.${turn.number}`; draw(); };
    const running = state.status === "running" || state.status === "stopping";
    const top1 = best(turns), verdict = upto === null && state.best ? state.best.verdict : null;
    const headline = verdict && verdict.answer !== "faster" ? "nothing proved better" : verdict
      ? `${times(verdict.ratio)} less ${task.objective || "time"} (${times(verdict.hi)} to ${times(verdict.lo)}, ${verdict.n} pairs, ${verdict.how || "measured"}${state.best.held_out ? ", on fresh inputs" : ""})`
      : top1 && top1.number ? `about ${times(top1.cost_ratio)} less ${task.objective || "time"} so far` : "nothing better yet";

    const scrubbed = box.querySelector("input");
    const scrubFocus = scrubbed && scrubbed === box.getRootNode().activeElement;
    const base = turns.find((t) => nameOf(t) === from) || null;
    const before = (base ? base.source : task.source || "").trimEnd();
    const code = el("pre", { tabindex: "0", "aria-label": `difference from ${base ? nameOf(base) : "the start"} to ${chosen ? nameOf(chosen) : "the start"}` });
    if (chosen && task.source) {
      const lines = diff(before, chosen.source.trimEnd());
      if (lines.every(([sign]) => sign === " ")) code.append(before);
      else for (const [sign, line] of lines)
        code.append(el("span", { class: { "+": "add", "-": "del", " ": "same" }[sign] }, `${sign} ${line}\n`));
    }
    const slider = el("input", { type: "range", min: Math.min(1, all.length), max: all.length, value: turns.length,
      "aria-label": "turns shown", oninput: (event) => { upto = +event.target.value >= all.length ? null : +event.target.value; draw(); } });
    const passed = chosen && chosen.outcome.status === "ok";
    const accept = el("button", { disabled: passed ? null : "", onclick: () => model.send({ type: "accept", turn: nameOf(chosen) }) },
      chosen ? `Accept ${nameOf(chosen)}` : "Accept");
    const tools = chosen ? el("div", { class: "tools" },
      chooser("from", turns, from || nameOf(turns[0]), (value) => { from = value; draw(); }),
      chooser("to", turns, nameOf(chosen), (value) => { selected = value; draw(); }),
      accept,
      el("span", { role: "status" }, state.accepted ? `accepted: ${state.accepted}` : ""),
      el("span", { class: "dim" }, spent(turns))) : "";
    const where = hotLines(chosen);
    if (where) { if (open) where.setAttribute("open", ""); where.addEventListener("toggle", () => { open = where.open; }); }
    box.replaceChildren(
      heading(model, `Refining ${task.name || "…"}`, state, headline),
      state.message ? el("p", { class: "message" }, state.message) : "",
      el("div", { class: "columns" },
        el("div", {}, chart(turns, task.objective || "time", chosen, select)),
        el("div", { class: "scroll" }, rows(turns, chosen, select))),
      all.length > 1 && !running
        ? el("label", { class: "scrub" }, "replay", slider, `${turns.length} of ${all.length}`) : "",
      tools, code, where, figureOf(state));
    if (focusTurn) { box.querySelector(`tr[data-turn="${focusTurn}"]`)?.focus(); focusTurn = null; }
    if (scrubFocus) slider.focus();
  };
  model.on("change:state", draw);
  draw();
  return () => model.off("change:state", draw);
}

export default { render };
