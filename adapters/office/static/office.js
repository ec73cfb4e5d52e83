// The officers' page: the door, and behind it what lies on the desk.

import { el, icon, avatar } from "./dom.js";
import * as door from "./door.js";
import { cohort } from "./cohort.js";
import { Letters } from "./letters.js";
import { pairs, people } from "./tables.js";

const ROOMS = [
  // `reads`: what lies on the desk is looked at anew for it.
  { slug: "today", title: "Today", reads: true, draw: drawToday },
  { slug: "pairs", title: "Pairs", reads: true, draw: (desk) => pairs(desk) },
  { slug: "people", title: "People", reads: true, draw: (desk) => people(desk) },
  { slug: "cohort", title: "Cohort", command: "match-cohort", draw: (desk) => cohort(desk, page) },
  { slug: "import", title: "Import", command: "import", draw: drawImport },
  { slug: "board", title: "Board", command: "board", draw: drawBoard },
  { slug: "more", title: "More", draw: drawMore },
];

/** Milliseconds between two looks at the board, and how often one is taken while nobody comes back to it. */
const RENEWED = 5 * 60_000, LOOKS = 12;
const SILENT = "Preceptor does not answer just now. Try again in a moment.";

const main = el("main.room", { id: "room", tabIndex: -1 });
const tabs = el("nav.rooms", { "aria-label": "Rooms" });
const tiles = el("dl.tiles");
let desk = null;
let rooms = [];

function arrive() {
  const given = decodeURIComponent(location.hash.slice(1));
  if (given.length < 16) return begin();
  // A code that was read is nobody else's: it must not stand in the address, nor in the history.
  history.replaceState(null, "", "/");
  return drawDoor(given);
}

// ── the door ──

async function begin() {
  try {
    desk = await door.desk();
  } catch (error) {
    return drawDoor("", error instanceof door.Outside ? "" : SILENT);
  }
  rooms = ROOMS.filter((room) => !room.command || desk.commands.some((each) => each.name === room.command));
  drawHouse();
  show(here());
}

function drawDoor(code, trouble = "") {
  desk = null;
  const said = el("p.error", { role: "alert" }, trouble);
  const come = el("button.button.primary", { type: "button", onclick: async () => {
    come.disabled = true;
    try {
      await door.enter(code);
      await begin();
    } catch (error) {
      drawDoor("", error instanceof door.Outside
        ? "That link has been used, or its ten minutes are over. Ask for another."
        : error instanceof door.Later ? "Too many links that were none. Wait a minute, then ask for another." : SILENT);
    }
  } }, el("span", {}, "Come in"));
  document.body.replaceChildren(el("main.door", {},
    el("span.avatar.bot", { "aria-hidden": "true" }, "P"),
    el("p.kicker", {}, "Preceptor"),
    el("h1", {}, "The officers' page"),
    said,
    code ? el("p.lead", {}, "You came by a link that lets one officer in, once.")
      : el("p.lead", {}, "The way in is a link from Preceptor itself. Write ", el("span.slash", {}, "/office"),
          " in your chat: you get one that works once, for ten minutes."),
    code && come,
    el("p.fine", {}, "You stay signed in on this device for a working day. Signing out ends it at once.")));
  (code ? come : said).focus();
}

// ── the house ──

const page = {
  get zone() { return desk.zone; },
  go(command) {
    const room = rooms.find((each) => each.command === command || (command === "queue" && each.slug === "today"));
    if (room) location.hash = room.slug;
    return Boolean(room);
  },
  asks: (name) => desk.commands.some((each) => each.name === name),
  outside: () => drawDoor("", "You are signed out. Ask for another link."),
};

const here = () => rooms.find((room) => room.slug === location.hash.slice(1)) ?? rooms[0];

addEventListener("hashchange", () => (desk && location.hash.length < 16 ? show(here()) : arrive()));

function drawHouse() {
  document.body.replaceChildren(
    el("a.skip", { href: "#room", onclick: (event) => (event.preventDefault(), main.focus()) }, "To the contents"),
    el("header.top", {},
      el("div.brand", {}, el("span.avatar.bot", { "aria-hidden": "true" }, "P"),
        el("div.brand-words", {}, el("strong", {}, "Preceptor"), el("span.society", { dir: "auto" }, desk.society))),
      tabs,
      el("div.tools", {},
        el("span.officer", {}, avatar(desk.officer), el("span", { dir: "auto" }, desk.officer)),
        el("button.button.plain.out", { type: "button", onclick: async () => {
          await door.leave().catch(() => {});
          drawDoor("", "You are signed out.");
        } }, el("span", {}, "Sign out")))),
    main);
}

