// Looks at the page again when something the reader may see has changed. Without it everything works, only later.
const PAUSE = 400;
const AGAIN = 5000;
const parts = () => [...document.querySelectorAll("[data-live]")];
const typed = (part) =>
  [...part.querySelectorAll("input, textarea")].some((one) => one.checked !== one.defaultChecked || one.value !== one.defaultValue) ||
  [...part.querySelectorAll("option")].some((one) => one.selected && !one.defaultSelected && one.index > 0);
const atWork = (part) => part.contains(document.activeElement) || typed(part);
const called = (details) => details.querySelector("summary").textContent + details.querySelector("a")?.getAttribute("href");
// Whose page it is: his name, and what his forms carry.
const whose = (page) => page.querySelector(".who")?.innerHTML ?? "";
const mine = whose(document);
const problem = document.getElementById("problem");
// What he typed is in the page itself where it answers a form that isn't done with.
const answers = document.body.matches(".sent:has(form.step)");
const keeps = () => problem || answers || typed(document);
let waiting = 0;

// What the reader has opened stays open.
function opened(part, other) {
  const fresh = new Map([...other.querySelectorAll("details")].map((one) => [called(one), one]));
  for (const one of part.querySelectorAll("details[open]")) fresh.get(called(one))?.setAttribute("open", "");
}

async function look() {
  waiting = 0;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine && fresh.querySelector(".top") && whose(fresh) !== mine) {
    // Signed out, or somebody else is in: what only he may see doesn't stay, unless what he typed is on the page.
    if (!keeps()) location.replace(answer.url);
    return;
  }
  if (!answer.ok) return;
  for (const part of parts()) {
    const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    // Who is at work in a part of the page is left in peace.
    if (!other || atWork(part)) continue;
    opened(part, other);
    if (part.innerHTML === other.innerHTML) continue;
    part.replaceChildren(...other.childNodes);
    part.classList.add("fresh");
    setTimeout(() => part.classList.remove("fresh"), 2000);
  }
}

function soon() {
  if (!waiting && !document.hidden) waiting = setTimeout(look, PAUSE);
}

// What is told to nobody, as who comes into a meeting, is asked for again every few seconds.
const often = Math.min(...[...document.querySelectorAll("[data-every]")].map((one) => Number(one.dataset.every)));
if (Number.isFinite(often)) setInterval(soon, often * 1000);

// A page that nobody looks at doesn't listen: for all tabs together a browser has six connections.
let stream;
function listen() {
  stream?.close();
  if (document.hidden || !parts().length) return;
  const own = stream = new EventSource("/console/live");
  let before = false;
  own.onmessage = soon;
  own.onopen = () => { if (before) soon(); before = true; };
  own.onerror = () => { if (own.readyState === EventSource.CLOSED) setTimeout(turned, AGAIN); };
}

function turned() {
  listen();
  soon();
}

if (mine) {
  listen();
  document.addEventListener("visibilitychange", turned);
  window.addEventListener("pageshow", (event) => { if (event.persisted) turned(); });
  window.addEventListener("pagehide", () => stream?.close());
}

// Every page says to the other tabs whose it is.
const tabs = new BroadcastChannel("whose");
tabs.onmessage = ({ data }) => { if (mine && data !== mine) soon(); };
tabs.postMessage(mine);

// Who comes back to it by the browser's button gets the form anew, and not the browser's question whether to send again.
const left = ({ type, target }) => {
  if (type === "submit" || target.closest('a:not([href^="#"], [target])')) history.replaceState(history.state, "", location.href);
};
for (const way of answers ? ["submit", "click"] : []) document.addEventListener(way, left);

// Who goes back to a form that he has sent gets what he typed from the browser, and from here the key it was sent under:
// sent again as it was, it is the same. Only where the form comes back with its key: the answer to a batch has no form.
const [key, ...others] = document.querySelectorAll("[name=_key][data-kept]");
if (key && !others.length) {
  const [way] = performance.getEntriesByType("navigation");
  if (way.type === "back_forward" && history.state?.key) key.value = history.state.key;
  key.form.addEventListener("submit", () => history.replaceState({ key: key.value }, "", location.href));
}

// How long somebody has had the floor.
setInterval(() => {
  for (const one of document.querySelectorAll("[data-since]")) {
    const long = Math.max(0, Math.floor((Date.now() - Date.parse(one.dataset.since)) / 1000));
    one.textContent = `${Math.floor(long / 60)}分${String(long % 60).padStart(2, "0")}秒`;
  }
}, 1000);

// On a phone the menu is one line: where one is stands in sight.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

if (problem) problem.focus();
