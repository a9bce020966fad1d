// A line that begins with "!" is a promise: the server says how it understands it, while one types.
const PROMISE = /^[ \t]*!{1,2}(?!!)/m;
const asks = (form) => {
  const said = form.querySelector("[data-promises]");
  const typed = [...form.querySelectorAll("textarea")].some((field) => PROMISE.test(field.value));
  if (said && (typed || said.childElementCount)) said.dispatchEvent(new Event("crm:promised"));
};
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("form");
    if (form) asks(form);
  });
}
