// Acts on many rows: once the whole page is ticked, all rows found can be taken; any other tick takes that back.
const bar = document.getElementById("action_form");
const take = bar?.querySelector("[data-take-all]");

if (take) {
  const all = bar.querySelector("[data-all-found]");
  const number = bar.querySelector("[data-picked]");
  const boxes = () => [...document.querySelectorAll("input[name=rowid]")];
  const look = () => {
    all.value = "";
    take.hidden = !boxes().length || boxes().some((box) => !box.checked);
  };
  take.addEventListener("click", () => {
    all.value = "1";
    number.textContent = take.dataset.takeAll;
    take.hidden = true;
    bar.querySelector("[data-bs-toggle]")?.focus();
  });
  // After js/list.js has counted.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("input[name=rowid], [data-pick-all], [data-pick-none]")) setTimeout(look);
  });
  window.addEventListener("pageshow", look);
}
