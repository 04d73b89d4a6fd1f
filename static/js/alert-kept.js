// An alert that its reader keeps is given back when she leaves its pages: not when she goes on to record an attempt or takes a step.
// Without this file the button gives it back, and the time does.
"use strict";

(() => {
  const form = document.querySelector("[data-kept]");
  if (!form) return;
  const base = form.dataset.kept;
  let stays = false;
  const inside = (address) => new URL(address, location.href).pathname.startsWith(base);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) stays = link.target === "_blank" || inside(link.href);
  });
  document.addEventListener("submit", (event) => { stays = event.target === form || inside(event.target.action); });
  window.addEventListener("pagehide", () => {
    if (stays || document.querySelector("[data-kept]") === null) return;
    fetch(`${form.action}?left=1`, { method: "POST", body: new FormData(form), credentials: "same-origin", keepalive: true }).catch(() => {});
  });
})();
