// The latest enriched articles. New ones wait behind a button while somebody reads.
import { $, Problem, ago, api, bdi, h, number } from "./dom.js";
import { chips, direction, legend, marked } from "./marks.js";

const MOST = 20;
const JUST = 4;
let waiting = [];
let recent = [];

export function start() {
  document.querySelector("#view-articles .legend").append(...legend());
  $("articles-new").addEventListener("click", () => { flush(); $("articles").querySelector("article")?.focus(); });
  setInterval(() => { if (waiting.length > 0) (isRead() ? offer : flush)(); }, 2000);
}

export function takeAll(articles) {
  if (articles.length > 0) $("articles").replaceChildren();
  waiting = [];
  recent = [];
  take(articles);
  flush();
}

export function take(articles) {
  waiting = [...waiting, ...articles].slice(-MOST);
  recent = [...recent, ...articles].slice(-JUST);
  if (recent.length > 0 && document.body.dataset.paused !== "yes" && !$("just").contains(document.activeElement)) {
    $("just").replaceChildren(...[...recent].reverse().map((each) => h("li", {},
      h("p", { dir: direction(each.language), lang: each.language }, each.title.length === 0 ? "(no title)" : marked(each.title, each.mentions)),
      chips(each.entities.slice(0, 4), 0, each.language))));
  }
}
export function showCount(live) {
  $("articles-count").textContent = live.seen === 0 ? "" : `${number(live.seen)} seen since the page's server started${live.unreadable > 0 ? `, ${number(live.unreadable)} unreadable` : ""}`;
}

const isRead = () => window.scrollY > 300 || $("articles").contains(document.activeElement) || document.body.dataset.paused === "yes";

function offer() {
  $("articles-new").hidden = false;
  $("articles-new").textContent = waiting.length === 1 ? "Show 1 new article" : `Show ${waiting.length} new articles`;
}

function flush() {
  $("articles-new").hidden = true;
  if (waiting.length === 0) return;
  const list = $("articles");
  list.querySelector(".empty")?.remove();
  const fresh = waiting.splice(0).reverse();
  list.prepend(...fresh.map(article));
  while (list.children.length > MOST) list.lastElementChild.remove();
}

function article(each) {
  const body = h("p", { class: "text", dir: direction(each.language), lang: each.language }, marked(each.body, each.mentions), each.clipped && " …");
  const said = h("p", { class: "said", role: "alert" });
  const title = h("h2", { dir: direction(each.language), lang: each.language, id: `article-${each.number}` }, each.title.length === 0 ? "(no title)" : marked(each.title, each.mentions));
  const more = each.clipped && h("button", { type: "button", class: "plain", "aria-describedby": `article-${each.number}`, onclick: async (event) => {
    const button = event.currentTarget;
    try {
      const whole = await api(`articles/${each.number}`);
      body.replaceChildren(...marked(whole.body, whole.mentions));
      button.remove();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      said.textContent = error.message;
    }
  } }, "Show all of it");
  return h("article", { class: "panel", tabindex: "-1", "aria-labelledby": `article-${each.number}` },
    title,
    h("p", { class: "meta dim" }, h("span", { class: "tag" }, each.language), each.source && bdi(each.source), bdi(each.id, { class: "mono" }),
      h("span", {}, "enriched ", ago(each.enriched_at)), h("span", {}, `${each.linked} linked, ${each.unlinked} not`)),
    body, more, said, chips(each.entities, each.more_entities, each.language));
}
