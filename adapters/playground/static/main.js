// The page: the bar with the clock, up to three people side by side, and the way to choose them.

import { el, icon, avatar } from "./dom.js";
import { Clock } from "./clock.js";
import { Link } from "./link.js";
import { Pane } from "./pane.js";
import { peoplePicker } from "./people.js";

const MOST = 3;
const stage = { society: "", zone: "UTC", commands: [], movable: true, now: null, next: null, people: [], unread: {}, moving: false };
const panes = [];
let active = 0;
let replacing = null;
let picker = null;

const clock = new Clock(stage, (step) => {
  if (stage.moving) return;
  stage.moving = true;
  clock.draw();
  link.say({ do: "advance", step });
});
const news = el("div.news", { "aria-live": "polite", hidden: true });
const switcher = el("nav.switcher", { "aria-label": "People" });
const desk = el("main.desk");
const lost = el("p.lost", { role: "status", hidden: true }, "The playground is not running. Waiting for it to come back…");
document.body.append(clock.node, lost, el("div.strip", {}, switcher, news), desk);

const link = new Link({}, (line) => HEARD[line.is]?.(line), (up) => { lost.hidden = up; });

const HEARD = {
  stage: (line) => Object.assign(stage, { society: line.society, zone: line.zone, commands: line.commands, movable: line.movable }),
  now: (line) => {
    const first = !stage.people.length;
    Object.assign(stage, { now: line.now, next: line.next, people: line.people, unread: line.unread, moving: line.moving });
    clock.draw();
    if (first) follow();
    drawNews();
    if (!panes.length) drawWelcome();
  },
  moving: () => {
    stage.moving = true;
    clock.draw();
  },
  stuck: () => { clock.next.title = "The clock could not be moved: see the terminal."; },
  met: (line) => open(line.address),
};

// ── who is open ──

const addresses = () => panes.map((pane) => pane.who);

function open(address) {
  dialog.close();
  const at = addresses().indexOf(address);
  if (at >= 0) return activate(at);
  const pane = new Pane(address, stage, { close, swap, changed });
  let place = replacing ? panes.indexOf(replacing) : -1;
  if (place < 0 && panes.length === MOST) place = MOST - 1;
  if (place >= 0) {
    panes[place].node.replaceWith(pane.node);
    panes[place].close();
    panes[place] = pane;
  } else {
    if (!panes.length) desk.replaceChildren();
    place = panes.push(pane) - 1;
    desk.append(pane.node);
  }
  replacing = null;
  remember();
  return activate(place);
}

function close(pane) {
  const at = panes.indexOf(pane);
  panes.splice(at, 1);
  pane.close();
  remember();
  activate(Math.min(active, panes.length - 1));
  if (!panes.length) drawWelcome();
}

function swap(pane) {
  replacing = pane;
  choose();
}

function activate(at) {
  active = Math.max(0, at);
  for (const [index, pane] of panes.entries()) pane.node.classList.toggle("active", index === active);
  desk.dataset.panes = panes.length;
  document.body.classList.toggle("peopled", panes.length > 0);
  changed();
  panes[active]?.look();
}

function changed() {
  drawSwitcher();
  drawNews();
}

/** The address of the page says who is open, so that reloading it, or sending it to oneself, brings them back. */
function remember() {
  history.replaceState(null, "", `#${addresses().map((who) => encodeURI(who)).join("&")}`);
}

function follow() {
  const known = new Set(stage.people.map((face) => face.address));
  const wanted = location.hash.slice(1).split("&").map(decodeURI).filter((who) => known.has(who)).slice(0, MOST);
  for (const who of wanted) open(who);
  if (wanted.length) activate(0);
}

// ── drawing ──

