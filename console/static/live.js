// Looks at the page again when something the reader may see has changed. Without it everything works, only later.
const PAUSE = 400;
const parts = () => [...document.querySelectorAll("[data-live]")];
const typed = (part) =>
  [...part.querySelectorAll("input, textarea")].some((one) => one.checked !== one.defaultChecked || one.value !== one.defaultValue) ||
  [...part.querySelectorAll("option")].some((one) => one.selected && !one.defaultSelected && one.index > 0);
const atWork = (part) => part.contains(document.activeElement) || typed(part);
const called = (details) => details.querySelector("summary").textContent + details.querySelector("a")?.getAttribute("href");
let waiting = 0;

// What the reader has opened stays open.
function opened(part, other) {
  const fresh = new Map([...other.querySelectorAll("details")].map((one) => [called(one), one]));
  for (const one of part.querySelectorAll("details[open]")) fresh.get(called(one))?.setAttribute("open", "");
}

async function look() {
  waiting = 0;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.redirected) {
    // Signed out, in another tab perhaps: what only he may see doesn't stay, unless what he typed is on the page.
    if (!problem && !typed(document)) location.replace(answer.url);
    return;
  }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
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

if (document.body.classList.contains("signed") && parts().length) {
  let last = "";
  const stream = new EventSource("/console/live");
  stream.addEventListener("message", soon);
  stream.onopen = () => { if (last) soon(); last = "open"; };
  document.addEventListener("visibilitychange", soon);
  window.addEventListener("pagehide", () => stream.close());
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

const problem = document.getElementById("problem");
if (problem) problem.focus();
