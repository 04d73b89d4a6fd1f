// The camera tile: the picture is made small here, so that it leaves the phone in a second and without where it was taken; it shows in the tile.
(() => {
  "use strict";
  const SIDE = 1600, QUALITY = 0.85;
  const tile = document.querySelector("[data-tile]");
  if (!tile) return;
  const input = tile.querySelector("input[type=file]");
  const canvas = tile.querySelector("canvas");
  const drop = tile.querySelector("[data-tile-drop]");

  const show = (bitmap) => {
    const side = Math.min(bitmap.width, bitmap.height);
    canvas.width = canvas.height = 192;
    canvas.getContext("2d").drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, 192, 192);
    canvas.hidden = drop.hidden = false;
  };
  const clear = () => { input.value = ""; canvas.hidden = drop.hidden = true; };

  // A file that the browser cannot read is sent as it is: the portal says what is wrong with it.
  const made = async (file) => {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    show(bitmap);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.type === "image/jpeg" && file.size < 400_000) return file;
    const sheet = document.createElement("canvas");
    sheet.width = Math.round(bitmap.width * scale);
    sheet.height = Math.round(bitmap.height * scale);
    sheet.getContext("2d").drawImage(bitmap, 0, 0, sheet.width, sheet.height);
    bitmap.close();
    const blob = await new Promise((done) => sheet.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  };

  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) { clear(); return; }
    tile.setAttribute("aria-busy", "true");
    try {
      const sent = new DataTransfer();
      sent.items.add(await made(file));
      input.files = sent.files;
    } catch (error) {
      canvas.hidden = true;
      drop.hidden = false;
    }
    tile.removeAttribute("aria-busy");
    tile.setAttribute("data-ready", "1");
  });
  drop.addEventListener("click", () => { clear(); tile.removeAttribute("data-ready"); input.focus(); });
  tile.addEventListener("portal:clear", clear);
})();
