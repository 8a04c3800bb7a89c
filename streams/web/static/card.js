// The card of an entity, in a dialog that the address names: #entity/Q182477.
import { $, Problem, api, bdi, h, percent } from "./dom.js";
import { badge, entityLink } from "./marks.js";
import { marksShown } from "./marks-edit.js";

const LANGUAGES = new Intl.DisplayNames("en", { type: "language" });
export function languageName(tag) {
  if (tag === "mul") return "every language";
  if (tag === "und") return "unknown";
  try { return LANGUAGES.of(tag) ?? tag; } catch { return tag; }
}

let onEdit = null;
let before = "#overview";
export const canEdit = (edit) => { onEdit = edit; };

export function start() {
  $("card").addEventListener("close", () => { if (location.hash.startsWith("#entity/")) location.hash = before; });
  $("card").addEventListener("click", (event) => { if (event.target === $("card")) $("card").close(); });
}

export async function open(id, from) {
  before = from;
  const dialog = $("card");
  dialog.replaceChildren(head(id, null), h("p", { class: "dim" }, "Looking it up…"));
  if (!dialog.open) dialog.showModal();
  try {
    const card = await api(`entities/${encodeURIComponent(id)}`);
    dialog.replaceChildren(...content(card));
    dialog.scrollTop = 0;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    dialog.replaceChildren(head(id, null), h("p", { role: "alert" }, error.message));
  }
}

export function close() { if ($("card").open) $("card").close(); }

const head = (name, card) => h("header", {},
  h("div", {}, h("h2", { id: "card-name", dir: "auto" }, name),
    card?.arabic && card.arabic !== card.name && h("p", { class: "arabic", lang: "ar", dir: "rtl" }, card.arabic)),
  h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => $("card").close() }, "×"));

function content(card) {
  const entity = card.document;
  const names = Object.entries(entity.labels).map(([tag, label]) => [tag, [label, ...(entity.aliases[tag] ?? []).map(aliasText)]]);
  for (const [tag, aliases] of Object.entries(entity.aliases)) if (!(tag in entity.labels)) names.push([tag, aliases.map(aliasText)]);
  const ids = Object.entries(entity.external_ids);
  return [
    head(card.name, card),
    h("p", { class: "meta" }, badge(card.type), h("span", { class: "mono" }, card.id), card.retired && h("span", { class: "state warn" }, "retired"),
      card.wikidata && h("a", { href: card.wikidata, target: "_blank", rel: "noopener noreferrer" }, "Wikidata")),
    card.asked !== card.id && h("p", { class: "dim" }, `${card.asked} was merged into this entity.`),
    card.description && h("p", { dir: "auto" }, card.description),
    h("h3", {}, "Names"),
    h("dl", { class: "names" }, names.map(([tag, found]) => h("div", {}, h("dt", {}, languageName(tag)),
      h("dd", {}, found.slice(0, 12).map((name, at) => [at > 0 && h("span", { class: "dim", "aria-hidden": "true" }, " · "), bdi(name, { lang: tag })]), found.length > 12 && h("span", { class: "dim" }, ` and ${found.length - 12} more`))))),
    ids.length > 0 && h("h3", {}, "Ids elsewhere"),
    ids.length > 0 && h("dl", { class: "names" }, ids.map(([scheme, value]) => h("div", {}, h("dt", {}, bdi(scheme)), h("dd", { class: "mono" }, bdi([value].flat().join(", ")))))),
    card.related.length > 0 && h("h3", {}, "Often mentioned with it"),
    card.related.length > 0 && h("ul", { class: "chips" }, card.related.map((other) => h("li", {}, h("a", { class: "chip", href: entityLink(other.id) }, bdi(other.name ?? other.id)))), card.more_related > 0 && h("li", { class: "dim" }, `and ${card.more_related} more`)),
    entity.prior !== null && entity.prior !== undefined && h("p", { class: "dim" }, `How well known it is: ${percent(entity.prior)}.`),
    ...marksShown(card.marks),
    h("p", { class: "row" }, onEdit && h("button", { type: "button", onclick: () => { const edit = onEdit; before = "#catalogue"; $("card").close(); edit(card); } }, "Edit")),
  ].filter(Boolean);
}

export const aliasText = (alias) => (typeof alias === "string" ? alias : alias.text);
