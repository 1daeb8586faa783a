// The conversation: quotes at a glance, and what can be done with an answer.
import { send, showPane } from "./page.js";

const turnOf = (node) => node.closest(".turn");
const number = (node) => +turnOf(node).dataset.turn;
const question = () => document.querySelector("#question textarea, #question input");

export const actions = {
  ask: (button) => send(talk(), "submit", { question: button.dataset.question }),
  retry: (button) => send(button, "retry", { turn: number(button), question: "" }),
  rate: (button) => send(button, "like", { turn: number(button), liked: +button.dataset.liked }),
  word(form) {
    const word = form.elements.word.value.trim();
    if (word) send(form, "word", { turn: number(form), word });
    form.replaceChildren(form.closest(".talk").dataset.thanks);
  },
  clear: () => send(talk(), "clear"),
  edit,
  copy,
  save,
};

const talk = () => document.querySelector("#talk .talk, #talk .welcome");

function edit(button) {
  const asked = button.closest(".asked"), words = button.closest(".talk").dataset, before = asked.innerHTML;
  const form = document.createElement("form"), box = document.createElement("textarea");
  box.value = asked.querySelector("p").textContent;
  box.setAttribute("aria-label", button.getAttribute("aria-label"));
  const [again, cancel] = [words.editAsk, words.editCancel].map((text) => Object.assign(document.createElement("button"), { textContent: text, className: "plain" }));
  cancel.type = "button";
  cancel.onclick = () => (asked.innerHTML = before);
  form.onsubmit = (event) => {
    event.preventDefault();
    if (box.value.trim()) send(asked, "edit", { turn: number(asked), question: box.value });
  };
  box.onkeydown = (event) => {
    if (event.key === "Escape") cancel.click();
    if (event.key === "Enter" && !event.shiftKey) event.preventDefault(), form.requestSubmit();
  };
  form.append(box, again, cancel);
  asked.replaceChildren(form);
  box.focus();
}

async function copy(button) {
  await write(turnOf(button).dataset.markdown);
  button.dataset.done = button.closest(".talk").dataset.copied;
  setTimeout(() => delete button.dataset.done, 1500);
}

// Browsers lend the clipboard to pages on this machine and over https; elsewhere the old way still works.
async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

function save(button) {
  const text = [...document.querySelectorAll(".turn[data-markdown]")].map((turn) => turn.dataset.markdown).join("\n---\n\n");
  if (!text) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  link.download = button.dataset.name;
  link.click();
  URL.revokeObjectURL(link.href);
}

// A marker under the pointer, or in focus, shows its quote and the counterpart in the other language.
function peek(marker) {
  const quote = document.getElementById(marker.dataset.quote);
  unpeek();
  if (!quote) return;
  const box = quote.getBoundingClientRect(), room = document.getElementById("talk").getBoundingClientRect();
  if (quote.closest("details").open && box.top >= room.top && box.bottom <= room.bottom) return quote.classList.add("lit");
  const card = document.createElement("div");
  card.id = "peek";
  card.setAttribute("role", "tooltip");
  card.append(...[...quote.children].map((half) => Object.assign(document.createElement("div"), { className: half.className, innerHTML: half.innerHTML })));
  document.querySelector(".gradio-container").append(card);
  marker.setAttribute("aria-describedby", "peek");
  const at = marker.getBoundingClientRect(), size = card.getBoundingClientRect();
  card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  card.style.top = `${at.bottom + size.height + 12 < innerHeight ? at.bottom + 8 : Math.max(8, at.top - size.height - 8)}px`;
}

function unpeek() {
  document.getElementById("peek")?.remove();
  document.querySelector(".quotes li.lit")?.classList.remove("lit");
  document.querySelector('[aria-describedby="peek"]')?.removeAttribute("aria-describedby");
}

// What a reader selected in an article becomes the beginning of a question.
export function askAbout(text) {
  const box = question();
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  showPane("talk");
  box.focus();
  box.setSelectionRange(text.length, text.length);
}

export function begin() {
  const over = (event) => (event.target.closest?.(".cite") ? peek(event.target.closest(".cite")) : unpeek());
  document.addEventListener("mouseover", over);
  document.addEventListener("focusin", over);
  document.addEventListener("keydown", (event) => event.key === "Escape" && unpeek());
  let turns = 0;
  new MutationObserver(() => {
    const shown = document.querySelectorAll("#talk .turn");
    if (!document.querySelector(".cite:hover")) unpeek();
    if (shown.length && (shown.length !== turns || document.querySelector("#talk .pending"))) shown[shown.length - 1].scrollIntoView({ block: "start" });
    turns = shown.length;
  }).observe(document.getElementById("talk"), { childList: true, subtree: true });
}
