// The filing page while it is being written: what is known from it is asked for a moment after each change; chips choose a category.
(() => {
  "use strict";
  const form = document.querySelector("[data-filing]");
  if (!form) return;
  form.dataset.js = "1";
  const hints = document.getElementById("hints");
  const category = document.getElementById("id_category");
  const ASK = new Set(["title", "text", "place", "area", "lon", "lat", "category"]);
  let timer = null;

  const ask = (wait) => {
    if (!hints || typeof htmx === "undefined") return;
    clearTimeout(timer);
    timer = setTimeout(() => htmx.trigger(hints, "portal:filing"), wait);
  };
  form.addEventListener("input", ({ target }) => { if (ASK.has(target.name)) ask(500); });
  form.addEventListener("portal:place", () => ask(0));
  form.addEventListener("submit", () => clearTimeout(timer));

  // The chip of a category: pressed again, it is taken back and the words decide.
  form.addEventListener("click", ({ target }) => {
    const chip = target.closest("[data-category]");
    if (!chip) return;
    category.value = category.value === chip.dataset.category ? "" : chip.dataset.category;
    for (const one of form.querySelectorAll("[data-category]")) one.setAttribute("aria-pressed", String(one.dataset.category === category.value));
    ask(0);
  });

  // On a desk the place stands beside the form, and the caller below it; the chip of the place opens it.
  const where = form.querySelector("[data-where]");
  const more = form.querySelector(".filing__more");
  if (matchMedia("(width >= 64rem)").matches) for (const one of [where, more]) if (one) one.open = true;
  form.querySelector("[data-open-where]")?.addEventListener("click", () => { where.open = true; });
})();
