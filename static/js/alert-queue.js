// The queue refreshes itself when something happens. Under the reader's hand nothing moves: while she points at it, has the focus in it,
// has ticked something or stands on a later page, what is new waits under a bar. Without this file the list is right when it is loaded.
"use strict";

(() => {
  const queue = document.querySelector("[data-queue]");
  const bar = document.querySelector("[data-queue-new]");
  if (!queue || !bar) return;
  const GAP = 1000; // at most one question a second, however much happens
  const link = bar.querySelector("a");
  let asked = -GAP, timer = null, running = false, again = false, kept = null;

  const keys = (part) => [...part.querySelectorAll("[data-key]")].map((one) => one.dataset.key);
  const isRead = () => queue.matches(":hover") || queue.contains(document.activeElement) || queue.querySelector("input:checked") !== null;
  const later = () => /[?&](after|before)=/.test(location.search);
  const said = (words) => { const place = queue.querySelector("[data-queue-said]"); if (place) place.textContent = words; };

  const put = (fresh) => {
    queue.replaceChildren(...fresh.childNodes);
    kept = null;
    bar.hidden = true;
    document.dispatchEvent(new CustomEvent("portal:rows"));
  };
  const settle = (fresh) => {
    const before = new Set(keys(queue)), added = keys(fresh).filter((key) => !before.has(key));
    if (!isRead() && !later()) { put(fresh); if (added.length) said(words(added.length)); return; }
    kept = fresh;
    if (!added.length) return;
    link.textContent = words(added.length);
    bar.hidden = false;
    said(link.textContent);
  };
  const words = (number) => (number === 1 ? link.dataset.one : link.dataset.many.replace("{n}", number));

  link.addEventListener("click", (event) => {
    if (!kept || later()) return; // the link itself loads the page anew
    event.preventDefault();
    put(kept);
    queue.querySelector("a")?.focus();
  });

  const refresh = async () => {
    if (running) { again = true; return; }
    running = true;
    asked = performance.now();
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-queue]");
      if (!fresh) throw new Error("nothing to show");
      settle(fresh);
      queue.dataset.state = "fresh";
    } catch {
      queue.dataset.state = "stale";
      said(queue.dataset.stale);
      setTimeout(soon, 5000);
    } finally {
      running = false;
      if (again) { again = false; soon(); }
    }
  };
  const soon = () => {
    if (timer || document.hidden) { again = again || document.hidden; return; }
    timer = setTimeout(() => { timer = null; refresh(); }, Math.max(0, asked + GAP - performance.now()));
  };
  document.body.addEventListener("portal:live-alerts", soon);
  document.body.addEventListener("portal:live-resync", soon);
  document.body.addEventListener("portal:live-access", () => location.reload());
  document.addEventListener("visibilitychange", () => { if (!document.hidden && again) { again = false; soon(); } });
  setInterval(soon, 60000); // time alone makes things late
})();
