// 改: what one has said, in other words. The resident gets a correction; what stood there stays.
import { h } from "./staff-dom.js";
import { ask } from "./staff-dialog.js";
import { call } from "./staff-net.js";
import { toast } from "./staff-parts.js";
import { t } from "./staff-words.js";
import { refresh, state } from "./desk-store.js";
import { sureOfSilence } from "./desk-outbox.js";
import { MOST } from "./desk-write.js";

/** Which of the lines are the present words of what the viewer said: only these can be changed. */
export function correctable(detail) {
  if (detail.card.status === "closed") return new Set();
  const newest = new Map();
  for (const entry of detail.entries) {
    if (entry.own) newest.set(entry.kind === "edited" ? entry.ref : entry.seq, entry);
  }
  return new Set([...newest.values()].filter((entry) => entry.text).map((entry) => entry.seq));
}

export function correct(seq) {
  const { id, case: detail } = state;
  const entry = detail?.entries.find((one) => String(one.seq) === seq);
  if (!entry) return;
  const send = sureOfSilence((text, confirmed) =>
    call(`/desk/api/cases/${encodeURIComponent(id)}/correct`, { seq: entry.seq, text, ...confirmed }));
  ask({
    title: t("dialog.correct_title"), lead: t("dialog.correct_lead"), submit: t("dialog.correct_go"), draft: `correct:${id}:${seq}`,
    body: () => [h("label", { class: "wide" }, h("span", {}, t("dialog.correct_words")),
      h("textarea", { name: "text", rows: 5, class: "field", autofocus: true }, entry.text))],
    onSubmit: async (form) => {
      const text = form.get("text").trim();
      if (!text) return t("errors.empty");
      if (text === entry.text) return t("dialog.correct_same");
      if (text.length > MOST) return t("write.too_long", { n: MOST });
      const unsure = await send(text);
      if (unsure) return unsure;
      toast(t("talk.corrected"));
      refresh.case();
      return null;
    },
  });
}
