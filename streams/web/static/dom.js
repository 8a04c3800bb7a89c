// The few functions from which every part of the page is built. Text becomes text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "g", "path", "line", "text", "circle", "rect", "title"]);

/** Make an element: attributes by name, `on…` for listeners, everything else are children. */
export function h(tag, attributes = {}, ...children) {
  const node = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "width%") node.style.inlineSize = `${Math.max(0, Math.min(100, value))}%`;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/**
 * Make the children of a node like these, and leave alone what is so already: what has the focus keeps it, what is
 * selected stays selected, and a screen reader is told of changes alone. For nodes without listeners.
 */
export function become(node, ...children) {
  const wanted = document.createElement("div");
  wanted.append(...children.flat(Infinity));
  match(node, wanted);
}

function match(node, wanted) {
  const found = [...node.childNodes];
  [...wanted.childNodes].forEach((each, at) => {
    const own = found[at];
    if (own === undefined) node.append(each);
    else if (own.isEqualNode(each)) return;
    else if (own.nodeName !== each.nodeName || own.id !== each.id) own.replaceWith(each);
    else if (own.nodeType === Node.TEXT_NODE) own.data = each.data;
    else {
      for (const { name } of [...own.attributes]) if (!each.hasAttribute(name)) own.removeAttribute(name);
      for (const { name, value } of each.attributes) {
        if (name === "style") own.style.cssText = each.style.cssText; // as an attribute the page's own policy refuses it
        else if (own.getAttribute(name) !== value) own.setAttribute(name, value);
      }
      match(own, each);
    }
  });
  for (const left of found.slice(wanted.childNodes.length)) left.remove();
}

export const $ = (id) => document.getElementById(id);

/** Isolate a text of any direction from what stands around it. */
export const bdi = (text, attributes = {}) => h("bdi", attributes, text ?? "");

export function table(caption, columns, rows, attributes = {}) {
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption },
    h("table", attributes, h("caption", { class: "hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map(([name, kind]) => h("th", { scope: "col", class: kind }, name)))),
      h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell, at) =>
        h(at === 0 ? "th" : "td", at === 0 ? { scope: "row", class: columns[at][1] } : { class: columns[at][1] }, cell)))))));
}

const NUMBER = new Intl.NumberFormat("en-GB");
const SHORT = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const MINUTE = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

export const NONE = "–";
export const number = (value) => (value === null || value === undefined ? NONE : NUMBER.format(value));
export const short = (value) => (value === null || value === undefined ? NONE : SHORT.format(value));
/** Nothing short of certainty is rounded up to it. */
export const percent = (value) => (value > 0.99 && value < 1 ? `${(Math.floor(1000 * value) / 10).toFixed(1)} %` : `${Math.round(100 * value)} %`);
export const clock = (seconds) => CLOCK.format(seconds * 1000);
export const minute = (seconds) => MINUTE.format(seconds * 1000);

export function rate(value) {
  if (value === null || value === undefined) return NONE;
  return value >= 100 ? NUMBER.format(Math.round(value)) : (Math.round(value * 10) / 10).toFixed(1);
}

export function seconds(value) {
  if (value === null || value === undefined) return NONE;
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 120) return `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} s`;
  if (value < 7200) return `${Math.round(value / 60)} min`;
  return value < 172800 ? `${Math.round(value / 3600)} h` : `${Math.round(value / 86400)} days`;
}

/** How long ago, from RFC 3339 or seconds; the moment itself stands in the title. */
export function ago(moment) {
  const at = typeof moment === "number" ? moment * 1000 : Date.parse(moment);
  if (!Number.isFinite(at)) return h("span", {}, String(moment ?? NONE));
  const passed = Math.max(0, (Date.now() - at) / 1000);
  const text = passed < 2 ? "just now" : `${passed < 60 ? `${Math.round(passed)} s` : seconds(passed)} ago`;
  return h("time", { datetime: new Date(at).toISOString(), title: DAY.format(at) }, text);
}

// The token is kept in memory alone: it is gone when the page is left or loaded anew.
let token = "";
export const setToken = (value) => { token = value; };
export const hasToken = () => token !== "";
export const authorization = () => (token === "" ? {} : { Authorization: `Bearer ${token}` });

export class Problem extends Error {
  constructor(status, error) {
    super([error?.message ?? `The monitor answered ${status}.`, error?.remedy].filter(Boolean).join(" "));
    this.status = status;
    this.code = error?.code;
  }
}

/** Ask the server; anything but success is a Problem whose message can be shown. */
export async function api(path, { method = "GET", body = null } = {}) {
  const headers = { ...authorization(), ...(body === null ? {} : { "Content-Type": "application/json" }) };
  let answer;
  try {
    answer = await fetch(`api/${path}`, { method, headers, body: body === null ? null : JSON.stringify(body) });
  } catch {
    throw new Problem(0, { message: "The monitor does not answer." });
  }
  const document_ = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, document_.error);
  return document_;
}
