// The one box: answers under it while one types (htmx asks), arrows through them, Enter opens, Esc closes.
const form = document.getElementById("top-search");
const box = form?.querySelector("[role=combobox]");
const found = document.getElementById("top-found");
const said = document.getElementById("top-said");

const lines = () => [...found.querySelectorAll("[role=option]")];
const isOpen = () => !found.hidden;
let active = null;

function mark(line) {
  active?.classList.remove("is-active");
  active?.setAttribute("aria-selected", "false");
  active = line ?? null;
  if (!active) return box.removeAttribute("aria-activedescendant");
  active.classList.add("is-active");
  active.setAttribute("aria-selected", "true");
  active.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", active.id);
}

function show(open) {
  found.hidden = !open;
  box.setAttribute("aria-expanded", String(open));
  if (!open) {
    mark(null);
    said.textContent = "";
  }
}

function move(step) {
  const all = lines();
  if (!all.length) return;
  const at = all.indexOf(active);
  mark(at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[(at + step + all.length) % all.length]);
}

if (form) {
  box.addEventListener("input", () => {
    if (!box.value.trim()) show(false);
  });
  box.addEventListener("htmx:beforeRequest", (event) => {
    if (!box.value.trim()) event.preventDefault();
  });
  found.addEventListener("htmx:afterSwap", () => {
    active = null;
    const late = !box.value.trim() || !form.contains(document.activeElement);
    show(!late);
    if (!late) said.textContent = found.querySelector("[data-said]")?.dataset.said ?? "";
  });
  box.addEventListener("focus", () => {
    if (box.value.trim() && lines().length) show(true);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen() && lines().length && box.value.trim()) show(true);
      if (isOpen()) move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && isOpen() && active) {
      event.preventDefault();
      active.click();
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      show(false);
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) show(false);
  });
  // The list must not take the focus from the box, or it would close before the click is heard.
  found.addEventListener("pointerdown", (event) => event.preventDefault());
}
