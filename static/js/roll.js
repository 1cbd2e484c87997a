// The roll call: what is shown is filtered while somebody types, and the page says what is saved.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/\s+/g, " ").trim();
const tag = document.getElementById("saved");
let waiting = 0;

function tell() {
  if (!tag) return;
  const bad = document.querySelectorAll(".roll > li.unsaved").length;
  tag.hidden = false;
  tag.className = `tag ${bad ? "bad" : waiting ? "wait" : "ok"}`;
  tag.lastElementChild.textContent = bad ? `${tag.dataset.unsaved} (${bad})` : waiting ? tag.dataset.saving : tag.dataset.saved;
}

const row = (event) => event.detail.ctx?.sourceElement?.closest?.("[data-roll]")?.closest("li");

// Each tap has a number of its own, so that one sent again is one mark.
document.addEventListener("change", ({ target }) => {
  const form = target.closest?.("[data-roll]");
  if (!form) return;
  if (!form.elements.nonce) form.insertAdjacentHTML("afterbegin", '<input type="hidden" name="nonce">');
  if (!form.again) form.elements.nonce.value = crypto.randomUUID?.() ?? "";
}, true);

document.addEventListener("htmx:before:request", (event) => { if (row(event)) { waiting += 1; tell(); } });
document.addEventListener("htmx:finally:request", (event) => {
  const line = row(event);
  if (!line) return;
  waiting = Math.max(0, waiting - 1);
  const answer = event.detail.ctx.response?.raw;
  line.classList.toggle("unsaved", !answer?.ok);
  line.toggleAttribute("data-again", !answer || answer.status >= 500);
  tell();
});

// What found no server is sent again by itself.
function again() {
  document.querySelectorAll(".roll > li[data-again] > form").forEach((form) => {
    form.again = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.again = false;
  });
}
addEventListener("online", again);
setInterval(() => { if (navigator.onLine) again(); }, 5000);

// Somebody leaves while a tap is on its way, or was not taken.
addEventListener("beforeunload", (event) => { if (waiting || document.querySelector(".roll > li.unsaved")) event.preventDefault(); });

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("[data-find]");
  if (!form) return;
  const wanted = plain(target.value);
  document.querySelectorAll(`#${form.dataset.find} .roll > li`).forEach((line) => { line.hidden = !plain(line.querySelector(".name").textContent).includes(wanted); });
});
document.addEventListener("submit", (event) => { if (event.target.closest("[data-find]")) event.preventDefault(); });
