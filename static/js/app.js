// What every page may use. Pages work without it.

document.documentElement.classList.add("kc-js");

// A second tap on a form that is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  if (form.matches("[data-logout]")) sessionStorage.clear();
});

// The browser's back button may bring a sent form back as it was.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  const tick = event.target.closest("[data-tick]");
  const boxes = tick ? document.getElementsByName(tick.dataset.tick) : [];
  for (const box of boxes) box.checked = true;
  const discard = event.target.closest("[data-discard]");
  if (discard) sessionStorage.removeItem(discard.dataset.discard);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

// "/" goes to the search box.
document.addEventListener("keydown", (event) => {
  const search = document.getElementById("kc-search");
  if (event.key !== "/" || !search || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  search.focus();
});
