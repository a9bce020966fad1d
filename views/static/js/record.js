// The quick record: kinds by the keys 1–6, Enter saves, and a draft in the browser until the server has said yes.
const keysOn = () => localStorage.getItem("crm-keys") !== "off";
const isText = (field) => field.matches?.("textarea, select, input:not([type=radio], [type=checkbox])") || field.isContentEditable;
const shown = (element) => element.getClientRects().length > 0;
const forms = () => [...document.querySelectorAll("form[data-record]")];

// ---- keys ------------------------------------------------------------------------------------------------
// A digit chooses the kind wherever no text is typed, and goes on to the next row.
document.addEventListener("keydown", (event) => {
  if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  if (isText(event.target) || document.querySelector("dialog[open], .modal.show")) return;
  const place = Number(/^(?:Digit|Numpad)([1-6])$/.exec(event.code)?.[1] ?? 0);
  const form = event.target.closest?.("form[data-record]") ?? forms().find(shown);
  const kind = place && form?.querySelectorAll("[name=kind]")[place - 1];
  if (!kind) return;
  event.preventDefault();
  kind.checked = true;
  kind.dispatchEvent(new Event("change", { bubbles: true }));
  const next = form.querySelector("[data-chips=checkbox] input, textarea");
  next.focus();
  form.scrollIntoView({ block: "nearest" });
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-record]");
  if (event.key === "Escape") return closing(event);
  if (!form || event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea, select")) {
    event.preventDefault();
    form.requestSubmit();
  }
  // Ticks of one row are one stop of Tab, as radios are: arrows go along them.
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.matches("[data-chips=checkbox] .chip-box")) return;
  event.preventDefault();
  const boxes = [...event.target.closest("[data-chips]").querySelectorAll(".chip-box")];
  const to = boxes[(boxes.indexOf(event.target) + step + boxes.length) % boxes.length];
  for (const box of boxes) box.tabIndex = box === to ? 0 : -1;
  to.focus();
});

// What is chosen can be left out again: a click or a blank on a chosen radio takes it off, but for those of which one must be.
const always = new Set(["kind", "direction", "follow"]);
let was = null;
const before = (event) => {
  const label = event.target.closest?.("label.chip");
  const box = label ? document.getElementById(label.htmlFor) : event.target;
  was = box?.matches?.("form[data-record] .chip-box[type=radio]") && !always.has(box.name) && box.checked ? box : null;
};
document.addEventListener("pointerdown", before, true);
document.addEventListener("keydown", (event) => event.key === " " && before(event), true);
document.addEventListener("keyup", (event) => {
  if (event.key === " " && was && was === event.target) off(was);
});
document.addEventListener("click", (event) => {
  if (!event.detail || !was || event.target !== was) return;
  off(was);
});
function off(box) {
  box.checked = false;
  was = null;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

// ---- what one choice means for another -------------------------------------------------------------------
function minutesOf(form, kind) {
  const row = form.querySelector("[id$='-minutes']");
  const values = (kind.dataset.minutes ?? "").split(" ").filter(Boolean);
  const chips = [...row.querySelectorAll(".chip-box")];
  const [box, label] = [chips[0], chips[0]?.nextElementSibling];
  if (!box || chips.map((one) => one.value).join() === values.join()) return;
  const chosen = chips.find((one) => one.checked)?.value;
  const pattern = [box.cloneNode(), label.cloneNode(true)];
  for (const one of chips) (one.nextElementSibling.remove(), one.remove());
  const made = values.flatMap((value, at) => {
    const [input, text] = pattern.map((one) => one.cloneNode(true));
    Object.assign(input, { value, id: `${row.id}${at + 1}`, checked: value === chosen });
    Object.assign(text, { htmlFor: input.id, textContent: value });
    return [input, text];
  });
  row.querySelector(".chips").prepend(...made);
}

const pad = (number) => String(number).padStart(2, "0");
const said = (day) => `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}T${pad(day.getHours())}:${pad(day.getMinutes())}`;

function changed(form, field) {
  if (field.name === "kind") minutesOf(form, field);
  if (field.name === "minutes" && field.checked) form.elements.minutes_other.value = "";
  if (field.name === "minutes_other" && field.value) for (const one of form.querySelectorAll("[name=minutes]")) one.checked = false;
  if ("newcomer" in field.dataset) field.checked ? form.elements.new_person.focus() : (form.elements.new_person.value = "");
  if (field.name === "follow" && field.value === "none") form.elements.no_next_reason.focus({ preventScroll: true });
  if ("happened" in field.dataset) setBack(form, field);
}

// A moment of an earlier day is set back, and it will be seen.
function setBack(form, field) {
  const line = form.querySelector("[data-set-back]");
  line.hidden = !field.value || field.value.slice(0, 10) >= said(new Date()).slice(0, 10);
  line.textContent = line.hidden ? "" : line.dataset.setBack;
}

// ---- the draft: by person and client (or plan), the three newest; a form is known by its own secret --------
const place = (form) => `crm-draft:${form.dataset.person}:${form.dataset.record}`;
const secret = (form) => form.elements.once.value;

function kept(form) {
  try {
    return JSON.parse(localStorage.getItem(place(form))) ?? [];
  } catch {
    return [];
  }
}
function keep(form, drafts) {
  try {
    drafts.length ? localStorage.setItem(place(form), JSON.stringify(drafts.slice(0, 3))) : localStorage.removeItem(place(form));
  } catch {
    // A browser that keeps nothing keeps no drafts either.
  }
}
const without = (form, once) => kept(form).filter((draft) => draft.once !== once);

const own = new Set(["csrf_token", "once", "seconds", "keys"]); // the form's own, not of what is typed
const OWN_WORDS = ["request", "reaction", "note", "new_person", "no_next_reason"];
function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !own.has(name));
}

