// The frame: keys, light and dark, folds, questions before an act, what htmx needs, notices.
const texts = document.getElementById("texts").dataset;
const token = () => document.querySelector("#token [name=csrf_token]")?.value ?? "";

// ---- keys: an element with data-key is focused (fields) or followed (links, buttons) -------------------
const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
const visible = (element) => element.getClientRects().length > 0;

// Whoever speaks to the computer switches single keys off (WCAG 2.1.4); this browser remembers it.
const keysOn = () => localStorage.getItem("crm-keys") !== "off";
const showKeys = () => document.querySelectorAll("[data-keys]").forEach((one) => one.setAttribute("aria-pressed", String(keysOn())));
showKeys();
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keys]")) return;
  localStorage.setItem("crm-keys", keysOn() ? "off" : "on");
  showKeys();
});

document.addEventListener("keydown", (event) => {
  if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) || document.querySelector("dialog[open], .modal.show")) return;
  // By the key's place as well, so that "n" works while the Russian layout is on.
  const place = event.shiftKey ? null : { KeyN: "n", Slash: "/" }[event.code];
  const keys = [event.key.toLowerCase(), place].filter(Boolean);
  const named = [...document.querySelectorAll("[data-key]")].filter((element) => keys.includes(element.dataset.key));
  const target = named.filter(visible).sort((a, b) => !a.closest("main") - !b.closest("main"))[0];
  if (!target) return;
  event.preventDefault();
  if (typing(target)) {
    target.focus();
    target.select?.();
  } else target.click();
});

// ---- light, dark, as the system: at once, and remembered by the server ---------------------------------
const shades = { light: "bi-sun", dark: "bi-moon-stars", system: "bi-circle-half" };

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-shade]");
  const chosen = event.submitter?.value;
  if (!form || !shades[chosen]) return;
  event.preventDefault();
  document.documentElement.dataset.theme = chosen;
  for (const icon of document.querySelectorAll("[data-shade] > button > .bi")) icon.className = `bi ${shades[chosen]}`;
  for (const item of document.querySelectorAll("[data-shade] [name=theme]"))
    item.setAttribute("aria-pressed", String(item.value === chosen));
  const body = new URLSearchParams(new FormData(form));
  body.set("theme", chosen);
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
});

// ---- folds: a button with data-reveal shows or hides the element of that id ----------------------------
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const part = document.getElementById(button.dataset.reveal);
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  part.hidden = false;
  part.classList.toggle("is-open", open);
  if (!part.classList.contains("top-search")) part.hidden = !open;
  if (open) part.querySelector("input, select, textarea")?.focus();
});

// ---- a question before an act: data-confirm on a form or a button --------------------------------------
const ask = document.getElementById("ask");

function asked(text) {
  ask.querySelector("#ask-text").textContent = text;
  ask.returnValue = "no";
  ask.showModal();
  return new Promise((answer) => ask.addEventListener("close", () => answer(ask.returnValue === "yes"), { once: true }));
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const text = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (!text || form.dataset.agreed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    if (!(await asked(text))) return;
    form.dataset.agreed = "yes";
    form.requestSubmit(button);
    delete form.dataset.agreed;
  },
  true,
);

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await asked(event.detail.question)) event.detail.issueRequest(true);
});

// ---- notices: one quiet line in a corner, read out by screen readers ------------------------------------
export function notice(text, look = "dark") {
  const line = document.createElement("div");
  line.className = `notice notice-${look}`;
  line.textContent = text;
  document.getElementById("notices").append(line);
  setTimeout(() => line.remove(), 8000);
}
document.addEventListener("crm:notice", (event) => notice(event.detail.text ?? event.detail.value, event.detail.look));

// ---- htmx: the token with every change, a word when the server cannot be reached -----------------------
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});
document.addEventListener("htmx:sendError", () => notice(texts.offline, "danger"));
document.addEventListener("htmx:responseError", (event) => {
  notice({ 401: texts.expired, 413: texts.large }[event.detail.xhr.status] ?? texts.failed, "danger");
});

// ---- paper: a button with data-print asks the browser to print ------------------------------------------
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// A list of errors takes the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();
// In a long menu the current line is in sight. Not by scrollIntoView: the first Tab would go on from there.
const current = document.querySelector("#side [aria-current]");
const menu = current?.closest(".side-in");
if (menu) menu.scrollTop += Math.max(0, current.getBoundingClientRect().bottom - menu.getBoundingClientRect().bottom);
