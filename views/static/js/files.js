// Files that are chosen: counted and weighed before anything is sent, so that what was typed never waits for a refusal.
const inputs = (field) => [...field.querySelectorAll("[type=file]")];
const chosen = (field) => inputs(field).flatMap((input) => [...input.files]);

function wrong(field, files) {
  if (files.length > Number(field.dataset.most)) return field.dataset.tooMany;
  const large = files.find((file) => file.size > Number(field.dataset.largest));
  return large ? `${large.name} ${field.dataset.tooLarge}` : "";
}

// `files_chosen` comes along even where the files themselves get lost on the way: then they are missed.
function look(field) {
  const files = chosen(field);
  field.querySelector("[name=files_chosen]").value = files.length || "";
  const [pick, camera] = inputs(field);
  field.querySelector("[data-files-taken]").textContent = camera.files.length ? `: ${camera.files[0].name}` : "";
  pick.required = field.hasAttribute("data-must") && !files.length;
  const said = field.querySelector("[data-files-wrong]");
  said.textContent = wrong(field, files);
  said.hidden = !said.textContent;
  pick.toggleAttribute("data-is-wrong", !said.hidden);
  const again = field.parentElement.querySelector("[data-files-again]");
  if (again) again.hidden = files.length > 0;
}

const lookIn = (part) => part.querySelectorAll?.("[data-files]").forEach(look);

document.addEventListener("change", (event) => {
  const field = event.target.type === "file" && event.target.closest("[data-files]");
  if (field) look(field);
});
document.addEventListener("reset", (event) => setTimeout(() => lookIn(event.target)));
// Before htmx hears of it.
document.addEventListener("submit", (event) => {
  const pick = event.target.querySelector("[data-is-wrong]");
  if (!pick) return;
  event.preventDefault();
  event.stopPropagation();
  pick.focus();
}, true);
document.addEventListener("htmx:load", (event) => lookIn(event.detail.elt.parentElement ?? document));
window.addEventListener("pageshow", () => lookIn(document));
lookIn(document);
