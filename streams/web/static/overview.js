// Lag and throughput, workers, the state of the catalogue, and dead letters by cause.
import { $, NONE, ago, bdi, become, h, number, percent, rate, seconds, short, table } from "./dom.js";
import { alarms } from "./alarms.js";
import { chart } from "./charts.js";
import { TYPES, badge, entityLink } from "./marks.js";

const STEPS = { "15 min": 2, "6 h": 60 };
const MOST = { "15 min": 450, "6 h": 361 };
const STATES = { ok: ["good", "keeping up"], warning: ["warn", "falling behind"], stalled: ["bad", "stalled"],
  stopped: ["bad", "stopped"], rewound: ["warn", "went back"] };

let history = { "15 min": [], "6 h": [] };
let span = "15 min";
let drawLag, drawFlow;

export function start() {
  drawLag = chart($("chart-lag"), { title: "Lag", unit: "articles that wait", format: short, least: 4,
    series: [{ name: "waiting", at: 1, kind: "lag", area: true }] });
  drawFlow = chart($("chart-flow"), { title: "Throughput", unit: "articles a second", format: rate, least: 1,
    series: [{ name: "done", at: 4, kind: "done", area: true }, { name: "arriving", at: 3, kind: "arriving" }] });
  for (const input of document.querySelectorAll("input[name=span]")) {
    input.addEventListener("change", () => { span = input.value; redraw(); });
  }
}

export function takeHistory(rows) { history = rows; }

/** Take in a sample as the server does: the last point of each span is open until its time is over. */
export function takeSample(row) {
  if (row === null) return;
  for (const [name, rows] of Object.entries(history)) {
    const last = rows[rows.length - 1];
    if (last !== undefined && row[0] <= last[0]) continue;
    if (last !== undefined && Math.floor(row[0] / STEPS[name]) === Math.floor(last[0] / STEPS[name])) rows.pop();
    rows.push(row);
    if (rows.length > MOST[name]) rows.shift();
  }
}

function redraw() { drawLag(history[span], STEPS[span]); drawFlow(history[span], STEPS[span]); }

const tile = (name, value, note, state = "", unit = "") =>
  h("div", { class: `tile ${state}` }, h("dt", {}, name), h("dd", {}, h("span", { class: "value" }, value, unit && h("span", { class: "unit" }, ` ${unit}`)), h("span", { class: "note" }, note)));

/** Show what is so now; returns whether something is wrong that should not wait. */
export function show(live) {
  const [, lag, lagSeconds, arriving, done] = live.sample ?? [];
  const own = live.groups.find((group) => group.group === live.group);
  const [state, word] = STATES[own?.state] ?? ["", ""];
  const asked = live.workers.filter((worker) => worker.is_ready !== null);
  const ready = asked.filter((worker) => worker.is_ready).length;
  const catalog = live.catalog;
  const silent = new Set(live.notices.map((each) => each.source));
  const unknown = (name) => tile(name, NONE, "not reached", "warn");
  become($("tiles"),
    silent.has("lag") ? unknown("Waiting") :
      tile("Waiting", number(lag), lag === null || lag === undefined ? "no commit yet" : `${word} · oldest ${seconds(lagSeconds)}`, state),
    silent.has("lag") ? unknown("Linked") : tile("Linked", rate(done), `${rate(arriving)} arriving a second`, "", "/s"),
    silent.has("workers") ? unknown("Workers") :
      tile("Workers", live.workers.length === 0 ? "0" : asked.length === 0 ? number(live.workers.length) : `${ready}/${asked.length}`,
        live.workers.length === 0 ? "none found" : asked.length === 0 ? "health not asked" : ready === asked.length ? "all ready" : "not all ready",
        live.workers.length === 0 || ready < asked.length ? "bad" : "good"),
    tile("Catalogue", short(catalog?.counts.entities), catalog === null ? "not reached" : catalog.is_live ? "entities · changes arrive" : "entities · no changes arrive",
      catalog?.is_live ? "good" : "warn"),
    live.dead.total === 0 && silent.has("tail") ? unknown("Dead letters") : tile("Dead letters", number(live.dead.total), live.dead.total === 0 ? "none" : h("a", { href: "#dead" }, `${live.dead.causes.length} ${live.dead.causes.length === 1 ? "cause" : "causes"}`),
      live.dead.total === 0 ? "good" : "warn"));
  redraw();
  become($("workers"), workers(live.workers, silent.has("workers")));
  become($("sizing"), ...sizing(live.sizing, arriving));
  become($("partitions"), partitions(own));
  become($("state"), ...catalogue(catalog));
  showDead(live.dead);
  const wrong = alarms(live, own);
  become($("notices"), ...wrong.map((each) => h("p", { class: `notice ${each.state}` }, h("b", {}, each.what), ` ${each.why}`)));
  return wrong.some((each) => each.state === "bad");
}

