// The bar at the top: whose society it is, what time it is there, and how to move that time.

import { el, icon } from "./dom.js";
import { day, hour, longDay, until } from "./time.js";

const THEMES = { "": ["half", "Colours follow your system"], light: ["sun", "Light"], dark: ["moon", "Dark"] };

export class Clock {
  constructor(stage, advance) {
    this.stage = stage;
    this.name = el("span.society");
    this.day = el("span.wide");
    this.shortDay = el("span.short");
    this.hour = el("span.clock-hour");
    const step = (what, title, words, short) =>
      el("button.step", { type: "button", title, "aria-label": words, "data-step": what, onclick: () => advance(what) },
        el("span.wide", {}, words), el("span.short", {}, short));
    this.soon = el("span.soon");
    this.next = step("next", "", "To the next thing that happens", "Next");
    this.next.classList.add("next");
    this.next.append(this.soon, icon("next"));
    this.steps = el("div.steps", { role: "group", "aria-label": "Move the clock" },
      step("day", "Let a day pass", "+1 day", "+1 d"), step("week", "Let a week pass", "+1 week", "+1 wk"), this.next);
    this.theme = el("button.icon-button.theme", { type: "button", onclick: () => this.#turn() });
    this.node = el("header.top", {},
      el("div.brand", {}, el("img", { src: "/static/icon.svg", alt: "", width: 28, height: 28 }),
        el("span.brand-words", {}, el("strong", {}, "Preceptor"), this.name)),
      el("div.clock", {},
        el("div.clock-now", { role: "status", "aria-label": "The society's time" }, icon("clock"),
          el("strong.clock-day", {}, this.day, this.shortDay), this.hour), this.steps),
      el("div.tools", {}, this.theme));
    this.#drawTheme();
  }

  draw() {
    const { society, now, next, zone, moving, movable } = this.stage;
    this.steps.hidden = !movable;
    this.name.textContent = society;
    this.day.textContent = longDay(now, zone);
    this.shortDay.textContent = day(now, zone);
    this.hour.textContent = hour(now, zone);
    this.soon.textContent = next ? `${day(next, zone)}, ${hour(next, zone)}` : "nothing is due";
    this.next.title = next ? `To the next thing that happens: ${until(next, now)}` : "Nothing is due";
    this.node.classList.toggle("moving", moving);
    for (const button of this.steps.children) button.disabled = moving || (button === this.next && !next);
  }

  #turn() {
    const order = Object.keys(THEMES);
    const now = document.documentElement.dataset.theme ?? "";
    const theme = order[(order.indexOf(now) + 1) % order.length];
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("theme", theme);
    this.#drawTheme();
  }

  #drawTheme() {
    const [name, words] = THEMES[document.documentElement.dataset.theme ?? ""] ?? THEMES[""];
    this.theme.replaceChildren(icon(name));
    this.theme.title = words;
    this.theme.setAttribute("aria-label", `Colours: ${words}`);
  }
}
