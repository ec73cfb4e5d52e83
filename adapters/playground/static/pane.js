// One person's chat client: their conversations, what was said in one of them, and the line to answer on.

import { el, icon, avatar } from "./dom.js";
import { hour, longDay } from "./time.js";
import { Link } from "./link.js";
import { Composer } from "./composer.js";
import { drawMessage, token } from "./blocks.js";
import { showForm } from "./form.js";

/** What one begins with, where nothing has been said yet. */
const FIRST = ["home", "sign-up", "find-mentor", "my-pairs", "queue", "board"];

export class Pane {
  /** `stage` is what everyone shares (now, people, commands); `acts` offers close(pane), swap(pane), changed(). */
  constructor(who, stage, acts) {
    this.who = who;
    this.stage = stage;
    this.acts = acts;
    this.me = stage.people.find((face) => face.address === who)
      ?? { id: null, name: "", roles: [], line: "", zone: stage.zone };
    this.places = new Map();
    this.current = who;
    this.pending = new Map();
    this.closeForm = null;

    this.head = el("header.pane-head");
    this.tabs = el("nav.places", { "aria-label": "Conversations" });
    this.about = el("p.about");
    this.items = el("div.items", { role: "log", "aria-live": "polite", "aria-relevant": "additions" });
    this.scroller = el("div.scroller", { tabIndex: -1 }, this.items);
    this.composer = new Composer(this);
    this.lost = el("p.lost", { role: "status", hidden: true }, "The connection is gone. Trying again…");
    this.talk = el("div.talk", {}, this.about, this.scroller, this.lost, this.composer.node);
    this.node = el("section.pane", { "aria-label": this.me.name }, this.head, el("div.pane-body", {}, this.tabs, this.talk));
    this.#drawHead();
    this.link = new Link({ who }, (line) => this.#hear(line), (up) => { this.lost.hidden = up; });
  }

  close() {
    this.link.close();
    this.node.remove();
  }

  unread() {
    return [...this.places.values()].some((place) => this.#unread(place));
  }

  /** What was said is seen once it is on screen. */
  look() {
    const place = this.places.get(this.current);
    if (!place || document.hidden || !this.node.offsetParent) return;
    const last = [...place.items.keys()].at(-1) ?? 0;
    if (last <= place.read) return;
    place.read = last;
    this.link.say({ do: "saw", place: place.address, item: last });
    this.#drawTabs();
  }

  // ── what the composer asks ──

  commands() {
    const officer = this.me.roles.includes("officer");
    return this.stage.commands.filter((command) => officer || command.need === "member");
  }

  people() {
    return this.stage.people;
  }

  today() {
    return new Intl.DateTimeFormat("en-CA", { timeZone: this.me.zone }).format(new Date(this.stage.now));
  }

  speak(words) {
    if (this.current === this.who) return "Type / to see what I can do.";
    this.link.say({ do: "speak", call: crypto.randomUUID(), place: this.current, text: words });
    this.stick = true;
    return "";
  }

  call(name, args) {
    this.stick = true;
    this.#ask({ do: "call", name, args }, this.current);
  }

  /** What a parameter of this kind could hold, from what was typed so far: calls back with the options. */
  guess(kind, text, found) {
    const call = crypto.randomUUID();
    this.guesses = { call, found };
    this.link.say({ do: "guess", call, kind, text });
  }

  use(name) {
    this.composer.begin(name);
  }

  press(control, action, values) {
    const article = control.closest("[data-item]");
    if (control.classList.contains("busy")) return;
    const held = [...article.querySelectorAll("button:not(.slash), select")].filter((node) => !node.disabled);
    for (const node of held) node.disabled = true;
    control.classList.add("busy");
    const free = () => {
      for (const node of held) node.disabled = false;
      control.classList.remove("busy");
      if (control.tagName === "SELECT") control.value = "";
      if (document.activeElement === document.body && control.isConnected) control.focus({ preventScroll: true });
    };
    this.#ask({ do: "press", token: token(action), item: Number(article.dataset.item), values }, this.current, free);
  }

  #ask(what, place, free = () => {}) {
    const call = crypto.randomUUID();
    this.pending.set(call, free);
    this.link.say({ call, place, ...what });
  }

  // ── what the server says ──

  #hear(line) {
    switch (line.is) {
      case "pane":
        return this.#begin(line);
      case "place":
        return this.#addPlace(line.place);
      case "item":
        return this.#item(line.item);
      case "thinking":
        return this.#think(line.call);
      case "form":
        return this.#form(line);
      case "guesses":
        return this.guesses?.call === line.call ? this.guesses.found(line.options) : undefined;
      case "done":
      case "failed":
        this.pending.get(line.call)?.();
        this.pending.delete(line.call);
        this.items.querySelector(`[data-call="${CSS.escape(line.call)}"]`)?.remove();
        if (line.is === "failed") this.#whisper("That did not work, and it is our fault. Please try once more.");
        return undefined;
      default:
        return undefined;
    }
  }

