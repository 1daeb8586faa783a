// A citation leads to its exact characters. One listener for the page, since answers and articles come and go.
() => {
  if (window.doichieu) return;
  window.doichieu = true;

  const sentences = (place) =>
    [...document.querySelectorAll(".reader .s")].filter(
      (s) => s.dataset.article === place.article && s.dataset.version === place.version && +s.dataset.start < +place.end && +place.start < +s.dataset.end,
    );

  const clear = () => {
    document.querySelectorAll(".reader mark").forEach((mark) => {
      const parent = mark.parentNode;
      parent.replaceChildren(document.createTextNode(parent.textContent));
    });
    document.querySelectorAll(".lit, .cite.active").forEach((e) => e.classList.remove("lit", "active"));
  };

  // Offsets count code points, JavaScript counts UTF-16 units; the text is cut by code points.
  const markRange = (s, place, twin) => {
    const letters = [...s.textContent];
    const from = Math.max(0, +place.start - +s.dataset.start);
    const to = Math.min(letters.length, +place.end - +s.dataset.start);
    const mark = document.createElement("mark");
    if (twin) mark.className = "twin";
    mark.textContent = letters.slice(from, to).join("");
    s.replaceChildren(letters.slice(0, from).join(""), mark, letters.slice(to).join(""));
    return mark;
  };

  const show = (place, twins, tries = 0) => {
    const found = sentences(place);
    if (!found.length) {
      // The article is not on the page: ask for it, and look again when it has come.
      const box = document.querySelector("#wanted textarea, #wanted input");
      if (box && tries === 0) {
        box.value = place.article;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        document.querySelector("#fetch")?.click();
      }
      if (tries < 40) setTimeout(() => show(place, twins, tries + 1), 100);
      return;
    }
    clear();
    const marks = found.map((s) => markRange(s, place, false));
    twins.forEach((twin) => sentences(twin).forEach((s) => s.querySelector("mark") || markRange(s, twin, true)));
    marks[0].closest("details")?.setAttribute("open", "");
    marks[0].scrollIntoView({ block: "center" });
  };

  const target = (e) => e.target.closest?.("button.cite, .quotes blockquote");
  document.addEventListener("click", (e) => {
    const hit = target(e);
    if (!hit) return;
    document.querySelectorAll('[role="tab"]')[0]?.click();
    // The quote's counterparts stand beside it in the list of quotes.
    const entry = hit.closest(".quotes li, .differences li") ?? document.getElementById(hit.getAttribute("aria-describedby"));
    const beside = [...(entry?.querySelectorAll("blockquote, button.place") ?? [])].filter((e) => e !== hit && e.dataset.start !== hit.dataset.start);
    show(hit.dataset, beside.map((e) => e.dataset));
    hit.classList.add("active");
  });
  const light = (e, on) => {
    const hit = e.target.closest?.("button.cite");
    if (hit) document.getElementById(hit.getAttribute("aria-describedby"))?.classList.toggle("lit", on);
  };
  ["mouseover", "focusin"].forEach((name) => document.addEventListener(name, (e) => light(e, true)));
  ["mouseout", "focusout"].forEach((name) => document.addEventListener(name, (e) => light(e, false)));
}
