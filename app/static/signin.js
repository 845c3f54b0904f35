for (const button of document.querySelectorAll(".show")) {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.getAttribute("aria-controls"));
    field.type = field.type === "password" ? "text" : "password";
    field.focus();
  });
}

// Whoever signs in finds no page here that a phone kept for whoever had it before.
for (const form of document.querySelectorAll("form")) form.addEventListener("submit", () => { if ("caches" in window) caches.delete("onemap-field"); });
