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
  // The number leads, unless a short verb does ("打 962525"); what it is comes after, and may be left out in 大字.
  const [before = "", after = ""] = label.includes(number) ? label.split(number).map((part) => part.trim()) : [label];
  const verb = before.length <= 6 && !after ? before : "";
  const rest = [verb ? "" : before, after].filter(Boolean).join(" ");
  link.append(make("span", "", verb ? `${verb} ` : null, make("b", "", number), rest ? make("span", "about", ` ${rest}`) : null));
  link.setAttribute("aria-label", label.includes(number) ? label : `${label} ${number}`);
  return link;
}
