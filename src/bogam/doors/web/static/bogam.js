// Enhances pages that already work as links and forms: shortcuts, the help, the row that is open, charts.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const wide = matchMedia("(min-width: 1101px)");

  // Dialogs: help, and pages that ask before they act.
  const show = (id) => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) { event.preventDefault(); show(opener.dataset.opens); }
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      const dialog = closer.closest("dialog");
      if (dialog) { event.preventDefault(); dialog.close(); return; }
      const pane = closer.closest(".source");
      if (pane) { event.preventDefault(); pane.classList.remove("open"); here()?.focus(); }
    }
    const said = event.target.closest(".said");
    if (said && !getSelection().toString()) { const cite = $(".cite", said.closest(".claim")); if (cite) cite.click(); }
    for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submits]")) event.target.form.requestSubmit(); });

  // A form that takes its time says so.
  document.addEventListener("submit", (event) => {
    const told = $("[data-waiting]", event.target);
    if (told) { told.textContent = told.dataset.waiting; $("button", event.target).disabled = true; }
  });

  // The open sentence.
  const here = () => $(".claim.here .cite") || $(".claim.here .said");
  const rows = () => $$(".claim");
  const mark = (row) => {
    for (const other of $$(".claim.here, .events li.here")) { other.classList.remove("here"); $("[aria-current]", other)?.removeAttribute("aria-current"); }
    if (!row) return;
    row.classList.add("here");
    ($(".cite", row) || $("a", row))?.setAttribute("aria-current", "true");
  };
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("here"));
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
    mark(next);
    next.scrollIntoView({ block: "nearest" });
    const cite = $(".cite", next);
    if (cite) { cite.focus({ preventScroll: true }); if (wide.matches) cite.click(); } else $(".said", next)?.focus({ preventScroll: true });
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    const into = event.detail.target;
    // The address follows what is open, so that it can be kept or sent; htmx's own history would store pages in the browser.
    if (event.detail.requestConfig?.elt.hasAttribute("data-address")) history.replaceState(null, "", event.detail.pathInfo.finalRequestPath);
    if (into.id === "source") {
      into.classList.add("open");
      const name = into.dataset.at || $("[data-at]", into)?.dataset.at;
      if (name) mark(document.getElementById(name));
      into.scrollTop = 0;
      if (!wide.matches && name) document.getElementById(name)?.scrollIntoView({ block: "start" });
      const found = $("mark", into);
      if (found && found.offsetTop > into.clientHeight) into.scrollTop = found.offsetTop - into.clientHeight / 3;
    }
    if (into.id === "dialog-body") show("dialog");
    const first = $("textarea, [autofocus]", into);
    if (first && into.id !== "source") { first.focus(); first.selectionEnd = first.selectionStart = first.value ? first.value.length : 0; }
    charts(into);
  });
  // A session that ended, or a refusal, is a whole page: show it as one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status >= 400) { event.detail.shouldSwap = false; location.assign(event.detail.pathInfo?.finalRequestPath || location.href); }
  });

  // Shortcuts. A single key does nothing while a person types.
  const go = (selector) => { const link = $(selector); if (link) link.click(); return Boolean(link); };
  const goHere = (key) => go(`.claim.here [data-key="${key}"]`) || ($(".mapping") ? false : go(`[data-key="${key}"]`));
  let pending = "";
  const keys = {
    j: () => move(1), k: () => move(-1),
    a: () => go(".claim.here [data-key=a]"), x: () => go(".claim.here [data-key=x]"), u: () => goHere("u"),
    e: () => go(".claim.here .edit"), s: () => go("[data-key=s]"), n: () => goHere("n"), p: () => go("[data-key=p]"),
    1: () => goHere("1"), 2: () => goHere("2"), 3: () => goHere("3"), 4: () => goHere("4"), 5: () => goHere("5"),
    "/": () => $("input[type=search]")?.focus(), "?": () => show("keys"),
  };
  const travel = Object.fromEntries(["w", "i", "a", "l", "o"].map((key) => [key, `.go[data-key=${key}]`]));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { $(".source.open [data-closes]")?.click(); }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select, [contenteditable]") || $("dialog[open]")) return;
    if (pending === "g") { pending = ""; if (travel[event.key]) { event.preventDefault(); go(travel[event.key]); } return; }
    if (event.key === "g") { pending = "g"; setTimeout(() => { pending = ""; }, 1200); return; }
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });

  // The tabs stick right below the banner, whatever its height.
  const banner = $(".banner");
  if (banner && "ResizeObserver" in window)
    new ResizeObserver(() => document.documentElement.style.setProperty("--banner", `${banner.offsetHeight}px`)).observe(banner);

  // Words that a coder selects in a note are what the next code rests on.
  document.addEventListener("selectionchange", () => {
    const words = $("input[name=words]"), chosen = getSelection(), at = chosen.anchorNode?.parentElement?.closest("[data-words]");
    const said = at && at.contains(chosen.focusNode) ? chosen.toString().trim() : "";
    if (words && said && said.length <= words.maxLength) words.value = said;
  });

  // Charts: the server drew an SVG; where there is room for a pointer, uPlot takes its place.
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = new Map();
  const draw = (box) => {
    const { x, y, off, low, high, unit } = JSON.parse(box.dataset.plot);
    if (x.length < 2) return;
    const [line, card, bad, grid, ink, band] = ["--accent", "--card", "--critical", "--line", "--ink-2", "--band"].map(colour);
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const axis = { stroke: ink, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
    const bandHook = (plot) => {
      if (low == null && high == null) return;
      const { left, top, width, height } = plot.bbox;
      const up = high == null ? top : Math.max(top, plot.valToPos(high, "y", true));
      const down = low == null ? top + height : Math.min(top + height, plot.valToPos(low, "y", true));
      if (down > up) { plot.ctx.fillStyle = band; plot.ctx.fillRect(left, up, width, down - up); }
    };
    const dots = (plot) => {
      const ctx = plot.ctx;
      x.forEach((time, i) => {
        if (!off[i]) return;
        const size = 4.5 * devicePixelRatio, cx = plot.valToPos(time, "x", true), cy = plot.valToPos(y[i], "y", true);
        ctx.beginPath(); ctx.moveTo(cx, cy - size); ctx.lineTo(cx + size, cy + size * 0.8); ctx.lineTo(cx - size, cy + size * 0.8); ctx.closePath();
        ctx.fillStyle = bad; ctx.strokeStyle = card; ctx.lineWidth = devicePixelRatio; ctx.fill(); ctx.stroke();
      });
    };
    const known = y.concat([low, high].filter((v) => v != null)), floor = Math.min(...known), roof = Math.max(...known), room = (roof - floor) * 0.08 || Math.abs(roof) * 0.1 || 1;
    const pad = (value) => String(value).padStart(2, "0");
    const date = (seconds) => { const d = new Date(seconds * 1000); return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())} ${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`; };
    const tip = box.parentElement.querySelector(".tip");
    const options = { tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"), padding: [8, 12, 0, 0],
      width: box.clientWidth, height: box.clientHeight, legend: { show: false }, cursor: { y: false, points: { size: 8 } },
      scales: { y: { range: () => [floor - room, roof + room] } },
      axes: [{ ...axis, size: 28, space: 100, values: (_, ticks) => { const days = x[x.length - 1] - x[0] > 86400 * 4; return ticks.map((t) => (days ? date(t).slice(0, 10) : date(t).slice(5))); } }, { ...axis, size: 46, space: 26 }],
      series: [{}, { stroke: line, width: 2, points: { show: true, size: 5, fill: line } }],
      hooks: { drawClear: [bandHook], draw: [dots], setCursor: [(plot) => { const i = plot.cursor.idx; if (tip) tip.textContent = i == null ? "" : `${date(x[i])}  ${y[i]} ${unit}`; }] },
    };
    box.replaceChildren();
    drawn.set(box, new uPlot(options, [x, y], box));
  };
  const charts = (root) => {
    if (!("uPlot" in window) || !("IntersectionObserver" in window)) return;
    const seen = new IntersectionObserver((entries) => { for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); } });
    for (const box of $$("[data-plot]", root)) seen.observe(box);
  };
  addEventListener("resize", () => { for (const [box, plot] of drawn) plot.setSize({ width: box.clientWidth, height: box.clientHeight }); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const [box, plot] of drawn) { plot.destroy(); draw(box); } });
  addEventListener("beforeprint", () => { for (const details of $$("details.chart-table")) details.open = true; });

  charts(document);
  const cited = $(".source.open mark");
  if (cited) { const pane = cited.closest(".source"); if (cited.offsetTop > pane.clientHeight) pane.scrollTop = cited.offsetTop - pane.clientHeight / 3; }
})();
