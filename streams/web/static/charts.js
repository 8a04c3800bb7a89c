// Line charts drawn by hand as SVG, each with a sentence and a table that say the same.
import { h, clock, minute, table } from "./dom.js";

const PAD = { left: 46, right: 10, top: 10, bottom: 24 };
const HEIGHT = 190;

/**
 * @param figure where it is drawn
 * @param series [{ name, at: index in a row, kind: css class, area: bool }]
 * @param format writes a value
 */
export function chart(figure, { title, unit, series, format, least = 1 }) {
  const picture = h("div", { class: "chart" });
  const tip = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const data = h("div", {});
  const details = h("details", {}, h("summary", {}, "Show as a table"), data);
  figure.replaceChildren(
    h("figcaption", {}, h("h3", {}, title, h("span", { class: "dim" }, ` ${unit}`)),
      h("ul", { class: "keys" }, series.map((each) => h("li", {}, h("span", { class: `key ${each.kind}` }), each.name)))),
    h("div", { class: "frame" }, picture, tip), details);
  let rows = [];
  let step = 2;
  const draw = () => {
    const width = Math.max(240, picture.clientWidth);
    picture.replaceChildren(rows.length < 2 ? h("p", { class: "empty" }, "Gathering the first values…")
      : plot(rows, { width, series, format, least, title, unit, step }));
    if (details.open) data.replaceChildren(listed(rows, { title, unit, series, format }));
  };
  details.addEventListener("toggle", draw);
  new ResizeObserver(draw).observe(picture);
  picture.addEventListener("pointermove", (event) => point(event, picture, tip, rows, series, format));
  picture.addEventListener("pointerleave", () => { tip.hidden = true; });
  return (given, seconds) => { rows = given; step = seconds; draw(); };
}

const value = (row, each) => row[each.at];
const known = (rows, each) => rows.map((row) => value(row, each)).filter((found) => found !== null);

function plot(rows, { width, series, format, least, title, unit, step }) {
  const [first, last] = [rows[0][0], rows[rows.length - 1][0]];
  const [top, line] = scale(Math.max(least, ...series.flatMap((each) => known(rows, each).map((found) => 1.05 * found))));
  const x = (at) => PAD.left + ((at - first) / Math.max(1, last - first)) * (width - PAD.left - PAD.right);
  const y = (found) => HEIGHT - PAD.bottom - (found / top) * (HEIGHT - PAD.top - PAD.bottom);
  const said = series.map((each) => {
    const found = known(rows, each);
    return found.length === 0 ? `${each.name}: nothing known`
      : `${each.name}: now ${format(found[found.length - 1])}, at most ${format(Math.max(...found))}`;
  });
  const node = h("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img",
    "aria-label": `${title}, ${unit}, from ${minute(first)} to ${minute(last)}. ${said.join(". ")}.` });
  const lines = Math.round(top / line);
  for (let each = 0; each <= lines; each += 1) {
    const at = y(line * each);
    node.append(h("line", { class: each === 0 ? "axis" : "grid", x1: PAD.left, x2: width - PAD.right, y1: at, y2: at }),
      h("text", { x: PAD.left - 6, y: at + 4, "text-anchor": "end" }, format(line * each)));
  }
  const marks = Math.max(2, Math.min(5, Math.floor(width / 130)));
  for (let mark = 0; mark <= marks; mark += 1) {
    const at = first + ((last - first) * mark) / marks;
    node.append(h("text", { x: x(at), y: HEIGHT - 6, "text-anchor": mark === 0 ? "start" : mark === marks ? "end" : "middle" },
      last - first < 300 ? clock(at) : minute(at)));
  }
  for (const each of series) {
    for (const run of runs(rows, each, step)) {
      const path = run.map((row, at) => `${at === 0 ? "M" : "L"}${x(row[0]).toFixed(1)} ${y(value(row, each)).toFixed(1)}`).join("");
      const [start, end] = [x(run[0][0]).toFixed(1), x(run[run.length - 1][0]).toFixed(1)];
      if (each.area) node.append(h("path", { class: `area ${each.kind}`, d: `${path}L${end} ${y(0)}L${start} ${y(0)}Z` }));
      node.append(h("path", { class: `curve ${each.kind}`, d: path }));
    }
  }
  return node;
}

/** Cut a series where nothing was known: a gap is shown as a gap. */
function runs(rows, each, step) {
  const found = [];
  let open = [];
  for (const row of rows) {
    const torn = open.length > 0 && row[0] - open[open.length - 1][0] > 4 * step + 2;
    if ((value(row, each) === null || torn) && open.length > 0) { found.push(open); open = []; }
    if (value(row, each) !== null) open.push(row);
  }
  if (open.length > 0) found.push(open);
  return found;
}

/** The top of an axis and the distance of its lines, four or five of them, each at a number of one digit. */
function scale(most) {
  const size = 10 ** Math.floor(Math.log10(most));
  const [lines, line] = [[5, 0.2], [4, 0.5], [4, 1], [5, 1], [4, 2], [5, 2]].find(([count, each]) => count * each * size >= most * (1 - 1e-9));
  return [lines * line * size, line * size];
}

function listed(rows, { title, unit, series, format }) {
  const every = Math.max(1, Math.ceil(rows.length / 15));
  const chosen = rows.filter((_, at) => (rows.length - 1 - at) % every === 0).reverse();
  return table(`${title}, ${unit}`, [["Time"], ...series.map((each) => [each.name, "n"])],
    chosen.map((row) => [clock(row[0]), ...series.map((each) => format(value(row, each)))]));
}

function point(event, picture, tip, rows, series, format) {
  if (rows.length < 2) return;
  const box = picture.getBoundingClientRect();
  const share = (event.clientX - box.left - PAD.left) / (box.width - PAD.left - PAD.right);
  const at = rows[0][0] + share * (rows[rows.length - 1][0] - rows[0][0]);
  const row = rows.reduce((best, each) => (Math.abs(each[0] - at) < Math.abs(best[0] - at) ? each : best));
  tip.replaceChildren(h("b", {}, clock(row[0])), ...series.map((each) => h("div", {}, `${each.name} ${format(value(row, each))}`)));
  tip.hidden = false;
  tip.style.insetInlineStart = `${Math.min(box.width - 130, Math.max(0, event.clientX - box.left + 12))}px`;
}
