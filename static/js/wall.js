// The wall renews itself, stays awake, and says so when it can no longer be trusted.
const EVERY = 5000, STALE = 60000;
let renewed = Date.now();

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { redirect: "manual" });
    const board = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-board]");
    if (board) {
      document.querySelector("[data-board]").replaceWith(board);
      renewed = Date.now();
    }
  } catch { /* no network: the next turn tries again, and the notice below tells */ }
  document.querySelector("[data-stale]").hidden = Date.now() - renewed < STALE;
}

// The screen of a projector must not go dark; browsers let go of this when the page is hidden.
const wake = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});

const whole = document.querySelector("[data-whole]");
whole.hidden = !document.fullscreenEnabled;
whole.addEventListener("click", () => document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
document.addEventListener("visibilitychange", () => { wake(); renew(); });
setInterval(renew, EVERY);
wake();
