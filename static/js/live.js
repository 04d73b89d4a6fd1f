// The live stream in a page: shows its state, tells elements what happened. Without it the page is as it was made.
//
//   <div hx-get="…" hx-trigger="portal:live-reports from:body, portal:live-resync from:body">   refreshes itself
//   <a href="" data-live-new="reports" data-one="1 new" data-many="{n} new" hidden></a>          says "3 new", inserts nothing
//
// Events on document.body: `portal:live` and `portal:live-<topic>` with detail.events; `portal:live-resync`, `portal:live-access`.
// The first of a burst is told at once, the rest together a quarter of a second later.
"use strict";

(() => {
  const mark = document.getElementById("live-state");
  if (!mark || !("EventSource" in window)) return;
  const GAP = 250;
  const { liveStream: address, liveWorker: worker, livePerson: person, livePosition: position } = mark.dataset;
  let waiting = [];
  let toldAt = 0;
  let timer = null;

  const tell = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

  const flush = () => {
    timer = null;
    toldAt = performance.now();
    const events = waiting;
    waiting = [];
    tell("portal:live", { events });
    for (const topic of new Set(events.map((event) => event.topic))) {
      const some = events.filter((event) => event.topic === topic);
      tell("portal:live-" + topic, { events: some });
      for (const bar of document.querySelectorAll(`[data-live-new="${CSS.escape(topic)}"]`)) count(bar, some.length);
    }
  };

  const count = (bar, more) => {
    const total = Number(bar.dataset.count || 0) + more;
    bar.dataset.count = total;
    bar.textContent = total === 1 ? bar.dataset.one : bar.dataset.many.replace("{n}", total);
    bar.hidden = false;
  };

  const show = ({ state, since }) => {
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date(since));
    const words = mark.dataset[state] ? mark.dataset[state].replace("{time}", time) : "";
    mark.dataset.state = state;
    if (mark.textContent !== words) mark.textContent = words;
  };

  const receive = (message) => {
    if (message.type === "event") {
      waiting.push(message.event);
      if (!timer) timer = setTimeout(flush, Math.max(0, toldAt + GAP - performance.now()));
    } else if (message.type === "state") {
      show(message.state);
    } else {
      tell("portal:live-" + message.type, {});
    }
  };

  const alone = () => {
    const script = document.createElement("script");
    script.src = worker;
    script.onload = () => {
      const stream = new window.LiveStream(address, receive);
      stream.start(position);
      document.addEventListener("visibilitychange", () => { if (!document.hidden) stream.start(); });
    };
    document.head.append(script);
  };

  const shared = () => {
    // Named by person: after signing in as somebody else nothing of the other's stream is left.
    const { port } = new SharedWorker(worker, { name: "live-" + person });
    port.onmessage = ({ data }) => receive(data);
    const hello = (after) => port.postMessage({ type: "hello", address, after });
    hello(position);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) hello(""); });
    window.addEventListener("pagehide", () => port.postMessage({ type: "bye" }));
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  };

  show({ state: "reconnecting", since: new Date() });
  if ("SharedWorker" in window) shared();
  else alone();
})();
