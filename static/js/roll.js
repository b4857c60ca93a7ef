// The roll of a class: counts, the draft on this device, the question before "all present".

const form = document.getElementById("kc-roll");
const dialog = document.getElementById("kc-all-present");
const unsent = document.getElementById("kc-unsent");
const pupils = [...form.querySelectorAll(".kc-pupil")].filter((row) => row.querySelector("input"));
const key = `roll ${form.getAttribute("action")}`;
const LEAVE = ["sick_leave", "personal_leave"];

const markOf = (row) => row.querySelector("input[type=radio]:checked").value;
const reasonOf = (row) => row.querySelector(".kc-reason");

function count() {
  const marks = pupils.map(markOf);
  const of = (...wanted) => marks.filter((mark) => wanted.includes(mark)).length;
  const numbers = {
    present: of("", "late", "left_early"),
    leave: of(...LEAVE),
    unexcused: of("unexcused"),
    unknown: of("unknown"),
  };
  for (const [name, number] of Object.entries(numbers)) {
    form.querySelector(`[data-count=${name}]`).textContent = number;
  }
  for (const row of pupils) row.classList.toggle("kc-marked", markOf(row) !== "");
}

// --- the draft: kept until the server has answered ------------------------------------------

function keep() {
  const marks = {};
  for (const row of pupils) {
    if (markOf(row) || reasonOf(row).value) marks[row.dataset.id] = [markOf(row), reasonOf(row).value];
  }
  sessionStorage.setItem(key, JSON.stringify({ version: form.elements.version.value, marks }));
  unsent.hidden = false;
}

function restore() {
  if (form.dataset.saved) sessionStorage.removeItem(key);
  const draft = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (!draft) return;
  // The version that was marked goes along: the server then sees what somebody else saved meanwhile.
  form.elements.version.value = draft.version;
  for (const row of pupils) {
    const [mark, reason] = draft.marks[row.dataset.id] ?? ["", ""];
    row.querySelector(`input[type=radio][value="${mark}"]`).checked = true;
    reasonOf(row).value = reason;
  }
  unsent.hidden = false;
}

document.getElementById("kc-discard").addEventListener("click", () => {
  sessionStorage.removeItem(key);
  location.reload();
});

// --- sending --------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  if (pupils.some((row) => markOf(row)) || form.dataset.sure) return;
  event.preventDefault();
  dialog.showModal();
});

dialog.addEventListener("close", () => {
  if (dialog.returnValue !== "yes") return;
  form.dataset.sure = "1";
  form.requestSubmit(form.querySelector("button[name=state]"));
});

// --- the keyboard: up and down along the pupils, 1 to 7 for the mark -------------------------

function go(row, step) {
  const next = pupils[pupils.indexOf(row) + step];
  next?.querySelector("input[type=radio]:checked").focus();
}

form.addEventListener("keydown", (event) => {
  const row = event.target.closest(".kc-pupil");
  if (!row) return;
  const typing = event.target.type === "text";
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: typing && !event.isComposing ? 1 : 0 }[event.key];
  if (step) {
    event.preventDefault();
    go(row, step);
  } else if (!typing && event.key >= "1" && event.key <= "7") {
    const radio = row.querySelectorAll("input[type=radio]")[event.key - 1];
    radio.checked = true;
    radio.focus();
    changed();
  }
});

function changed() {
  count();
  keep();
}

form.addEventListener("input", changed);
restore();
count();
