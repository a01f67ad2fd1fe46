/* Times as people say them, in the office's zone. */
import { say } from "./words.js";

const zone = document.body.dataset.zone || "Asia/Shanghai";
const lang = document.documentElement.lang;
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const dated = new Intl.DateTimeFormat(lang, { timeZone: zone, month: "long", day: "numeric", weekday: "short" });

function pieces(date) {
  const found = {};
  for (const part of parts.formatToParts(date)) found[part.type] = part.value;
  return { day: `${found.year}-${found.month}-${found.day}`, hour: Number(found.hour) % 24, minute: found.minute };
}

/** The calendar day of a moment, as a key. */
export const dayOf = (iso) => pieces(new Date(iso)).day;

/** "上午 9:12" */
export function clock(iso) {
  const { hour, minute } = pieces(new Date(iso));
  const names = [[5, "dawn"], [9, "morning"], [12, "forenoon"], [13, "noon"], [18, "afternoon"], [24, "evening"]];
  const name = names.find(([until]) => hour < until)[1];
  return `${say(name)} ${hour > 12 ? hour - 12 : hour}:${minute}`;
}

/** "今天 上午 9:12", "昨天 …", "11月24日周二 …" */
export function daytime(iso, now = new Date()) {
  const day = dayOf(iso);
  const today = pieces(now).day;
  const yesterday = pieces(new Date(now.getTime() - 86400000)).day;
  const name = day === today ? say("today") : day === yesterday ? say("yesterday") : dated.format(new Date(iso));
  return `${name} ${clock(iso)}`;
}

/** "0:07" */
export function seconds(count) {
  const whole = Math.max(0, Math.round(count));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
