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

// Many choices come when somebody is about to open them: the page is lighter, and they are there by then.
const coming = new WeakMap();
async function fetched(address) {
  const answer = await fetch(address, { redirect: "manual" });
  if (!answer.ok) throw new Error(answer.status);
  return [...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes];
}
function failed() {
  const text = document.getElementById("texts").dataset.failed;
  document.dispatchEvent(new CustomEvent("crm:notice", { detail: { text, look: "danger" } }));
}
async function bring(list) {
  const address = list.dataset.later;
  if (!address) return;
  if (!coming.has(list)) coming.set(list, fetched(address));
  try {
    const choices = await coming.get(list);
    if (!list.dataset.later) return; // another call was first
    delete list.dataset.later;
    list.replaceChildren(list.querySelector("legend"), ...choices);
  } finally {
    coming.delete(list);
  }
}
for (const near of ["pointerover", "focusin"])
  document.addEventListener(near, (event) => {
    const list = event.target.closest?.("details.several > summary")?.nextElementSibling;
    if (list) bring(list).catch(() => {}); // opening it asks again, and says so
  });

document.addEventListener(
  "toggle",
  async (event) => {
    const fold = event.target;
    if (!fold.matches?.("details.several")) return;
    if (fold.open) {
      for (const other of document.querySelectorAll("details.several[open]")) if (other !== fold) other.open = false;
      const list = fold.querySelector(".several-list");
      fold.dataset.was = ticked(fold);
      await bring(list).catch(failed);
      if (!fold.open) return;
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

// ---- filters that few people open come when they are asked for; until then the page is lighter by them ---------
document.addEventListener("click", async (event) => {
  const part = document.getElementById(event.target.closest?.("[data-reveal]")?.dataset.reveal ?? "");
  const address = part?.dataset.later;
  if (!address) return;
  delete part.dataset.later;
  const from = document.activeElement;
  try {
    part.append(...(await fetched(address)));
    part.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: part } }));
    // Whoever has gone on meanwhile is not called back.
    if (!part.hidden && document.activeElement === from) part.querySelector("summary, input, select")?.focus();
  } catch {
    part.dataset.later = address; // the next click asks again
    failed();
  }
});
