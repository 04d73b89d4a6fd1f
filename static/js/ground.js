// Drawing the ground of an area with django-leaflet's field: its own start needs inline scripts, this file is in their place.
(() => {
  "use strict";
  const start = async () => {
    const box = document.querySelector("[data-ground]");
    if (!box || typeof L === "undefined" || !L.GeometryField) return;
    const field = document.getElementById(box.dataset.ground);
    const about = JSON.parse(document.getElementById("ground-about").textContent);

    // Every polygon that is drawn, with its holes, as one Polygon or MultiPolygon.
    const Store = L.FieldStore.extend({
      load() {
        if (!this.formfield.value.trim()) return null;
        const { type, coordinates } = JSON.parse(this.formfield.value);
        const polygons = type === "Polygon" ? [coordinates] : coordinates;
        return L.featureGroup(polygons.map((rings) => L.polygon(L.GeoJSON.coordsToLatLngs(rings, 1))));
      },
      _serialize(layer) {
        const polygons = [];
        const take = (one) => {
          if (one.getLayers) return one.getLayers().forEach(take);
          const { geometry } = one.toGeoJSON(7);
          if (geometry.type === "Polygon") polygons.push(geometry.coordinates);
          else if (geometry.type === "MultiPolygon") polygons.push(...geometry.coordinates);
        };
        take(layer);
        if (!polygons.length) return "";
        return JSON.stringify(polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] } : { type: "MultiPolygon", coordinates: polygons });
      },
    });

    const map = L.map(`${box.dataset.ground}_map`, { zoomSnap: 0.25, attributionControl: false });
    if (about.tiles) L.tileLayer(about.tiles, { subdomains: about.subdomains }).addTo(map);
    if (about.frame) map.fitBounds([[about.frame[1], about.frame[0]], [about.frame[3], about.frame[2]]]);
    else map.setView([34.26, 117.2], 10);

    const siblings = about.layers.replace("LEVEL", about.siblingLevel) + `?under=${about.under}`;
    try {
      const answer = await fetch(siblings, { credentials: "same-origin" });
      const around = await answer.json();
      around.features = around.features.filter((one) => one.id !== about.at);
      L.geoJSON(around, { interactive: false, style: { color: "#4f7f79", weight: 1, fillColor: "#d3dfdb", fillOpacity: 0.5 } }).addTo(map);
    } catch (error) { console.warn(error); }
    if (about.findings) {
      L.geoJSON(about.findings, {
        style: { color: "#a8201a", weight: 2, fillOpacity: 0.4 },
        pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 8, color: "#a8201a" }),
        onEachFeature: (feature, layer) => layer.bindTooltip(document.createTextNode(feature.properties.words).textContent),
      }).addTo(map);
    }
    const drawn = new L.GeometryField({ fieldid: field.id, modifiable: true, geom_type: "MultiPolygon", srid: 4326, field_store_class: Store, precision: 7 });
    drawn.addTo(map);
    if (drawn.drawnItems.getLayers().length) map.fitBounds(drawn.drawnItems.getBounds(), { padding: [40, 40] });
    field.form.addEventListener("submit", () => { drawn._unsavedChanges = false; }); // sending the form is not leaving it
    field.addEventListener("change", () => {
      drawn.drawnItems.clearLayers();
      try { drawn.load(); } catch (error) { console.warn(error); }
    });
    box.setAttribute("data-ready", "1");
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
