// The map: areas by level as one comes closer, coloured by a measure, points in clusters. The list beside it holds the same rows.
(() => {
  "use strict";
  const holder = document.getElementById("map");
  const text = document.getElementById("map-settings");
  if (!holder || !text || typeof L === "undefined") return;
  const given = JSON.parse(text.textContent);
  const figure = holder.closest("[data-map]");
  const status = figure.querySelector("[data-map-status]");
  const legend = figure.querySelector("[data-map-legend]");
  const LEVELS = ["district", "town", "village", "grid", "micro-grid"];
  const DIGITS = { district: 6, town: 9, village: 12, grid: 15, "micro-grid": 18 };
  const FROM_ZOOM = [["micro-grid", 16.5], ["grid", 13], ["village", 11.6], ["town", 0]];

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let colours = {};
  const readColours = () => {
    colours = { line: style("--map-line"), ground: style("--map-ground"), own: style("--map-own"), mark: style("--late"), ink: style("--ink"), surface: style("--surface") };
    colours.scale = [0, 1, 2, 3, 4].map((step) => style(`--map-${step}`));
  };
  readColours();

  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(holder, {
    preferCanvas: true, zoomControl: false, attributionControl: false, zoomSnap: 0.25, minZoom: 7, maxZoom: 19,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
  });
  L.control.zoom({ zoomInTitle: given.words.zoomIn, zoomOutTitle: given.words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const credit = L.control.attribution({ prefix: false }).addTo(map);
  if (given.attribution) credit.addAttribution(document.createTextNode(given.attribution).textContent.replace(/[<>&]/g, " "));
  if (given.tiles) L.tileLayer(given.tiles, { subdomains: given.subdomains, maxZoom: 19, className: "map__tiles" }).addTo(map);
  holder.setAttribute("data-ready", "0");

  const say = (words) => { status.textContent = words || ""; };
  const fetchJson = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  };
  const kept = new Map();
  const once = (address) => {
    if (!kept.has(address)) kept.set(address, fetchJson(address).catch((error) => { kept.delete(address); throw error; }));
    return kept.get(address);
  };

  // Areas of one level; micro-grids only under the grid in the middle.
  const layerAddress = (level, under) =>
    given.layers.replace("LEVEL", level) + `?edition=${given.edition}` + (under ? `&under=${under}` : "");
  const codeAt = (layer, point) => {
    let found = "";
    layer.eachLayer((part) => { if (part.getBounds().contains(point) && inside(part, point)) found = part.feature.id; });
    return found;
  };
  const inside = (part, point) => {
    const rings = part.feature.geometry.type === "Polygon" ? [part.feature.geometry.coordinates] : part.feature.geometry.coordinates;
    return rings.some((polygon) => polygon.reduce((odd, ring) => odd !== crosses(ring, point), false));
  };
  const crosses = (ring, point) => {
    let odd = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [x1, y1] = ring[i], [x2, y2] = ring[j];
      if (y1 > point.lat !== y2 > point.lat && point.lng < ((x2 - x1) * (point.lat - y1)) / (y2 - y1) + x1) odd = !odd;
    }
    return odd;
  };

  let classes = [], numbers = null, shownLevel = "", shownLayer = null, outline = null, turn = 0;
  const classOf = (number) => classes.filter((bound) => number > bound).length;
  const makeClasses = (values) => {
    const distinct = [...new Set(values)].sort((a, b) => a - b);
    if (distinct.length <= 5) return distinct.slice(0, -1);
    const sorted = [...values].sort((a, b) => a - b);
    return [...new Set([0.2, 0.4, 0.6, 0.8].map((share) => sorted[Math.floor(share * (sorted.length - 1))]))];
  };
  const look = (feature) => {
    const number = numbers ? numbers[feature.id] : undefined;
    const filled = number !== undefined;
    const own = feature.id.startsWith(given.at) || given.at.startsWith(feature.id);
    return {
      color: colours.line, weight: feature.id === given.at ? 3 : 1, fill: true,
      fillColor: filled ? colours.scale[classOf(number)] : own ? colours.own : colours.ground,
      fillOpacity: given.tiles ? 0.45 : 1, smoothFactor: 0.5,
    };
  };
  const drawLegend = (values) => {
    legend.replaceChildren();
    legend.hidden = !numbers || !values.length;
    if (legend.hidden) return;
    for (let step = 0; step <= classes.length; step++) {
      const inClass = values.filter((value) => classOf(value) === step);
      if (!inClass.length) continue;
      const item = document.createElement("span");
      item.className = `map__class map__class--${step}`;
      const least = Math.min(...inClass), most = Math.max(...inClass);
      item.textContent = least === most ? `${least}` : `${least}–${most}`;
      legend.append(item);
    }
  };

  const rowOf = (code) => document.querySelector(`[data-map-row="${code}"]`);
  const tell = (feature) => {
    const number = numbers ? numbers[feature.id] : undefined;
    return feature.properties.name + (numbers ? ` · ${number === undefined ? given.words.none : number}` : "");
  };
  const popup = (feature) => {
    const box = document.createElement("div"), name = document.createElement("strong"), link = document.createElement("a");
    name.textContent = tell(feature);
    link.href = given.area.replace("CODE", feature.id);
    link.textContent = given.words.open;
    box.append(name, document.createElement("br"), `${feature.id} `, document.createElement("br"), link);
    return box;
  };

  const wantedLevel = () => given.level || FROM_ZOOM.find(([, zoom]) => map.getZoom() >= zoom)[0];
  const show = async (force) => {
    const level = wantedLevel();
    let under = "";
    if (level === "micro-grid") {
      const grids = await once(layerAddress("grid", ""));
      under = codeAt(L.geoJSON(grids), map.getCenter()) || "";
      if (!under) { say(given.words.tooClose); return; }
    }
    const key = level + under;
    if (key === shownLevel && !force) return;
    const mine = ++turn;
    const [collection, values] = await Promise.all([
      once(layerAddress(level, under)),
      given.measure ? once(given.measures.replace("NAME", given.measure).replace("LEVEL", level) + (under ? `?under=${under}` : "")) : null,
    ]);
    if (mine !== turn) return;
    numbers = values;
    const listed = numbers ? collection.features.map((one) => numbers[one.id]).filter((one) => one !== undefined) : [];
    classes = listed.length ? makeClasses(listed) : [];
    const fresh = L.geoJSON(collection, {
      style: look,
      onEachFeature: (feature, part) => {
        part.bindTooltip(() => tell(feature), { sticky: true });
        if (!given.draw) part.bindPopup(() => popup(feature));
        part.on("mouseover", () => { part.setStyle({ weight: 2.5 }); rowOf(feature.id)?.classList.add("map-row--here"); });
        part.on("mouseout", () => { part.setStyle({ weight: feature.id === given.at ? 3 : 1 }); rowOf(feature.id)?.classList.remove("map-row--here"); });
      },
    });
    fresh.addTo(map);
    shownLayer?.remove();
    shownLayer = fresh;
    shownLevel = key;
    shownLayer.bringToBack?.();
    drawLegend(listed);
    say("");
    holder.setAttribute("data-level", level);
    holder.setAttribute("data-areas", String(collection.features.length));
    holder.setAttribute("data-ready", "1");
    requestAnimationFrame(() => requestAnimationFrame(() => window.performance?.mark?.("map-ready"))); // drawn, not only ordered
  };

  // Where to look: at the area of the page, or at the point that was asked for.
  const lookAt = async () => {
    if (given.mark) { map.setView([given.mark[1], given.mark[0]], 15); return; }
    if (given.at.length > 6) {
      const level = LEVELS.find((one) => DIGITS[one] === given.at.length);
      const collection = await once(layerAddress(level, level === "micro-grid" ? given.at.slice(0, 15) : ""));
      const feature = collection.features.find((one) => one.id === given.at);
      if (feature) {
        outline = L.geoJSON(feature, { style: { color: colours.ink, weight: 2.5, fill: false }, interactive: false });
        map.fitBounds(outline.getBounds(), { animate: false, padding: [12, 12] });
        return;
      }
    }
    const frame = given.frame;
    if (frame) map.fitBounds([[frame[1], frame[0]], [frame[3], frame[2]]], { animate: false, padding: [24, 24] });
    else map.setView([34.26, 117.2], 10);
  };

  // Points of the apps, in clusters.
  const clusters = L.layerGroup();
  let index = null;
  const drawPoints = () => {
    clusters.clearLayers();
    if (!index) return;
    const box = map.getBounds().pad(0.2);
    for (const one of index.getClusters([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()], Math.round(map.getZoom()))) {
      const [lon, lat] = one.geometry.coordinates, facts = one.properties;
      if (facts.cluster) {
        const icon = L.divIcon({ className: "map__cluster", html: String(facts.point_count_abbreviated), iconSize: [34, 34] });
        const marker = L.marker([lat, lon], { icon, keyboard: true, alt: String(facts.point_count) });
        marker.on("click keypress", () => map.setView([lat, lon], Math.min(index.getClusterExpansionZoom(one.id), 18)));
        marker.addTo(clusters);
      } else {
        const marker = L.circleMarker([lat, lon], { radius: 6, color: colours.surface, weight: 1.5, fillColor: style("--bronze"), fillOpacity: 1 });
        const link = document.createElement("a");
        link.href = facts.href;
        link.textContent = facts.label;
        marker.bindTooltip(facts.label).bindPopup(link).addTo(clusters);
      }
    }
  };
  const fetchPoints = async (ask) => {
    const sets = await Promise.all(given.points.map((name) => ask(given.pointLayers.replace("NAME", name) + `?under=${given.at}`)));
    const rows = sets.flatMap((set) => set.points);
    if (sets.some((set) => set.more)) say(given.words.more);
    index = new Supercluster({ radius: 50, maxZoom: 17 }).load(
      rows.map(([lon, lat, label, href]) => ({ type: "Feature", properties: { label, href }, geometry: { type: "Point", coordinates: [lon, lat] } })));
    drawPoints();
    holder.setAttribute("data-points", String(rows.length));
  };
  const loadPoints = async () => {
    if (!given.points?.length) return;
    clusters.addTo(map);
    await fetchPoints(once);
    map.on("moveend", drawPoints);
  };

  // Another part of the page says that points changed, or where to look: a matter that was chosen beside the map.
  let looked = null;
  document.addEventListener("portal:map-refresh", () => { if (given.points?.length && index) fetchPoints(fetchJson).catch(() => say(given.words.failed)); });
  document.addEventListener("portal:map-look", ({ detail: { lon, lat, label } }) => {
    looked?.remove();
    looked = L.circleMarker([lat, lon], { radius: 21, color: colours.mark, weight: 3, fill: false }).bindTooltip(label).addTo(map); // a ring: what lies there stays seen
    map.setView([lat, lon], Math.max(map.getZoom(), 14));
  });

  // The preview of a file: its shapes, and the places of what was found, one mark each; a row of the list leads to its mark.
  const drawSketch = async () => {
    const { shapes, places } = await fetchJson(given.sketch);
    const drawn = L.geoJSON(shapes, {
      style: (feature) => ({ color: colours.line, weight: 1, fillColor: feature.properties.found ? colours.scale[2] : colours.own, fillOpacity: given.tiles ? 0.45 : 0.9 }),
      onEachFeature: (feature, part) => part.bindTooltip(`${feature.properties.name} ${feature.id}`, { sticky: true }),
    }).addTo(map);
    L.geoJSON(places, {
      pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 6, color: colours.surface, weight: 1.5, fillColor: colours.mark, fillOpacity: 1 }),
      onEachFeature: (feature, part) => { const words = document.createElement("span"); words.textContent = feature.properties.words; part.bindPopup(words); },
    }).addTo(map);
    if (drawn.getBounds().isValid()) map.fitBounds(drawn.getBounds(), { animate: false, padding: [16, 16] });
    document.querySelectorAll("[data-place]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        map.setView(button.dataset.place.split(",").map(Number).reverse(), 15);
        holder.scrollIntoView({ block: "nearest" });
      });
    });
    holder.setAttribute("data-areas", String(shapes?.features?.length ?? 0));
    holder.setAttribute("data-places", String(places.features.length));
    holder.setAttribute("data-ready", "1");
  };

  const start = async () => {
    try {
      if (given.sketch) { await drawSketch(); return; }
      await lookAt();
      await show();
      outline?.addTo(map);
      if (given.mark) L.circleMarker([given.mark[1], given.mark[0]], { radius: 8, color: colours.surface, weight: 2, fillColor: colours.mark, fillOpacity: 1 }).addTo(map);
      await loadPoints();
      map.on("zoomend moveend", () => show().catch(() => say(given.words.failed)));
    } catch (error) {
      console.warn(error);
      say(given.words.failed);
      holder.setAttribute("data-ready", "failed");
    }
  };
  start();

  // A map that was made where it could not be seen (a tab on a phone) measures itself when it is, and looks where it should.
  let seen = holder.offsetWidth > 0;
  new ResizeObserver(() => {
    map.invalidateSize();
    if (seen || !holder.offsetWidth) return;
    seen = true;
    lookAt().then(() => show(true)).then(drawPoints).catch(() => say(given.words.failed));
  }).observe(holder);

  // The list and the map point at one another.
  document.querySelectorAll("[data-map-row]").forEach((row) => {
    const mark = (on) => shownLayer?.eachLayer((part) => { if (part.feature.id === row.dataset.mapRow) part.setStyle({ weight: on ? 3 : 1 }); });
    row.addEventListener("mouseenter", () => mark(true));
    row.addEventListener("mouseleave", () => mark(false));
    row.addEventListener("focusin", () => mark(true));
    row.addEventListener("focusout", () => mark(false));
  });

  // A line drawn by clicks goes into a field, one point per line.
  const field = given.draw && document.getElementById(given.draw);
  if (field) {
    const line = L.polyline([], { color: colours.mark, weight: 3 }).addTo(map);
    const read = () => field.value.split("\n").map((row) => row.split(/[,，]/).map(Number)).filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
    const redraw = () => line.setLatLngs(read().map(([lon, lat]) => [lat, lon]));
    map.on("click", (event) => {
      field.value = `${field.value.trim()}\n${event.latlng.lng.toFixed(6)}, ${event.latlng.lat.toFixed(6)}`.trim();
      redraw();
    });
    field.addEventListener("input", redraw);
    redraw();
  }

  // Theme changes while the page is open (the device's own).
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); show(true).catch(() => {}); });

  const button = document.querySelector("[data-map-here]");
  if (button && navigator.geolocation) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { const address = new URL(location.href); address.searchParams.set("lon", coords.longitude.toFixed(6)); address.searchParams.set("lat", coords.latitude.toFixed(6)); location.assign(address); },
        (problem) => { button.disabled = false; say(problem.message); }, { enableHighAccuracy: true, timeout: 10000 });
    });
  }
})();
