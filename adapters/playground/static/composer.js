// The line at the bottom of a conversation: words, or a command put together piece by piece.

import { el, icon, avatar, fresh, matching } from "./dom.js";

const LISTED = ["choice", "member", "pair"]; // parameters whose value is taken from a list

export class Composer {
  /** `pane` offers: commands(), people(), today(), speak(words) → a hint or nothing, call(name, args), guess(kind, text, found). */
  constructor(pane) {
    this.pane = pane;
    this.command = null;
    this.args = {};
    this.param = null;
    this.options = [];
    this.active = 0;

    this.listId = fresh("list");
    this.list = el("ul.list", { id: this.listId, role: "listbox", "aria-label": "Suggestions" });
    this.help = el("p.list-help");
    this.popover = el("div.popover", { hidden: true }, this.help, this.list);
    this.hint = el("p.local-hint", { role: "status" });
    this.pieces = el("div.pieces");
    this.run = el("button.run", { type: "button", "aria-label": "Send", onclick: () => this.#enter(true) }, icon("send"));
    this.bar = el("div.bar", {}, this.pieces, this.run);
    this.node = el("div.composer", {}, this.popover, this.hint, this.bar);
    this.node.addEventListener("focusout", (event) => {
      if (!this.node.contains(event.relatedTarget)) this.#hide();
    });
    this.bar.addEventListener("click", (event) => event.target === this.pieces && this.input?.focus());
    this.#words("");
  }

  placeholder(words) {
    this.prompt = words;
    if (!this.command) this.input.placeholder = words;
  }

  focus() {
    (this.input ?? this.run).focus();
  }

  /** Put a command here, ready to be completed or sent. */
  begin(name) {
    const command = this.pane.commands().find((one) => one.name === name);
    if (!command) return this.#say(`/${name} is not something this person can use.`);
    this.command = command;
    this.args = {};
    this.#say("");
    this.#nextParam();
  }

  // ── words ──

  #words(text) {
    this.command = null;
    this.param = null;
    this.input = el("textarea", {
      rows: 1, placeholder: this.prompt ?? "", "aria-label": "Message, or / for commands", value: text, dir: "auto",
      maxLength: 3000,
      role: "combobox", "aria-controls": this.listId, "aria-expanded": "false", "aria-autocomplete": "list",
    });
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("focus", () => this.input.value.startsWith("/") && this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.pieces.replaceChildren(this.input);
    this.node.classList.remove("commanding");
    this.#hide();
    this.#ready();
  }

  #ready() {
    const ready = this.command ? !this.#missing() || Boolean(this.param) : Boolean(this.input.value.trim());
    this.run.classList.toggle("ready", ready);
  }

  #typed() {
    const text = this.input.value;
    this.#say("");
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
    this.#ready();
    const whole = /^\/([a-z-]+)\s/.exec(text);
    if (whole && this.pane.commands().some((command) => command.name === whole[1])) return this.begin(whole[1]);
    const start = /^\/([a-z-]*)$/i.exec(text);
    if (!start) return this.#hide();
    const typed = start[1].toLowerCase();
    const rank = (command) => (command.name.startsWith(typed) ? 0 : 1);
    const found = this.pane.commands()
      .filter((command) => command.name.includes(typed))
      .sort((one, other) => rank(one) - rank(other));
    this.#offer(found.map((command) => ({
      draw: () => [el("span.list-name", {}, `/${command.name}`), el("span.list-words", {}, command.help),
        command.need !== "member" && el("span.tag", {}, "officers")],
      take: () => (command.params.length ? this.begin(command.name) : this.#send(command, {})),
    })), found.length ? "" : "No such command. Delete back to / to see them all.");
    return undefined;
  }

  // ── a command, piece by piece ──

  #missing() {
    return this.command.params.find((param) => param.required && !(param.name in this.args));
  }

  #nextParam() {
    this.#edit(this.#missing() ?? null);
  }

  #edit(param) {
    this.param = param;
    this.node.classList.add("commanding");
    this.#hide();
    const pieces = [el("span.piece.command", {}, `/${this.command.name}`)];
    for (const one of this.command.params) {
      const given = this.args[one.name];
      if (one === param) pieces.push(this.#slot(one));
      else if (given) {
        pieces.push(el("button.piece.given", { type: "button", title: "Change", onclick: () => this.#edit(one) },
          el("small", {}, one.name), el("span", { dir: "auto" }, given.label)));
      } else if (!one.required) {
        pieces.push(el("button.piece.more", { type: "button", title: one.help, onclick: () => this.#edit(one) },
          icon("plus"), one.name));
      }
    }
    pieces.push(el("button.piece.drop", { type: "button", "aria-label": "Drop this command",
      onclick: () => (this.#words(""), this.focus()) }, icon("close")));
    this.pieces.replaceChildren(...pieces);
    this.#ready();
    if (param) {
      this.input.focus();
      this.#suggest();
    } else {
      this.input = null;
      this.run.focus();
      const more = this.command.params.some((one) => !(one.name in this.args));
      this.#say(more ? "Ready to send. You can still add what is optional." : "Ready to send.", true);
    }
  }

  #slot(param) {
    const date = param.kind === "date";
    const listed = LISTED.includes(param.kind);
    const given = this.args[param.name]?.value;
    this.input = el("input", {
      type: date ? "date" : "text", "aria-label": `${param.name}: ${param.help}`, autocomplete: "off", dir: "auto",
      value: listed ? "" : given ?? (date ? this.pane.today() : ""),
      placeholder: { date: "", member: "type a name", pair: "type a name", choice: "choose" }[param.kind] ?? "type, then Enter",
      role: listed ? "combobox" : null, "aria-controls": listed ? this.listId : null, maxLength: 1000,
    });
    this.input.addEventListener("input", () => this.#suggest());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    return el("span.piece.slot", {}, el("small", {}, param.name), this.input);
  }

  #suggest() {
    const { param } = this;
    if (param.kind === "pair") {
      return this.pane.guess("pair", this.input.value, (options) => this.param === param && this.#list(param, options));
    }
    return this.#list(param, param.options);
  }

  /** Offers what a parameter could hold; `options` are those of a choice, or what was guessed. */
  #list(param, options) {
    const take = (value, label) => () => {
      this.args[param.name] = { value, label };
      this.#nextParam();
    };
    const skip = { draw: () => [el("span.list-words", {}, "Leave this out")], take: () => {
      delete this.args[param.name];
      this.#nextParam();
    } };
    let found = [];
    if (param.kind === "choice" || param.kind === "pair") {
      const fitting = param.kind === "pair" ? options
        : matching(options, this.input.value, (option) => `${option.label} ${option.value}`);
      found = fitting.map((option) => ({
        draw: () => [el("span.list-strong", {}, option.label), el("span.list-words", {}, option.hint)],
        take: take(option.value, option.label),
      }));
    } else if (param.kind === "member") {
      // Who has the role that the parameter is named after comes first: mentors for "mentor".
      const other = (face) => Number(!face.roles.includes(param.name));
      const words = (face) => `${face.name} ${face.line} ${face.roles.join(" ")}`;
      found = matching(this.pane.people(), this.input.value, words)
        .sort((one, two) => other(one) - other(two))
        .slice(0, 40).map((face) => ({
          draw: () => [avatar(face.name), el("span.list-strong", { dir: "auto" }, face.name),
            el("span.list-words", {}, face.line)],
          take: take(face.address, face.name),
        }));
    }
    if (!param.required && (!this.input.value || this.args[param.name])) found.push(skip);
    this.#offer(found, param.help);
  }

  // ── the list above the line ──

  #offer(options, help) {
    this.options = options;
    this.active = 0;
    this.help.textContent = help;
    this.help.hidden = !help;
    this.list.replaceChildren(...options.map((option, index) =>
      el("li", { id: `${this.listId}-${index}`, role: "option",
        // Not on click: that would come after the line has lost focus and the list has gone.
        onmousedown: (event) => (event.preventDefault(), option.take()),
        onmousemove: () => this.#mark(index) }, option.draw())));
    this.popover.hidden = !options.length && !help;
    this.input.setAttribute("aria-expanded", String(!this.popover.hidden));
    this.#mark(0);
  }

  #mark(index) {
    this.active = index;
    for (const [at, node] of [...this.list.children].entries()) node.setAttribute("aria-selected", String(at === index));
    if (this.options.length) this.input.setAttribute("aria-activedescendant", `${this.listId}-${index}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #hide() {
    this.popover.hidden = true;
    this.options = [];
    this.input?.setAttribute("aria-expanded", "false");
    this.input?.removeAttribute("aria-activedescendant");
  }

  // ── keys ──

  #key(event) {
    if (event.isComposing) return;
    const open = !this.popover.hidden && this.options.length;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#enter(false);
    } else if (event.key === "Escape") {
      if (this.command) this.#words("");
      else this.#hide();
      this.focus();
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : this.options.length - 1;
      this.#mark((this.active + step) % this.options.length);
      this.list.children[this.active].scrollIntoView({ block: "nearest" });
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      this.options[this.active].take();
    } else if (event.key === "Backspace" && this.command && !this.input.value) {
      event.preventDefault();
      const given = this.command.params.filter((param) => param.name in this.args && param !== this.param);
      if (given.length) this.#edit(given.at(-1));
      else {
        this.#words(`/${this.command.name}`);
        this.focus();
        this.#typed();
      }
    }
  }

  #enter(pressedRun) {
    const typed = this.input?.value.trim();
    if (this.command) return this.#enterPiece(typed, pressedRun);
    if (this.options.length) return this.options[this.active].take();
    if (!typed) return this.focus();
    if (typed.startsWith("/")) {
      return this.#say(`There is no ${typed.split(/\s/)[0].slice(0, 40)}. Type / to see what there is.`);
    }
    const hint = this.pane.speak(this.input.value);
    if (hint) return this.#say(hint);
    this.#words("");
    return this.focus();
  }

  #enterPiece(typed, pressedRun) {
    const { param } = this;
    if (param) {
      if (!LISTED.includes(param.kind)) {
        if (typed) this.args[param.name] = { value: typed, label: typed };
        else if (param.required) return this.#say(`${param.name} is needed.`);
        else delete this.args[param.name];
      } else if (pressedRun && !typed && (!param.required || param.name in this.args)) {
        this.param = null;
      } else if (this.options.length) {
        return this.options[this.active].take();
      } else return this.#say("Nothing of that name.");
      if (!pressedRun || this.#missing()) return this.#nextParam();
    }
    if (this.#missing()) return this.#nextParam();
    const values = Object.fromEntries(Object.entries(this.args).map(([name, given]) => [name, given.value]));
    return this.#send(this.command, values);
  }

  #send(command, values) {
    this.#words("");
    this.#say("");
    this.focus();
    this.pane.call(command.name, values);
  }

  #say(words, calm = false) {
    this.hint.textContent = words;
    this.hint.classList.toggle("calm", calm);
  }
}
