/* The page's words come from dialogs/phrases; code holds only their keys. */
const table = JSON.parse(document.getElementById("words").textContent);

/** The words of a key, with {names} filled in; an unknown key shows itself, so that it is noticed. */
export function say(key, params = {}) {
  const words = table[key] === undefined ? key : table[key];
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? params[name] : whole));
}

export const $ = (id) => document.getElementById(id);

/** An element: make("p", "day", "words", child…). Strings become text nodes, never markup. */
export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name, className = "ic") {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const use = document.createElementNS(ns, "use");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button with an optional icon; `act` is called on a tap. */
export function button(className, words, act, iconName) {
  const node = make("button", className, iconName ? icon(iconName) : null, make("span", "", words));
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

/** A telephone number as a link as big as a button. */
export function call(choice) {
  const number = choice.value.replace(/^tel:/, "");
  const label = choice.label || number;
  const link = make("a", "call", icon("phone"));
  link.href = `tel:${number.replace(/[^\d+*#,;-]/g, "")}`;
  const words = make("span");
  const at = label.indexOf(number);
  if (at < 0) words.append(`${label} `, make("b", "", number));
  else words.append(label.slice(0, at), make("b", "", number), label.slice(at + number.length));
  link.append(words);
  return link;
}
