// What Preceptor answers, drawn as everywhere else, with controls that ask further.

import { el } from "./dom.js";
import { drawMessage, token } from "./blocks.js";
import { showForm } from "./form.js";
import { ask, Outside } from "./door.js";

const OURS = "That did not work, and nothing was changed. Please try once more.";

export class Letters {
  /** `page` offers: zone, go(command) (true if it has a place of its own), changed(), outside(). */
  constructor(page) {
    this.page = page;
    this.node = el("div.letters", { "aria-live": "polite" });
    this.me = { id: null, zone: page.zone };
  }

  /** Ask a command; what it says takes the place of everything here. */
  async open(name) {
    this.node.replaceChildren(el("p.thinking", {}, "One moment", el("i"), el("i"), el("i")));
    await this.#ask({ do: "call", name }, (letter) => this.node.replaceChildren(letter));
  }

  /** The `use` of a message's commands. */
  use(name) {
    if (!this.page.go(name)) this.#ask({ do: "call", name }, (letter) => this.#add(letter));
  }

  /** The `press` of a message's controls. */
  async press(control, action, values) {
    const letter = control.closest(".letter");
    const held = [...letter.querySelectorAll("button, select")].filter((node) => !node.disabled);
    for (const node of held) node.disabled = true;
    control.classList.add("busy");
    await this.#ask({ do: "press", token: token(action), values }, (next) => this.#add(next), letter);
    for (const node of held) node.disabled = false;
    control.classList.remove("busy");
    if (control.tagName === "SELECT") control.value = "";
  }

  #add(letter) {
    this.node.append(letter);
    letter.scrollIntoView({ block: "nearest" });
    letter.focus({ preventScroll: true });
  }

  async #ask(what, show, letter = null) {
    try {
      const answer = await ask(what);
      if (answer.is === "form") {
        const send = (filled, files) => this.#ask({ do: "send", token: token(answer.form.action), filled, files }, show, letter);
        showForm(answer.form, document.body, send, () => {});
        if (!letter) this.node.querySelector(".thinking")?.remove();
        return;
      }
      if (answer.is === "update" && letter?.isConnected) {
        const changed = this.#letter(answer.message);
        letter.replaceWith(changed);
        changed.focus({ preventScroll: true });
      } else if (answer.message) show(this.#letter(answer.message));
      if (what.do !== "call") this.page.changed();
    } catch (error) {
      if (error instanceof Outside) this.page.outside();
      else show(this.#said(el("p", {}, OURS)));
    }
  }

  #letter(message) {
    return this.#said(drawMessage(message, this));
  }

  #said(parts) {
    return el("article.letter", { tabIndex: -1 }, el("div.letter-body", {}, parts));
  }
}
