// The bar for what is ticked: from below when something is ticked, with its number. Without this file the bar stands under the list.
"use strict";

(() => {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const boxes = [...document.querySelectorAll(`input[type="checkbox"][form="${bar.id}"]`)];
  const all = document.querySelector("[data-tick-all]");
  const count = bar.querySelector("[data-many]");
  const untick = bar.querySelector("[data-untick]");
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    bar.hidden = ticked === 0;
    count.textContent = ticked === 1 ? count.dataset.one : count.dataset.many.replace("{n}", ticked);
    if (all) { all.checked = ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length; }
  };
  const set = (checked) => { for (const box of boxes) box.checked = checked; show(); };
  for (const box of boxes) box.addEventListener("change", show);
  if (all) { all.hidden = false; all.addEventListener("change", () => set(all.checked)); }
  untick.hidden = false;
  untick.addEventListener("click", () => { set(false); boxes[0]?.focus(); });
  window.addEventListener("pageshow", show);
  show();
})();