function drawSwitcher() {
  switcher.hidden = !panes.length;
  switcher.replaceChildren(
    ...panes.map((pane, index) => el("button.switch", { type: "button", "aria-current": index === active ? "true" : null,
      onclick: () => (index === active ? swap(pane) : activate(index)) },
      avatar(pane.me.name || "?"),
      el("span", { dir: "auto" }, pane.me.name.replace(/^Dr\.? /, "").split(" ")[0]),
      index === active && icon("down"),
      index !== active && pane.unread() && el("span.dot", {}, el("span.unseen", {}, "unread")))),
    ...[panes[active]].filter(Boolean).map((pane) => el("button.icon-button.leave", { type: "button",
      "aria-label": `Close ${pane.me.name}`, onclick: () => close(pane) }, icon("close"))),
    panes.length < MOST
      ? el("button.switch.add", { type: "button", "aria-label": "Open another person", title: "Open another person",
          onclick: () => choose() }, icon("plus"), el("span", {}, "Open another person"))
      : "");
}

/** Who was told something while nobody looked: after the clock moved, this is where to go next. */
function drawNews() {
  const waiting = stage.people.filter((face) => stage.unread[face.address] && !addresses().includes(face.address));
  news.hidden = !waiting.length || !panes.length;
  const shown = waiting.slice(0, 6);
  news.replaceChildren(el("span.news-label", {}, el("span.wide", {}, "Has something new to read"), el("span.short", {}, "New for")),
    ...shown.map((face) =>
      el("button.news-person", { type: "button", title: face.line, onclick: () => open(face.address) },
        avatar(face.name), el("span", { dir: "auto" }, face.name), el("small", {}, String(stage.unread[face.address])))),
    waiting.length > shown.length
      ? el("button.news-more", { type: "button", onclick: () => choose() }, `and ${waiting.length - shown.length} more`)
      : "");
}

function newPicker() {
  picker = peoplePicker(stage, addresses, open, (name) => link.say({ do: "meet", name }));
  return picker;
}

function drawWelcome() {
  // Drawn once: a tick of the clock must not take away what someone is typing.
  if (desk.querySelector(".welcome")) return;
  const one = (role, without) => stage.people.find((face) => face.roles.includes(role) && !face.roles.includes(without));
  const starts = [
    [one("mentee", "officer"), "A mentee", "Find a mentor, and ask well"],
    [one("mentor", "officer"), "A mentor", "Be asked little, and only what fits"],
    [one("officer"), "An officer", "See who needs a hand"],
  ].filter(([face]) => face);
  const list = newPicker();
  desk.dataset.panes = 0;
  desk.replaceChildren(el("section.welcome", {},
    el("div.welcome-words", {},
      el("p.kicker", {}, stage.society),
      el("h1", {}, "Who would you like to be?"),
      stage.movable
        ? el("p.lead", {}, "A whole society lives on this page, with a clock you can move. ",
          "Be one of its members, or open two side by side: ask as one, answer as the other, and let a week go by.")
        : el("p.lead", {}, "Your own society, on this computer until you connect Discord or Slack. Come in by your name; ",
          "to be its president, run “preceptor claim” and give me the code it prints, with /claim."),
      el("div.starts", {}, starts.map(([face, title, words]) =>
        el("button.start", { type: "button", onclick: () => open(face.address) },
          avatar(face.name),
          el("span.start-words", {},
            el("small", {}, title), el("strong", { dir: "auto" }, face.name), el("span", {}, words)),
          icon("next")))),
      el("p.fine", {}, stage.movable ? "Nothing leaves this computer, and nobody here is real." : "Nothing leaves this computer.")),
    list.node));
}

const dialog = el("dialog.chooser", { "aria-label": "Who would you like to be?" });
dialog.addEventListener("close", () => (replacing = null));
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
document.body.append(dialog);

function choose() {
  const list = newPicker();
  dialog.replaceChildren(
    el("header", {}, el("h2", {}, replacing ? "Be someone else" : "Open another person"),
      el("button.icon-button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    list.node);
  dialog.showModal();
  list.focus();
}

document.addEventListener("visibilitychange", () => panes.forEach((pane) => pane.look()));
