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
let asked = null; // the id whose card is open, or null
export const canEdit = (edit) => { onEdit = edit; };

export function start() {
  // Browsers tell of a close only later, when the address may name another card already: what closes a card by hand
  // goes through leave(). Where a browser closes it by itself all the same, its own card is the one to leave.
  $("card").addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
  $("card").addEventListener("close", () => { if (asked !== null && !$("card").open) leave(); });
  $("card").addEventListener("click", (event) => { if (event.target === $("card")) leave(); });
}

export async function open(id, from) {
  if (asked === id) return;
  before = from;
  asked = id;
  const dialog = $("card");
  const show = (...children) => { if (asked === id) { dialog.replaceChildren(...children); dialog.scrollTop = 0; } };
  show(head(id, null), h("p", { class: "dim" }, "Looking it up…"));
  if (!dialog.open) dialog.showModal();
  try {
    const card = await api(`entities/${encodeURIComponent(id)}`);
    show(...content(card));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    show(head(id, null), h("p", { role: "alert" }, error.message));
  }
}

/** Close the card; the address is somebody else's. */
export function close() {
  asked = null;
  if ($("card").open) $("card").close();
}

/** Close the card, and go back to the address before it; an address that names another card meanwhile stays. */
function leave() {
  const own = asked;
  close();
  if (named() === own) location.hash = before;
}

/** The id that the address names, or undefined. */
export function named() {
  if (!location.hash.startsWith("#entity/")) return undefined;
  const written = location.hash.slice(8);
  try { return decodeURIComponent(written); } catch { return written; }
}

const head = (name, card) => h("header", {},
  h("div", {}, h("h2", { id: "card-name", dir: "auto" }, name),
    card?.arabic && card.arabic !== card.name && h("p", { class: "arabic", lang: "ar", dir: "rtl" }, card.arabic)),
  h("button", { type: "button", class: "close", "aria-label": "Close", onclick: leave }, "×"));

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
    h("p", { class: "row" }, onEdit && h("button", { type: "button", onclick: () => { const edit = onEdit; before = "#catalogue"; leave(); edit(card); } }, "Edit")),
  ].filter(Boolean);
}

export const aliasText = (alias) => (typeof alias === "string" ? alias : alias.text);
