// The bar for what is ticked: from below when something is ticked, with its number. Without this file the bar stands under the list.
// A list that refreshes itself says so by `portal:rows`.
"use strict";

(() => {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const boxes = () => [...document.querySelectorAll(`input[type="checkbox"][form="${bar.id}"]`)];
  const tickAll = () => document.querySelector("[data-tick-all]");
  const count = bar.querySelector("[data-many]");
  const untick = bar.querySelector("[data-untick]");
  const show = () => {
    const every = boxes(), all = tickAll(), ticked = every.filter((box) => box.checked).length;
    bar.hidden = ticked === 0;
    count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("{n}", ticked);
    if (all) { all.hidden = false; all.checked = ticked > 0 && ticked === every.length; all.indeterminate = ticked > 0 && ticked < every.length; }
  };
  const set = (checked) => { for (const box of boxes()) box.checked = checked; show(); };
  document.addEventListener("change", ({ target }) => {
    if (target === tickAll()) set(target.checked);
    else if (target.form === bar) show();
  });
  document.addEventListener("portal:rows", show);
  untick.hidden = false;
  untick.addEventListener("click", () => { set(false); boxes()[0]?.focus(); });
  window.addEventListener("pageshow", show);
  show();
})();
