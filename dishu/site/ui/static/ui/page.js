// What scrolls sideways can be reached and scrolled with the keyboard, and says what it is.
function reachable() {
  for (const box of document.querySelectorAll(".table-responsive")) {
    const wide = box.scrollWidth > box.clientWidth;
    if (!wide) { box.removeAttribute("tabindex"); box.removeAttribute("role"); box.removeAttribute("aria-label"); continue; }
    const title = box.closest(".card")?.querySelector(".card-title") ?? document.querySelector("h1");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", title?.textContent.trim() || document.title);
  }
}
reachable();
addEventListener("resize", reachable);
addEventListener("load", reachable);
document.addEventListener("htmx:load", reachable);

// A form that came back begins where something is wrong.
addEventListener("load", () => document.querySelector("main [aria-invalid=true]")?.focus());
