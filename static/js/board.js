// The home of a desk: what happened is counted and listed anew, the chosen matter opens beside the list, the map follows it.
// Without it every number and every list is right when the page is loaded, and a matter opens on its own page.
"use strict";

(() => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const GAP = 1000; // at most one round of questions a second, however much happens
  const waiting = board.querySelector("[data-board-waiting]");
  const bar = board.querySelector("[data-board-new]");
  const said = board.querySelector("[data-board-said]");
  const matter = document.getElementById("matter");
  const body = document.getElementById("matter-body");
  const wide = matchMedia("(width >= 64rem)");
  let chosen = "", kept = null, asked = -GAP, timer = null, running = false, again = false;

  const rows = (part) => [...part.querySelectorAll("[data-key]")];
  const keysOf = (part) => new Set(rows(part).map((row) => row.dataset.key));
  const words = (number) => (number === 1 ? bar.dataset.one : bar.dataset.many.replace("{n}", number));
  const isRead = () => waiting.matches(":hover") || waiting.contains(document.activeElement);
  const mark = () => {
    for (const link of waiting.querySelectorAll("[data-preview]")) {
      if (link.getAttribute("href") === chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  // The list is replaced where nobody reads in it; else what is new waits under a bar, and what is gone grows pale where it stands.
  const settle = (fresh) => {
    const before = keysOf(waiting), after = keysOf(fresh);
    const added = [...after].filter((key) => !before.has(key));
    if (isRead() && (added.length || after.size < before.size)) {
      for (const row of rows(waiting)) row.classList.toggle("waiting__row--gone", !after.has(row.dataset.key));
      kept = fresh;
      if (added.length) {
        if (bar.hidden || bar.textContent !== words(added.length)) said.textContent = words(added.length);
        bar.textContent = words(added.length);
        bar.hidden = false;
      }
      return;
    }
    if (isRead()) return;
    put(fresh, added);
  };
  const put = (fresh, added) => {
    for (const row of rows(fresh)) row.classList.toggle("waiting__row--new", added.includes(row.dataset.key));
    waiting.replaceChildren(...fresh.childNodes);
    mark();
    if (added.length) said.textContent = words(added.length);
    kept = null;
    bar.hidden = true;
  };
  bar.addEventListener("click", () => {
    if (!kept) return;
    const before = keysOf(waiting), added = [...keysOf(kept)].filter((key) => !before.has(key));
    put(kept, added);
    waiting.querySelector(".waiting__row--new a, a")?.focus();
  });
  waiting.addEventListener("mouseleave", () => { if (kept && bar.hidden && !isRead()) put(kept, []); });

  const refresh = async () => {
    if (running) { again = true; return; }
    running = true;
    asked = performance.now();
    try {
      const answer = await fetch(board.dataset.board, { credentials: "same-origin", headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const counters = board.querySelector("[data-board-counters]"), fresh = page.querySelector("[data-board-counters]");
      if (fresh) recount(counters, fresh);
      const list = page.querySelector("[data-board-waiting]");
      if (list) settle(list);
      board.dataset.state = "fresh";
    } catch {
      board.dataset.state = "stale";
      said.textContent = board.dataset.stale;
      setTimeout(soon, 5000);
    } finally {
      running = false;
      if (again) { again = false; soon(); }
    }
    document.body.dispatchEvent(new CustomEvent("portal:board", { bubbles: true }));
    document.dispatchEvent(new CustomEvent("portal:map-refresh"));
  };
  // Only the numbers change where the same counters stand: the reader's focus stays where it is.
  const recount = (old, fresh) => {
    const names = (part) => [...part.querySelectorAll("[data-counter]")].map((one) => one.dataset.counter).join();
    if (names(old) !== names(fresh)) { old.replaceChildren(...fresh.childNodes); return; }
    for (const one of fresh.querySelectorAll("[data-counter]")) {
      const mine = old.querySelector(`[data-counter="${CSS.escape(one.dataset.counter)}"]`);
      mine.className = one.className;
      mine.querySelector(".counter__number").textContent = one.querySelector(".counter__number").textContent;
    }
    old.querySelector(".counters__time")?.replaceChildren(...fresh.querySelector(".counters__time").childNodes);
  };
  const soon = () => {
    if (timer || document.hidden) { again = again || document.hidden; return; }
    timer = setTimeout(() => { timer = null; refresh(); }, Math.max(0, asked + GAP - performance.now()));
  };
  for (const topic of board.dataset.topics.split(" ").filter(Boolean)) document.body.addEventListener(`portal:live-${topic}`, soon);
  document.body.addEventListener("portal:live-resync", soon);
  document.body.addEventListener("portal:live-access", () => location.reload());
  document.addEventListener("visibilitychange", () => { if (!document.hidden && again) { again = false; soon(); } });
  setInterval(soon, 60000); // time alone makes things late

  // A matter beside the list. On a narrow screen, with a key held or another button, the link is a link.
  const open = async (link) => {
    chosen = link.getAttribute("href");
    mark();
    if (link.dataset.lon) document.dispatchEvent(new CustomEvent("portal:map-look", { detail: { lon: Number(link.dataset.lon), lat: Number(link.dataset.lat), label: link.querySelector(".waiting__label").textContent } }));
    matter.setAttribute("aria-busy", "true");
    const mine = chosen;
    try {
      const answer = await fetch(link.dataset.preview, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = page.getElementById("main");
      if (!main) throw new Error("nothing to show");
      if (mine !== chosen) return;
      show([...main.children], mine);
    } catch {
      if (mine === chosen) show([Object.assign(document.createElement("p"), { className: "alert alert--warning", textContent: board.dataset.failed })], mine);
    } finally {
      if (mine === chosen) matter.removeAttribute("aria-busy");
    }
  };
  const show = (parts, address) => {
    body.replaceChildren(...parts);
    for (const script of body.querySelectorAll("script:not([type='application/json'])")) script.remove();
    for (const title of body.querySelectorAll("h1")) { // one h1 a page; here it leads to the matter's own
      const heading = document.createElement("h2"), link = document.createElement("a");
      link.href = address;
      link.textContent = title.textContent;
      heading.append(link);
      title.replaceWith(heading);
    }
    window.htmx?.process(body);
    matter.scrollTop = 0;
  };
  waiting.addEventListener("click", (event) => {
    const link = event.target.closest("[data-preview]");
    if (!link || !wide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  // Keys work while the focus is in the list alone.
  waiting.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...waiting.querySelectorAll(".waiting__link")];
    const next = links[links.indexOf(document.activeElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    if (next.dataset.preview && wide.matches) open(next);
  });

  // Tabs on a phone.
  const tabs = [...board.querySelectorAll("[data-tab]")];
  const turn = (name) => {
    board.dataset.shown = name;
    for (const tab of tabs) if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true"); else tab.removeAttribute("aria-current");
  };
  for (const tab of tabs) tab.addEventListener("click", (event) => { event.preventDefault(); turn(tab.dataset.tab); });
  turn("decisions");
})();
