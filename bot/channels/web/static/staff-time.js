// Times as people say them, in the office's zone and by the house's clock.
import { listOf, t } from "./staff-words.js";

let offset = 0;
let zone = "Asia/Shanghai";
const formats = new Map();

/** The house's clock is right, this computer's may not be: remember the difference. */
export function setNow(iso, newZone) {
  if (iso) offset = Date.parse(iso) - Date.now();
  if (newZone && newZone !== zone) {
    zone = newZone;
    formats.clear();
  }
}

export function now() {
  return Date.now() + offset;
}

function format(name, options) {
  if (!formats.has(name)) {
    formats.set(name, new Intl.DateTimeFormat("zh-CN", { timeZone: zone, ...options }));
  }
  return formats.get(name);
}

function parts(ms) {
  const f = format("parts", {
    year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "2-digit", hourCycle: "h23",
  });
  const found = {};
  for (const p of f.formatToParts(ms)) found[p.type] = p.value;
  const day = Date.UTC(Number(found.year), Number(found.month) - 1, Number(found.day)) / 86400000;
  return { ...found, dayNumber: day, clock: `${Number(found.hour)}:${found.minute}` };
}

export function clock(iso) {
  return iso ? parts(Date.parse(iso)).clock : "";
}

export function dayOf(iso) {
  return parts(Date.parse(iso)).dayNumber;
}

/** 今天, 昨天, 明天, or the date. */
export function dayWord(iso) {
  const then = parts(Date.parse(iso));
  const away = then.dayNumber - parts(now()).dayNumber;
  if (away === 0) return t("time.today");
  if (away === 1) return t("time.tomorrow");
  if (away === -1) return t("time.yesterday");
  return t("time.date", { month: then.month, day: then.day });
}

/** 9:12 today, 昨天 9:12, 11 月 24 日 9:12. */
export function said(iso, withToday = false) {
  if (!iso) return "";
  const day = dayWord(iso);
  if (!withToday && day === t("time.today")) return clock(iso);
  return t("time.day_clock", { day, clock: clock(iso) });
}

/** For the hover: everything, to the second. */
export function exact(iso) {
  return iso ? format("exact", { dateStyle: "full", timeStyle: "medium" }).format(Date.parse(iso)) : "";
}

export function todayLine() {
  const p = parts(now());
  const week = listOf("time.weekdays")[new Date(p.dayNumber * 86400000).getUTCDay()];
  return `${t("time.date", { month: p.month, day: p.day })} ${week} ${p.clock}`;
}

function span(seconds, stem) {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) return t(`${stem}min`, { n: minutes });
  if (minutes % 60 === 0) return t(`${stem}hour`, { h: hours });
  return t(`${stem}hour_min`, { h: hours, m: minutes % 60 });
}

/** Until a promised time: {text, late}. 0:42 under two minutes, then minutes, hours, a clock. */
export function left(iso) {
  if (!iso) return { text: "", late: false };
  const seconds = Math.ceil((Date.parse(iso) - now()) / 1000);
  if (seconds <= 0) {
    const late = -seconds;
    if (late < 60) return { text: t("time.late_sec", { n: late }), late: true };
    if (late >= 86400) return { text: t("time.late_day", { n: Math.floor(late / 86400) }), late: true };
    return { text: span(late, "time.late_"), late: true };
  }
  if (seconds < 120) {
    return { text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`, late: false };
  }
  if (seconds < 8 * 3600) return { text: span(seconds, "time.left_"), late: false };
  return { text: said(iso), late: false };
}

/** How long since: 58 分, 2 时 10 分, 3 天. */
export function passed(iso) {
  const seconds = Math.max(0, Math.floor((now() - Date.parse(iso)) / 1000));
  if (seconds < 60) return t("time.sec", { n: seconds });
  if (seconds >= 3 * 86400) return t("time.day", { n: Math.floor(seconds / 86400) });
  return span(seconds, "time.");
}

/** Every second, bring each [data-due] and [data-since] on the page to the present. */
export function tick(root = document) {
  for (const el of root.querySelectorAll("[data-due]")) {
    const { text, late } = left(el.dataset.due);
    if (el.textContent !== text) el.textContent = text;
    el.classList.toggle("late", late);
  }
  for (const el of root.querySelectorAll("[data-since]")) {
    const text = passed(el.dataset.since);
    if (el.textContent !== text) el.textContent = text;
  }
  for (const el of root.querySelectorAll("[data-today]")) {
    const text = todayLine();
    if (el.textContent !== text) el.textContent = text;
  }
}

export function startTicking() {
  tick();
  return setInterval(tick, 1000);
}
