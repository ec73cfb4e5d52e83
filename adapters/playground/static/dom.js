// Elements are only ever made here, and a string is only ever made into a text node: members' words stay words.

const SVG = "http://www.w3.org/2000/svg";

/** el("button.primary", {type: "button", onclick: press}, "Send") */
export function el(what, props = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  plus: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  send: "M8 13V3.500M3.500 7.500L8 3l4.500 4.500",
  sun: "M8 5.200a2.800 2.800 0 100 5.600 2.800 2.800 0 000-5.600zM8 1v1.600M8 13.400V15M1 8h1.600M13.400 8H15M3.050 3.050l1.130 1.130M11.820 11.820l1.130 1.130M3.050 12.950l1.130-1.130M11.820 4.180l1.130-1.130",
  moon: "M13.500 9.800A5.800 5.800 0 016.200 2.500a5.800 5.800 0 107.300 7.300z",
  half: "M8 2.200a5.800 5.800 0 100 11.600zM8 2.200a5.800 5.800 0 010 11.600",
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  lock: "M4 7.500h8v6H4zM5.700 7.500V5.300a2.300 2.300 0 014.600 0v2.200",
  check: "M3 8.500l3.300 3.300L13 4.800",
  cross: "M4.200 4.200l7.600 7.600M11.800 4.200l-7.600 7.600",
  talk: "M2.500 3.500h11v7.500H7.500L4.700 13.400V11H2.500z",
  open: "M4 8h.01M8 8h.01M12 8h.01",
  next: "M3 8h9.500M9 4.500L12.500 8 9 11.500",
  search: "M7 2.800a4.200 4.200 0 100 8.400 4.200 4.200 0 000-8.400zM10.200 10.200l3.300 3.300",
  clock: "M8 2.200a5.800 5.800 0 100 11.600A5.800 5.800 0 008 2.200zM8 4.800V8l2.200 1.600",
  file: "M4 2.200h5.500L12 4.700v9.100H4zM9.300 2.200v2.700H12",
  down: "M4 6.200L8 10.200l4-4",
  eye: "M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8zM8 6.300a1.700 1.700 0 100 3.400 1.700 1.700 0 000-3.400z",
};

export function icon(name, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", `icon icon-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A round monogram; the colour follows from the name, so a person looks the same everywhere. */
export function avatar(name, kind = "") {
  const letters = name.replace(/^(Dr|Prof)\.? /, "").split(/\s+/).map((word) => [...word][0] ?? "");
  const node = el("span.avatar", { "aria-hidden": "true" }, [letters[0], letters.length > 1 ? letters.at(-1) : ""].join(""));
  if (kind) node.classList.add(kind);
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 3600;
  node.style.setProperty("--hue", sum % 360);
  return node;
}

let counter = 0;
export const fresh = (prefix) => `${prefix}-${++counter}`;

/** The part of a list that the words typed so far leave: every word must begin some word of the text. */
export function matching(items, typed, text) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((item) => {
    const words = text(item).toLowerCase().split(/[\s·,./()-]+/);
    return wanted.every((want) => words.some((word) => word.startsWith(want)));
  });
}
