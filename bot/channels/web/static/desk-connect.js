// 连上 Telegram: a one-time link that opens the staff's bot, to be scanned with a phone or opened here.
import { h, svg } from "./staff-dom.js";
import { ask } from "./staff-dialog.js";
import { call } from "./staff-net.js";
import { copyText, toast } from "./staff-parts.js";
import { t } from "./staff-words.js";

let asking = false;

function code({ size, path }) {
  return svg("svg", { viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": t("connect.qr") },
    svg("rect", { width: size, height: size, class: "ground" }), svg("path", { d: path }));
}

/** A lost telephone, a stolen account: what is linked speaks for nobody any more. */
async function end(known, shown) {
  try {
    await call("/desk/api/telegram/end", {});
    known.linked = false;
    shown.close();
    toast(t("connect.ended"));
  } catch (refusal) {
    shown.fail(refusal.say ?? t("errors.unknown"));
  }
}

/** Asks for a link of one's own, which works once, and shows it. */
export async function connect(known) {
  if (asking) return;
  asking = true;
  try {
    const { link, qr, minutes } = await call("/desk/api/telegram", {});
    const shown = ask({
      title: t("connect.open"), lead: t("connect.lead"),
      body: () => [
        qr ? code(qr) : null,
        h("div", { class: "row links" }, h("a", { class: "p", href: link, target: "_blank", rel: "noreferrer noopener" }, t("connect.go")),
          h("button", { class: "q", type: "button", "data-copy": true }, t("connect.copy"))),
        known?.linked ? h("p", { class: "hint" }, t("connect.again")) : null,
        known?.linked ? h("p", {}, h("button", { class: "q danger", type: "button", "data-end": true }, t("connect.end"))) : null,
        h("p", { class: "hint" }, t("connect.once", { minutes })),
        h("p", { class: "hint" }, t("connect.abroad")),
      ],
    });
    shown.form.querySelector("[data-end]")?.addEventListener("click", () => end(known, shown));
    shown.form.querySelector("[data-copy]").addEventListener("click", () => copyText(link));
  } catch (refusal) {
    toast(refusal.say ?? t("errors.unknown"), true);
  } finally {
    asking = false;
  }
}
