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

// Who types is at work: the idle limit of the server begins anew. Who is not is warned before it ends, and a form sent
// after it ended stays as it is, with all that was filled in, until one has logged in again in another tab.
const MINUTE = 60_000;
const here = document.body.dataset.here;
let asked = Date.now();

function note(which) {
  for (const one of document.querySelectorAll(".session > .alert")) one.hidden = one.id !== `session-${which}`;
}

// The token of now; null where nobody is logged in any more; undefined where the server cannot be asked. Asked once at a
// time: the click that submits a form asks before its submission does.
let asking = null;
const ask = () => asking ??= fetched().finally(() => { asking = null; });

async function fetched() {
  try {
    const answer = await fetch(here, { redirect: "manual", headers: { Accept: "application/json" } });
    if (answer.type === "opaqueredirect") return null;
    asked = Date.now();
    if (!answer.ok) return undefined;
    note("");
    localStorage.setItem("dishu-here", asked);
    return (await answer.json()).token;
  } catch {
    asked = Date.now();
    return undefined;
  }
}

// Other tabs of the same browser keep the same session.
const since = () => Date.now() - Math.max(asked, Number(localStorage.getItem("dishu-here") ?? 0));

async function sent(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target === "_blank" || Date.now() - asked < MINUTE) return;
  event.preventDefault();
  const token = await ask();
  if (token === null) { note("over"); return; }
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  if (token && field) field.value = token;
  form.requestSubmit(event.submitter); // asked just now: goes through
}

if (here) {
  localStorage.setItem("dishu-here", asked);
  const check = async () => { if (await ask() === null) note("over"); };
  for (const kind of ["input", "click"]) addEventListener(kind, () => { if (Date.now() - asked > 5 * MINUTE) check(); });
  addEventListener("submit", sent);
  setInterval(() => { if (since() > 26 * MINUTE) note(since() < 30 * MINUTE ? "soon" : "over"); }, MINUTE / 2);
  document.querySelector("#session-soon button").addEventListener("click", check);
  // A part of a page that cannot be fetched says so; the log-in page is no part of a page.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/accounts/")) { event.detail.shouldSwap = false; note("over"); }
  });
  for (const kind of ["htmx:responseError", "htmx:sendError"]) document.addEventListener(kind, () => note("failed"));
}
