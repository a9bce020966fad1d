// A choice one can type into (WAI-ARIA combobox with a list box). Two sources behind one drawing:
// a <select> with more than 12 options, and Flask-Admin's data-role=select2-ajax (answers [[id, text], …]).
const texts = document.getElementById("texts").dataset;
const FEW = 12;
const fold = (text) => text.toLowerCase().replaceAll("ё", "е");

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// ---- sources: chosen() -> [{id, text}], find(query) -> Promise of the same, set(list) -------------------
function fromSelect(select) {
  const options = [...select.options].map((option) => ({ id: option.value, text: option.text === "__None" ? "" : option.text.trim(), option }));
  const blank = (one) => one.id === "" || one.id === "__None";
  return {
    multiple: select.multiple,
    optional: options.some(blank),
    placeholder: options.find(blank)?.text ?? "",
    chosen: () => options.filter((one) => one.option.selected && !blank(one)),
    find: async (query) => options.filter((one) => !blank(one) && fold(one.text).includes(fold(query))),
    set(list) {
      for (const one of options) one.option.selected = list.some((each) => each.id === one.id);
      if (!list.length && !select.multiple) select.value = options.find(blank)?.id ?? "";
    },
  };
}

function fromAddress(input) {
  const data = input.dataset;
  const multiple = data.multiple === "1";
  const separator = data.separator || ",";
  const known = data.json ? JSON.parse(data.json) : null;
  let list = (multiple ? (known ?? []) : known ? [known] : []).map(([id, text]) => ({ id: String(id), text }));
  return {
    multiple,
    optional: multiple || data.allowBlank === "1",
    placeholder: data.placeholder ?? "",
    remote: true,
    least: Math.min(Number(data.minimumInputLength ?? 1), 2),
    chosen: () => list,
    async find(query, signal) {
      const address = new URL(data.url, location.href);
      address.searchParams.set("query", query);
      address.searchParams.set("limit", "20");
      // What is offered may depend on another field of the same form: persons at the client that is chosen.
      const along = data.along && input.form?.elements[data.along]?.value;
      if (along) address.searchParams.set(data.along, along);
      const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error("lookup");
      return (await answer.json()).map(([id, text]) => ({ id: String(id), text }));
    },
    set(chosen) {
      list = chosen;
      input.value = list.map((one) => one.id).join(separator);
      if (!list.length && data.allowBlank === "1" && !multiple) input.value = "__None";
    },
  };
}

class Combobox {
  constructor(field) {
    this.field = field;
    this.source = field.tagName === "SELECT" ? fromSelect(field) : fromAddress(field);
    this.found = [];
    this.active = -1;
    this.draw();
    this.listen();
    this.show();
  }

  draw() {
    const { field, source } = this;
    const id = field.id || `${field.name}-field`;
    this.label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    this.input = element("input", {
      type: "text", id: `${id}-box`, className: "form-select combo-input", autocomplete: "off", spellcheck: false,
      role: "combobox", placeholder: source.placeholder, "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list`,
    });
    if (field.classList.contains("is-invalid")) this.input.classList.add("is-invalid");
    for (const name of ["aria-describedby", "aria-label", "aria-invalid", "data-key", "title"])
      if (field.hasAttribute(name)) this.input.setAttribute(name, field.getAttribute(name));
    if (field.required) this.input.setAttribute("aria-required", "true");
    if (this.label) this.label.htmlFor = this.input.id;
    const name = this.label?.textContent.trim() || field.getAttribute("aria-label") || "";
    this.list = element("ul", { id: `${id}-list`, className: "combo-list", role: "listbox", hidden: true, "aria-label": name });
    if (source.multiple) this.list.setAttribute("aria-multiselectable", "true");
    this.clear = element("button", { type: "button", className: "combo-clear", hidden: true, "aria-label": `${texts.clear}: ${name}` },
      element("i", { className: "bi bi-x-lg", "aria-hidden": "true" }));
    this.tags = element("ul", { className: "combo-tags", hidden: true, "aria-label": `${texts.selected} ${name}` });
    this.said = element("span", { className: "visually-hidden", role: "status" });
    this.box = element("div", { className: "combo" }, this.input, this.clear, this.list, this.said);
    field.hidden = true;
    field.required = false;
    field.type === "hidden" || (field.tabIndex = -1);
    field.after(this.tags, this.box);
  }

