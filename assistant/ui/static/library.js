// The library: articles are opened, chosen, removed, and added one file after another.
import { send, showTab } from "./page.js";

const idOf = (node) => node.closest("[data-article]").dataset.article;
const shelf = () => document.querySelector("#shelf .articles, #shelf .empty");
const form = () => document.querySelector("#add .add");

let cancelled = false;

export const actions = {
  open(button) {
    send(document.querySelector("#talk .talk, #talk .welcome"), "open", { article: idOf(button) });
    showTab("reader");
  },
  choose: (box) => send(box, "choose", { article: idOf(box), chosen: box.checked }),
  everywhere(button) {
    document.querySelectorAll('[data-do="choose"]:checked').forEach((box) => (box.checked = false));
    send(button, "clear");
  },
  remove,
  paste(sheet) {
    const name = sheet.elements.name.value.trim().replaceAll(/[/\\]/g, " "), text = sheet.elements.text.value;
    add([new File([text], /\.(txt|md)$/i.test(name) ? name : `${name}.txt`)]).then((added) => added && sheet.reset());
  },
  cancel: () => (cancelled = true),
};

// Says what went wrong in the server's own words, which name the file and what to do.
async function request(method, address, body) {
  try {
    const answer = await fetch(address, { method, body });
    if (answer.ok) return "";
    const told = await answer.json().catch(() => ({}));
    return form().dataset.failed.replace("{reason}", told.error ?? answer.statusText);
  } catch {
    return form().dataset.offline;
  }
}

function remove(button) {
  const dialog = document.querySelector(".confirm"), id = idOf(button);
  dialog.querySelector("#confirm-text").textContent = form().dataset.confirm.replace("{title}", button.dataset.title);
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return button.focus();
    report(await request("DELETE", `/articles/${encodeURIComponent(id)}`));
    send(shelf(), "changed");
  };
  dialog.returnValue = "";
  dialog.showModal();
}

function report(problem) {
  if (problem) document.querySelector("#add .problems").append(Object.assign(document.createElement("li"), { textContent: problem }));
}

// Adds files in order; each is in the library or not, whatever becomes of the next. Gives how many were added.
async function add(files) {
  const words = form().dataset, box = document.querySelector("#add .progress"), bar = box.querySelector("progress"), line = box.querySelector("p");
  const stop = box.querySelector("button");
  document.querySelector("#add .problems").replaceChildren();
  cancelled = false;
  box.hidden = stop.hidden = false;
  stop.hidden = false;
  let added = 0, done = 0;
  for (const file of files) {
    if (cancelled) break;
    bar.value = done / files.length;
    line.textContent = words.adding.replace("{done}", done + 1).replace("{total}", files.length).replace("{name}", file.name);
    const problem = await request("PUT", `/articles/${encodeURIComponent(file.name)}`, file);
    report(problem && `${file.name}: ${problem}`);
    done += 1;
    added += !problem;
  }
  bar.value = done / files.length;
  stop.hidden = true;
  line.textContent = (cancelled ? words.cancelled : words.added).replace("{done}", added).replace("{total}", files.length);
  if (added) send(shelf(), "changed");
  return added;
}

export function begin() {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("#add input[type=file]")) add([...event.target.files]).then(() => (event.target.value = ""));
  });
  const zone = (event) => event.target.closest?.("#add .drop");
  ["dragover", "dragenter"].forEach((name) =>
    document.addEventListener(name, (event) => {
      if (zone(event)) event.preventDefault(), zone(event).classList.add("over");
    }),
  );
  document.addEventListener("dragleave", (event) => zone(event)?.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    if (!zone(event)) return;
    event.preventDefault();
    zone(event).classList.remove("over");
    add([...event.dataTransfer.files]);
  });
}
