// A cell of a list changed in place: Enter on its pencil or a double click opens it, Enter saves, Esc cancels.
const texts = document.getElementById("texts").dataset;
const token = () => document.querySelector("#token [name=csrf_token]")?.value ?? "";
const tell = (text, look) => document.dispatchEvent(new CustomEvent("crm:notice", { detail: { text, look } }));
const EMPTY = "—";

// ---- pencils: made here, which spares the page two hundred buttons ------------------------------------------
function pencils(table) {
  const heads = [...table.tHead.rows[0].cells];
  const columns = heads.map((head, at) => ({ at, ...head.dataset, word: head.textContent.trim() })).filter((one) => one.inline);
  for (const row of table.tBodies[0].rows) {
    const name = (row.querySelector(".c-name a") ?? row.querySelector(".c-name"))?.textContent.trim() ?? "";
    for (const { at, column, inline, word } of columns) {
      const cell = row.cells[at];
      if (!cell || cell.tagName !== "TD" || cell.dataset.cell) continue;
      if (inline === "own" && !("own" in row.dataset)) {
        cell.dataset.shut = column;
        continue;
      }
      cell.dataset.cell = column;
      cell.dataset.label ??= word; // js/list.js leaves out what is empty
      cell.append(pencil(`${texts.change}: ${word} – ${name}`));
    }
  }
}

function pencil(about) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cell-pencil";
  button.setAttribute("aria-label", about);
  const icon = document.createElement("i");
  icon.className = "bi bi-pencil";
  icon.setAttribute("aria-hidden", "true");
  button.append(icon);
  return button;
}

// What the server has drawn, as nodes; no script in it would run.
const nodesOf = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes];

const start = () => document.querySelectorAll("table[data-cells]").forEach(pencils);
start();
document.addEventListener("htmx:load", start);

// ---- opening and closing -----------------------------------------------------------------------------------
const boxOf = (cell) => cell.querySelector(":scope > .cell-box");

const address = (cell) => {
  const row = cell.closest("tr");
  return `${row.closest("table").dataset.cells}${row.id.slice(1)}/${cell.dataset.cell ?? cell.dataset.shut}`;
};

async function ask(cell, body) {
  try {
    const sent = body ? { method: "POST", body, headers: { "X-CSRFToken": token() } } : {};
    const answer = await fetch(address(cell), { ...sent, redirect: "manual", headers: { Accept: "application/json", ...sent.headers } });
    if (answer.type === "opaqueredirect" || answer.status === 401) return tell(texts.expired, "danger");
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return tell(texts.failed, "danger");
    return await answer.json();
  } catch {
    tell(texts.offline, "danger");
  }
}

async function open(cell) {
  if (boxOf(cell) || cell.dataset.busy) return;
  cell.dataset.busy = "yes";
  const answer = await ask(cell);
  delete cell.dataset.busy;
  if (!answer?.form) return;
  for (const other of document.querySelectorAll("td[data-cell]:has(> .cell-box)")) if (!isTyped(other)) drop(other);
  show(cell, answer.form);
}

const isTyped = (cell) =>
  [...cell.querySelectorAll("input:not([type=hidden])")].some((field) => field.value !== field.defaultValue) ||
  [...cell.querySelectorAll("option")].some((one) => one.selected !== one.defaultSelected);

// The form lies over the list, so that no column moves; above everything, so that no edge cuts it.
function show(cell, form) {
  let box = boxOf(cell);
  if (!box) {
    box = document.createElement("div");
    box.className = "cell-box";
    box.popover = "manual";
    cell.append(box);
    box.showPopover();
  }
  box.replaceChildren(...nodesOf(form));
  place(box);
  const first = box.querySelector(".is-invalid") ?? box.querySelector("[name=value]") ?? box.querySelector("button");
  first.focus();
  if (first.type === "text") first.select();
}

function place(box) {
  const [cell, own] = [box.parentElement.getBoundingClientRect(), box.getBoundingClientRect()];
  const within = (at, size, all) => Math.max(8, Math.min(at, all - size - 8));
  box.style.left = `${within(cell.left, own.width, document.documentElement.clientWidth)}px`;
  box.style.top = `${within(cell.top, own.height, innerHeight)}px`;
}
const placeAll = () => document.querySelectorAll(".cell-box").forEach(place);
addEventListener("scroll", placeAll, { capture: true, passive: true });
addEventListener("resize", placeAll);

const drop = (cell) => boxOf(cell)?.remove();

function close(cell) {
  drop(cell);
  cell.querySelector(".cell-pencil")?.focus();
}

// What the row shows now, in every cell that says it.
function draw(row, cells) {
  const heads = [...row.closest("table").tHead.rows[0].cells];
  for (const [column, html] of Object.entries(cells ?? {})) {
    const cell = row.cells[heads.findIndex((head) => head.dataset.column === column)];
    if (!cell || cell.tagName !== "TD") continue;
    const ours = [...cell.children].filter((node) => node.matches(".cell-pencil, .cell-box"));
    for (const node of [...cell.childNodes]) if (!ours.includes(node)) node.remove();
    cell.prepend(...nodesOf(html || EMPTY));
    cell.classList.toggle("c-none", !html);
  }
}

async function save(cell, quick) {
  if (cell.dataset.busy) return;
  const body = new FormData(cell.querySelector("form"));
  if (quick) body.set("quick", quick);
  cell.dataset.busy = "yes";
  const answer = await ask(cell, body);
  delete cell.dataset.busy;
  if (!answer) return;
  draw(cell.closest("tr"), answer.cells);
  if (answer.form) return show(cell, answer.form);
  close(cell);
  if (answer.said) tell(answer.said);
}

// ---- keys and clicks ---------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const cell = event.target.closest?.("td[data-cell]");
  if (!cell) return;
  if (event.target.closest(".cell-pencil")) open(cell);
  else if (event.target.closest("[data-cell-cancel]")) close(cell);
  else if (event.target.closest("[data-quick]")) save(cell, event.target.closest("[data-quick]").dataset.quick);
});
document.addEventListener("dblclick", async (event) => {
  const cell = event.target.closest?.("td[data-cell], td[data-shut]");
  if (!cell || event.target.closest("a, button, form")) return;
  getSelection()?.removeAllRanges();
  if (cell.dataset.cell) return open(cell);
  const answer = await ask(cell); // somebody else's: the server says whose
  if (answer?.said) tell(answer.said);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-cell-form]")) return;
  event.preventDefault();
  save(event.target.closest("td"));
});
// Before anything else that listens: inside the form no key means anything to the list.
document.addEventListener(
  "keydown",
  (event) => {
    const cell = event.target.closest?.(".cell-box")?.parentElement;
    if (!cell) return;
    if (event.key === "Escape") close(cell);
    else if (event.key === "Enter" && event.target.matches("select")) save(cell);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
