// Versions of the catalogue: what is kept, what differs, which one is live. For editors alone.
import { $, Problem, ago, api, bdi, h, number, table } from "./dom.js";
import { entityLink } from "./marks.js";

let said = null;
let fields = null;

/** Show the versions to those who may edit; nothing to others. */
export function unlock(may) {
  $("versions").hidden = !may;
  $("versions-body").replaceChildren();
  if (!may) return;
  said = h("p", { role: "status" });
  const field = (label, id, attributes) => {
    const input = h("input", { id, required: true, ...attributes });
    return [input, h("div", { class: id.endsWith("reason") ? "long" : "" }, h("label", { for: id }, label), input)];
  };
  const [author, authorBox] = field("Your name", "version-author", { maxlength: 200, autocomplete: "name" });
  const [reason, reasonBox] = field("Why you change it", "version-reason", { maxlength: 2000, dir: "auto" });
  fields = { author, reason };
  $("versions-body").replaceChildren(
    h("div", { id: "versions-list" }),
    h("form", { id: "versions-form", class: "edit", onsubmit: (event) => { event.preventDefault(); change("rollback"); } },
      h("div", { class: "fields" }, authorBox, reasonBox),
      h("div", { class: "row" }, h("button", { class: "danger" }, "Roll back"), h("button", { type: "button", onclick: list }, "Look again"))),
    said, h("div", { id: "versions-diff" }));
  list();
}

async function guarded(work) {
  said.className = "";
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    said.className = "said";
    said.textContent = error.message;
    return null;
  }
}

async function list() {
  const found = await guarded(() => api("versions"));
  if (found === null) return;
  const rows = found.versions.map((each) => [
    each.build, h("span", { class: "mono" }, each.version), h("span", { class: `state${each.state === "live" ? " good" : ""}` }, each.state),
    number(each.entities), number(each.names), number(each.workers),
    [each.note.at && ago(each.note.at), each.note.author && [" by ", bdi(each.note.author)], each.note.reason && [": ", bdi(each.note.reason)]],
    ["live", "building", "removing"].includes(each.state) ? "" : h("span", { class: "row" },
      h("button", { type: "button", "aria-label": `Compare ${each.build} with what is live`, onclick: () => compare(each.build) }, "Compare"),
      h("button", { type: "button", class: "danger", "aria-label": `Promote ${each.build}`, onclick: () => { if ($("versions-form").reportValidity()) change(`${encodeURIComponent(each.build)}/promote`); } }, "Promote")),
  ]);
  const columns = [["Build"], ["Version"], ["State"], ["Entities", "n"], ["Names", "n"], ["Read by", "n"], ["Made"], ["What to do"]];
  $("versions-list").replaceChildren(table("Versions that are kept, the newest first", columns, rows));
}

async function change(path) {
  const done = await guarded(() => api(`versions/${path}`, { method: "POST", body: { author: fields.author.value, reason: fields.reason.value } }));
  if (done === null) return;
  $("versions-diff").replaceChildren();
  await list();
  said.textContent = `Build ${done.build} is live, as ${done.version}.`
    + (done.carried > 0 ? ` ${number(done.carried)} ${done.carried === 1 ? "entity stays" : "entities stay"} as editors left ${done.carried === 1 ? "it" : "them"}.` : "");
}

const COUNTED = { added: "added", removed: "gone", changed: "changed", retired: "retired", restored: "back", merged: "merged" };

async function compare(build) {
  said.textContent = "Comparing…";
  const found = await guarded(() => api(`versions/diff?first=live&second=${encodeURIComponent(build)}`));
  if (found === null) return;
  const kinds = Object.entries(found.kinds).map(([kind, count]) => `${number(count)} ${COUNTED[kind] ?? kind}`);
  said.textContent = kinds.length === 0 ? `Build ${build} holds what is live.` : `Build ${build} against what is live: ${kinds.join(", ")}.`;
  const names = (pairs, sign) => pairs.map(([tag, text]) => [h("span", { class: "dim" }, `${sign}${tag} `), bdi(text, { lang: tag }), " "]);
  const rows = found.differences.map((each) => [
    h("a", { href: entityLink(each.id) }, each.id), COUNTED[each.kind] ?? each.kind,
    [names(each.names_added, "+"), names(each.names_removed, "−")], each.into === null ? each.fields.join(", ") : `into ${each.into}`,
  ]);
  $("versions-diff").replaceChildren(...(rows.length === 0 ? [] : [
    table(`What build ${build} would change`, [["Entity"], ["How"], ["Names"], ["What else"]], rows),
    found.more > 0 ? h("p", { class: "dim" }, `and ${number(found.more)} more; \`wasl catalog diff\` lists them all.`) : ""]));
}