function workers(found, isSilent) {
  if (found.length === 0) return h("p", { class: "empty" }, isSilent ? "Nobody says which workers there are." : "No worker was found. Start one with `wasl worker`.");
  return table("Workers", [["Worker"], ["State"], ["Partitions", "n"], ["In hand", "n"], ["Catalogue"]], found.map((worker) => [
    bdi(worker.name, { class: "mono" }),
    h("span", {}, h("span", { class: `state ${worker.is_ready === null ? "" : worker.is_ready ? "good" : "bad"}` },
      worker.is_ready === null ? "member" : worker.is_ready ? "ready" : "not ready"), worker.note && h("small", { class: "block dim" }, worker.note)),
    h("span", { title: (worker.partitions ?? []).join(", ") }, worker.partitions === null ? NONE : number(worker.partitions.length)),
    number(worker.in_hand),
    worker.catalog === null ? NONE : h("span", { class: "mono" }, worker.catalog, worker.is_live === false && h("small", { class: "block dim" }, "not live")),
  ]));
}

/** What the rate asks for, by what an article was measured to cost. */
function sizing(found, arriving) {
  if (found === null) return ["The rate is not known yet."];
  const { date, names, chars } = found.measured;
  return [`${rate(arriving)} articles a second ask for ${number(found.workers)} ${found.workers === 1 ? "worker" : "workers"} (${found.cores < 0.01 ? "less than 1 %" : percent(found.cores)} of a core in all) and ${number(found.partitions)} partitions; a worker that is half busy links ${rate(found.most)} a second. `,
    h("span", { class: "dim" }, `Measured on ${date} with ${number(names)} names and articles of ${number(chars)} characters.`)];
}

function partitions(group) {
  if (group === undefined) return h("p", { class: "empty" }, "Kafka has not told of the group yet.");
  return table("Lag of each partition", [["Partition"], ["Committed", "n"], ["End", "n"], ["Lag", "n"], ["Oldest", "n"], ["State"]],
    group.partitions.map((each) => [h("span", { class: "mono" }, `${each.topic} ${each.partition}`), number(each.committed), number(each.end),
      number(each.lag), seconds(each.lag_seconds), h("span", { class: `state ${STATES[each.state]?.[0] ?? ""}` }, each.state)]));
}

function catalogue(state) {
  if (state === null) return [h("p", { class: "empty" }, "The catalogue's store has not answered yet.")];
  const total = Object.values(state.by_type).reduce((sum, count) => sum + count, 0);
  const types = Object.entries(state.by_type).sort((one, other) => other[1] - one[1]);
  const facts = [["Version", h("span", { class: "mono" }, state.version)], ["In force here for", state.since === null ? NONE : seconds(Date.now() / 1000 - state.since)],
    ["Names", number(state.counts.names)], ["Retired", number(state.counts.retired)], ["Redirects", number(state.counts.redirects)],
    ["Changed since the snapshot", number(state.overlay)]];
  if (!state.is_live && state.age !== null) facts.push(["Last known to be current", `${seconds(state.age)} ago`]);
  return [
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    total > 0 && h("ul", { class: "shares", "aria-label": "Entities by type" }, types.map(([type, count]) =>
      h("li", {}, badge(type), h("span", { class: "bar" }, h("span", { class: `fill t-${type in TYPES ? type : "other"}`, "width%": (100 * count) / types[0][1] })), h("span", { class: "n" }, number(count))))),
    h("h3", {}, "Latest changes"),
    state.changes.length === 0 ? h("p", { class: "empty" }, "None yet.") : h("ol", { class: "changes" }, state.changes.slice(0, 5).map((change) =>
      h("li", {}, h("b", {}, change.action), " ", change.entity_id ? h("a", { href: entityLink(change.entity_id), class: "mono" }, change.entity_id) : h("span", { class: "mono" }, change.version),
        change.into && [" into ", h("a", { href: entityLink(change.into), class: "mono" }, change.into)],
        change.changed_at && [" ", h("span", { class: "dim" }, ago(change.changed_at))],
        (change.author || change.reason) && h("small", { class: "block dim" }, change.author && bdi(change.author), change.author && change.reason && ": ", change.reason && bdi(change.reason))))),
  ].filter(Boolean);
}

function showDead(dead) {
  $("dead-badge").hidden = dead.total === 0;
  $("dead-badge").textContent = short(dead.total);
  if (dead.total === 0) {
    become($("dead"), h("p", { class: "empty" }, "No dead letter has been seen."));
    return;
  }
  become($("dead"), table("Dead letters by cause", [["Cause"], ["Count", "n"], ["Share"], ["Last"], ["Latest of them"]], dead.causes.map((cause) => [
    h("span", {}, h("span", { class: "mono" }, cause.code), h("small", { class: "block dim" }, `while ${cause.stage}`)),
    number(cause.count),
    h("span", { class: "bar", title: percent(cause.count / dead.total) }, h("span", { class: "fill warn", "width%": (100 * cause.count) / dead.total })),
    cause.last_at === null ? NONE : ago(cause.last_at),
    h("div", { class: "latest" }, bdi(cause.message), cause.remedy && h("small", { class: "block" }, bdi(cause.remedy)),
      cause.position && h("small", { class: "block dim" }, bdi(cause.article_id ?? "no id"), ` · ${cause.position} · attempt ${cause.attempts}`)),
  ])));
}
