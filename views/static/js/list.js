// The list: ticked rows bring up the acts, keys go through the rows, columns are chosen and ordered.
// ---- ticked rows -------------------------------------------------------------------------------------------
const boxes = () => [...document.querySelectorAll("tr input[name=rowid]")];

// A box goes with the form of the acts, and is called what its row is called.
for (const box of boxes()) {
  const name = box.closest("tr").querySelector("th");
  name.id = `n${box.value}`;
  box.setAttribute("form", "action_form");
  box.setAttribute("aria-labelledby", name.id);
}

// A text that two lines may have cut is told whole where the pointer rests.
document.addEventListener("pointerover", ({ target }) => {
  if (target.matches?.(".two-lines:not([title])")) target.title = target.textContent;
});

for (const link of document.querySelectorAll("td.c-act a")) link.setAttribute("aria-label", link.closest("table").querySelector("th.c-act").dataset.edit);

function count() {
  const bar = document.getElementById("action_form");
  if (!bar) return;
  const all = boxes();
  const picked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("is-picked", box.checked);
  bar.hidden = picked.length === 0;
  bar.querySelector("[data-picked]").textContent = picked.length;
  const head = document.querySelector("[data-pick-all]");
  if (!head) return;
  head.checked = all.length > 0 && picked.length === all.length;
  head.indeterminate = picked.length > 0 && picked.length < all.length;
}

let last = null;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches?.("input[name=rowid]")) {
    // Shift picks the rows between.
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    count();
  } else if (box.matches?.("[data-pick-all]")) {
    for (const each of boxes()) each.checked = box.checked;
    count();
  } else if (box.closest?.("[data-pick-none]")) {
    for (const each of boxes()) each.checked = false;
    count();
  }
});
window.addEventListener("pageshow", count);

// ---- keys through the rows: j and k move, Enter opens (the name is a link), x ticks -------------------------
const keysOn = () => localStorage.getItem("crm-keys") !== "off";
const busy = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT|SUMMARY)$/.test(element.tagName);
const lines = () => [...document.querySelectorAll("main table.list tbody tr")];
const place = (row) => row.querySelector(".c-name a") ?? row;

function go(step) {
  const all = lines();
  if (!all.length) return;
  const here = document.activeElement.closest?.("tbody tr") ?? document.querySelector("tbody tr:target");
  const at = all.indexOf(here);
  const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(at + step, all.length - 1))];
  const target = place(row);
  if (target === row) row.tabIndex = -1;
  target.focus();
  row.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
  const box = event.target.matches("input[type=checkbox][name=rowid]");
  if ((busy(event.target) && !box) || document.querySelector("dialog[open], .modal.show")) return;
  // By the key's place as well, so that they work while the Russian layout is on.
  const key = { KeyJ: "j", KeyK: "k", KeyX: "x" }[event.code] ?? event.key;
  if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else if (key === "x") document.activeElement.closest("tbody tr")?.querySelector("input[name=rowid]")?.click();
  else return;
  event.preventDefault();
});

// Recording from a row of the clients' list is about that client.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-record-link]");
  const row = document.activeElement?.closest?.('table[data-list="clients"] tbody tr[id]');
  if (!link || !row) return;
  event.preventDefault();
  location.assign(`/clients/${row.id.slice(1)}/record`);
});

// A small form that unfolds is begun at its name.
document.addEventListener("shown.bs.dropdown", (event) => {
  const name = event.target.parentElement.querySelector(".small-form [name=name]");
  name?.focus();
  name?.select();
});

// ---- dialogs of the list: data-open names one; columns move up and down --------------------------------------
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  const mover = event.target.closest("[data-move]");
  if (!mover) return;
  const line = mover.closest("li");
  const up = mover.dataset.move === "up";
  const beside = up ? line.previousElementSibling : line.nextElementSibling;
  if (!beside || beside.querySelector("input:disabled")) return;
  if (up) beside.before(line);
  else beside.after(line);
  mover.focus();
});

// The buttons that move a line are made here: the page need not carry two for each column.
function mover(way, about) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn-icon" });
  button.dataset.move = way;
  button.setAttribute("aria-label", about);
  const icon = document.createElement("i");
  icon.className = `bi bi-arrow-${way}`;
  icon.setAttribute("aria-hidden", "true");
  button.append(icon);
  return button;
}
for (const list of document.querySelectorAll("[data-movable]"))
  for (const line of [...list.children].slice(1)) {
    const name = line.textContent.trim();
    line.append(mover("up", `${list.dataset.up}: ${name}`), mover("down", `${list.dataset.down}: ${name}`));
  }

// ---- on a telephone a row is a card: each cell is told its heading -----------------------------------------
function label(root) {
  for (const table of root.querySelectorAll("table.list")) {
    const columns = [...(table.tHead?.rows[0]?.cells ?? [])];
    const heads = columns.map((head) => head.firstChild?.textContent.trim() ?? "");
    for (const row of table.tBodies[0]?.rows ?? [])
      [...row.cells].forEach((cell, at) => {
        if (columns[at]?.dataset.column) cell.dataset.column = columns[at].dataset.column;
        if (cell.tagName === "TD" && !cell.dataset.label && heads[at] && !/^c-/.test(cell.className)) cell.dataset.label = heads[at];
      });
  }
}
label(document);
document.addEventListener("htmx:load", (event) => label(event.detail.elt.parentElement ?? document));
