// Coming in: by password, or the first time by a link that works once.
import { call } from "./staff-net.js";
import { t } from "./staff-words.js";

const form = document.getElementById("enter");
const error = document.getElementById("error");
const button = form.querySelector("[type=submit]");
const words = button.textContent;

function fail(say, at) {
  error.textContent = say;
  error.hidden = false;
  const field = form.elements[at];
  for (const el of form.querySelectorAll("input")) el.removeAttribute("aria-invalid");
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
    field.select();
  }
}

function body() {
  const login = form.elements.login.value.trim();
  const password = form.elements.password.value;
  if (form.dataset.kind === "login") return { login, password };
  const token = decodeURIComponent(location.pathname.split("/").filter(Boolean).pop());
  const name = form.elements.called?.value.trim();
  return { token, password, ...(login && { login }), ...(name && { name }) };
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const joining = form.dataset.kind === "join";
  if (!form.elements.password.value || (!joining && !form.elements.login.value.trim())) {
    return fail(t("errors.empty"), form.elements.password.value ? "login" : joining || form.elements.login.value.trim() ? "password" : "login");
  }
  if (joining && form.elements.password.value !== form.elements.again.value) return fail(t("join.mismatch"), "again");
  error.hidden = true;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  try {
    await call(joining ? "/desk/api/join" : "/desk/api/login", body());
    location.assign(location.hash === "#board" ? "/desk/board" : `/desk${joining ? "" : location.hash}`);
  } catch (refusal) {
    const { wait } = refusal;
    const say = refusal.status === 429 && wait ? t("errors.wait", { wait: t(wait < 60 ? "time.sec" : "time.min", { n: Math.ceil(wait < 60 ? wait : wait / 60) }) })
      : refusal.status === 401 && !refusal.body?.say ? t("errors.bad_login") : refusal.say;
    fail(say, refusal.code === "login_taken" ? "login" : "password");
    button.disabled = false;
    button.textContent = words;
  }
  return undefined;
});
