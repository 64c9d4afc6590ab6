// Looks at the page again when something the reader may see has changed. Without it everything works, only later.
const PAUSE = 400;
const parts = () => [...document.querySelectorAll("[data-live]")];
let waiting = 0;

async function look() {
  waiting = 0;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts()) {
    const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
    // Who is at work in a part of the page is left in peace.
    if (!other || part.contains(document.activeElement) || part.innerHTML === other.innerHTML) continue;
    part.replaceChildren(...other.childNodes);
    part.classList.add("fresh");
    setTimeout(() => part.classList.remove("fresh"), 2000);
  }
}

function soon() {
  if (!waiting && !document.hidden) waiting = setTimeout(look, PAUSE);
}

if (document.body.classList.contains("signed") && parts().length) {
  let last = "";
  const stream = new EventSource("/console/live");
  stream.addEventListener("message", soon);
  stream.onopen = () => { if (last) soon(); last = "open"; };
  document.addEventListener("visibilitychange", soon);
  window.addEventListener("pagehide", () => stream.close());
}

const problem = document.getElementById("problem");
if (problem) problem.focus();
