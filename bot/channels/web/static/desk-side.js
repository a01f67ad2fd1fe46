// The right side: what next, why so urgent, what is known and from where, who is who, what happened.
import { h, icon, kbd } from "./staff-dom.js";
import { exact, said } from "./staff-time.js";
import { has, t } from "./staff-words.js";
import { dueSpan, phoneLine, taskButtons } from "./desk-list.js";

const NEXT_KEY = { claim: "C", close: "E", confirm_close: "E", reopen: "R" };

function next(state) {
  const { next: step, card, allowed } = state.case;
  if (!step) return null;
  const needs = { claim: "claim", reply: "reply", close: "close", confirm_close: "close", reopen: "reopen" }[step.action];
  const can = has(`next.go.${step.action}`) && (!needs || allowed.includes(needs));
  return h("section", { class: `next u-${card.urgency}`, "data-key": "next", "aria-labelledby": "next-title" },
    h("h2", { id: "next-title" }, t("next.label")),
    h("p", { class: "step" }, h("b", {}, step.text), dueSpan(step.due_at, card.urgency)),
    step.due_at ? h("small", {}, said(step.due_at, true)) : null,
    can ? h("button", { class: "p", "data-key": `go-${step.action}`, "data-act": "next", "data-next": step.action }, t(`next.go.${step.action}`),
      NEXT_KEY[step.action] ? kbd(NEXT_KEY[step.action]) : null) : null);
}

function why(state) {
  const { card, reasons, allowed } = state.case;
  const dangers = (card.danger ?? []).map((d) => t(`dangers.${d}`, {}, d));
  const urgency = t(`urgency.${card.urgency}`);
  return h("section", { "data-key": "why", class: `why u-${card.urgency}` },
    h("h2", {}, t("side.why", { urgency }),
      allowed.includes("urgency") ? h("button", { class: "link", "data-act": "urgency", "aria-keyshortcuts": "U" }, t("talk.urgency"), kbd("U")) : null),
    h("div", { class: "level" }, h("strong", {}, urgency),
      h("p", {}, [...new Set([...dangers, ...reasons])].join(" + ") || t("reason_note.none"))),
    h("small", {}, `${t("side.status")}:${t(`status.${card.status}`, {}, card.status)}`));
}

function tasks(state, phones) {
  if (!state.case.tasks.length) return null;
  return h("section", { "data-key": "tasks" }, h("h2", {}, t("side.tasks")),
    h("ul", { class: "tasks" }, state.case.tasks.map((task) => h("li", { "data-key": `t-${task.id}` },
      h("p", {}, h("b", {}, t(`tasks.${task.kind}`, {}, task.kind)), dueSpan(task.due_at, task.urgency ?? state.case.card.urgency)),
      task.text ? h("small", {}, task.text) : null,
      task.kind === "call" ? phoneLine(task, phones.get(String(task.case_id))) : null,
      h("div", { class: "row" }, taskButtons(task).filter((b) => b.dataset.act !== "open"))))));
}

function known(state) {
  const { slots } = state.case;
  return h("section", { "data-key": "known" }, h("h2", {}, t("side.known")),
    slots.length ? h("dl", {}, slots.map((slot) => [
      h("dt", { "data-key": `k-${slot.key}` }, slot.label),
      h("dd", { "data-key": `v-${slot.key}` }, slot.words, " ",
        (slot.replaced ?? []).map((old) => [h("s", { title: t("side.replaced") }, old), " "]),
        h("em", { title: exact(slot.at) }, t(`sources.${slot.source}`, {}, slot.source),
          slot.replaced?.length ? `,${t("sources.corrected")}` : ""))]))
      : h("p", { class: "soft" }, t("side.known_none")));
}

function person(role, who, state) {
  if (who.same_as) return [h("dt", { "data-key": `pk-${role}` }, t(`role_in_case.${role}`)), h("dd", { "data-key": `pv-${role}` }, who.name || t("side.same"))];
  const value = state.revealed.get(`${state.id}:${role}`);
  const phone = value ? h("span", { class: "reveal" }, h("a", { class: "tel", href: `tel:${value}` }, icon("phone"), value), h("em", {}, t("side.revealed")))
    : who.has_phone ? h("button", { class: "reveal", "data-act": "reveal", "data-person": role },
      h("span", { class: "tabular" }, who.phone_masked), h("em", {}, t("side.reveal")))
      : h("span", { class: "soft" }, t("side.no_phone"));
  const age = who.age ? t("side.age", { n: String(who.age).replace(/\D+$/, "") }) : null;
  return [h("dt", { "data-key": `pk-${role}` }, t(`role_in_case.${role}`)),
    h("dd", { "data-key": `pv-${role}` }, h("b", {}, [who.name || t("unknown"), age].filter(Boolean).join(",")),
      h("div", {}, phone), who.address ? h("div", {}, who.address) : null)];
}

function people(state) {
  const { people: all, answers_to: to } = state.case;
  const roles = ["asker", "helped", "relayer"].filter((role) => all?.[role]);
  if (!roles.length && !to) return null;
  return h("section", { "data-key": "people" },
    h("h2", {}, t("side.people"), to ? h("span", { class: "to" }, t(`answers_to.${to}`, {}, to)) : null),
    h("dl", { class: "who" }, roles.map((role) => person(role, all[role], state))));
}

function events(state) {
  const { events: all, card } = state.case;
  return h("section", { "data-key": "events" }, h("h2", {}, t("side.events")),
    h("ol", { class: `events u-${card.urgency}` }, all.map((event, n) => h("li", { class: event.due ? "due" : null, title: exact(event.at),
      "data-key": `ev-${event.at}-${event.text}-${n}` },
    h("time", { datetime: event.at }, said(event.at)), " ", event.text))));
}

export function sideOf(state, phones) {
  if (!state.case) return [];
  return [next(state), tasks(state, phones), why(state), known(state), people(state), events(state)];
}

