// Received and met in time, a bar a day: inline SVG, and the same in one sentence for who cannot see it.
import { h, svg } from "./staff-dom.js";
import { t } from "./staff-words.js";

const W = 360, H = 138, LEFT = 30, RIGHT = 4, TOP = 12, BOTTOM = 24;

/** The next round number above: 4, 10, 20, 40, 100 … so that the half is whole too. */
function roundUp(n) {
  for (let step = 1; ; step *= 10) for (const m of [4, 10, 20]) if (m * step >= n) return m * step;
}

const short = (date) => { const [, month, day] = date.split("-"); return `${Number(month)}/${Number(day)}`; };

export function chart(days) {
  if (!days.length) return [h("div", { class: "state" }, h("p", {}, t("board.chart_none")))];
  const top = roundUp(Math.max(...days.map((d) => d.on_time + d.late), 1));
  const y = (n) => TOP + (H - TOP - BOTTOM) * (1 - n / top);
  const width = (W - LEFT - RIGHT) / days.length;
  const bar = Math.min(22, width * 0.66);
  const sum = (key) => days.reduce((n, d) => n + d[key], 0);
  const alt = t("board.chart_alt", { n: days.length, total: sum("on_time") + sum("late"), on_time: sum("on_time"), late: sum("late") });
  const picture = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": alt });
  for (const n of [top, top / 2, 0]) {
    picture.append(svg("path", { class: "grid", d: `M${LEFT} ${y(n)}H${W - RIGHT}` }),
      svg("text", { x: LEFT - 6, y: y(n) + 4, "text-anchor": "end" }, String(n)));
  }
  days.forEach((day, n) => {
    const x = LEFT + n * width + (width - bar) / 2;
    const whole = svg("g", {}, svg("title", {}, t("board.chart_day", { date: short(day.date), on_time: day.on_time, late: day.late })));
    whole.append(svg("rect", { x: LEFT + n * width, y: TOP, width, height: H - TOP - BOTTOM, fill: "transparent" }));
    if (day.on_time) whole.append(svg("rect", { class: "ok", x, y: y(day.on_time), width: bar, height: y(0) - y(day.on_time) }));
    if (day.late) whole.append(svg("rect", { class: "late", x, y: y(day.on_time + day.late), width: bar, height: y(0) - y(day.late) - (day.on_time ? 1 : 0) }));
    picture.append(whole);
    const last = n === days.length - 1;
    if (last || (days.length - 1 - n) % Math.ceil(days.length / 4) === 0) {
      picture.append(svg("text", { x: x + bar / 2, y: H - 7, "text-anchor": "middle", class: last ? "today" : "" }, last ? t("time.today") : short(day.date)));
    }
  });
  return [picture, h("p", { class: "legend", "aria-hidden": "true" },
    h("span", {}, h("i", { class: "ok" }), t("board.on_time")), h("span", {}, h("i", { class: "late" }), t("board.late")))];
}