async function show(room) {
  document.title = `${room.title} · Preceptor · officers`;
  tabs.replaceChildren(...rooms.map((each) => el("a.tab", { href: `#${each.slug}`,
    "aria-current": each === room ? "page" : null }, each.title)));
  tabs.querySelector("[aria-current]").scrollIntoView({ inline: "nearest", block: "nearest" });
  try {
    if (room.reads) desk = await door.desk();
  } catch (error) {
    return error instanceof door.Outside ? page.outside() : undefined;
  }
  // Who was quick may be in another room by now.
  if (room === here()) main.replaceChildren(el("h1", {}, room.title), room.draw(desk));
  return undefined;
}

function drawToday() {
  const letters = new Letters(page, { changed: async () => {
    desk = await door.desk();
    drawTiles();
  } });
  letters.open({ do: "call", name: "queue" });
  drawTiles();
  return el("div.today", {}, tiles, letters.node);
}

function drawTiles() {
  const count = (rows, wanted) => rows.filter(wanted).length;
  const mentors = desk.people.filter((row) => row.roles.includes("mentor") && !row.open);
  const shown = [
    ["Waiting for an officer", desk.queue, "today"],
    ["Pairs", desk.pairs.length, "pairs"],
    ["Quiet or slipping", count(desk.pairs, (row) => ["red", "amber"].includes(row.standing)), "pairs"],
    ["Looking for a mentor", count(desk.people, (row) => row.looks), "people"],
    ["Places free", mentors.reduce((sum, row) => sum + Math.max(0, row.capacity - row.load), 0), "people"],
  ];
  tiles.replaceChildren(...shown.map(([words, number, slug]) =>
    el("div", {}, el("dt", {}, el("a", { href: `#${slug}` }, words)), el("dd", {}, String(number)))));
}

function drawImport() {
  const letters = new Letters(page, { fill: "Choose a sheet" });
  letters.open({ do: "call", name: "import" });
  return el("div.import", {},
    el("p.lead", {}, "The answers to your sign-up form, as a file: officers first, then mentors, then mentees, so that "
      + "everyone who is named is known. What would change is said before anything does."),
    letters.node);
}

/** The term in pictures, drawn anew now and then for as long as somebody looks. */
function drawBoard() {
  const term = { do: "call", name: "board" }, mentors = { do: "press", token: "board.mentors" };
  const places = new Letters(page);
  const pictures = new Letters(page, { leaves: ({ name }) => {
    if (name === "queue.open") return page.go("queue");
    if (name === "board.mentors") places.node.scrollIntoView({ block: "nearest" });
    return name === "board.mentors";
  } });
  let looked = Date.now(), left = LOOKS;
  const look = async () => {
    looked = Date.now();
    await pictures.renew(term);
    await places.renew(mentors);
  };
  const node = el("div.board", {}, pictures.node, places.node);
  const timer = setInterval(() => {
    if (!node.isConnected) return clearInterval(timer);
    return !document.hidden && left-- > 0 && look();
  }, RENEWED);
  document.addEventListener("visibilitychange", function back() {
    if (!node.isConnected) return document.removeEventListener("visibilitychange", back);
    left = LOOKS;
    return !document.hidden && Date.now() - looked > RENEWED && look();
  });
  pictures.open(term).then(() => places.open(mentors));
  return node;
}

/** The officers' commands that have no room of their own. */
function drawMore() {
  const letters = new Letters(page);
  const roomed = rooms.map((room) => room.command);
  const others = desk.commands.filter((each) => each.alone && !["office", "queue", ...roomed].includes(each.name));
  return el("div.more", {},
    el("ul.asks", {}, others.map((each) => el("li", {},
      el("button.ask", { type: "button", onclick: () => letters.open({ do: "call", name: each.name }) },
        el("span.slash", {}, `/${each.name}`), el("span", {}, each.help), icon("next"))))),
    letters.node);
}

await arrive();
