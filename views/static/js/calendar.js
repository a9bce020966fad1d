// The calendar: a plan is dragged to another day, or moved by Alt and the arrows; what was moved can be put back.
import { notice } from "../crm.js";

const said = document.getElementById("cal-said");
const token = () => document.querySelector("#token [name=csrf_token]")?.value ?? "";
const pad = (number) => String(number).padStart(2, "0");
const text = (day) => `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}T${pad(day.getHours())}:${pad(day.getMinutes())}`;
const grid = () => document.getElementById("calendar");
const moment = (entry) => `${entry.closest("[data-day]").dataset.day}T${entry.querySelector("time").textContent}`;

// The same of each plan, and of use only here: a page of a hundred need not say it.
function ready() {
  for (const entry of grid().querySelectorAll("[data-plan]")) {
    entry.draggable = true;
    entry.firstElementChild.setAttribute("aria-describedby", "cal-keys");
  }
}
ready();

// What there is no room for is read under the pointer.
document.addEventListener("pointerover", (event) => {
  const link = event.target.closest?.(".cal-entry > a:first-child");
  if (link && !link.title) link.title = link.textContent.replace(/\s+/g, " ").trim();
});

async function moved(plan, at) {
  const body = new URLSearchParams({ at });
  const sent = { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } };
  const answer = await fetch(`/record/plan/${plan}/move`, sent).catch(() => null);
  if (answer?.ok) return "";
  const page = new DOMParser().parseFromString((await answer?.text()) ?? "", "text/html");
  return page.querySelector(".invalid-feedback")?.textContent.trim() || document.body.dataset.failed || "✕";
}

async function drawn(plan, at) {
  const answer = await fetch(grid().dataset.address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  grid().replaceWith(document.adoptNode(page.getElementById("calendar")));
  ready();
  // Of a full day not all is shown: then the way to the rest.
  const there = `[data-plan="${plan}"] a, [data-day="${at.slice(0, 10)}"] .cal-more a`;
  document.querySelector(there)?.focus();
}

async function move(entry, at) {
  const { plan } = entry.dataset;
  const from = moment(entry);
  if (at === from || entry.dataset.moving) return;
  entry.dataset.moving = "1";
  const wrong = await moved(plan, at);
  delete entry.dataset.moving;
  if (wrong) return notice(wrong, "danger");
  await drawn(plan, at);
  tell(plan, from);
}

// One line says what was moved, with the way back.
function tell(plan, from) {
  said.textContent = said.dataset.moved;
  document.getElementById("cal-undo")?.remove();
  const back = Object.assign(document.createElement("button"), { id: "cal-undo", type: "button", className: "btn btn-sm btn-outline-secondary", textContent: said.dataset.undo });
  back.addEventListener("click", async () => {
    back.remove();
    const wrong = await moved(plan, from);
    if (wrong) return notice(wrong, "danger");
    await drawn(plan, from);
    said.textContent = said.dataset.back;
  });
  document.querySelector(".cal-line").append(back);
}

document.addEventListener("keydown", (event) => {
  const entry = event.target.closest?.("[data-plan]");
  if (!entry || !event.altKey || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const at = new Date(moment(entry));
  const days = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
  at.setDate(at.getDate() + days);
  if (grid().dataset.view === "day") at.setMinutes(at.getMinutes() + down * 30);
  else at.setDate(at.getDate() + down * 7);
  move(entry, text(at));
});

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-plan]");
  if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.plan);
});
const over = (event) => (dragged ? event.target.closest?.("[data-day]") : null);
document.addEventListener("dragover", (event) => {
  const day = over(event);
  if (!day) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".is-over")) if (other !== day) other.classList.remove("is-over");
  day.classList.add("is-over");
});
document.addEventListener("drop", (event) => {
  const day = over(event);
  if (!day) return;
  event.preventDefault();
  move(dragged, `${day.dataset.day}T${moment(dragged).slice(11)}`);
});
document.addEventListener("dragend", () => {
  dragged = null;
  for (const day of document.querySelectorAll(".is-over")) day.classList.remove("is-over");
});
