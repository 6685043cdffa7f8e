// The pages of a reconciliation: files dropped, and how far a run is. Everything works without this file.
"use strict";

(() => {
  const input = document.getElementById("files");
  if (input) dropping(document.getElementById("drop"), input, document.getElementById("files-chosen"));
  const run = document.getElementById("run");
  if (run) following(run);
})();

function dropping(zone, input, chosen) {
  const over = (on) => zone.classList.toggle("over", on);
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      over(true);
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) over(false);
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      tell();
    }
  });
  input.addEventListener("change", tell);

  function tell() {
    const count = input.files.length;
    const said = count === 1 ? chosen.dataset.one : chosen.dataset.many.replace("{count}", count);
    const named = [...input.files].slice(0, 5).map((file) => file.name);
    chosen.textContent = count ? `${said}: ${named.join(", ")}${count > 5 ? " …" : ""}` : "";
  }
}

// Each question is answered at once; the next one waits, the longer the longer the run takes.
function following(run) {
  const bar = document.getElementById("run-bar");
  const said = document.getElementById("run-said");
  let pause = 700;
  setTimeout(ask, pause);

  async function ask() {
    try {
      const answer = await fetch(run.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.redirected) return location.reload();
      if (answer.ok) show(await answer.json());
      else said.textContent = run.dataset.offline;
    } catch {
      said.textContent = run.dataset.offline;
    }
    pause = Math.min(pause * 1.25, 5000);
    setTimeout(ask, pause);
  }

  function show(told) {
    if (told.over) return location.replace(location.pathname);
    if (said.textContent !== told.said) said.textContent = told.said;
    document.getElementById("run-state").textContent = told.word;
    if (told.total) {
      bar.max = told.total;
      bar.value = told.done;
    }
  }
}
