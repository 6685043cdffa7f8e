// The desk without waiting: the estimate is asked for again as fields change. Everything works without this file.
"use strict";

(() => {
  document.documentElement.classList.add("script");
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();
  const again = document.querySelector("[data-select]");
  if (again) again.addEventListener("focus", () => again.select());
  for (const button of document.querySelectorAll("[data-copy]")) copying(button);

  const form = document.getElementById("desk");
  if (!form) return;

  const byId = (id) => document.getElementById(id);
  const note = byId("estimate-note");
  let waiting = 0;
  let asked = 0;
  let running = null;

  form.addEventListener("input", (event) => {
    if (event.target.type === "search") return;
    event.target.dataset.touched = "yes";
    clearTimeout(waiting);
    waiting = setTimeout(refresh, event.target.matches("[type=checkbox], [type=radio], select") ? 30 : 350);
  });
  // Enter in a field asks for the estimate, not for a page.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    if (event.target.type !== "search") refresh();
  });

  async function refresh() {
    clearTimeout(waiting);
    if (running) running.abort();
    running = new AbortController();
    const mine = ++asked;
    byId("estimate").setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.estimate, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal: running.signal,
        headers: { Accept: "application/json" },
      });
      if (mine !== asked) return;
      if (!answer.ok) {
        note.textContent = answer.status === 401 || answer.status === 400 ? form.dataset.signedOut : form.dataset.offline;
        return;
      }
      show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") note.textContent = form.dataset.offline;
    } finally {
      if (mine === asked) byId("estimate").removeAttribute("aria-busy");
    }
  }

  function show(found) {
    note.textContent = "";
    byId("estimate").innerHTML = found.estimate;
    const opened = [...document.querySelectorAll("#details details[open] > summary")].map((each) => each.textContent);
    if (found.details || found.errors.length === 0) byId("details").innerHTML = found.details;
    byId("details").hidden = !found.details; // no figures of what is not in the form any more
    for (const each of document.querySelectorAll("#details summary")) {
      if (opened.includes(each.textContent)) each.parentElement.open = true;
    }
    const figure = document.querySelector("#estimate [data-bar]");
    if (figure) {
      byId("bar").querySelector("b").textContent = figure.dataset.bar;
      byId("estimate-said").textContent = figure.dataset.bar;
    }
    mark(found.errors);
    echo(found.echoes);
  }

  // What was understood of a day or a number stands below its field.
  function echo(echoes) {
    for (const old of form.querySelectorAll(".echo")) {
      const id = old.id.replace(/-echo$/, "");
      if (id in echoes) continue;
      describe(byId(id), old.id, false);
      old.remove();
    }
    for (const [id, words] of Object.entries(echoes)) {
      const field = byId(id);
      const told = byId(id + "-echo") || (field && newEcho(field, id));
      if (told && told.textContent !== words) told.textContent = words;
    }
  }

  function newEcho(field, id) {
    const told = document.createElement("p");
    told.className = "echo";
    told.id = id + "-echo";
    told.setAttribute("aria-live", "polite");
    field.closest(".input").after(told);
    describe(field, told.id, true);
    return told;
  }

  // What is wrong stands beside a field once it was touched, and goes as soon as it is right.
  function mark(errors) {
    const wrong = new Map(errors.map((error) => [error.id, error.message]));
    for (const message of form.querySelectorAll("p.error")) {
      if (!wrong.has(message.id.replace(/-error$/, ""))) unmark(message);
    }
    for (const [id, text] of wrong) {
      const field = byId(id);
      if (!field || !(field.dataset.touched || byId(id + "-error"))) continue;
      const message = byId(id + "-error") || newMessage(field, id);
      message.textContent = text;
    }
    if (!summary) return;
    for (const link of summary.querySelectorAll("a[href^='#']")) {
      if (!wrong.has(link.hash.slice(1))) link.closest("li").remove();
    }
    if (errors.length && summary.querySelector("li")) return;
    summary.remove();
    document.title = document.title.replace(/^[^:·]+: /, ""); // it began with the word for an error
  }

  function newMessage(field, id) {
    const message = document.createElement("p");
    message.className = "error";
    message.id = id + "-error";
    const box = field.closest(".field, .tick, .offer") || field.parentElement;
    const label = box.querySelector("label, legend");
    if (box.matches(".offer, .tick")) box.prepend(message);
    else label.after(message);
    box.classList.add("wrong");
    field.setAttribute("aria-invalid", "true");
    describe(field, message.id, true);
    return message;
  }

  function unmark(message) {
    const field = byId(message.id.replace(/-error$/, ""));
    const box = message.closest(".wrong");
    if (box) box.classList.remove("wrong");
    if (field) {
      field.removeAttribute("aria-invalid");
      describe(field, message.id, false);
    }
    message.remove();
  }

  function describe(field, id, on) {
    const ids = (field.getAttribute("aria-describedby") || "").split(" ").filter((each) => each && each !== id);
    if (on) ids.push(id);
    if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
    else field.removeAttribute("aria-describedby");
  }

  // -- finding a product, licence or API --
  const find = byId("find");
  const found = byId("found");
  const rows = [...form.querySelectorAll(".group .offer, .api-group .tick")].map((row) => ({
    row,
    text: folded((row.matches("label") ? row : row.querySelector("label")).textContent + " " + row.querySelector("input").value + row.querySelector("input").name),
  }));

  // As the server folds names: what is not seen, not heard or only spelt otherwise makes no difference.
  function folded(text) {
    return text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s\p{Cf}\p{Cc}_·ㆍ・‧•∙⋅,()[\]\-‐-―−]+/gu, "")
      .replace(/코스피/g, "kospi")
      .replace(/코스닥/g, "kosdaq")
      .replace(/코넥스/g, "konex");
  }

  const groups = [...form.querySelectorAll("details.group, .api-group details")];
  let before = null;
  find.addEventListener("input", () => {
    const wanted = folded(find.value);
    if (wanted && !before) before = groups.map((group) => group.open);
    let count = 0;
    for (const { row, text } of rows) {
      const fits = text.includes(wanted);
      row.hidden = !fits;
      count += fits;
    }
    groups.forEach((group, index) => {
      group.open = wanted ? Boolean(group.querySelector(".offer:not([hidden]), .tick:not([hidden])")) : before ? before[index] : group.open;
    });
    if (!wanted) before = null;
    found.textContent = wanted && count === 0 ? found.dataset.none : "";
  });

  // One quote for one click, however often it is clicked; the server holds to it too.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
  // Back on a page that was fetched anew: it is still the same page, which makes one quote.
  const once = form.querySelector("[name=once]");
  if (history.state && history.state.once) once.value = history.state.once;
  else history.replaceState({ once: once.value }, "");

  // Back on the page: the browser has put back what was typed, so the estimate has to follow.
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    const chosen = form.querySelector(".offer > input:checked, [name=apis]:checked");
    if (chosen && !document.querySelector("#details section")) refresh();
  });
})();

function copying(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}
