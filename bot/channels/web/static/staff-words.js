// The words of the page: they come from dialogs/phrases/staff.zh.yml, never from code.
const words = JSON.parse(document.getElementById("words").textContent);

function find(key) {
  let at = words;
  for (const part of String(key).split(".")) at = at?.[part];
  return at;
}

export function has(key) {
  return typeof find(key) === "string";
}

/** The sentence of a key with its {params}; an unknown key falls back to `or`, or to the key itself. */
export function t(key, params = {}, or = key) {
  const sentence = find(key);
  if (typeof sentence !== "string") return or;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "");
}

export function listOf(key) {
  return find(key) ?? [];
}