function remember(form) {
  const typed = fieldsOf(form);
  const worth = typed.some(([name, value]) => (OWN_WORDS.includes(name) && value.trim() && value !== form.elements[name].defaultValue) || ["persons", "result", "minutes"].includes(name));
  const others = without(form, secret(form));
  keep(form, worth ? [{ once: secret(form), at: Date.now(), fields: typed }, ...others] : others);
}

function restore(form, draft) {
  const values = new Map();
  for (const [name, value] of draft.fields) values.set(name, [...(values.get(name) ?? []), value]);
  const kind = [...form.querySelectorAll("[name=kind]")].find((one) => values.get("kind")?.includes(one.value));
  if (kind) minutesOf(form, kind);
  for (const field of form.elements) {
    if (!field.name || own.has(field.name) || field.type === "file") continue;
    if (/radio|checkbox/.test(field.type)) field.checked = values.get(field.name)?.includes(field.value) ?? false;
    else field.value = values.get(field.name)?.[0] ?? "";
  }
  const newcomer = form.querySelector("[data-newcomer]");
  if (newcomer) newcomer.checked = Boolean(form.elements.new_person.value);
  form.elements.once.value = draft.once;
  if (values.get("note")?.[0] || values.get("happened_at")?.[0]) form.querySelector(".record-more").open = true;
}

function offer(form) {
  const bar = form.querySelector("[data-draft]");
  const draft = kept(form).find((one) => one.once !== secret(form));
  bar.hidden = !draft;
  if (!draft) return;
  const words = draft.fields.find(([name, value]) => OWN_WORDS.includes(name) && value.trim())?.[1].trim() ?? "";
  const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }).format(draft.at);
  bar.querySelector("[data-draft-words]").textContent = `${bar.dataset.draft} ${when}${words ? `: «${words.slice(0, 60)}${words.length > 60 ? "…" : ""}»` : ""}`;
  bar.querySelector("[data-draft-take]").onclick = () => {
    restore(form, draft);
    offer(form);
    form.elements.request.focus();
  };
  bar.querySelector("[data-draft-drop]").onclick = () => {
    keep(form, without(form, draft.once));
    offer(form);
    form.querySelector(".chip-box").focus();
  };
}

for (const name of ["input", "change"])
  document.addEventListener(name, (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-record]")) return;
    if (name === "change") changed(form, event.target);
    remember(form);
  });

// The server has said yes: only now is the draft let go.
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt: form, verb } = event.detail.requestConfig; // which may be gone from the page by now
  if (form.matches?.("form[data-record]") && event.detail.successful && verb === "post") {
    keep(form, without(form, secret(form)));
    forms().forEach(offer);
  }
});

// ---- a form as it comes in ----------------------------------------------------------------------------------
function begin(form) {
  if (form.dataset.begun) return;
  form.dataset.begun = "yes";
  for (const row of form.querySelectorAll("[data-chips=checkbox]"))
    row.querySelectorAll(".chip-box").forEach((box, at) => (box.tabIndex = at ? -1 : 0));
  setBack(form, form.elements.happened_at);
  offer(form);
  const told = form.querySelector(".record-said");
  if (told.textContent.trim()) told.scrollIntoView({ block: "nearest" }); // whoever saved by the mouse stands at the form's end
}
forms().forEach(begin);
document.querySelector("[data-record-which] .combo-input")?.focus();
document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  if (!part.querySelector || part === document.body) return;
  const form = part.matches("form[data-record]") ? part : part.querySelector("form[data-record]");
  if (form) begin(form);
  const wrong = part.querySelector("[aria-invalid], [data-wrong] input, [role=alert]:not([hidden])");
  if (wrong) return wrong.focus();
  if (part.matches("section.record") && !form.closest(".plan-act")) form.querySelector(".chip-box").focus({ preventScroll: true });
  else if (form) form.elements.request.focus();
  else if (part.matches("[data-plan-form]")) part.querySelector("input:not([type=hidden])").focus();
});
if (document.querySelector("[data-record-page]")) forms()[0]?.querySelector(".chip-box:checked, .chip-box").focus();

// ---- a plan on its line: each of its links opens a few fields under it ------------------------------------
document.addEventListener("click", (event) => {
  const link = event.target.closest(".plan-acts > a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  htmx.ajax("GET", link.pathname, { source: link, target: link.parentElement.querySelector(".plan-act"), swap: "innerHTML" });
});

// ---- around it ------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-record-here]")) {
    const form = event.target.closest("form");
    form.scrollIntoView({ block: "center" });
    form.querySelector(".chip-box:checked, .chip-box").focus();
  }
  if (event.target.closest("[data-record-close]")) closing(event);
});

// What a plan's line has opened is closed, and the focus goes back to its buttons.
function closing(event) {
  const part = event.target.closest?.(".plan-act");
  if (!part?.childElementCount) return;
  event.preventDefault();
  part.replaceChildren();
  part.dispatchEvent(new CustomEvent("crm:closed", { bubbles: true }));
  part.parentElement.querySelector("a")?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-record-which]");
  if (form && !form.elements.client.value) event.preventDefault(); // Enter, before the list has come
});
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-record-which]");
  if (form && event.target.name === "client" && event.target.value) form.requestSubmit();
});
