// Keeps the page of the status as fresh as /v1/status. The words are those of app/console/drawing.py and
// app/top/words.py; a test in a browser holds the two together. Nothing is ever put in as HTML.

const main = document.querySelector("main");
const { every, slow, late, stuck } = Object.fromEntries(Object.entries(main.dataset).map(([name, text]) => [name, Number(text)]));
const onTheWay = new Set(["received", "extracted", "normalized", "validated", "approved"]);
const [unknown, none] = ["?", "–"];
const pause = document.getElementById("pause");
let paused = false;

const element = (name, text = "", attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  return made;
};
const grouped = (number, digits = 0) =>
  number.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const count = (number) => (number === null ? unknown : grouped(number));
const rate = (number) => (number === null ? none : grouped(number, 1));
const took = (seconds) => {
  if (seconds === null) return none;
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${(seconds / 60).toFixed(1)} min`;
  return seconds < 2 * 86400 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86400).toFixed(1)} d`;
};
const age = (seconds) => (seconds === null ? unknown : seconds ? took(seconds) : none);
const ageClass = (seconds) => (seconds === null || seconds < slow ? "" : seconds > late ? "late" : "slow");
const memory = (size) => (size === null ? unknown : `${grouped(size / 1024 ** 2)} MiB`);
const listed = (counts) => Object.entries(counts).map(([name, number]) => `${name} ${grouped(number)}`).join(", ") || "none yet";
const latency = ({ p50, p99, recent }) =>
  p50 === null ? "none yet" : `p50 ${took(p50)}, p99 ${took(p99)}${recent ? "" : " (since the start)"}`;

const head = (text, attributes = {}) => element("th", text, { scope: "row", ...attributes });
const cell = (text, className = "") => element("td", text, { class: className });
const row = (...cells) => {
  const made = element("tr");
  made.append(...cells);
  return made;
};
const pair = (name, text) => {
  const made = element("div");
  made.append(element("dt", name), element("dd", text));
  return made;
};
const fill = (selector, parts) => document.querySelector(selector).replaceChildren(...parts);

const stage = (found) => {
  const name = head(found.stage + (found.stopped ? " stopped" : ""), { class: found.stopped && "late" });
  name.append(element("small", found.topic));
  return row(
    name, cell(count(found.unread)), cell(age(found.oldest_seconds), ageClass(found.oldest_seconds)),
    cell(rate(found.in_per_second)), cell(rate(found.out_per_second)),
    cell(took(found.latency.p50)), cell(took(found.latency.p99)),
    cell(count(found.dead_letters), found.dead_letters ? "slow" : ""),
  );
};
const documents = ({ state, documents: number, oldest_seconds: oldest }) => {
  const isStuck = onTheWay.has(state) && oldest > stuck;
  return row(head(state + (isStuck ? " – stuck" : "")), cell(count(number)), cell(age(oldest), isStuck ? "late" : ""));
};
const worker = (found) =>
  found.missing
    ? row(head(found.address), element("td", found.missing, { colspan: "4", class: "late" }))
    : row(
        head(found.address), cell(found.role), cell(found.ready ? "ready" : "not ready", found.ready ? "" : "late"),
        cell(count(found.in_flight)), cell(memory(found.memory_bytes)),
      );

const showVerdict = ({ state, sentence, notes }) => {
  const shown = document.getElementById("verdict");
  // Said aloud when it turns, and not each time that an age has grown.
  if (shown.className !== state) document.getElementById("said").textContent = sentence;
  shown.className = state;
  shown.textContent = sentence;
  document.title = `${sentence} – Quittance`;
  fill("#notes", notes.map((note) => element("li", note)));
};
const showTaken = (at) => {
  const shown = document.querySelector("#taken time");
  shown.dateTime = at;
  shown.textContent = `${new Date(at).toISOString().slice(11, 19)} UTC`;
  document.getElementById("taken").className = "";
};
const show = ({ looked_at: at, picture: found }) => {
  showVerdict(found.verdict);
  showTaken(at);
  const { unread, oldest_seconds: oldest } = found.sealing;
  fill("#figures", [
    pair("Event to command", latency(found.event_to_command)),
    pair("Commands", listed(found.commands)),
    pair("Release", found.releases.active.join(", ") || unknown),
    pair("Canary", found.releases.canary.join(", ") || "none"),
    pair("Audit entries not sealed", count(unread) + (unread ? `, oldest ${age(oldest)}` : "")),
  ]);
  fill("#stages tbody", found.stages.map(stage));
  const empty = found.documents === null ? "Nobody has asked the read model, or it does not answer." : "None.";
  const waiting = (found.documents ?? []).map(documents);
  fill("#documents tbody", waiting.length ? waiting : [row(element("td", empty, { colspan: "3" }))]);
  const outcomes = found.stages.filter((each) => Object.keys(each.outcomes).length);
  fill("#outcomes", [...outcomes.map((each) => pair(each.stage, listed(each.outcomes))), pair("Reasons", listed(found.reasons))]);
  fill("#workers tbody", found.workers.map(worker));
};

const tellOld = () => {
  const taken = document.getElementById("taken");
  if (taken.className === "old") return;
  taken.className = "old";
  document.getElementById("said").textContent = "The API does not answer; the page is old.";
  document.getElementById("verdict").className = "unknown";
  document.getElementById("verdict").textContent = "Nobody knows whether money is late: the API does not answer.";
};
const refresh = async () => {
  try {
    const answer = await fetch("/v1/status", { cache: "no-store", signal: AbortSignal.timeout(2000 * every) });
    if (answer.status === 401 || answer.status === 403) return location.assign("/console/login");
    if (!answer.ok) throw new Error(answer.statusText);
    show(await answer.json());
  } catch {
    tellOld();
  }
};
const goOn = async () => {
  if (!paused && !document.hidden) await refresh();
  setTimeout(goOn, 1000 * every);
};

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
});
document.addEventListener("visibilitychange", () => document.hidden || paused || refresh());
setTimeout(goOn, 1000 * every);
