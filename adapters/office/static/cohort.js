// The pairs proposed for a cohort, as lanes of mentors: a mentee is dragged from one to another, or taken up by a tap or
// a key and then put down with a mentor, in their lane or from a list.
// Nothing is decided here: what a change would cost the others is Preceptor's to say, before anything is changed.

import { el, icon, fresh, matching } from "./dom.js";
import { ask, round as ask_for_round, Outside } from "./door.js";
import { Letters } from "./letters.js";

export function cohort(desk, page) {
  const review = new Review(desk, page);
  review.reload();
  return el("div", {}, review.node, review.dialog);
}

class Review {
  constructor(desk, page) {
    this.node = el("div.cohort");
    this.acts = desk.acts;
    this.page = page;
    this.round = null;
    this.held = null;
    const id = fresh("seek");
    this.sought = el("input", { id, type: "search", placeholder: "Find someone", "data-keep": "seek", autocomplete: "off", dir: "auto" });
    this.sought.addEventListener("input", () => this.#seek());
    this.search = el("div.search", {}, icon("search"), el("label.unseen", { htmlFor: id }, "Find someone in this round"), this.sought);
    this.bar = el("div.carry", { role: "group", hidden: true });
    this.node.addEventListener("keydown", (event) => event.key === "Escape" && this.#hold(null));
    this.note = el("p.quiet.late", { role: "status" });
    this.letters = new Letters(page, { changed: () => this.reload(), leaves: (action) => this.#leaves(action) });
    this.dialog = el("dialog.chooser.asking", { "aria-label": "What that would change" },
      el("header", {}, el("h2", {}, "In this round"),
        el("button.icon-button", { type: "button", "aria-label": "Close", onclick: () => this.dialog.close() }, icon("close"))),
      this.letters.node);
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  /** The round as it is now; once somebody has changed it, what was asked about it is over. */
  async reload() {
    const before = this.round;
    try {
      this.round = await ask_for_round();
    } catch (error) {
      if (error instanceof Outside) return this.page.outside();
      this.node.replaceChildren(el("p.late", { role: "alert" }, "The round can't be shown just now. Open this page again in a moment."));
      return undefined;
    }
    if (this.round && before && this.round.version !== before.version) this.dialog.close();
    this.#draw();
    return undefined;
  }

  // ── what is asked ──

  /** Press something of this round. What only changes it is seen in the lanes; anything else is shown. */
  async #press(name, args, values = [], quiet = false) {
    const token = [name, this.round.id, ...args].join(":");
    try {
      const answer = await ask({ do: "press", token, values });
      if (!quiet || answer.is !== "update") {
        this.letters.show(answer);
        if (!this.dialog.open) this.dialog.showModal();
      }
      await this.reload();
    } catch (error) {
      if (!(error instanceof Outside)) throw error;
      this.page.outside();
    }
  }

  look(mentee) {
    return this.#press("cohort.look", [mentee.id]);
  }

  move(mentee, mentor) {
    this.#hold(null);
    if (this.#of(mentee)?.mentor !== mentor.id) this.#press("cohort.other", [mentee.id], [String(mentor.id)]);
  }

  lock(mentee) {
    return this.#press("cohort.lock", [this.round.version, mentee.id], [], true);
  }

  leave_out(mentee) {
    this.#hold(null);
    return this.#press("cohort.out", [this.round.version, mentee.id], [], true);
  }

  /** Work the rest out anew. What officers had locked and could not stay is said. */
  async again() {
    const locked = this.round.pairs.filter((pair) => pair.locked);
    await this.#press("cohort.again", [this.round.version], [], true);
    const gone = locked.filter((pair) => !this.round?.pairs.some((each) => each.locked && each.mentee === pair.mentee));
    const names = gone.map((pair) => this.round?.mentees.find((each) => each.id === pair.mentee)?.name ?? "someone who no longer waits");
    this.note.textContent = names.length ? `No longer locked, as something has changed: ${names.join(", ")}.` : "Worked out anew.";
  }

  async begin() {
    const letters = new Letters(this.page);
    this.node.replaceChildren(letters.node);
    await letters.open({ do: "call", name: "match-cohort" });
    this.round = await ask_for_round();
    if (this.round) this.#draw();
  }

  /** What leads back to the list leads back to the lanes. */
  #leaves(action) {
    if (action.name !== "cohort.page") return false;
    this.dialog.close();
    return true;
  }

  // ── drawing ──

  #of(mentee) {
    return this.round.pairs.find((pair) => pair.mentee === mentee.id);
  }

  #draw() {
    const focused = document.activeElement?.dataset?.keep;
    const shown = this.round ? [this.#head(), this.search, this.#lanes(), this.bar] : [this.#none()];
    this.node.replaceChildren(...shown);
    this.#hold(this.round?.mentees.find((mentee) => mentee.id === this.held?.id) ?? null, !this.bar.hidden);
    if (focused) this.node.querySelector(`[data-keep="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  #none() {
    return el("div.sheet-like", {},
      el("p.lead", {}, "No pairs are proposed just now. Preceptor looks at everyone who waits and at every free place, ",
        "and proposes as many pairs as can be, and of those the ones that fit best. Nobody hears a word before you publish."),
      this.acts && el("div.row", {}, el("button.button.primary", { type: "button", onclick: () => this.begin() },
        el("span", {}, "Propose pairs"))));
  }

  #head() {
    const { pairs, version } = this.round;
    const points = pairs.map((pair) => pair.score);
    const mean = Math.floor(points.reduce((sum, each) => sum + each, 0) / Math.max(1, points.length));
    const count = pairs.length === 1 ? "1 pair" : `${pairs.length} pairs`;
    const button = (words, style, name, ask = () => this.#press(name, [version])) =>
      el(`button.button.${style}`, { type: "button", "data-keep": name, onclick: ask }, el("span", {}, words));
    return el("div.round-head", {},
      el("div", {}, el("p.round-count", {}, `${count} proposed`),
        el("p.quiet", {}, points.length ? `They fit at ${mean} of 100 on average, the least at ${Math.min(...points)}. ` : "",
          "Nobody has heard of it."),
        this.round.stale > 0 && el("p.late", {}, `${this.round.stale} of them do not hold any more. “Propose again” puts that right.`),
        this.note),
      this.acts && el("div.row", {},
        pairs.length > 0 && button(`Publish ${count}…`, "primary", "cohort.publish"),
        button("Propose again", "plain", "cohort.again", () => this.again()), button("Drop it…", "danger", "cohort.drop")));
  }

  #lanes() {
    const paired = new Set(this.round.pairs.map((pair) => pair.mentee));
    // Those for whom something can be done come first.
    const alone = this.round.mentees.filter((mentee) => !paired.has(mentee.id))
      .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
    const worst = (mentor) => Math.min(101, ...this.#with(mentor).map((pair) => pair.score));
    const mentors = this.round.mentors.filter((mentor) => mentor.places > 0 || this.#with(mentor).length)
      .sort((one, other) => worst(one) - worst(other) || one.name.localeCompare(other.name));
    return el("div.lanes", {},
      this.#lane(el("section.lane.alone", { "aria-label": "Without a mentor" },
        el("header", {}, el("h2", {}, "Without a mentor"), el("small", {}, String(alone.length))),
        alone.length ? alone.map((mentee) => this.#mentee(mentee, null))
          : el("p.quiet", {}, "Everyone who can be paired has someone."),
        el("button.button.plain.why", { type: "button", "data-keep": "alone", onclick: () => this.#press("cohort.alone", [0]) },
          el("span", {}, "Who gets nobody, and why"))), null),
      el("div.mentors", {}, mentors.map((mentor) => this.#mentor(mentor))));
  }

  /**
   * Only those are shown whose name is looked for: a mentor with all of theirs, a mentee in their lane. While a mentee is
   * taken up it is every mentor, as any may be where they are put down.
   */
  #seek() {
    const all = !this.bar.hidden;
    const found = (nodes) => new Set(matching([...nodes], this.sought.value, (node) => node.querySelector("h2, .proposed-name").textContent));
    const lanes = this.node.querySelectorAll(".mentors .lane"), cards = found(this.node.querySelectorAll(".proposed"));
    const named = found(lanes);
    for (const lane of lanes) lane.hidden = !all && !named.has(lane) && ![...lane.querySelectorAll(".proposed")].some((card) => cards.has(card));
    for (const card of this.node.querySelectorAll(".alone .proposed")) card.hidden = !cards.has(card);
  }

  #with(mentor) {
    return this.round.pairs.filter((pair) => pair.mentor === mentor.id).sort((one, other) => one.score - other.score);
  }

  #mentor(mentor) {
    const pairs = this.#with(mentor);
    const free = Math.max(0, mentor.places - pairs.length);
    return this.#lane(el("section.lane", { "aria-label": mentor.name },
      el("header", {}, el("h2", { dir: "auto" }, mentor.name), el("span.would"),
        el("small", { title: "of the places they have free" }, `${pairs.length} of ${mentor.places}`)),
      el("p.quiet", { dir: "auto" }, mentor.line),
      pairs.map((pair) => this.#mentee(this.round.mentees.find((each) => each.id === pair.mentee), pair)),
      free > 0 && el("p.slot", {}, free === 1 ? "one place free" : `${free} places free`)), mentor);
  }

  /** A lane takes a mentee who is held over it; `mentor` is null for that of those without one. */
  #lane(node, mentor) {
    if (!this.acts) return node;
    const takes = () => this.held && (mentor ? String(mentor.id) in this.held.fits : !this.held.out);
    const would = node.querySelector(".would");
    node.fit = (chosen) => {
      node.classList.toggle("impossible", Boolean(this.held) && !takes());
      if (!would) return;
      const points = this.held && this.#of(this.held)?.mentor !== mentor.id ? this.held.fits[mentor.id] : undefined;
      would.replaceChildren(points === undefined ? "" : !chosen ? el("b", {}, String(points))
        : el("button.here", { type: "button", "aria-label": `${this.held.name} to ${mentor.name}, who fits at ${points} of 100`,
            onclick: () => this.move(this.held, mentor) }, `here · ${points}`));
    };
    node.addEventListener("dragover", (event) => {
      if (!takes()) return;
      event.preventDefault();
      node.classList.add("over");
    });
    node.addEventListener("dragleave", (event) => node.contains(event.relatedTarget) || node.classList.remove("over"));
    node.addEventListener("drop", (event) => {
      event.preventDefault();
      node.classList.remove("over");
      if (!takes()) return;
      if (mentor) this.move(this.held, mentor);
      else this.leave_out(this.held);
    });
    return node;
  }

  #mentee(mentee, pair) {
    const card = el("article.proposed", { draggable: this.acts, "data-mentee": mentee.id },
      el("div.proposed-head", {},
        this.acts && el("button.icon-button.grip", { type: "button", "aria-pressed": "false", "data-keep": `grip-${mentee.id}`,
          "aria-label": `Move ${mentee.name}`, title: "Move to another mentor" }, icon("grip")),
        el("button.proposed-name", { type: "button", dir: "auto", title: "Why, and who else", "data-keep": `look-${mentee.id}`,
          onclick: () => this.look(mentee) }, mentee.name),
        pair && el("span.score", { title: "How well the two fit, of 100" }, String(pair.score)),
        pair && (this.acts ? this.#lockButton(mentee, pair) : pair.locked && icon("lock", "locked"))),
      el("p.quiet", { dir: "auto" }, mentee.out ? "left out of this round"
        : pair || rank(mentee) ? mentee.line : `${mentee.line} · ${possible(mentee)}`));
    if (!this.acts) return card;
    card.addEventListener("click", (event) => {
      if (event.target.closest("button:not(.grip)")) return;
      this.#hold(this.held === mentee ? null : mentee, true);
      this.bar.querySelector("select, button")?.focus({ preventScroll: true });
    });
    card.addEventListener("dragstart", (event) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", String(mentee.id));
      this.#hold(mentee);
    });
    card.addEventListener("dragend", () => this.bar.hidden && this.#hold(null));
    return card;
  }

  /** A mentee is in the hand: dragged, or `chosen` to be put down by a second tap. Nobody for null. */
  #hold(mentee, chosen = false) {
    const before = this.held;
    this.held = mentee;
    this.node.classList.toggle("holding", Boolean(mentee));
    for (const lane of this.node.querySelectorAll(".lane")) lane.fit?.(chosen);
    for (const card of this.node.querySelectorAll(".proposed")) {
      const up = Boolean(mentee && chosen) && card.dataset.mentee === String(mentee.id);
      card.classList.toggle("up", up);
      card.querySelector(".grip")?.setAttribute("aria-pressed", String(up));
    }
    const carried = Boolean(mentee && chosen);
    if (!carried && this.bar.contains(document.activeElement))
      this.node.querySelector(`[data-keep="grip-${before?.id}"]`)?.focus({ preventScroll: true });
    this.bar.hidden = !carried;
    this.bar.replaceChildren(...(carried ? this.#carry(mentee) : []));
    this.bar.setAttribute("aria-label", carried ? `Move ${mentee.name}` : "");
    this.#seek();
  }

  /** Where a mentee who was taken up can be put down, without a lane in sight. */
  #carry(mentee) {
    const id = fresh("carry"), mine = this.#of(mentee)?.mentor;
    const others = this.round.mentors.filter((mentor) => mentor.id in mentee.fits && mentor.id !== mine)
      .sort((one, other) => mentee.fits[other.id] - mentee.fits[one.id]);
    const select = el("select", { id, disabled: !others.length },
      el("option", { value: "", selected: true }, others.length ? "Choose a mentor…" : "No other mentor is possible"),
      others.map((mentor) => el("option", { value: mentor.id }, `${mentor.name} · ${mentee.fits[mentor.id]}`)));
    select.addEventListener("change", () => this.move(mentee, others.find((mentor) => String(mentor.id) === select.value)));
    const button = (words, onclick) => el("button.button.plain", { type: "button", onclick }, el("span", {}, words));
    return [
      el("label", { htmlFor: id, dir: "auto" }, `${mentee.name} to`),
      el("div.menu.small", {}, select, icon("down")),
      button(mentee.out ? "Take in again" : "Leave out", () => this.leave_out(mentee)),
      button("Cancel", () => this.#hold(null)),
    ];
  }

  #lockButton(mentee, pair) {
    return el("button.icon-button.lock", { type: "button", "aria-pressed": String(pair.locked), "data-keep": `lock-${mentee.id}`,
      "aria-label": `Lock ${mentee.name}: stays when pairs are proposed again`,
      title: pair.locked ? "Locked: stays when pairs are proposed again" : "Lock", onclick: () => this.lock(mentee) }, icon("lock"));
  }
}

/** Whether anybody is possible for someone (0), nobody is (1), or they are left out (2). */
const rank = (mentee) => (mentee.out ? 2 : Object.keys(mentee.fits).length ? 0 : 1);

function possible(mentee) {
  const count = Object.keys(mentee.fits).length;
  return count === 1 ? "1 mentor possible" : `${count} mentors possible`;
}
