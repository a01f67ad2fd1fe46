// Small hands for the page: build elements, and bring what stands to what should stand.
// Nothing is thrown away that can stay, so focus, scroll, and typed text survive every change.
const SVG = "http://www.w3.org/2000/svg";

/** h("p", {class: "x", "data-act": "claim"}, "words", child, null) → element. No style attributes (CSP). */
export function h(tag, attrs = {}, ...kids) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value === null || value === undefined || value === false) continue;
    el.setAttribute(name, value === true ? "" : String(value));
  }
  el.append(...kids.flat(Infinity).filter((k) => k !== null && k !== undefined && k !== false));
  return el;
}

const ICONS = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M6 5h4v14H6zM14 5h4v14h-4z",
  phone: "M6.6 3h3l1.6 4.4-2 1.6a12 12 0 0 0 5.8 5.8l1.6-2 4.4 1.6v3a2 2 0 0 1-2.2 2A17.4 17.4 0 0 1 4.6 5.2 2 2 0 0 1 6.6 3z",
  alarm: "M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6zM9.5 19a2.5 2.5 0 0 0 5 0z",
  voice: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11v1a6 6 0 0 0 5 5.9V21h2v-3.1a6 6 0 0 0 5-5.9v-1h-2v1a4 4 0 0 1-8 0v-1z",
  photo: "M4 5h4l1.5-2h5L16 5h4a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zm8 3.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  back: "M14.5 5 7 12l7.5 7 1.6-1.7L10.400 12l5.7-5.300z",
  cup: "M4 8h13v2h1.5a3.5 3.5 0 0 1 0 7h-2A5 5 0 0 1 12 20H9a5 5 0 0 1-5-5zm13 4v3h1.5a1.5 1.5 0 0 0 0-3zM7 6c0-1.5 1-1.5 1-3h1.5c0 1.5-1 1.5-1 3zm4 0c0-1.5 1-1.5 1-3h1.5c0 1.5-1 1.5-1 3z",
  file: "M6 2h8l5 5v14a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm7 1.500V8h4.500zM8 12v1.600h8V12zm0 4v1.600h6V16z",
  pin: "M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7zm0 4.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z",
  down: "M12 16 5 9l1.7-1.6L12 12.7l5.300-5.300L19 9z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function svg(tag, attrs = {}, ...kids) {
  const el = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) el.setAttribute(name, String(value));
  el.append(...kids);
  return el;
}

export function kbd(key) {
  return h("kbd", { "aria-hidden": "true" }, key);
}

const keyOf = (node) => (node.nodeType === 1 ? node.getAttribute("data-key") : null);

/** Bring the children of `parent` to `kids`; nodes with the same data-key stay the same nodes. */
export function morph(parent, kids) {
  const focused = document.activeElement;
  place(parent, kids.flat(Infinity).filter(Boolean));
  if (focused && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

function place(parent, kids) {
  const wanted = new Set(kids.map(keyOf).filter(Boolean));
  const old = new Map();
  for (const node of parent.childNodes) if (keyOf(node)) old.set(keyOf(node), node);
  let at = parent.firstChild;
  const skipGone = () => {
    while (at && keyOf(at) && !wanted.has(keyOf(at))) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  };
  for (const kid of kids) {
    skipGone();
    const key = keyOf(kid);
    let use = null;
    if (key) use = old.get(key) ?? null;
    else if (at && !keyOf(at) && at.nodeName === kid.nodeName) use = at;
    if (use && use.nodeName !== kid.nodeName) use = null;
    if (!use) {
      parent.insertBefore(kid, at);
    } else {
      sync(use, kid);
      if (use === at) at = at.nextSibling;
      else parent.insertBefore(use, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function sync(now, then) {
  if (now.nodeType === 3) {
    if (now.nodeValue !== then.nodeValue) now.nodeValue = then.nodeValue;
    return;
  }
  for (const { name } of [...now.attributes]) {
    if (!then.hasAttribute(name) && !(name === "open" && now.nodeName === "DETAILS")) {
      now.removeAttribute(name);
    }
  }
  for (const { name, value } of [...then.attributes]) {
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  if (now.hasAttribute("data-keep")) return; // its inside belongs to somebody else (a player, a field)
  place(now, [...then.childNodes]);
}

/** One listener for a page: every [data-act] calls actions[act](its dataset, element, event). */
export function delegate(root, actions) {
  root.addEventListener("click", (event) => {
    const el = event.target.closest("[data-act]");
    if (!el || !root.contains(el) || el.disabled) return;
    const act = actions[el.dataset.act];
    if (!act) return;
    if (el.tagName === "A" && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    act(el.dataset, el, event);
  });
}
