// What Preceptor answers, drawn as everywhere else, with controls that ask further.

import { el } from "./dom.js";
import { drawMessage, token } from "./blocks.js";
import { showForm } from "./form.js";
import { ask, Outside } from "./door.js";

const OURS = "That did not work, and nothing was changed. Please try once more.";

export class Letters {
  /**
   * `page` offers: zone; go(command), true if it has a room of its own; asks(command), true if it can be asked from here;
   * outside(), for who is signed out. `changed()` is
   * called after each thing done; `leaves(action)` is true for what only leads away from here, and has led there; `fill`
   * is on the button of a form that opens the room.
   */
  constructor(page, { changed = () => {}, leaves = () => false, fill = "Fill it in" } = {}) {
    this.fill = fill;
    this.page = page;
    this.changed = changed;
    this.leaves = leaves;
    this.copies = true;
    this.me = { id: null, zone: page.zone };
    this.node = el("div.letters", { "aria-live": "polite" });
  }

  /** Ask something; what is said takes the place of everything here. */
  async open(what) {
    this.node.replaceChildren(el("p.thinking", {}, "One moment", el("i"), el("i"), el("i")));
    await this.#ask(what, (letter) => this.node.replaceChildren(letter));
    this.node.querySelector(".thinking")?.remove();
  }

  /** Ask it once more, as time has passed; what is here stays until the answer is. */
  async renew(what) {
    if (this.node.children.length === 1) await this.#ask(what, (letter) => this.node.replaceChildren(letter));
  }

  /** Show an answer that was asked for elsewhere. */
  show(answer) {
    this.node.replaceChildren(this.#letter(answer.message));
  }

  /** The `use` of a message's commands. */
  use(name) {
    if (this.page.go(name)) return;
    if (this.page.asks(name)) this.#ask({ do: "call", name }, (letter) => this.#add(letter));
    else this.#add(this.#said([el("p", {}, `That is for the chat: write /${name} there.`)]));
  }

  /** The `press` of a message's controls. */
  async press(control, action, values) {
    if (this.leaves(action)) return;
    const letter = control.closest(".letter");
    const held = [...letter.querySelectorAll("button, select")].filter((node) => !node.disabled);
    for (const node of held) node.disabled = true;
    control.classList.add("busy");
    await this.#ask({ do: "press", token: token(action), values }, (next) => this.#add(next), letter);
    for (const node of held) node.disabled = false;
    control.classList.remove("busy");
    if (control.tagName === "SELECT") control.value = "";
  }

  async #ask(what, show, letter = null) {
    try {
      const answer = await ask(what);
      if (answer.is === "form") return this.#form(answer.form, show, letter);
      if (answer.is === "update" && letter?.isConnected) {
        const changed = this.#letter(answer.message);
        letter.replaceWith(changed);
        changed.focus({ preventScroll: true });
      } else if (answer.message) show(this.#letter(answer.message));
      if (what.do !== "call") await this.changed();
    } catch (error) {
      if (error instanceof Outside) this.page.outside();
      else show(this.#said(el("p", {}, OURS)));
    }
    return undefined;
  }

  #form(form, show, letter) {
    const send = (filled, files) => this.#ask({ do: "send", token: token(form.action), filled, files }, show, letter);
    const open = () => showForm(form, this.node.closest("dialog") ?? document.body, send, () => {});
    // A form lies over everything else: what was only walked into is not covered by it before it is asked for.
    if (this.node.querySelector(".letter")) return open();
    return show(this.#said([el("h3.title", {}, form.title),
      el("div.row", {}, el("button.button.primary", { type: "button", onclick: open }, el("span", {}, this.fill)))]));
  }

  #add(letter) {
    this.node.append(letter);
    letter.scrollIntoView({ block: "nearest" });
    letter.focus({ preventScroll: true });
  }

  #letter(message) {
    return this.#said(drawMessage(message, this));
  }

  #said(parts) {
    return el("article.letter", { tabIndex: -1 }, el("div.letter-body", {}, parts));
  }
}
