// The list: blank filters stay out of the address, a choice made with the mouse applies at once, ticked rows bring up the acts.
let byPointer = false;
document.addEventListener("pointerdown", () => (byPointer = true), true);
document.addEventListener("keydown", () => (byPointer = false), true);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-filters]")) return;
  const blank = [...form.elements].filter((field) => field.name && field.value.trim() === "");
  for (const field of blank) field.disabled = true;
  // The page may come back from the browser's memory: the fields must work again.
  setTimeout(() => blank.forEach((field) => (field.disabled = false)), 0);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  // With the keyboard a choice changes at each arrow, so it waits for Enter or the button.
  if (field.matches("[data-filters] [data-apply]") && (byPointer || field.dataset.picked)) field.form.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-filters] select")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

// ---- ticked rows -------------------------------------------------------------------------------------------
const boxes = () => [...document.querySelectorAll("input[name=rowid]")];

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

// ---- on a telephone a row is a card: each cell is told its heading -----------------------------------------
function label(root) {
  for (const table of root.querySelectorAll("table.list")) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.firstChild?.textContent.trim() ?? "");
    for (const row of table.tBodies[0]?.rows ?? [])
      [...row.cells].forEach((cell, at) => {
        if (cell.tagName === "TD" && !cell.dataset.label && heads[at] && !/^c-/.test(cell.className)) cell.dataset.label = heads[at];
      });
  }
}
label(document);
document.addEventListener("htmx:load", (event) => label(event.detail.elt.parentElement ?? document));
