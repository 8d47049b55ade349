// What all views draw with; view.py puts this text in front of each view's own.

const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
};

const svg = (tag, attributes = {}, text = null) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== null) node.textContent = text;
  return node;
};

/** The line at the top of a view: title, status, what was found, and Stop while something runs. */
const heading = (model, title, state, found) => {
  const running = state.status === "running" || state.status === "stopping";
  return el("header", {},
    el("h3", {}, title),
    el("span", { class: `badge ${state.status}`, role: "status", "aria-live": "polite" }, state.status || "empty"),
    el("span", { class: "headline" }, found),
    el("span", { class: "spacer" }),
    running ? el("button", { type: "button", disabled: state.status === "stopping",
      onclick: () => model.send({ type: "stop" }) }, "Stop") : null);
};
