// The article: a citation leads to its exact characters, a sentence shows what says the same.
import { askAbout } from "./chat.js";
import { send, showPane, showTab } from "./page.js";

const PATIENCE = 5000;
const narrow = matchMedia("(max-width: 800px)");
const reader = () => document.querySelector(".reader");

export const actions = {
  view: (button) => view(button.dataset.view),
  about: () => askAbout(reader().dataset.about.replace("{sentence}", picked)),
};

let picked = "";

function view(key) {
  reader().dataset.view = key;
  reader().querySelectorAll('[data-do="view"]').forEach((b) => b.setAttribute("aria-pressed", b.dataset.view === key));
}

const sentences = (place) =>
  [...document.querySelectorAll(".reader .s")].filter(
    (s) => s.dataset.article === place.article && s.dataset.version === place.version && +s.dataset.start < +place.end && +place.start < +s.dataset.end,
  );

function clear() {
  document.querySelectorAll(".reader mark").forEach((mark) => {
    const parent = mark.parentNode;
    parent.replaceChildren(parent.textContent);
  });
  document.querySelectorAll(".active").forEach((e) => e.classList.remove("active"));
}

// Offsets count code points of the file; JavaScript counts UTF-16 units, and characters that nobody sees are not shown.
function markRange(s, place, kind) {
  const letters = [...s.textContent], hidden = (s.dataset.hidden ?? "").split(",").filter(Boolean).map(Number);
  const shown = (offset) => Math.min(letters.length, Math.max(0, offset - hidden.filter((position) => position < offset).length));
  const from = shown(+place.start - +s.dataset.start), to = shown(+place.end - +s.dataset.start);
  const mark = document.createElement("mark");
  mark.className = kind;
  mark.textContent = letters.slice(from, to).join("");
  s.replaceChildren(letters.slice(0, from).join(""), mark, letters.slice(to).join(""));
  return mark;
}

function show(place, twins) {
  const found = sentences(place);
  if (!found.length) return false;
  clear();
  const marks = found.map((s) => markRange(s, place, "own"));
  twins.forEach((twin) => sentences(twin).forEach((s) => s.querySelector("mark") || markRange(s, twin, "twin")));
  marks[0].closest("details")?.setAttribute("open", "");
  const cell = marks[0].closest("td");
  if (cell && (narrow.matches || (reader().dataset.view !== "both" && +reader().dataset.view !== cell.cellIndex))) view(String(cell.cellIndex));
  marks[0].scrollIntoView({ block: "center" });
  return true;
}

// The article may still have to come: ask for it, and look again whenever the page changes.
function goTo(place, twins) {
  showPane("read");
  showTab("reader");
  if (show(place, twins)) return;
  if (reader()?.dataset.article !== place.article) send(document.querySelector("#talk .talk, #talk .welcome"), "open", { article: place.article });
  const watch = new MutationObserver(() => show(place, twins) && watch.disconnect());
  watch.observe(document.getElementById("side"), { childList: true, subtree: true, attributes: true });
  setTimeout(() => watch.disconnect(), PATIENCE);
}

// What stands beside a quote says the same, and is marked too.
function follow(hit) {
  const entry = hit.closest(".quotes li, .differences li") ?? document.getElementById(hit.dataset.quote);
  const beside = [...(entry?.querySelectorAll(".half[data-start]") ?? [])].map((half) => half.dataset).filter((place) => place.start !== hit.dataset.start || place.version !== hit.dataset.version);
  const { otherVersion, otherStart, otherEnd } = hit.dataset;
  if (otherVersion) beside.push({ article: hit.dataset.article, version: otherVersion, start: otherStart, end: otherEnd });
  goTo({ ...hit.dataset }, beside.map((place) => ({ ...place })));
  hit.classList.add("active");
}

function light(sentence) {
  document.querySelectorAll(".s.lit").forEach((s) => s.classList.remove("lit"));
  const twins = (sentence?.dataset.twins ?? "").split(" ").filter(Boolean).map((id) => document.getElementById(id));
  if (twins.length) [sentence, ...twins].forEach((s) => s?.classList.add("lit"));
}

// A sentence that is chosen, or any text that is selected, can be asked about.
function pick(sentence) {
  const button = document.querySelector(".ask-about"), selected = String(getSelection()).trim();
  picked = (getSelection().rangeCount && sentence.closest(".reader").contains(getSelection().anchorNode) && selected) || sentence.textContent;
  const at = sentence.getClientRects()[0], within = reader().getBoundingClientRect();
  button.style.top = `${at.top - within.top - 34}px`;
  button.style.left = `${Math.min(Math.max(0, at.left - within.left), within.width - 190)}px`;
  button.hidden = false;
}

function move(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const sentence = event.target.closest?.(".s");
  if (!sentence) return;
  if (event.key === "Enter") askAbout(reader().dataset.about.replace("{sentence}", sentence.textContent));
  if (!step) return;
  event.preventDefault();
  // Along the column that one reads; the other is a step sideways away, through its counterpart.
  const all = [...document.querySelectorAll(".reader .s")].filter((s) => s.dataset.version === sentence.dataset.version);
  const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
  const twin = document.getElementById((sentence.dataset.twins ?? "").split(" ")[0]);
  const next = sideways ? twin : all[all.indexOf(sentence) + step];
  if (!next) return;
  sentence.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

export function begin() {
  const hit = (event) => event.target.closest?.(".cite, .half[data-start], .band");
  document.addEventListener("click", (event) => {
    const found = hit(event), sentence = event.target.closest?.(".reader .s");
    if (found) follow(found);
    else if (sentence) pick(sentence);
    else if (document.querySelector(".ask-about")) document.querySelector(".ask-about").hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.(".band") && ["Enter", " "].includes(event.key)) event.preventDefault(), follow(event.target);
    move(event);
  });
  ["mouseover", "focusin"].forEach((name) => document.addEventListener(name, (event) => light(event.target.closest?.(".reader .s"))));
  new MutationObserver(() => {
    const first = document.querySelector(".reader table .s");
    if (first && !document.querySelector('.reader .s[tabindex="0"]')) first.tabIndex = 0;
  }).observe(document.getElementById("side"), { childList: true, subtree: true });
}
