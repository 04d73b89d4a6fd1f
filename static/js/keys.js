// Single keys of a page: j and k move between rows, x ticks, / searches, ? shows them all; a letter presses the button that names it.
//
//   <tr data-row>…<a href="…">        a row of a list; its first link is what j and k move to and Enter opens
//   <a data-key="s">, <button data-key="n">
//   <dialog data-keys>                the help; its [data-keys-on] switches single keys off (WCAG 2.1.4), remembered by the browser
//   <button data-keys-help hidden>, <button data-print hidden>
//
// They rest while something is written, a menu or dialog is open, or a modifier is held. Without this file everything is still on the page.
"use strict";

(() => {
  const OFF = "portal-keys-off";
  const help = document.querySelector("dialog[data-keys]");
  const choice = help?.querySelector("[data-keys-on]");
  const memory = {
    get: () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } },
    set: (off) => { try { off ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF); } catch { /* only for this page */ } },
  };
  let off = memory.get();

  const showHelp = () => { if (help && !help.open) help.showModal(); }; // closing it gives the focus back by itself
  if (choice) {
    choice.checked = !off;
    choice.addEventListener("change", () => { off = !choice.checked; memory.set(off); });
  }
  for (const button of document.querySelectorAll("[data-keys-help]")) {
    button.hidden = false;
    button.addEventListener("click", showHelp);
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const here = () => document.activeElement?.closest?.("[data-row]");
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(here());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next].querySelector("a")?.focus();
    all[next].scrollIntoView({ block: "nearest" });
  };
  const tick = () => {
    const box = here()?.querySelector('input[type="checkbox"]');
    box?.click();
    return Boolean(box);
  };
  const search = () => {
    const field = document.querySelector('main input[type="search"]');
    field?.focus();
    field?.select();
    return Boolean(field);
  };
  const toBar = () => {
    const button = document.querySelector("[data-bulk]:not([hidden]) button");
    button?.focus();
    return Boolean(button);
  };
  const press = (key) => {
    const target = document.querySelector(`main [data-key="${CSS.escape(key)}"]`);
    target?.click();
    return Boolean(target);
  };
  const onList = Boolean(document.querySelector("[data-bulk], [data-row]"));

  document.addEventListener("keydown", (event) => {
    if (off || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (target.isContentEditable || /^(SELECT|TEXTAREA)$/.test(target.tagName)) return;
    if (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(target.type)) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    const { key } = event;
    let done = false;
    if (key === "?") { showHelp(); done = Boolean(help); }
    else if (key === "/") done = search();
    else if (event.shiftKey) return;
    else if (onList && (key === "j" || key === "k")) { move(key === "j" ? 1 : -1); done = true; }
    else if (onList && key === "x") done = tick();
    else if (onList && key === "b") done = toBar();
    else if (/^[a-z]$/.test(key)) done = press(key);
    if (done) event.preventDefault();
  });
})();
