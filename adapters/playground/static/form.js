// A form, as a sheet over the pane it was opened in. The other panes stay usable: other people do not wait for it.

import { el, icon, fresh } from "./dom.js";

/** Shows the form; `send(filled, files)` is called once, `gone()` whenever the sheet closes. Returns a function that closes it. */
export function showForm(form, host, send, gone) {
  const back = document.activeElement;
  const titled = fresh("form");
  const fields = form.fields.map((field) => FIELD[field.kind](field));
  const submit = el("button.button.primary", { type: "submit" }, el("span", {}, form.submit));
  const sheet = el("form.sheet", { noValidate: true, "aria-labelledby": titled, role: "dialog", "aria-modal": "true" },
    el("header", {},
      el("h2", { id: titled }, form.title),
      el("button.icon-button", { type: "button", "aria-label": "Close without saving", onclick: close }, icon("close"))),
    el("div.fields", {}, fields.map((field) => field.node)),
    el("footer", {}, el("button.button.plain", { type: "button", onclick: close }, el("span", {}, "Cancel")), submit));
  const veil = el("div.veil", {}, sheet);

  veil.addEventListener("mousedown", (event) => event.target === veil && !touched() && close());
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") keepInside(sheet, event);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) sheet.requestSubmit();
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length) return wrong[0].focus();
    submit.disabled = true;
    Promise.all(fields.filter((field) => field.file?.()).map(async (field) => [field.name, await read(field.file())]))
      .then((files) => {
        const typed = fields.filter((field) => field.values).map((field) => [field.name, field.values()]);
        send(Object.fromEntries(typed), Object.fromEntries(files));
        close();
      });
  });

  const others = [...host.children];
  for (const other of others) other.inert = true;
  host.append(veil);
  fields[0].focus();

  function touched() {
    return fields.some((field) => field.changed());
  }
  function close() {
    if (!veil.isConnected) return;
    veil.remove();
    for (const other of others) other.inert = false;
    if (back?.isConnected) back.focus();
    gone();
  }
  return close;
}

function keepInside(sheet, event) {
  const stops = [...sheet.querySelectorAll("button, input, select, textarea")].filter((node) => !node.disabled);
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

function frame(field, id, control, options = {}) {
  const error = el("p.error", { id: `${id}-error`, role: "alert", hidden: true });
  const optional = field.required ? null : el("span.optional", {}, "optional");
  const hint = field.hint ? el("p.hint", { id: `${id}-hint`, dir: "auto" }, field.hint) : null;
  const node = options.group
    ? el("fieldset.field", { "aria-describedby": hint ? `${id}-hint` : null },
        el("legend", {}, field.label, " ", optional, options.aside), hint, control, error)
    : el("div.field", {}, el("label", { htmlFor: id }, field.label, " ", optional), hint, control, options.aside, error);
  const say = (words) => {
    error.textContent = words;
    error.hidden = !words;
    node.classList.toggle("wrong", Boolean(words));
    return !words;
  };
  return { node, say };
}

const FIELD = { text: textField, choice: choiceField, file: fileField };
const MOST = 1_000_000; // bytes, as the server takes them

/** A file as it travels: its name, and what is in it as base64. */
function read(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done({ name: file.name, data: reader.result.split(",")[1] ?? "" });
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

function fileField(field) {
  const id = fresh("field");
  const input = el("input", { id, type: "file", accept: field.accepts.join(","), "aria-describedby": `${id}-hint ${id}-error` });
  const { node, say } = frame(field, id, input);
  input.addEventListener("change", () => say(""));
  return {
    node, name: field.name, focus: () => input.focus(),
    file: () => input.files[0],
    changed: () => input.files.length > 0,
    check: () => say(field.required && !input.files.length ? "Please choose a file."
      : input.files[0]?.size > MOST ? "That file is too big: a megabyte at most." : ""),
  };
}

function textField(field) {
  const id = fresh("field");
  const input = el(field.long ? "textarea" : "input", {
    id, name: field.name, value: field.value, placeholder: field.placeholder, maxLength: field.limit, dir: "auto",
    required: field.required, autocomplete: "off", "aria-describedby": `${id}-hint ${id}-error`,
  });
  if (field.long) input.rows = 5;
  const counter = el("span.counter", { "aria-hidden": "true" });
  const count = () => {
    const length = input.value.length;
    counter.textContent = `${length} / ${field.limit}`;
    counter.hidden = !field.long && length < field.limit * 0.75;
    counter.classList.toggle("full", length >= field.limit);
  };
  const { node, say } = frame(field, id, input, { aside: counter });
  input.addEventListener("input", () => (count(), say("")));
  count();
  return {
    node, name: field.name, focus: () => input.focus(),
    values: () => (input.value.trim() ? [input.value] : []),
    changed: () => input.value !== field.value,
    check: () => say(field.required && !input.value.trim() ? "This one is needed." : ""),
  };
}

function choiceField(field) {
  if (field.most === 1 && field.options.length > 5) return selectField(field);
  const id = fresh("field");
  const several = field.most > 1;
  const count = el("span.counter", { "aria-live": "polite" });
  const boxes = field.options.map((option) =>
    el("input", { type: several ? "checkbox" : "radio", name: `${id}-${field.name}`, value: option.value,
      checked: field.values.includes(option.value) }));
  const labels = field.options.map((option, index) =>
    el("label.choice", {}, boxes[index],
      el("span.choice-words", { dir: "auto" }, option.label, option.hint && el("small", {}, option.hint))));
  const group = el(several ? "div.chips" : "div.radios", {}, labels);
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const { node, say } = frame(field, id, group, { group: true, aside: several && count });
  const update = () => {
    const full = several && chosen().length >= field.most;
    // Not `disabled`: a box one can still reach says why it does not take.
    for (const box of boxes) box.parentElement.classList.toggle("unavailable", full && !box.checked);
    count.textContent = chosen().length ? `${chosen().length} of up to ${field.most}` : `up to ${field.most}`;
  };
  group.addEventListener("change", (event) => {
    if (several && chosen().length > field.most) {
      event.target.checked = false;
      say(`Up to ${field.most}: take one away first.`);
    } else say("");
    update();
  });
  update();
  return {
    node, name: field.name, values: chosen,
    focus: () => (boxes.find((box) => box.checked) ?? boxes[0]).focus(),
    changed: () => chosen().join() !== field.values.join(),
    check: () => say(field.required && !chosen().length ? "Please choose." : ""),
  };
}

function selectField(field) {
  const id = fresh("field");
  const select = el("select", { id, "aria-describedby": `${id}-hint ${id}-error` },
    el("option", { value: "", disabled: field.required }, field.required ? "Choose…" : "No answer"),
    field.options.map((option) =>
      el("option", { value: option.value }, option.hint ? `${option.label} · ${option.hint}` : option.label)));
  const first = field.values[0] ?? "";
  select.value = first;
  const { node, say } = frame(field, id, el("div.menu", {}, select, icon("down")));
  select.addEventListener("change", () => say(""));
  return {
    node, name: field.name, focus: () => select.focus(),
    values: () => (select.value ? [select.value] : []),
    changed: () => select.value !== first,
    check: () => say(field.required && !select.value ? "Please choose." : ""),
  };
}
