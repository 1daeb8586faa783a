// What every part of the page shares: one listener a kind of event, and a way to tell Python.
import * as chat from "./chat.js";
import * as library from "./library.js";
import * as reader from "./reader.js";

// An element with data-do="name" calls the action of that name when it is pressed, changed or sent.
const actions = { ...chat.actions, ...library.actions, ...reader.actions, pane: (button) => showPane(button.dataset.pane), theme };

// Python hears of it through the component that the node stands in.
export function send(node, name, detail = {}) {
  node.dispatchEvent(new CustomEvent("send", { bubbles: true, detail: { name, ...detail } }));
}

// A narrow screen shows one side at a time.
export function showPane(pane) {
  document.body.dataset.pane = pane;
  document.querySelectorAll('[data-do="pane"]').forEach((b) => b.setAttribute("aria-pressed", b.dataset.pane === pane));
}

export const showTab = (name) => document.getElementById(`tab-${name}-button`)?.click();

function theme() {
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("doichieu-theme", dark ? "dark" : "light");
}

function act(event, kinds) {
  const found = event.target.closest?.("[data-do]");
  if (!found || !kinds.some((kind) => found.matches(kind))) return;
  if (event.type === "submit") event.preventDefault();
  actions[found.dataset.do]?.(found, event);
}

export function begin() {
  if (window.doichieu) return;
  window.doichieu = true;
  document.documentElement.lang = document.querySelector("#masthead header").lang;
  const chosen = localStorage.getItem("doichieu-theme");
  if (chosen) document.body.classList.toggle("dark", chosen === "dark");
  showPane("talk");
  document.addEventListener("click", (event) => act(event, ["button"]));
  document.addEventListener("change", (event) => act(event, ["input"]));
  document.addEventListener("submit", (event) => act(event, ["form"]), true);
  chat.begin();
  library.begin();
  reader.begin();
}
