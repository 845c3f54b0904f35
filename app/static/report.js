/* Reports: photographs lose what they tell of place and phone before they are sent; without a network nothing is lost. */
(() => {
  "use strict";
  const LONGEST = 1920;

  /* A picture is drawn anew: what the camera wrote beside it stays behind. */
  async function bare(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    if (!blob) throw new Error("not drawn");
    return new File([blob], "photo.jpg", { type: "image/jpeg" });
  }

  async function filled(form) {
    const data = new FormData(form);
    const photos = data.getAll("photo").filter((file) => file.size);
    data.delete("photo");
    for (const photo of photos) data.append("photo", await bare(photo).catch(() => photo));
    return data;
  }

  async function send(form, button, said) {
    const title = button.textContent;
    button.disabled = true;
    button.textContent = form.dataset.sending;
    said.hidden = true;
    let page;
    try {
      const answer = await fetch(form.action, { method: "POST", body: await filled(form) });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      said.textContent = form.dataset.offline;
      said.hidden = false;
      button.disabled = false;
      button.textContent = title;
      return;
    }
    const next = page.querySelector("main");
    if (!next) { form.submit(); return; }
    document.querySelector("main").replaceWith(document.adoptNode(next));
    begin();
    window.scrollTo(0, 0);
    document.querySelector("[role=alert], [role=status]:not([hidden]), .wrong")?.scrollIntoView({ block: "center" });
  }

  function locate(form) {
    if (!navigator.geolocation || !form.elements.lon) return;
    const button = document.createElement("button");
    const told = document.createElement("span");
    button.type = "button";
    button.className = "plain";
    button.textContent = form.dataset.locate;
    told.className = "small";
    told.setAttribute("role", "status");
    const there = () => { told.textContent = form.elements.lon.value ? `${form.dataset.located} ${Number(form.elements.lon.value).toFixed(4)}, ${Number(form.elements.lat.value).toFixed(4)}` : ""; };
    button.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(({ coords }) => {
        form.elements.lon.value = coords.longitude.toFixed(6);
        form.elements.lat.value = coords.latitude.toFixed(6);
        there();
      }, () => { told.textContent = form.dataset.unlocated; }, { enableHighAccuracy: true, timeout: 15000 });
    });
    there();
    form.elements.place.after(button, told);
  }

  function begin() {
    for (const form of document.querySelectorAll("form[enctype]")) {
      const button = form.querySelector("button[type=submit]"), said = form.querySelector(".send-said");
      if (form.classList.contains("report-form")) locate(form);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        send(form, button, said);
      });
    }
  }
  begin();
})();
