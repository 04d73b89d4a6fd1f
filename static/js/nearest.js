// "Find the communities near me": asks the device for its position once, when pressed, and sends it with the form.
(() => {
  "use strict";
  const form = document.querySelector("[data-nearest]");
  if (!form || !navigator.geolocation) return;
  form.hidden = false;
  const button = form.querySelector("button"), status = form.querySelector("[data-nearest-status]");
  form.addEventListener("submit", (event) => {
    if (form.elements.lon.value) return;
    event.preventDefault();
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude.toFixed(6);
        form.elements.lat.value = coords.latitude.toFixed(6);
        form.submit();
      },
      () => {
        button.disabled = false;
        status.textContent = status.dataset.refused;
      },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
})();
