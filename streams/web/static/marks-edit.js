// What editors say beside an entity's own record: names that never mean it, priors of their own, and splits.
import { bdi, h, number, percent } from "./dom.js";
import { TYPES } from "./marks.js";
import { aliasText } from "./card.js";

/** The language and the text of each name, once. */
function namesOf(entity) {
  const names = Object.entries(entity.labels);
  for (const [tag, aliases] of Object.entries(entity.aliases)) for (const alias of aliases) names.push([tag, aliasText(alias)]);
  return [...new Map(names.map((name) => [name.join("\n"), name])).values()];
}

function field(label, id, attributes = {}) {
  const input = h("input", { id, ...attributes });
  return [input, h("div", {}, h("label", { for: id }, label), input)];
}

/** A group of fields; Enter in one of them presses its first button, and never that of the form around it. */
const group = (legend, ...children) => h("fieldset", { onkeydown: (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  event.currentTarget.querySelector(":scope > .row > button").click();
} }, h("legend", {}, legend), ...children);

/**
 * The part of the form with everything beside the record.
 * `ask(fields, work)` gives a listener that works only where author, reason and these fields are filled in.
 */
export function moreEdits(card, { ask, act }) {
  const names = namesOf(card.document);
  const { blocked = [], counts = {}, prior = null } = card.marks;
  const button = (text, fields, work, kind) => h("button", { type: "button", class: kind, onclick: ask(fields, work) }, text);
  const [form, formBox] = field("Name", "block-name", { list: "edit-names", dir: "auto", maxlength: 300, autocomplete: "off" });
  const [fame, fameBox] = field("How well known it is, 0 to 1", "boost-prior", { type: "number", min: 0, max: 1, step: "any", value: prior });
  const [alias, aliasBox] = field("Name", "boost-name", { list: "edit-names", dir: "auto", maxlength: 300, autocomplete: "off" });
  const [times, timesBox] = field("As if seen so often", "boost-count", { type: "number", min: 1, max: 1_000_000, step: 1 });
  const [into, intoBox] = field("Id of the entity that gets them", "split-into", { placeholder: "Q… or local:…", pattern: "Q[1-9][0-9]*|local:[a-z0-9][a-z0-9._\\-]*", spellcheck: "false" });
  const type = h("select", { id: "split-type" }, h("option", { value: "" }, "the same"), Object.entries(TYPES).map(([value, name]) => h("option", { value }, name)));
  const boxes = names.map(([tag, text]) => [tag, text, h("input", { type: "checkbox" })]);
  const chosen = () => {
    const found = {};
    for (const [tag, text, box] of boxes) if (box.checked) (found[tag] ??= []).push(text);
    return found;
  };
  return h("details", { class: "more-edits" }, h("summary", {}, "Block a name, boost, split"),
    h("datalist", { id: "edit-names" }, [...new Set(names.map(([, text]) => text))].map((text) => h("option", { value: text }))),
    group("Block a name: it never means this entity",
      formBox, h("div", { class: "row" }, button("Block", [form], () => act("block", { alias: form.value }), "danger")),
      blocked.length > 0 && h("ul", { class: "plain-list" }, blocked.map((each) => h("li", { class: "row" }, bdi(each),
        h("button", { type: "button", class: "plain", "aria-label": `Unblock ${each}`, onclick: ask([], () => act("unblock", { alias: each })) }, "Unblock"))))),
    group("Boost the entity", fameBox,
      h("div", { class: "row" }, button("Set", [fame], () => act("boost", { prior: Number(fame.value) })),
        prior !== null && button("Take back", [], () => act("boost", {})))),
    group("Boost one of its names", h("div", { class: "fields" }, aliasBox, timesBox),
      h("div", { class: "row" }, button("Boost", [alias, times], () => act("boost", { alias: alias.value, count: Number(times.value) }))),
      Object.keys(counts).length > 0 && h("ul", { class: "plain-list" }, Object.entries(counts).map(([each, count]) => h("li", { class: "row" }, bdi(each), ` ${number(count)} times`,
        h("button", { type: "button", class: "plain", "aria-label": `Take back the boost of ${each}`, onclick: ask([], () => act("boost", { alias: each })) }, "Take back"))))),
    names.length > 1 && group("Split: names that belong to another entity",
      h("ul", { class: "plain-list" }, boxes.map(([tag, text, box]) => h("li", {}, h("label", { class: "row" }, box, bdi(text, { lang: tag }), h("span", { class: "dim" }, tag))))),
      h("div", { class: "fields" }, intoBox, h("div", {}, h("label", { for: "split-type" }, "Type, if it is new"), type)),
      h("div", { class: "row" }, button("Split", [into], () => act("split", { into: into.value, names: chosen(), ...(type.value === "" ? {} : { type: type.value }) }), "danger"))));
}

/** What a card shows of it. */
export function marksShown({ blocked = [], counts = {}, prior = null }) {
  const rows = [
    blocked.length > 0 && ["Never means it", blocked.map((form, at) => [at > 0 && " · ", bdi(form)])],
    Object.keys(counts).length > 0 && ["Boosted", Object.entries(counts).map(([form, count], at) => [at > 0 && " · ", bdi(form), ` ×${number(count)}`])],
    prior !== null && ["How well known", percent(prior)],
  ].filter(Boolean);
  if (rows.length === 0) return [];
  return [h("h3", {}, "What editors say"), h("dl", { class: "names" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))))];
}
