// Where it is: from the device when the button is pressed, or by a tap on the small map. The fields stay the truth; the portal finds the grid.
(() => {
  "use strict";
  const form = document.querySelector("[data-filing]");
  if (!form) return;
  const lon = document.getElementById("id_lon"), lat = document.getElementById("id_lat"), area = document.getElementById("id_area");
  const accuracy = form.querySelector("[data-accuracy]"), words = document.getElementById("place-words");
  const tell = () => form.dispatchEvent(new CustomEvent("portal:place"));

  const put = (x, y, metres) => {
    lon.value = x.toFixed(6);
    lat.value = y.toFixed(6);
    area.value = "";
    for (const one of form.querySelectorAll("[name=place]")) one.checked = false;
    accuracy.textContent = metres ? `±${Math.round(metres)} m` : "";
    if (form.hasAttribute("data-offline")) words.textContent = `${lat.value}, ${lon.value}`;
    tell();
  };

  const button = form.querySelector("[data-locate]");
  if (button && navigator.geolocation) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { put(coords.longitude, coords.latitude, coords.accuracy); button.disabled = false; look(); },
        () => { accuracy.textContent = accuracy.dataset.unknown; button.disabled = false; },
        { enableHighAccuracy: true, timeout: 10000, maximumAge: 15000 },
      );
    });
  }

  // The map loads only when it is looked at.
  const holder = document.getElementById("filing-map"), where = form.querySelector("[data-where]");
  let map = null, mark = null;
  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const look = () => {
    if (!map || !lon.value || !lat.value) return;
    const place = [Number(lat.value), Number(lon.value)];
    if (mark) mark.setLatLng(place);
    else mark = L.circleMarker(place, { radius: 9, color: style("--surface"), weight: 2, fillColor: style("--late"), fillOpacity: 1 }).addTo(map);
    map.setView(place, Math.max(map.getZoom(), 15));
  };
  const sheet = (address) => new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = link.onerror = done;
    document.head.append(link);
  });
  const script = (address) => new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  });
  const draw = async () => {
    const given = JSON.parse(document.getElementById("map-settings").textContent);
    await Promise.all([script(holder.dataset.leaflet), sheet(holder.dataset.style), sheet(holder.dataset.mapStyle)]);
    holder.hidden = false;
    map = L.map(holder, { preferCanvas: true, zoomControl: false, attributionControl: Boolean(given.attribution), zoomSnap: 0.25, minZoom: 7, maxZoom: 19 });
    L.control.zoom({ zoomInTitle: given.words.zoomIn, zoomOutTitle: given.words.zoomOut }).addTo(map);
    if (given.tiles) L.tileLayer(given.tiles, { subdomains: given.subdomains, maxZoom: 19 }).addTo(map);
    if (given.attribution) map.attributionControl.setPrefix(false).addAttribution(given.attribution.replace(/[<>&]/g, " "));
    map.setView([34.26, 117.2], 10);
    if (given.frame) map.fitBounds([[given.frame[1], given.frame[0]], [given.frame[3], given.frame[2]]], { animate: false });
    const areas = async (level) => {
      const address = given.layers.replace("LEVEL", level) + `?edition=${given.edition}` + (given.under ? `&under=${given.under}` : "");
      const answer = await fetch(address, { credentials: "same-origin" });
      return answer.ok && L.geoJSON(await answer.json(), {
        style: ({ id }) => ({ color: style("--map-line"), weight: 1, fillColor: id.startsWith(given.at) || given.at.startsWith(id) ? style("--map-own") : style("--map-ground"), fillOpacity: given.tiles ? 0.4 : 1 }),
        onEachFeature: (feature, part) => part.bindTooltip(feature.properties.name, { sticky: true }),
      }).addTo(map);
    };
    const layer = await areas(given.level);
    if (layer && layer.getBounds().isValid()) map.fitBounds(layer.getBounds(), { animate: false, padding: [8, 8] });
    // Whoever serves a whole district sees its towns first, and the grids when looking closer.
    let grids = given.level === "grid";
    map.on("zoomend", async () => {
      if (grids || map.getZoom() < 13) return;
      grids = true;
      await areas("grid").catch(() => { grids = false; });
      mark?.bringToFront();
    });
    map.on("click", ({ latlng }) => { put(latlng.lng, latlng.lat, 0); look(); });
    look();
    holder.setAttribute("data-ready", "1");
  };
  let drawn = null;
  const open = () => { if (where.open && holder && !drawn) drawn = draw().catch(() => { holder.hidden = true; }); else if (map) map.invalidateSize(); };
  if (where) {
    where.addEventListener("toggle", open);
    open();
  }
  // An address or an area that is chosen takes the place of the point.
  form.addEventListener("change", ({ target }) => {
    if (target.name === "place" && target.value) { area.value = ""; accuracy.textContent = ""; tell(); }
    if (target === area && area.value) { for (const one of form.querySelectorAll("[name=place]")) one.checked = false; accuracy.textContent = ""; tell(); }
  });
})();
