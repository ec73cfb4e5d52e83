// Choosing who to be.

import { el, icon, avatar, matching, fresh } from "./dom.js";

const GROUPS = [
  ["Officers", (face) => face.roles.includes("officer")],
  ["Mentors", (face) => face.roles.includes("mentor") && !face.roles.includes("officer")],
  ["Mentees", (face) => face.roles.includes("mentee") && !face.roles.includes("mentor") && !face.roles.includes("officer")],
  ["New here", (face) => !face.roles.some((role) => ["officer", "mentor", "mentee"].includes(role))],
];

/** A searchable list of everyone; `choose(address)` and `meet(name)` are called with the choice. */
export function peoplePicker(stage, taken, choose, meet) {
  const search = el("input", { type: "search", placeholder: "Search by name, role or specialty", autocomplete: "off",
    "aria-label": "Search people" });
  const list = el("div.people-list");
  const name = el("input", { type: "text", placeholder: "Someone new: your name", maxLength: 60, autocomplete: "off", dir: "auto",
    "aria-label": "Name of someone new" });
  const newcomer = el("form.newcomer", {}, el("span.avatar.new", { "aria-hidden": "true" }, icon("plus")),
    el("span.newcomer-words", {}, el("strong", {}, "Someone new"), name),
    el("button.button.plain", { type: "submit" }, el("span", {}, "Come in")));
  newcomer.addEventListener("submit", (event) => {
    event.preventDefault();
    if (name.value.trim()) meet(name.value.trim());
    else name.focus();
  });
  const draw = () => {
    const found = matching(stage.people, search.value, (face) => `${face.name} ${face.line} ${face.roles.join(" ")}`);
    const groups = GROUPS.map(([title, belongs]) => [title, found.filter(belongs)]).filter(([, faces]) => faces.length);
    list.replaceChildren(...groups.map(([title, faces]) => {
      const id = fresh("group");
      return el("section", { "aria-labelledby": id }, el("h3", { id }, title, el("small", {}, String(faces.length))),
        el("ul", {}, faces.map((face) => el("li", {}, personButton(face, stage, taken, choose)))));
    }));
    const nobody = search.value ? "Nobody of that name. You can come in as someone new." : "Nobody is here yet. Come in as someone new.";
    if (!groups.length) list.append(el("p.nobody", {}, nobody));
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button:not(:disabled)")?.click();
  });
  draw();
  const node = el("div.people", {}, el("div.search", {}, icon("search"), search), list, newcomer);
  return { node, draw, focus: () => search.focus() };
}

function personButton(face, stage, taken, choose) {
  const open = taken().includes(face.address);
  return el("button.person", { type: "button", disabled: open, "data-person": face.address, onclick: () => choose(face.address) },
    avatar(face.name),
    el("span.person-words", {}, el("strong", { dir: "auto" }, face.name), el("small", { dir: "auto" }, face.line)),
    open ? el("span.tag", {}, "open") : stage.unread[face.address] && el("span.dot", {}, el("span.unseen", {}, "has unread messages")));
}
