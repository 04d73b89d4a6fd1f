// One event stream for all tabs of a browser: a browser opens only six connections to a host.
// As a SharedWorker it serves its ports; live.js loads the same file as a script where there are no SharedWorkers.
"use strict";

class LiveStream {
  static KEPT = 500; // events kept for tabs that come later
  static SILENCE = 40000; // the server beats every 15 s; after this long the connection is dead, whatever it says

  constructor(address, tell) {
    this.address = address;
    this.tell = tell; // (message) to every listener
    this.kept = [];
    this.trimmed = 0; // the greatest number that is no longer kept
    this.lastId = "";
    this.state = { state: "reconnecting", since: new Date().toISOString() };
    this.wait = 2000;
    this.source = null;
    this.stopped = true;
  }

  static number(id) {
    return Number(String(id).split("-")[1] || 0);
  }

  start(after) {
    if (!this.stopped && this.source && this.source.readyState !== EventSource.CLOSED) return;
    if (!this.lastId && after) this.lastId = after;
    this.stopped = false;
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    const query = this.lastId ? "?after=" + encodeURIComponent(this.lastId) : "";
    const source = (this.source = new EventSource(this.address + query));
    source.onopen = () => { this.wait = 2000; this.alive(); };
    source.onerror = () => this.failed(source);
    source.onmessage = (message) => { this.seen(message); this.event(JSON.parse(message.data)); };
    source.addEventListener("beat", (message) => this.seen(message));
    source.addEventListener("state", (message) => { this.alive(); this.say(JSON.parse(message.data)); });
    source.addEventListener("resync", (message) => { this.seen(message); this.tell({ type: "resync" }); });
    source.addEventListener("access", () => this.tell({ type: "access" }));
    source.addEventListener("closed", (message) => this.closed(JSON.parse(message.data).reason));
    this.alive();
  }

  // Anything that arrived proves the connection; an id moves the place to resume from.
  seen(message) {
    if (message.lastEventId) this.lastId = message.lastEventId;
    this.alive();
  }

  alive() {
    this.sureAt = new Date().toISOString();
    clearTimeout(this.watch);
    this.watch = setTimeout(() => { this.lost(); this.open(); }, LiveStream.SILENCE);
  }

  event(event) {
    if (this.kept.length && event.id <= this.kept[this.kept.length - 1].id) return; // shown once
    this.kept.push(event);
    if (this.kept.length > LiveStream.KEPT) this.trimmed = this.kept.shift().id;
    this.tell({ type: "event", event });
  }

  lost() {
    if (this.state.state !== "reconnecting" && this.state.state !== "stale") this.say({ state: "reconnecting", since: this.sureAt });
    clearTimeout(this.staleTimer);
    this.staleTimer = setTimeout(() => {
      if (this.state.state === "reconnecting") this.say({ state: "stale", since: this.state.since });
    }, 10000);
  }

  failed(source) {
    if (source !== this.source || this.stopped) return;
    this.lost();
    clearTimeout(this.watch);
    if (source.readyState === EventSource.CLOSED) {
      // The server refused (503 while the database is away, 401 after sign-out): try again, ever more slowly.
      this.timer = setTimeout(() => this.open(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, 60000);
    }
  }

  closed(reason) {
    if (reason === "restart" || reason === "unavailable") return; // the browser comes back by itself
    this.stopped = true;
    clearTimeout(this.watch);
    this.source.close();
    this.say({ state: "stale", since: this.sureAt });
  }

  say(state) {
    this.state = state;
    this.tell({ type: "state", state });
  }

  // What a tab missed whose page was made at position `after`.
  missed(after) {
    const from = LiveStream.number(after);
    if (!after || !this.kept.length) return [];
    if (from < this.trimmed) return [{ type: "resync" }];
    return this.kept.filter((event) => event.id > from).map((event) => ({ type: "event", event }));
  }
}

if (typeof SharedWorkerGlobalScope !== "undefined") {
  const ports = new Set();
  let stream = null;
  self.onconnect = (connected) => {
    const port = connected.ports[0];
    port.onmessage = ({ data }) => {
      if (data.type === "bye") {
        ports.delete(port);
      } else if (data.type === "hello") {
        if (!stream) {
          stream = new LiveStream(data.address, (message) => {
            for (const one of ports) one.postMessage(message);
          });
        }
        for (const message of stream.missed(data.after)) port.postMessage(message);
        ports.add(port);
        stream.start(data.after);
        port.postMessage({ type: "state", state: stream.state });
      }
    };
  };
} else {
  self.LiveStream = LiveStream;
}
