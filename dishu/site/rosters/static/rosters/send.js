// Files dropped or chosen are named at once; sending shows how far it is.
const form = document.getElementById("send");
const files = document.getElementById("files");
const drop = document.getElementById("drop");
const chosen = document.getElementById("chosen");
const bar = document.getElementById("sending");
const named = () => { chosen.textContent = [...files.files].map((file) => file.name).join(" · "); };
files.addEventListener("change", named);
for (const kind of ["dragover", "dragenter"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => { event.preventDefault(); files.files = event.dataTransfer.files; named(); });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (step) => { bar.firstElementChild.style.width = `${Math.round(100 * step.loaded / step.total)}%`; });
  request.addEventListener("load", () => { if (request.status < 400) location.assign(request.responseURL); else document.documentElement.innerHTML = request.responseText; });
  request.addEventListener("error", () => { chosen.textContent = form.dataset.failed; bar.hidden = true; });
  bar.hidden = false;
  request.open("POST", form.action);
  request.send(new FormData(form));
});