  listen() {
    this.input.addEventListener("input", () => this.look(220));
    this.input.addEventListener("click", () => this.list.hidden && this.look(0, true));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.wanted || this.close(true));
    // The list must not take the focus from the field, or it would close before the click is heard.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) this.pick(this.found[Number(line.dataset.at)]);
    });
    this.clear.addEventListener("click", () => this.change([]));
    this.tags.addEventListener("click", (event) => {
      const at = event.target.closest("button")?.dataset.at;
      if (at !== undefined) this.change(this.source.chosen().filter((one, index) => index !== Number(at)));
    });
    if (this.source.remote) this.field.form?.addEventListener("reset", () => setTimeout(() => this.show()));
  }

  // What is asked of the server waits so many milliseconds; what is at hand is found at once, for the next
  // key is meant for it, however fast one types.
  look(delay, everything = false) {
    clearTimeout(this.timer);
    this.wanted = this.pending = false;
    const query = everything ? "" : this.input.value.trim();
    if (this.source.remote && query.length < this.source.least && !everything) return this.tell(texts.typeMore);
    if (!this.source.remote) return this.search(query);
    this.pending = true;
    this.timer = setTimeout(() => this.search(query), delay);
  }

  async search(query) {
    this.request?.abort();
    this.request = new AbortController();
    if (this.source.remote) this.tell(texts.searching);
    try {
      this.found = await this.source.find(query, this.request.signal);
      if (this.wanted && this.found.length) return this.pick(this.found[0]);
      this.answer(() => this.fill());
    } catch (error) {
      if (error.name !== "AbortError") this.answer(() => this.tell(texts.failed));
    }
  }

  // Whoever has pressed Enter and gone on meanwhile gets back what was chosen before.
  answer(draw) {
    this.wanted = this.pending = false;
    if (document.activeElement === this.input) draw();
    else this.close(true);
  }

  tell(text) {
    this.found = [];
    this.list.replaceChildren(element("li", { className: "combo-note", role: "option", "aria-disabled": "true", textContent: text }));
    this.said.textContent = text;
    this.open();
  }

  fill() {
    if (!this.found.length) return this.tell(texts.nothing);
    const chosen = new Set(this.source.chosen().map((one) => one.id));
    this.list.replaceChildren(...this.found.map((one, at) => element("li", {
      id: `${this.list.id}-${at}`, role: "option", "data-at": at, textContent: one.text, "aria-selected": String(chosen.has(one.id)),
    })));
    this.said.textContent = `${texts.found} ${this.found.length}`;
    this.open();
    this.move(this.input.value && !this.source.multiple ? 0 : this.found.findIndex((one) => chosen.has(one.id)));
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.list.classList.toggle("is-up", this.input.getBoundingClientRect().bottom + 260 > innerHeight && this.input.getBoundingClientRect().top > 280);
    this.move(-1);
  }

  close(restore) {
    clearTimeout(this.timer);
    this.wanted = this.pending = false;
    this.request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    if (restore && !this.source.multiple && this.input.value === "" && this.source.optional && this.source.chosen().length) this.change([]);
    else if (restore) this.show();
  }

  move(to) {
    const lines = [...this.list.querySelectorAll("[data-at]")];
    this.active = lines.length ? Math.max(-1, Math.min(to, lines.length - 1)) : -1;
    lines.forEach((line, at) => line.classList.toggle("is-active", at === this.active));
    const line = lines[this.active];
    if (line) {
      this.input.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const open = !this.list.hidden;
    const acts = {
      ArrowDown: () => (open ? this.move(this.active + 1) : this.look(0, true)),
      ArrowUp: () => (open ? this.move(Math.max(0, this.active - 1)) : this.look(0, true)),
      Home: () => open && this.active >= 0 && this.move(0),
      End: () => open && this.active >= 0 && this.move(this.found.length - 1),
      Enter: () => this.enter(open),
      Escape: () => open && (this.close(true), true),
      Backspace: () => this.source.multiple && !this.input.value && (this.change(this.source.chosen().slice(0, -1)), true),
    };
    const act = acts[event.key];
    if (act && act() !== false) event.preventDefault();
  }

  // Enter before the answer has come chooses its first line; it does not send the form without a choice.
  enter(open) {
    if (this.pending && this.input.value.trim()) return (this.wanted = true);
    return open && this.active >= 0 && (this.pick(this.found[this.active]), true);
  }

  pick(one) {
    if (!one) return;
    if (!this.source.multiple) return this.change([one]);
    const chosen = this.source.chosen();
    const without = chosen.filter((each) => each.id !== one.id);
    this.input.value = "";
    this.change(without.length < chosen.length ? without : [...chosen, one]);
  }

  change(list) {
    this.source.set(list);
    this.show();
    this.close(false);
    this.field.dataset.picked = "yes";
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    delete this.field.dataset.picked;
  }

  show() {
    const chosen = this.source.chosen();
    if (!this.source.multiple) {
      this.input.value = chosen[0]?.text ?? "";
      this.clear.hidden = !(this.source.optional && chosen.length);
      return;
    }
    this.input.value = "";
    this.tags.hidden = !chosen.length;
    this.tags.replaceChildren(...chosen.map((one, at) => element("li", { textContent: one.text },
      element("button", { type: "button", "data-at": at, "aria-label": `${texts.remove}: ${one.text}` }, element("i", { className: "bi bi-x", "aria-hidden": "true" })))));
  }
}

function enhance(root) {
  const wanted = 'select:not([data-plain]), [data-role="select2-ajax"]';
  for (const field of [...(root.matches?.(wanted) ? [root] : []), ...root.querySelectorAll(wanted)]) {
    if (field.dataset.combo || (field.tagName === "SELECT" && field.options.length <= FEW && !field.multiple)) continue;
    field.dataset.combo = "on";
    new Combobox(field);
  }
}
enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
