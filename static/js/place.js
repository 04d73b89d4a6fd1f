// A button that fills longitude and latitude from the device, once, when it is pressed.
(() => {
  "use strict";
  const button = document.querySelector("[data-fill-place]");
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.getElementById("id_lon").value = coords.longitude.toFixed(6);
        document.getElementById("id_lat").value = coords.latitude.toFixed(6);
        document.getElementById("id_area").value = "";
        button.disabled = false;
      },
      () => { button.disabled = false; },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
})();
