// Pairs and people, as tables that fold into cards on a phone.

import { el, icon, fresh, matching } from "./dom.js";
import { day } from "./time.js";

const DAY = 86_400_000;

/** "today", "6 days ago": how long something is past. */
function ago(moment, now) {
  const days = Math.floor((new Date(now) - new Date(moment)) / DAY);
  return days < 1 ? "today" : days === 1 ? "yesterday" : `${days} days ago`;
}

const STANDING = {
  red: ["Quiet", "cross"],
  amber: ["Slipping", "clock"],
  green: ["On track", "check"],
  resting: ["Resting", "moon"],
};

function standing(slug) {
  const [words, mark] = STANDING[slug];
  return el("span.standing", { "data-standing": slug }, icon(mark), words);
}

export function pairs(desk) {
  const order = Object.keys(STANDING);
  const rows = [...desk.pairs].sort((one, other) => order.indexOf(one.standing) - order.indexOf(other.standing)
    || (one.last ?? one.since).localeCompare(other.last ?? other.since));
  return table({
    name: "pairs", rows, text: (row) => `${row.mentee} ${row.mentor}`, empty: "No pairs yet.",
    views: [["All", () => true], ...order.map((slug) => [STANDING[slug][0], (row) => row.standing === slug])],
    columns: [
      ["Mentee", (row) => name(row.mentee)],
      ["Mentor", (row) => name(row.mentor)],
      ["Stands", (row) => standing(row.standing)],
      ["In touch", (row) => (row.last ? ago(row.last, desk.now) : `not yet; paired ${ago(row.since, desk.now)}`)],
      ["Who waits", (row) => (!row.waits ? el("span.none", {}, "nobody")
        : el(row.late ? "strong.late" : "span", {}, `the ${row.waits}, since ${day(row.waits_since, desk.zone)}`))],
    ],
  });
}

export function people(desk) {
  const mentors = (row) => row.roles.includes("mentor");
  return table({
    name: "people", rows: desk.people, text: (row) => `${row.name} ${row.line}`, empty: "Nobody has joined yet.",
    views: [
      ["All", () => true],
      ["Looking", (row) => row.looks],
      ["Places free", (row) => mentors(row) && !row.open && row.load < row.capacity],
      ["Mentors", mentors],
      ["Mentees", (row) => row.roles.includes("mentee")],
      ["Unfinished", (row) => row.open],
    ],
    columns: [
      ["Name", (row) => name(row.name)],
      ["Who", (row) => el("span", { dir: "auto" }, row.line || "has said nothing yet")],
      ["Roles", (row) => row.roles.map((role) => el("span.tag", {}, role))],
      ["Mentees", (row) => (mentors(row) ? `${row.load} of ${row.capacity}` : el("span.none", {}, "–"))],
      ["Now", (row) => (row.away_until ? `away until ${day(`${row.away_until}T12:00:00Z`, "UTC")}`
        : row.open ? "not finished or approved" : row.looks ? el("strong.late", {}, "looks for a mentor")
          : el("span.none", {}, "–"))],
    ],
  });
}

const name = (words) => el("strong", { dir: "auto" }, words);

/** `views`: [label, which rows]; `columns`: [heading, what stands in a row's cell]. */
function table({ name: slug, rows, text, views, columns, empty }) {
  const id = fresh(slug);
  const body = el("tbody");
  const none = el("p.nobody", { role: "status", hidden: true }, rows.length ? "None of these." : empty);
  const search = el("input", { id, type: "search", placeholder: "Search by name", autocomplete: "off", dir: "auto" });
  let [, shown] = views[0];
  const draw = () => {
    const found = matching(rows.filter(shown), search.value, text);
    body.replaceChildren(...found.map((row) => el("tr", {}, columns.map(([heading, cell], index) =>
      el(index ? "td" : "th", { scope: index ? null : "row", "data-column": heading }, cell(row))))));
    none.hidden = found.length > 0;
  };
  const chips = views.map(([label, wanted], index) => el("button.view", { type: "button", "aria-pressed": String(!index),
    onclick: (event) => {
      shown = wanted;
      for (const chip of chips) chip.setAttribute("aria-pressed", String(chip === event.currentTarget));
      draw();
    } }, label, " ", el("small", {}, String(rows.filter(wanted).length))));
  search.addEventListener("input", draw);
  draw();
  return el("div.register", {},
    el("div.register-head", {},
      el("div.views", { role: "group", "aria-label": `Which ${slug}` }, chips),
      el("div.search", {}, icon("search"), el("label.unseen", { htmlFor: id }, `Search ${slug} by name`), search)),
    el("table", {}, el("thead", {}, el("tr", {}, columns.map(([heading]) => el("th", { scope: "col" }, heading)))), body),
    none);
}
