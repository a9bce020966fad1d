// The card on a telephone: who they are and what is next are folded, so that what was said is near.
const narrow = matchMedia("(max-width: 991.98px)");
const fold = () => document.querySelectorAll("details[data-fold]").forEach((part) => (part.open = !narrow.matches));
fold();
narrow.addEventListener("change", fold);
