/* The comforts that pages offer where JavaScript runs; everything works without it. */
import { initAll } from "./govuk-frontend.js";

initAll();

/* Leaving quickly also takes this page's place in the browser's history. */
document.addEventListener("click", leave, true);

function leave(event) {
  const link = event.target.closest?.(".govuk-js-exit-this-page-button");
  if (!link) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  document.body.classList.add("govuk-exit-this-page-hide-content");
  window.location.replace(link.href);
}
