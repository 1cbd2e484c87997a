// Small helps for the hand. Every page works without this file.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const reveal = (root) => all("[data-show], [data-print], [data-copy], [data-all], [data-close], [data-untick]", root).forEach((it) => { it.hidden = false; });
const boxes = (form) => all("tbody input[type=checkbox]", form);

function count(form) {
  const rows = boxes(form), ticked = rows.filter((box) => box.checked).length;
  all("[data-count]", form).forEach((it) => { it.textContent = ticked || ""; });
  all("[data-all]", form).forEach((it) => { it.checked = ticked > 0 && ticked === rows.length; it.indeterminate = ticked > 0 && ticked < rows.length; });
}

// A toast leaves after ten seconds, but never under the pointer or the focus.
function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = 1;
  let left = 10;
  const clock = setInterval(() => {
    if (!toast.isConnected) clearInterval(clock);
    else if (!toast.matches(":hover, :focus-within") && !document.hidden && --left < 0) toast.remove();
  }, 1000);
}

function ready(root) {
  reveal(root);
  all("[data-bulk]").forEach(count);
  all("[data-toast]").forEach(watch);
  root.querySelector("[data-focus]")?.focus();
}

document.addEventListener("click", (event) => {
  const it = event.target.closest("[data-show], [data-dialog], [data-print], [data-copy], [data-close], [data-untick]");
  all("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  if (!it) return;
  const { show, dialog, copy } = it.dataset;
  if (show) {
    const field = document.getElementById(show), word = it.firstElementChild, shown = field.type === "password";
    field.type = shown ? "text" : "password";
    it.setAttribute("aria-pressed", shown);
    [word.textContent, it.dataset.hide] = [it.dataset.hide, word.textContent];
  } else if (dialog) {
    const box = document.getElementById(dialog);
    if (!box?.showModal || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    box.showModal();
  } else if (copy) {
    const word = it.querySelector(".calm"), text = word.textContent;
    navigator.clipboard?.writeText(copy).then(() => { word.textContent = it.dataset.done; setTimeout(() => { word.textContent = text; }, 2000); });
  } else if ("print" in it.dataset) print();
  else if ("close" in it.dataset) it.closest("[data-toast]").remove();
  else if ("untick" in it.dataset) {
    const form = it.closest("[data-bulk]");
    boxes(form).forEach((box) => { box.checked = false; });
    count(form);
    boxes(form)[0]?.focus();
  }
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (!form) return;
  if ("all" in event.target.dataset) boxes(form).forEach((box) => { box.checked = event.target.checked; });
  count(form);
});

// ↑ ↓ walk the boxes of a list, Space ticks as ever, g goes to the choice in the bar, Enter there sends.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") all("details[data-menu][open]").forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); });
  const box = event.target, form = box.closest?.("[data-bulk]");
  if (form && event.key === "Enter" && "jump" in box.dataset && box.value) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (!form || box.type !== "checkbox" || event.ctrlKey || event.altKey || event.metaKey) return;
  const rows = boxes(form), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) rows[rows.indexOf(box) + step]?.focus();
  else if (event.key === "g") form.querySelector("[data-jump]")?.focus();
  else return;
  event.preventDefault();
});

// Enter and the arrows walk down a column of fields, as in a spreadsheet.
document.addEventListener("keydown", (event) => {
  const field = event.target, step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !field.matches?.("[data-column]")) return;
  const column = all("[data-column]", field.form), next = column[column.indexOf(field) + step];
  event.preventDefault();
  (next || field.form.querySelector("button.primary"))?.focus();
  next?.select();
});

// A day is typed as digits; the strokes come by themselves.
document.addEventListener("input", ({ target: it, inputType }) => {
  if (!it.matches?.("[data-day]") || !inputType?.startsWith("insert") || !/^[\d/]*$/.test(it.value) || it.selectionEnd < it.value.length) return;
  it.value = it.value.replace(/^(\d)\//, "0$1/").replace(/^(\d\d\/)(\d)\//, "$10$2/");
  const [, day, month, year] = it.value.replace(/\//g, "").match(/^(\d{0,2})(\d{0,2})(\d{0,4})/);
  it.value = day + (day.length === 2 ? "/" : "") + month + (month.length === 2 ? "/" : "") + year;
});

document.addEventListener("htmx:after:swap", () => ready(document));
ready(document);
