// Ticking all rows of a page at once, and printing what is on screen.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  event.target.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = event.target.checked; });
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
