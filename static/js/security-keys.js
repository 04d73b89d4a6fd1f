// Security keys and passkeys: asks the browser for a key when a form is sent, puts the answer into the form, sends it.
// Forms: data-key-add (new key), data-key-confirm (second factor), data-key-login (passkey, hidden without support).
(() => {
  "use strict";
  const api = window.webauthnJSON;
  const supported = Boolean(window.PublicKeyCredential && api);

  const optionsOf = async (form) => {
    if (form.dataset.optionsUrl) {
      const response = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(`options: ${response.status}`);
      return (await response.json()).request_options;
    }
    const data = JSON.parse(document.getElementById(form.dataset.options).textContent);
    return data.creation_options || data.request_options;
  };

  const newKey = (form, options) => {
    const wanted = form.elements.passwordless && form.elements.passwordless.checked;
    const selection = options.publicKey.authenticatorSelection;
    selection.residentKey = wanted ? "required" : "discouraged";
    selection.requireResidentKey = Boolean(wanted);
    if (wanted) selection.userVerification = "required";
    return api.create(options);
  };

  const send = async (event) => {
    event.preventDefault();
    const form = event.target;
    const status = form.querySelector("[data-key-status]");
    status.textContent = "";
    try {
      const options = await optionsOf(form);
      const credential = "keyAdd" in form.dataset ? await newKey(form, options) : await api.get(options);
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      status.textContent = status.dataset.failed;
    }
  };

  document.querySelectorAll("[data-key-add], [data-key-confirm], [data-key-login]").forEach((form) => {
    if (!supported) return;
    form.hidden = false;
    form.addEventListener("submit", send);
  });
})();
