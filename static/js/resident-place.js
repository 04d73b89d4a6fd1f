// Where it is: from the device when asked, or by a tap on a map that is loaded only then. The server says which area a point lies in.
// What is refused comes back as a new page around the photos, which a browser would not give back.
const report = () => {
  "use strict";
  const form = document.querySelector("[data-report-form]");
  const text = document.getElementById("tap-settings");
  if (!form || !text) return;
  const about = JSON.parse(text.textContent);
  const box = form.querySelector("[data-tap-map]");
  const canvas = box.querySelector(".tap__canvas");
  let map = null, mark = null;

  const field = (name) => form.querySelector(`[name=${name}]`);
  const say = (words) => { form.querySelector("[data-place-status]").textContent = words; };
  const show = () => { form.querySelector("[data-place-tools]").hidden = false; };

  const placed = (lon, lat) => {
    field("lon").value = lon.toFixed(6);
    field("lat").value = lat.toFixed(6);
    say(about.words.found);
    if (map) {
      if (mark) mark.remove();
      mark = L.circleMarker([lat, lon], { radius: 9, weight: 3, color: getComputedStyle(document.documentElement).getPropertyValue("--late").trim() }).addTo(map);
    }
    box.dispatchEvent(new CustomEvent("portal:placed"));
  };

  const load = () => new Promise((resolve, reject) => {
    if (typeof L !== "undefined") { resolve(); return; }
    const style = document.createElement("link"), script = document.createElement("script");
    style.rel = "stylesheet";
    style.href = about.style;
    script.src = about.script;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(style, script);
  });

  const open = async () => {
    box.hidden = false;
    if (map) { map.invalidateSize(); return; }
    try {
      await load();
      map = L.map(canvas, { attributionControl: false, zoomControl: false, minZoom: 8, maxZoom: 19 });
      L.control.zoom({ zoomInTitle: about.words.closer, zoomOutTitle: about.words.farther }).addTo(map);
      if (about.tiles) L.tileLayer(about.tiles, { subdomains: about.subdomains, maxZoom: 19 }).addTo(map);
      if (about.frame) map.fitBounds([[about.frame[1], about.frame[0]], [about.frame[3], about.frame[2]]]);
      else map.setView([34.26, 117.2], 10);
      form.querySelector("[data-tap-credit]").textContent = about.attribution;
      map.on("click", ({ latlng }) => placed(latlng.lng, latlng.lat));
      canvas.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== canvas) return;
        event.preventDefault();
        placed(map.getCenter().lng, map.getCenter().lat);
      });
      const lon = Number(field("lon").value), lat = Number(field("lat").value);
      if (field("lon").value) { map.setView([lat, lon], 16); }
      if (about.outline) {
        const answer = await fetch(about.outline, { credentials: "same-origin" });
        if (answer.ok) {
          const ink = getComputedStyle(document.documentElement).getPropertyValue("--map-line").trim();
          L.geoJSON(await answer.json(), {
            interactive: false, style: { color: ink, weight: 1, fillOpacity: 0.06 },
            onEachFeature: (feature, layer) => layer.bindTooltip(document.createTextNode(feature.properties.name), { permanent: false }),
          }).addTo(map);
        }
      }
      box.setAttribute("data-ready", "1");
    } catch (error) {
      console.warn(error);
      say(about.words.failed);
    }
  };

  const here = () => {
    say(about.words.asking);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => placed(coords.longitude, coords.latitude),
      () => say(about.words.noPlace),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  };

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-tap]")) open();
    if (event.target.closest("[data-here]")) here();
  });
  form.addEventListener("htmx:afterSettle", () => { show(); if (!navigator.geolocation) form.querySelector("[data-here]").hidden = true; });
  show();
  if (!navigator.geolocation) form.querySelector("[data-here]").hidden = true;
};
report();
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "main" && detail.xhr.status >= 400) { detail.shouldSwap = true; detail.isError = false; }
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "main") return;
  report();
  document.querySelector("#main [role=alert]")?.closest("main").focus();
});
