// The filters of a list: blank ones stay out of the address, a choice made with the mouse applies at once.
document.documentElement.classList.add("filters-apply");
let byPointer = false;
document.addEventListener("pointerdown", () => (byPointer = true), true);
document.addEventListener("keydown", () => (byPointer = false), true);

// Several rows that were looked up stand in one hidden field, "3,17": each is an argument of its own.
function apart(field) {
  const copies = field.value.split(",").map((value) => {
    const copy = document.createElement("input");
    Object.assign(copy, { type: "hidden", name: field.name, value });
    return copy;
  });
  field.after(...copies);
  return copies;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-filters]")) return;
  const several = [...form.querySelectorAll("[data-multiple]")].filter((field) => field.value.includes(","));
  const copies = several.flatMap(apart);
  const blank = [...form.elements].filter((field) => field.name && field.value.trim() === "");
  for (const field of [...blank, ...several]) field.disabled = true;
  // The page may come back from the browser's memory: the fields must work again.
  setTimeout(() => {
    for (const field of [...blank, ...several]) field.disabled = false;
    for (const copy of copies) copy.remove();
  }, 0);
});

document.addEventListener("change", (event) => {
  const field = event.target;
  // With the keyboard a choice changes at each arrow, so it waits for Enter or the button.
  if (field.matches("[data-filters] [data-apply]") && (byPointer || field.dataset.picked)) field.form.requestSubmit();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-filters] select, [data-filters] .several input")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

// ---- several values of a filter: one fold open at a time; what was ticked applies when it is closed -----------
const ticked = (fold) => [...fold.querySelectorAll("input:checked")].map((box) => box.value).join();

document.addEventListener(
  "toggle",
  (event) => {
    const fold = event.target;
    if (!fold.matches?.("details.several")) return;
    if (fold.open) {
      fold.dataset.was = ticked(fold);
      for (const other of document.querySelectorAll("details.several[open]")) if (other !== fold) other.open = false;
      const list = fold.querySelector(".several-list");
      list.classList.toggle("is-left", list.getBoundingClientRect().right > innerWidth - 8);
      fold.querySelector("[data-narrow]")?.focus();
    } else if (fold.dataset.was !== undefined && fold.dataset.was !== ticked(fold) && "applyClosed" in fold.dataset)
      fold.closest("form").requestSubmit();
  },
  true,
);
document.addEventListener("click", (event) => {
  for (const fold of document.querySelectorAll("details.several[open]")) if (!fold.contains(event.target)) fold.open = false;
});
document.addEventListener("keydown", (event) => {
  const fold = event.target.closest?.("details.several[open]");
  if (event.key !== "Escape" || !fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
});
const fold = (text) => text.toLowerCase().replaceAll("ё", "е");
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrow]")) return;
  const wanted = fold(event.target.value.trim());
  for (const line of event.target.parentElement.querySelectorAll("label")) line.hidden = !fold(line.textContent).includes(wanted);
});
