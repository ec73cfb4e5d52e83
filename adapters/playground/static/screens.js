// Every screen that members can see, with sample data, to be read as a set.

import { el } from "./dom.js";
import { drawMessage } from "./blocks.js";
import { showForm } from "./form.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const nobody = { me: { id: null, name: "", zone }, press: () => {}, use: () => {} };

const screens = await (await fetch("/screens.json")).json();
const features = Map.groupBy(screens, (screen) => screen.feature);

document.body.append(
  el("nav.contents", { "aria-label": "Features" },
    el("h1", {}, `${screens.length} screens`),
    [...features.keys()].map((feature) => el("a", { href: `#${feature}` }, feature, " ", el("small", {}, features.get(feature).length)))),
  el("main.gallery", {}, [...features].map(([feature, shown]) =>
    el("section", { id: feature, "aria-label": feature }, el("h2", {}, feature), el("div.sheets", {}, shown.map(draw))))),
);

function draw(screen) {
  const body = screen.message ? el("div.letter-body", {}, drawMessage(screen.message, nobody)) : drawForm(screen.form);
  return el("article.shown", {}, el("h3", {}, screen.screen), el("div.letter", {}, body));
}

/** A form as a list of what it asks, and behind a button as it is filled in. */
function drawForm(form) {
  const host = el("div.form-host");
  const open = el("button.button.plain", { type: "button",
    onclick: () => { host.hidden = false; showForm(form, host, () => {}, () => { host.hidden = true; }); } }, el("span", {}, "Fill it in"));
  host.hidden = true;
  return el("div.letter-body", {}, el("strong", {}, form.title),
    el("ul", {}, form.fields.map((field) => el("li", {}, field.label, field.hint && el("small", {}, ` ${field.hint}`)))),
    el("div.row", {}, open), host);
}
