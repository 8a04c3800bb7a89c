// Server-sent events read by fetch, which unlike EventSource can send the token in a header.
import { Problem, authorization } from "./dom.js";

const SILENCE = 25_000; // the server says something every ten seconds
const LONGEST = 15_000;

/** Listen for ever: `on(event, data)` for each event, `state("live" | "lost" | "locked")` for the line itself. */
export async function listen({ on, state }) {
  let wait = 500;
  for (;;) {
    try {
      await once(on, () => { wait = 500; state("live"); });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) { state("locked"); return; }
    }
    state("lost");
    await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
    wait = Math.min(LONGEST, wait * 2);
  }
}

async function once(on, opened) {
  const stop = new AbortController();
  let alarm = setTimeout(() => stop.abort(), SILENCE);
  const awake = () => { clearTimeout(alarm); alarm = setTimeout(() => stop.abort(), SILENCE); };
  try {
    const answer = await fetch("api/stream", { headers: authorization(), signal: stop.signal, cache: "no-store" });
    if (!answer.ok) throw new Problem(answer.status, (await answer.json().catch(() => ({}))).error);
    opened();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      awake();
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) dispatch(event, on);
    }
  } finally {
    clearTimeout(alarm);
    stop.abort();
  }
}

function dispatch(event, on) {
  let name = "message";
  const data = [];
  for (const line of event.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data.push(line.slice(6));
  }
  if (data.length > 0) on(name, JSON.parse(data.join("\n")));
}
