/* The file of a document is sent to be compared with the one that was issued; it is not kept. */
(function () {
  "use strict";
  const box = document.querySelector(".compare");
  if (!box) return;
  const said = box.querySelector("[role=status]");
  const show = (name) => { said.textContent = box.dataset[name] || ""; said.className = `verdict ${name === "same" ? "yes" : name === "busy" ? "" : "no"}`; };
  box.hidden = false;
  box.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    if (file.size > 1000000) return show("large");
    show("busy");
    try {
      const answer = await fetch(box.dataset.door, { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } });
      const told = await answer.json();
      if (answer.ok) show(told.file);
      else said.textContent = told.title, said.className = "verdict no";
    } catch (lost) { show("failed"); }
  });
})();
