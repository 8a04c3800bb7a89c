// The page: which view is shown, and where live values go.
import { $, Problem, api, hasToken, setToken } from "./dom.js";
import * as overview from "./overview.js";
import * as articles from "./articles.js";
import * as tryit from "./tryit.js";
import * as catalogue from "./catalogue.js";
import * as card from "./card.js";
import { listen } from "./stream.js";

const VIEWS = ["overview", "articles", "try", "catalogue", "dead"];
let view = null;
let latest = null;
let paused = false;
let wrong = false;

function route() {
  const hash = location.hash.slice(1);
  const id = card.named();
  if (id !== undefined) {
    if (view === null) show("overview", false);
    card.open(id, `#${view}`);
    return;
  }
  card.close();
  if (hash === "main") return;
  show(VIEWS.includes(hash) ? hash : "overview", view !== null);
}

function show(name, moves) {
  if (name === view) return;
  view = name;
  for (const each of VIEWS) {
    $(`view-${each}`).hidden = each !== name;
    const link = document.querySelector(`nav a[href="#${each}"]`);
    if (each === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  titled();
  if (moves) { window.scrollTo(0, 0); $(`h-${name}`).focus({ preventScroll: true }); }
}

/** The name of the tab, which tells from afar that something is wrong. */
function titled() { document.title = `${wrong ? "⚠ " : ""}${$(`h-${view}`).textContent} · Wasl monitor`; }

function draw() {
  if (latest === null || paused) return;
  wrong = overview.show(latest);
  articles.showCount(latest);
  titled();
}

function on(event, data) {
  if (event === "articles") { articles.take(data); return; }
  if (event === "whole") { overview.takeHistory(data.history); articles.takeAll(data.articles); } else overview.takeSample(data.sample);
  latest = data;
  document.body.dataset.live = "yes";
  draw();
}

const LINE = { live: "Live", lost: "Connection lost, trying again", locked: "Locked" };
function state(name) {
  if ($("line").dataset.state !== name) $("line").textContent = LINE[name];
  $("line").dataset.state = name;
  if (name === "locked") { $("lock").hidden = false; $("lock-token").focus(); }
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : chosen === "dark";
}

function startTheme() {
  const name = () => { $("theme").textContent = isDark() ? "Light" : "Dark"; };
  name();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);
  $("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("wasl-theme", document.documentElement.dataset.theme); } catch { /* only this page then */ }
    name();
  });
}

let listening = false;
async function hear() {
  if (listening) return;
  listening = true;
  await listen({ on, state });
  listening = false; // the token was missing or wrong
}

async function begin() {
  hear();
  const hello = await api("hello");
  $("lock").hidden = true;
  $("version").textContent = `Wasl ${hello.version}`;
  tryit.start(hello);
  catalogue.start(hello);
}

async function knock() {
  for (let wait = 500; ; wait = Math.min(15_000, 2 * wait)) {
    try {
      await begin();
      return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) { state("locked"); if (hasToken()) $("lock").querySelector(".said").textContent = error.message; return; }
      state("lost");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

startTheme();
overview.start();
articles.start();
card.start();
$("lock").addEventListener("submit", (event) => { event.preventDefault(); setToken($("lock-token").value); knock(); });
$("pause").addEventListener("click", () => {
  paused = !paused;
  document.body.dataset.paused = paused ? "yes" : "no";
  $("pause").setAttribute("aria-pressed", String(paused));
  $("pause").textContent = paused ? "Go on" : "Pause";
  draw();
});
addEventListener("hashchange", route);
route();
knock();
