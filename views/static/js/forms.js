// Forms: unsaved typing is not lost by mistake, a double click makes one record, dates reach the server as it reads them.
const texts = document.getElementById("texts").dataset;
const touched = new Set();
let leaving = false;

const guarded = (element) => element.closest?.("form[data-guard]");

document.addEventListener("input", (event) => {
  const form = guarded(event.target);
  if (form) touched.add(form);
});
document.addEventListener("change", (event) => {
  const form = guarded(event.target);
  if (form) touched.add(form);
});
// A cancel link was meant: it asks nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest("a[data-leave]")) leaving = true;
});
window.addEventListener("beforeunload", (event) => {
  const open = [...touched].some((form) => form.isConnected);
  if (!open || leaving) return;
  event.preventDefault();
  event.returnValue = texts.leave;
});
// After an htmx save the form is clean again.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) touched.delete(event.detail.elt.closest?.("form"));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-shade]")) return;
  if (form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  touched.delete(form);
  for (const button of form.querySelectorAll("button:not([type=button])")) button.classList.add("is-sent");
});
// Back from the next page: the form may be sent again.
window.addEventListener("pageshow", () => {
  leaving = false;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".is-sent")) button.classList.remove("is-sent");
  }
});

// Flask-Admin's own date-and-time field reads "2026-11-23 14:20:00"; the browser's picker gives "2026-11-23T14:20".
document.addEventListener("formdata", (event) => {
  for (const field of event.target.querySelectorAll("[data-role=datetimepicker]")) {
    const value = field.value.replace("T", " ");
    if (value) event.formData.set(field.name, value.length === 16 ? `${value}:00` : value);
  }
});

// A field that belongs to one choice of another is there while that is chosen: data-when="state=cancelled".
for (const field of document.querySelectorAll("form[data-guard] [data-when]")) {
  const [name, value] = field.dataset.when.split("=");
  const other = field.form.elements[name];
  const show = () => (field.closest(".field").hidden = other.value !== value);
  if (!other) continue;
  other.addEventListener("change", show);
  show();
}

// A new record begins at the first field that nobody has filled; the comboboxes are drawn by then.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-first-empty] form");
  if (!form || document.querySelector("[data-focus]")) return;
  const fields = [...form.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, textarea")];
  const shown = fields.filter((field) => field.getClientRects().length > 0);
  shown.find((field) => field.tagName === "SELECT" || field.value === "")?.focus();
});

// Ctrl+Enter saves from anywhere in a guarded form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = guarded(event.target);
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
