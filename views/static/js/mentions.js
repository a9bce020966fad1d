// Offers colleagues' names after "@": arrows choose, Enter or Tab puts the login in, Esc leaves it.
const fold = (text) => text.toLowerCase().replaceAll("ё", "е");

const wordBefore = (area) => /(?:^|[^\w@.])@([\p{L}\w.@+-]*)$/u.exec(area.value.slice(0, area.selectionStart));

const offer = (area) => {
  close(area);
  const word = wordBefore(area);
  if (!word) return;
  const said = fold(word[1]);
  const fits = JSON.parse(area.dataset.mentions).filter(([login, name]) =>
    [login, ...name.split(" ")].some((part) => fold(part).startsWith(said)));
  if (!fits.length) return;
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  fits.slice(0, 6).forEach(([login, name], place) => {
    const line = document.createElement("li");
    line.id = `mention-${place}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(place === 0));
    line.dataset.login = login;
    line.textContent = name;
    list.append(line);
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const line = event.target.closest("li");
    if (line) put(area, line.dataset.login);
  });
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-activedescendant", "mention-0");
};

const close = (area) => {
  area.parentElement.querySelector(".mention-list")?.remove();
  area.removeAttribute("aria-activedescendant");
};

const put = (area, login) => {
  const word = wordBefore(area);
  const start = area.selectionStart - word[1].length;
  area.setRangeText(`${login} `, start, area.selectionStart, "end");
  close(area);
  area.focus();
};

const move = (area, step) => {
  const lines = [...area.parentElement.querySelectorAll(".mention-list li")];
  const here = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  const next = (here + step + lines.length) % lines.length;
  lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === next)));
  area.setAttribute("aria-activedescendant", lines[next].id);
};

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-mentions]")) offer(event.target);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-mentions]")) close(event.target);
});
document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (!area.matches?.("[data-mentions]")) return;
  const chosen = area.parentElement.querySelector(".mention-list [aria-selected=true]");
  if (!chosen) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(area, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" || event.key === "Tab") put(area, chosen.dataset.login);
  else if (event.key === "Escape") close(area);
  else return;
  event.preventDefault();
});