  #begin({ me, places }) {
    this.me = me;
    this.node.setAttribute("aria-label", me.name);
    this.places.clear();
    for (const place of places) this.#keepPlace(place);
    // What was asked over a connection that is gone has been answered in what was just told, or is lost.
    for (const free of this.pending.values()) free();
    this.pending.clear();
    this.#drawHead();
    this.show(this.places.has(this.current) ? this.current : this.who);
  }

  #keepPlace(place) {
    this.places.set(place.address, { ...place, items: new Map(place.items.map((item) => [item.id, item])) });
  }

  #addPlace(place) {
    this.#keepPlace(place);
    this.#drawTabs();
  }

  #item(item) {
    const place = this.places.get(item.place);
    if (!place) return;
    const known = place.items.has(item.id);
    place.items.set(item.id, item);
    if (item.place === this.current) {
      const atEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 120;
      if (known) {
        const old = this.items.querySelector(`[data-item="${item.id}"]`);
        const held = old?.contains(document.activeElement) || document.activeElement === document.body;
        const drawn = this.#draw(item);
        old?.replaceWith(drawn);
        if (held) drawn.focus({ preventScroll: true });
      } else {
        this.items.querySelector(".empty")?.remove();
        const before = [...place.items.values()].at(-2);
        this.items.append(...this.#withDay(item, before));
      }
      if (this.stick || atEnd) this.#toEnd(known ? null : this.items.lastElementChild);
      this.look();
    }
    this.#drawTabs();
  }

  #think(call) {
    this.items.append(el("p.thinking", { "data-call": call }, "Preceptor is thinking", el("i"), el("i"), el("i")));
    this.#toEnd();
  }

  #form({ form, item, place }) {
    const action = token(form.action);
    this.closeForm?.();
    this.closeForm = showForm(form, this.node,
      (filled, files) => this.#ask({ do: "send", token: action, filled, files, item }, place),
      () => { this.closeForm = null; });
  }

  #whisper(words) {
    this.composer.hint.textContent = words;
    this.composer.hint.classList.remove("calm");
  }

  // ── drawing ──

  show(address) {
    this.current = address;
    const place = this.places.get(address);
    const items = [...place.items.values()];
    this.items.setAttribute("aria-live", "off");
    this.items.replaceChildren(...items.flatMap((item, index) => this.#withDay(item, items[index - 1])));
    if (!items.length) this.items.append(this.#empty(place));
    this.items.setAttribute("aria-live", "polite");
    this.about.replaceChildren(...this.#aboutWords(place));
    this.composer.placeholder(place.kind === "bot" ? "Type / for what Preceptor can do" : "Write here, or / for commands");
    this.#drawTabs();
    this.#toEnd();
    this.look();
  }

  #aboutWords(place) {
    if (place.kind === "bot") return [icon("lock"), "Between you and Preceptor"];
    if (place.kind === "channel") return [icon("eye"), "Everyone with the officer role reads this"];
    const others = place.members.filter((name) => name !== this.me.name);
    return [icon("lock"), el("span", { dir: "auto" }, `You, ${[...others, "Preceptor"].join(" and ")}`)];
  }

  #drawHead() {
    this.head.replaceChildren(
      el("button.me", { type: "button", title: "Be someone else here", onclick: () => this.acts.swap(this) },
        avatar(this.me.name || "?"),
        el("span.me-words", {}, el("strong", { dir: "auto" }, this.me.name, icon("down")),
          el("small", { dir: "auto" }, this.me.line || "New here"))),
      el("button.icon-button", { type: "button", "aria-label": `Close ${this.me.name}`, title: "Close",
        onclick: () => this.acts.close(this) }, icon("close")));
  }

  #unread(place) {
    return [...place.items.values()].some((item) => item.id > place.read && item.by !== this.who);
  }

  #drawTabs() {
    const focused = this.tabs.contains(document.activeElement) && document.activeElement.dataset.place;
    this.tabs.replaceChildren(...[...this.places.values()].map((place) => {
      const unread = this.#unread(place);
      const words = [...place.items.values()].at(-1);
      return el("button.place", { type: "button", "data-place": place.address,
        "aria-current": place.address === this.current ? "true" : null, onclick: () => this.show(place.address) },
        place.kind === "bot" ? el("span.avatar.bot", { "aria-hidden": "true" }, "P")
          : place.kind === "channel" ? el("span.avatar.channel", { "aria-hidden": "true" }, "#") : avatar(place.title, "room"),
        el("span.place-words", {}, el("strong", { dir: "auto" }, place.title),
          el("small", {}, words ? hour(words.at, this.me.zone) : "nothing yet")),
        unread && el("span.dot", {}, el("span.unseen", {}, "unread")));
    }));
    this.tabs.classList.toggle("single", this.places.size < 2);
    if (focused) this.tabs.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
    this.acts.changed();
  }

  #withDay(item, before) {
    const today = longDay(item.at, this.me.zone);
    if (before && longDay(before.at, this.me.zone) === today) return [this.#draw(item, before)];
    return [el("p.day", {}, el("span", {}, today)), this.#draw(item)];
  }

  #draw(item, before) {
    const time = el("time", { dateTime: item.at }, hour(item.at, this.me.zone));
    const only = item.only && item.place !== this.who && el("span.only", {}, icon("eye"), "Only you can see this");
    if (item.message) {
      return el("article.letter", { "data-item": item.id, tabIndex: -1 },
        el("header", {}, el("span.avatar.bot", { "aria-hidden": "true" }, "P"), el("strong", {}, "Preceptor"), time, only),
        el("div.letter-body", {}, drawMessage(item.message, this)));
    }
    if (item.asked) {
      return el("p.asked", { "data-item": item.id }, only, el("span", { dir: "auto" }, item.words), time);
    }
    const mine = item.by === this.who;
    const more = before && !before.message && !before.asked && before.by === item.by;
    return el(`div.said${mine ? ".mine" : ""}${more ? ".more" : ""}`, { "data-item": item.id },
      !mine && avatar(item.name),
      el("div.said-words", {},
        el("header", {}, el("strong", { dir: "auto" }, mine ? "You" : item.name), time),
        el("p", { dir: "auto" }, item.words)));
  }

  #empty(place) {
    const commands = this.commands();
    const known = FIRST.flatMap((name) => commands.find((command) => command.name === name) ?? []);
    const names = known.length ? known : commands.slice(0, FIRST.length);
    return el("div.empty", {},
      el("h3", {}, place.kind === "bot" ? "Nothing said yet" : `This is ${place.title}`),
      el("p", {}, place.kind === "bot"
        ? "Preceptor writes here when there is something to say. To begin yourself, choose a command or type / below."
        : "What is said here will stay here."),
      place.kind === "bot" && el("ul", {}, names.map((command) => el("li", {},
        el("button.slash", { type: "button", onclick: () => this.use(command.name) }, `/${command.name}`),
        el("span", {}, command.help)))));
  }

  #toEnd(node) {
    this.stick = false;
    // A message longer than the screen is read from its beginning.
    if (node && node.offsetHeight > this.scroller.clientHeight - 40) node.scrollIntoView({ block: "start" });
    else this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
