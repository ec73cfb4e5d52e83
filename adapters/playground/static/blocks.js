// One drawing for each part of a message. `pane` offers: me, press(button, action, values), use(command name), and
// copies, whether what is quoted is there to be taken along.

import { el, icon, fresh } from "./dom.js";
import { when } from "./time.js";

export const token = (action) => [action.name, ...action.args].join(":");

export function drawMessage(message, pane) {
  return message.blocks.map((block) => DRAW[block.kind](block, pane));
}

function drawText(text, pane) {
  return text.map((span) => (typeof span === "string" ? el("span", { dir: "auto" }, span) : SPAN[span.kind](span, pane)));
}

const SPAN = {
  bold: (span) => el("strong", { dir: "auto" }, span.text),
  mention: (span, pane) =>
    el(span.person === pane.me.id ? "span.mention.me" : "span.mention", { dir: "auto" }, span.name),
  when: (span, pane) =>
    el("time", { dateTime: span.moment, title: `${when(span.moment, "moment", pane.me.zone)} · ${pane.me.zone}` },
      when(span.moment, span.style, pane.me.zone)),
  slash: (span, pane) =>
    el("button.slash", { type: "button", title: "Put this command into the line below", onclick: () => pane.use(span.name) },
      `/${span.name}`),
  link: (span) =>
    /^(https?:|mailto:)/.test(span.url)
      ? el("a", { href: span.url, target: "_blank", rel: "noopener noreferrer" }, span.text)
      : el("span", {}, span.text),
};

function drawButton(button, pane) {
  const node = el(`button.button.${button.style}`, { type: "button" }, el("span", {}, button.label));
  node.addEventListener("click", () => pane.press(node, button.action, []));
  return node;
}

function drawCopy(words) {
  const said = el("span", {}, "Copy");
  return el("button.button.plain.copy", { type: "button", onclick: async () => {
    try {
      await navigator.clipboard.writeText(words);
      said.textContent = "Copied";
    } catch {
      said.textContent = "Mark it, and copy it by hand";
    }
  } }, said);
}

const VERDICT = {
  match: ["check", "Matches"],
  talk: ["talk", "Talk about it"],
  conflict: ["cross", "Conflict"],
  open: ["open", "Still open"],
};

/** What stands in a message as base64, as something the page can show or save. */
function contents(file) {
  const bytes = Uint8Array.from(atob(file.data.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const picture = file.name.endsWith(".png");
  return URL.createObjectURL(new Blob([bytes], { type: picture ? "image/png" : "application/octet-stream" }));
}

const DRAW = {
  title: (block) => el("h3.title", { dir: "auto" }, block.text),
  line: (block, pane) => el(block.quiet ? "p.quiet" : "p", {}, drawText(block.text, pane)),
  bullets: (block, pane) => el("ul", {}, block.items.map((item) => el("li", {}, drawText(item, pane)))),
  quote: (block, pane) => {
    const words = el("blockquote", { dir: "auto" }, block.words);
    // Only where the page came by a safe way does a browser let it write to the clipboard.
    return pane.copies && navigator.clipboard ? el("div.quoted", {}, words, drawCopy(block.words)) : words;
  },
  divider: () => el("hr"),

  file: (block) => {
    const href = contents(block);
    return block.name.endsWith(".png")
      ? el("img.picture", { src: href, alt: block.alt })
      : el("a.file", { href, download: block.name }, icon("file"), el("span", {}, block.name), el("small", {}, block.alt));
  },
  buttons: (block, pane) => el("div.row", {}, block.buttons.map((button) => drawButton(button, pane))),

  card: (block, pane) =>
    el("section.card", {},
      el("div.card-words", {},
        el("h4", { dir: "auto" }, block.title),
        block.lines.map((line) => el("p", {}, drawText(line, pane)))),
      block.button && drawButton(block.button, pane)),

  menu: (block, pane) => {
    const id = fresh("menu");
    const select = el("select", { id },
      el("option", { value: "", disabled: true, selected: true }, block.prompt),
      block.options.map((option) =>
        el("option", { value: option.value }, option.hint ? `${option.label} · ${option.hint}` : option.label)));
    select.addEventListener("change", () => pane.press(select, block.action, [select.value]));
    return el("div.menu", {}, el("label.unseen", { htmlFor: id }, block.prompt), select, icon("down"));
  },

  columns: (block) => {
    const rows = block.rows.map((row) => {
      const [mark, words] = VERDICT[row.verdict];
      const cell = (name, value) => el("td", { "data-column": name, dir: "auto" }, value || "–");
      return el("tr", { "data-verdict": row.verdict },
        el("th", { scope: "row" },
          el("span.topic", { dir: "auto" }, row.topic),
          el("span.verdict", {}, icon(mark), words)),
        cell(block.theirs, row.theirs), cell(block.mine, row.mine), cell(block.agreed, row.agreed));
    });
    return el("div.columns", {},
      el("table", {},
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, el("span.unseen", {}, "Topic")),
          [block.theirs, block.mine, block.agreed].map((head) => el("th", { scope: "col", dir: "auto" }, head)))),
        el("tbody", {}, rows)));
  },
};
