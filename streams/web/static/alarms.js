// What is wrong just now, in words that somebody who was woken up can act on.

const GROUP = {
  stalled: ["bad", "Workers are stalled.", "Articles wait, and nothing is committed. Read the worker's log; a worker that stands still ends by itself and is started anew by its supervisor."],
  stopped: ["bad", "Nobody reads.", "Articles wait, and the group has no members: start `wasl worker`."],
  rewound: ["warn", "The group went back.", "Its offsets were reset or its topic was made anew, and articles are linked again. If nobody meant to, find out who."],
  warning: ["warn", "Workers fall behind.", "If the lag does not shrink by itself, start more workers, at most one for each partition."],
};
const SOURCES = { lag: "Lag", workers: "Workers", catalog: "Catalogue", tail: "Articles", view: "Try it" };

/** What should be known of what the server told; the worst comes first. */
export function alarms(live, group) {
  const found = live.notices.map(({ source, message, remedy }) => ({ state: "warn", what: SOURCES[source] ?? source, why: `${message} ${remedy}` }));
  const told = GROUP[group?.state];
  if (told !== undefined) found.push({ state: told[0], what: told[1], why: told[2] });
  const lost = (group?.partitions ?? []).reduce((sum, each) => sum + each.lost, 0);
  if (lost > 0) found.push({ state: "bad", what: "Records were lost.", why: `Kafka deleted ${lost} before they were read: raise retention.ms of the topic at once.` });
  const unwell = live.workers.filter((worker) => worker.is_ready === false);
  if (unwell.length > 0) found.push({ state: "bad", what: "A worker is not ready.", why: unwell.map((worker) => [worker.name, worker.note].filter(Boolean).join(": ")).join("; ") });
  if (live.catalog !== null && !live.catalog.is_live) found.push({ state: "warn", ...unfollowed(live.catalog.counts) });
  return [...found.filter((each) => each.state === "bad"), ...found.filter((each) => each.state !== "bad")];
}

function unfollowed({ entities, retired, redirects }) {
  if (entities + retired + redirects === 0) return { what: "Redis holds no catalogue.", why: "It was never filled, or it was emptied; workers link with the last one that they know. Import one with `wasl catalog import`, or see whether WASL_REDIS_URL and WASL_REDIS_PREFIX are right." };
  return { what: "Changes of the catalogue do not arrive.", why: "Articles are linked with the last known catalogue. See whether Redis answers." };
}
