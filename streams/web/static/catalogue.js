// Searching the catalogue, and editing it with the token.
import { $, Problem, api, bdi, h, hasToken, number, setToken } from "./dom.js";
import { TYPES, badge, entityLink } from "./marks.js";
import { aliasText, canEdit } from "./card.js";
import { moreEdits } from "./marks-edit.js";
import { unlock } from "./versions.js";

let author = "";

export function start(hello) {
  $("search").addEventListener("submit", (event) => { event.preventDefault(); search($("search-text").value); });
  $("new-entity").addEventListener("click", () => edit(null));
  showLock(hello);
}

function showLock(hello) {
  const box = $("edit-lock");
  $("new-entity").hidden = !hasToken() || !hello.editable;
  unlock(hasToken() && hello.editable);
  canEdit(hasToken() && hello.editable ? edit : null);
  if (!hello.editable) {
    box.replaceChildren(h("p", { class: "dim" }, "Read only: the monitor was started without a token."));
  } else if (hasToken()) {
    box.replaceChildren(h("span", { class: "state good" }, "Editing is unlocked"), " ", h("button", { type: "button", onclick: () => { setToken(""); $("edit").replaceChildren(); showLock(hello); } }, "Lock"));
  } else {
    const said = h("p", { class: "said", role: "alert" });
    const field = h("input", { type: "password", id: "edit-token", autocomplete: "off", required: true });
    box.replaceChildren(h("form", { onsubmit: async (event) => {
      event.preventDefault();
      setToken(field.value);
      try {
        await api("hello");
      } catch (error) {
        setToken("");
        if (!(error instanceof Problem)) throw error;
        said.textContent = error.message;
        return;
      }
      showLock(hello);
      $("search-text").focus();
    } }, h("div", { class: "row" }, h("label", { for: "edit-token" }, "Token for edits"), field, h("button", {}, "Unlock")), said));
  }
}

async function search(text) {
  const said = $("search-said");
  try {
    const { hits } = await api(`search?q=${encodeURIComponent(text)}`);
    said.textContent = hits.length === 0 ? "Nobody goes by that name." : hits.length === 1 ? "1 entity found." : `${hits.length} entities found.`;
    $("hits").replaceChildren(h("ul", { class: "hits" }, hits.map((hit) => h("li", {}, h("a", { class: "panel hit", href: entityLink(hit.id) },
      h("span", { class: "row spread" }, h("b", {}, bdi(hit.name)), hit.arabic && hit.arabic !== hit.name && h("span", { lang: "ar", dir: "rtl" }, hit.arabic)),
      hit.description && h("span", { class: "dim", dir: "auto" }, hit.description),
      h("span", { class: "meta" }, badge(hit.type), h("span", { class: "mono dim" }, hit.id), h("span", { class: "dim" }, `${number(hit.names)} ${hit.names === 1 ? "name" : "names"}`)))))));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    said.textContent = error.message;
  }
}

