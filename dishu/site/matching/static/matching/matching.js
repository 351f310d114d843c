// Keys of the matching desk: 1 same, 2 different, 3 put aside, U take back, J and K the next and the one before.
// They are buttons on the page, so nothing can be done by a key that cannot be done without one. They can be turned off.
const switchOf = () => document.getElementById("keys");
const on = () => { try { return localStorage.getItem("matching-keys") !== "off"; } catch { return true; } };
if (switchOf()) switchOf().checked = on();
document.addEventListener("change", (event) => {
  if (event.target === switchOf()) { try { localStorage.setItem("matching-keys", event.target.checked ? "on" : "off"); } catch { /* not kept */ } }
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  if (!switchOf() || !switchOf().checked) return;
  const key = event.key.toLowerCase();
  if (!/^[123ujk]$/.test(key)) return;
  const button = document.querySelector(`#desk [data-key="${key}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});
// After a decision the next pair is there: reading goes on at its name.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target && event.detail.target.id === "desk" || event.target.id === "desk") document.getElementById("pair-title")?.focus({ preventScroll: true });
});
