for (const button of document.querySelectorAll(".show")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.getAttribute("aria-controls"));
    field.type = field.type === "password" ? "text" : "password";
    field.focus();
  });
}

// Whoever signs in, here or at the identity provider, finds nothing that was kept for whoever had this device before: neither the page of a phone nor
// cases taken along. What waits to be sent stays with the account that told it.
async function forget() {
  try { localStorage.removeItem("onemap_away"); } catch (closed) { /* nothing was noted */ }
  if ("caches" in window) for (const kept of ["onemap-field", "onemap-away"]) caches.delete(kept);
  if ("serviceWorker" in navigator) for (const worker of await navigator.serviceWorker.getRegistrations()) if (/\/cases$/.test(worker.scope)) worker.unregister();
}
for (const form of document.querySelectorAll("form")) form.addEventListener("submit", forget);
for (const link of document.querySelectorAll("a.second")) link.addEventListener("click", forget);
