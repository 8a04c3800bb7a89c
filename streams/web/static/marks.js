// Texts with their mentions marked. A mark adds nothing inside the text: Arabic letters stay joined, and no mark can
// pull its neighbours out of place.
import { h, bdi, percent } from "./dom.js";

export const TYPES = {
  person: "Person", organization: "Organisation", place: "Place", product: "Product", work: "Work", event: "Event",
  other: "Other",
};
const known = (type) => (type in TYPES ? type : "other");

const RIGHT_TO_LEFT = /^(ar|arc|azb|ckb|dv|fa|he|ku-arab|ps|sd|syr|ug|ur|yi)(-|$)/i;

/** The direction of a text: its language decides, since an Arabic headline may well begin with a Latin name. */
export const direction = (language) => (language === "und" ? "auto" : RIGHT_TO_LEFT.test(language) ? "rtl" : "ltr");

export const entityLink = (id) => `#entity/${encodeURIComponent(id)}`;

export function marked(segments, mentions) {
  return segments.map((part) => {
    if (typeof part === "string") return part;
    const [surface, at] = part;
    const mention = mentions[at];
    const kind = `m t-${known(mention.type)}`;
    if (mention.entity_id === null) {
      return h("span", { class: `${kind} nil`, title: `${TYPES[known(mention.type)]}, not in the catalogue` }, surface);
    }
    return h("a", { class: kind, href: entityLink(mention.entity_id),
      title: `${mention.name ?? mention.entity_id} · ${TYPES[known(mention.type)]} · ${percent(mention.confidence)} sure` },
      surface);
  });
}

export const badge = (type) => h("span", { class: `type t-${known(type)}` }, TYPES[known(type)]);

/** The entities of a text, in the direction in which it runs. */
export function chips(entities, more, language = "und") {
  if (entities.length === 0) return null;
  return h("ul", { class: "chips", "aria-label": "Entities", dir: language === "und" ? null : direction(language) }, entities.map((entity) =>
    h("li", {}, h("a", { class: `chip t-${known(entity.type)}`, href: entityLink(entity.id), title: `${entity.id}, salience ${percent(entity.salience)}` },
      bdi(entity.name), entity.count > 1 && h("span", { class: "times" }, `×${entity.count}`)))),
    more > 0 && h("li", { class: "dim" }, `and ${more} more`));
}

export const legend = () => [
  ...Object.entries(TYPES).map(([type, name]) => h("li", {}, h("span", { class: `m t-${type}` }, name))),
  h("li", {}, h("span", { class: "m t-other nil" }, "not in the catalogue")),
];