/** Show the form for an entity's card, or for a new entity. */
function edit(card) {
  const entity = card?.document ?? { id: "local:", type: "organization", labels: { en: "" }, aliases: {}, description: null };
  const rows = h("tbody", {});
  const add = (tag, text, kind, count = null) => rows.append(nameRow(tag, text, kind, count));
  for (const [tag, label] of Object.entries(entity.labels)) add(tag, label, "label");
  for (const [tag, aliases] of Object.entries(entity.aliases)) for (const alias of aliases) add(tag, aliasText(alias), "alias", typeof alias === "string" ? null : alias.count);
  const id = h("input", { id: "edit-id", value: entity.id, required: true, readonly: card !== null, pattern: "Q[1-9][0-9]*|local:[a-z0-9][a-z0-9._\\-]*", spellcheck: "false" });
  const type = h("select", { id: "edit-type" }, Object.entries(TYPES).map(([value, name]) => h("option", { value, selected: value === entity.type }, name)));
  const description = h("input", { id: "edit-description", dir: "auto", maxlength: 2000, value: entity.description ?? "" });
  const who = h("input", { id: "edit-author", required: true, maxlength: 200, autocomplete: "name", value: author });
  const why = h("input", { id: "edit-reason", required: true, maxlength: 2000, dir: "auto" });
  const into = h("input", { id: "edit-into", "aria-label": "Id of the entity that stays", placeholder: "Q… or local:…" });
  const said = h("p", { class: "said", role: "alert" });
  const send = async (method, path, own) => {
    said.textContent = "";
    author = who.value;
    try {
      const done = await api(path, { method, body: { ...own, author: who.value, reason: why.value, revision: card?.revision ?? "none" } });
      form.replaceChildren(h("p", { role: "status" }, h("span", { class: "state good" }, "Done"), done.sequence === null ? " It is so already; nothing changes. " : ` Change ${number(done.sequence)}; the next article is linked with ${done.version}. `, h("a", { href: entityLink(done.entity_id) }, "Open the card")));
      if ($("search-text").value !== "") search($("search-text").value);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      said.textContent = error.message;
    }
  };
  const path = () => `entities/${encodeURIComponent(id.value)}`;
  // Fields of one button alone are asked for when it is pressed.
  const ask = (needed, work) => () => {
    for (const each of needed) each.required = true;
    const filled = form.reportValidity();
    for (const each of needed) each.required = false;
    if (filled) work();
  };
  const form = h("form", { class: "panel edit", onsubmit: (event) => {
    event.preventDefault();
    const names = readNames(rows);
    send("PUT", path(), { entity: { ...entity, id: id.value, type: type.value, description: description.value === "" ? null : description.value, ...names } });
  } },
    h("h2", { tabindex: "-1" }, card === null ? "New entity" : ["Edit ", bdi(card.name)]),
    h("div", { class: "fields" },
      h("div", {}, h("label", { for: "edit-id" }, "Id"), id), h("div", {}, h("label", { for: "edit-type" }, "Type"), type),
      h("div", { class: "long" }, h("label", { for: "edit-description" }, "Description"), description)),
    h("div", { class: "scroll" }, h("table", { class: "names-table" }, h("caption", {}, "Names"),
      h("thead", {}, h("tr", {}, ["Language", "Name", "Kind", ""].map((name) => (name === "" ? h("td", {}) : h("th", { scope: "col" }, name))))), rows)),
    h("button", { type: "button", onclick: () => { add("ar", "", "alias"); rows.lastElementChild.querySelector("input").focus(); } }, "Add a name"),
    h("div", { class: "fields" },
      h("div", {}, h("label", { for: "edit-author" }, "Your name"), who),
      h("div", { class: "long" }, h("label", { for: "edit-reason" }, "Why you change it"), why)),
    said,
    h("div", { class: "row" }, h("button", { class: "main" }, "Save"),
      card !== null && !card.retired && h("button", { type: "button", class: "danger", onclick: ask([], () => send("POST", `${path()}/retire`, {})) }, "Retire"),
      card !== null && h("span", { class: "row" }, h("button", { type: "button", class: "danger", onclick: ask([into], () => send("POST", `${path()}/merge`, { into: into.value })) }, "Merge into"), into),
      h("button", { type: "button", onclick: () => { $("edit").replaceChildren(); $("search-text").focus(); } }, "Cancel")),
    card !== null && moreEdits(card, { ask, act: (action, own) => send("POST", `${path()}/${action}`, own) }));
  $("edit").replaceChildren(form);
  form.querySelector("h2").focus();
  form.scrollIntoView({ block: "start" });
}

function nameRow(tag, text, kind, count) {
  const row = h("tr", {},
    h("td", {}, h("input", { "aria-label": "Language", value: tag, size: 4, required: true, pattern: "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", spellcheck: "false" })),
    h("td", {}, h("input", { "aria-label": "Name", value: text, dir: "auto", maxlength: 300, required: true })),
    h("td", {}, h("select", { "aria-label": "Kind" }, [["label", "preferred"], ["alias", "also"]].map(([value, name]) => h("option", { value, selected: value === kind }, name)))),
    h("td", {}, h("button", { type: "button", class: "plain", "aria-label": `Remove ${text}`, onclick: () => row.remove() }, "Remove")));
  if (count !== null) row.dataset.count = count;
  return row;
}

function readNames(rows) {
  const [labels, aliases] = [{}, {}];
  for (const row of rows.children) {
    const [tag, name] = [...row.querySelectorAll("input")].map((field) => field.value.trim());
    if (row.querySelector("select").value === "label" && !(tag in labels)) labels[tag] = name;
    else (aliases[tag] ??= []).push(row.dataset.count === undefined ? name : { text: name, count: Number(row.dataset.count) });
  }
  return { labels, aliases };
}
