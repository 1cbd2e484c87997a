// What is wrong with how the page at hand looks on a phone; run by the tests in the page itself.
(() => {
  const box = (it) => it.getBoundingClientRect();
  const shown = (it) => it.checkVisibility({ visibilityProperty: true });
  const named = (it) => `${it.tagName.toLowerCase()}.${it.className} “${(it.textContent || it.name || "").trim().slice(0, 30)}”`;

  // A link in the run of a sentence may be as tall as its line (WCAG 2.5.8, inline).
  const inSentence = (it) => it.matches("p a, li p a, .hint a, td p a") && it.parentElement.textContent.trim() !== it.textContent.trim();
  const target = (it) => it.closest("label") ?? (it.matches(".list a.name") ? it.closest("li") : it);

  window.small = (least) =>
    [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
      .filter((it) => shown(it) && !it.matches(".skip") && !inSentence(it))
      .map((it) => [named(it), box(target(it))])
      .filter(([, { width, height }]) => width < least - 0.5 || height < least - 0.5)
      .map(([name, { width, height }]) => `${name} ${Math.round(width)}×${Math.round(height)}`);

  // Markup or a value of the program that reached the reader's eyes.
  window.raw = () => (document.body.innerText.match(/.*(?:">|<\/|\{\{|%\(|\bNone\b|\bundefined\b).*/g) ?? []).slice(0, 3);

  window.sideways = () =>
    document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
      .filter((it) => shown(it) && box(it).right > innerWidth + 1)
      .map(named).slice(0, 4);
})();
