// What a form for recording costs whoever fills it in: seconds while it is in sight, key presses in it, and
// whether it was left after something was typed. Numbers only, never a word of what is typed.
const open = new Map(); // a form that somebody has begun with → what it has cost until now

const measured = (element) => {
  const form = element?.closest?.("form");
  return form?.elements.seconds?.dataset?.cost ? form : null;
};
const now = () => performance.now();
// The form of a card is always there: it is opened by whoever begins with it, any other by its coming.
const waits = (form) => form.elements.seconds.dataset.cost === "quick" && !form.closest("[data-record-page]");

function begun(form) {
  if (!open.has(form)) {
    const [seconds, keys] = [Number(form.elements.seconds.value) || 0, Number(form.elements.keys.value) || 0];
    open.set(form, { seconds, keys, ms: 0, since: document.hidden ? null : now(), typed: seconds > 0, sent: false });
  }
  return open.get(form);
}

function told(cost) {
  const ms = cost.ms + (cost.since === null ? 0 : now() - cost.since);
  return { seconds: cost.seconds + Math.max(1, Math.round(ms / 1000)), keys: cost.keys };
}

// ---- what is done in it ------------------------------------------------------------------------------------
const BESIDE = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]);
const pressed = (form) => form && (begun(form).keys += 1);

// Before anything is done about it: Enter sends the form.
document.addEventListener("keydown", (event) => !event.repeat && !BESIDE.has(event.key) && pressed(measured(event.target)), true);
// A key that has led into the form from elsewhere was pressed for it, too.
document.addEventListener("keydown", (event) => {
  if (!event.repeat && !measured(event.target)) pressed(measured(document.activeElement));
});
document.addEventListener("pointerdown", (event) => {
  const form = measured(event.target);
  if (form) begun(form);
});
// Which kind it was is chosen by a single key, perhaps by mistake: that alone is nothing that is lost.
document.addEventListener("input", (event) => {
  const form = measured(event.target);
  if (form && event.isTrusted && event.target.name !== "kind") begun(form).typed = true;
});

document.addEventListener("visibilitychange", () => {
  for (const cost of open.values()) {
    if (document.hidden) {
      cost.ms += cost.since === null ? 0 : now() - cost.since;
      cost.since = null;
    } else cost.since ??= now();
  }
});

// ---- it is sent: the numbers go with it ---------------------------------------------------------------------
document.addEventListener(
  "submit",
  (event) => {
    const form = measured(event.target);
    if (!form) return;
    const { seconds, keys } = told(begun(form));
    Object.assign(form.elements.seconds, { value: seconds });
    Object.assign(form.elements.keys, { value: keys });
  },
  true,
);
document.addEventListener("submit", (event) => {
  const cost = open.get(event.target);
  if (cost && !event.defaultPrevented) cost.sent = true; // by the browser itself; what htmx sends is said below
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const cost = open.get(event.detail.elt);
  if (cost) cost.sent = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.requestConfig.elt; // which may be gone from the page by now
  if (!open.has(form)) return;
  if (event.detail.successful || !form.isConnected) open.delete(form);
  else open.get(form).sent = false;
});

// ---- it is left ---------------------------------------------------------------------------------------------
function left(form) {
  const cost = open.get(form);
  open.delete(form);
  if (!cost?.typed || cost.sent) return;
  const body = new FormData();
  const said = { ...told(cost), door: form.elements.seconds.dataset.cost };
  said.csrf_token = document.querySelector("#token [name=csrf_token]")?.value ?? "";
  for (const [name, value] of Object.entries(said)) body.set(name, value);
  navigator.sendBeacon("/record/left", body);
}
const gone = () => [...open.keys()].filter((form) => !form.isConnected).forEach(left);
window.addEventListener("pagehide", () => [...open.keys()].forEach(left));
document.addEventListener("htmx:afterSwap", gone);
document.addEventListener("crm:closed", gone);

// ---- a form as it comes in: drawn again after a refusal, it goes on from where it was ---------------------------
const comes = (form) => measured(form) && (!waits(form) || form.elements.seconds.value) && begun(form);
[...document.forms].forEach(comes);
document.addEventListener("htmx:load", (event) => {
  const part = event.detail.elt;
  [...(part.matches?.("form") ? [part] : []), ...(part.querySelectorAll?.("form") ?? [])].forEach(comes);
});
