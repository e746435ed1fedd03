// Optional.
const $ = (query, root = document) => root.querySelector(query);
const all = (query, root = document) => [...root.querySelectorAll(query)];
const dialog = $("#keys");
const focused = () => document.activeElement;
const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const ask = (url, options) => fetch(url, { ...options, headers: { "X-Fragment": "1" } });
const make = (tag, parts) => Object.assign(document.createElement(tag), parts);
const byId = (id) => document.getElementById(id);

// data-swap: an answer without that part takes all of main.
const place = (html, selector) => {
  const page = parse(html);
  const whole = $(selector, page);
  if (!whole && $("main", page)) return selector !== "#main" && place(html, "#main");
  const target = $(selector);
  if (!target || !(whole || page.body.childElementCount)) return false;
  const again = target.contains(focused()) && focused().id && "#" + CSS.escape(focused().id);
  const at = [scrollX, scrollY];
  for (const part of all("#flash, #queue", page)) if (!whole?.contains(part)) byId(part.id)?.replaceWith(part);
  if (whole) target.replaceWith(whole); else target.replaceChildren(...page.body.childNodes);
  if (page.title) document.title = page.title;
  const now = $(selector);
  prepare(now);
  const next = $("[aria-invalid=true], [autofocus]", now) || (again && $(again, now)) || now;
  if (next === now) now.tabIndex = -1;
  next.focus({ preventScroll: true });
  scrollTo(...at);
  const { top } = now.getBoundingClientRect();
  const isOther = now.id === "main" || now.dataset.of !== target.dataset.of;
  if (top > innerHeight * 0.7 || (isOther && top < 0)) now.scrollIntoView();
  return true;
};

const swap = async (url, options, selector, fallback) => {
  const target = $(selector);
  if (!target) return fallback();
  target.ariaBusy = "true";
  try {
    const answer = await ask(url, options);
    const html = await answer.text();
    const isPage = answer.headers.get("content-type")?.startsWith("text/html");
    if (!isPage && options.method) byId("flash").replaceChildren(make("div", { className: "flash problem", textContent: JSON.parse(html).detail }));
    else if (!isPage || !place(html, selector)) location.assign(answer.url);
    else if (!options.method || answer.redirected) history.pushState({}, "", answer.url);
  } catch {
    fallback();
  } finally {
    target.ariaBusy = null;
  }
};

addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) return byId(opener.dataset.opens).showModal();
  const link = event.target.closest("a[data-swap]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const list = link.closest("[data-list]");
  if (list) for (const item of all("[data-item]", list)) item.ariaCurrent = item === link || null;
  swap(link.href, {}, link.dataset.swap, () => location.assign(link.href));
});

addEventListener("submit", (event) => {
  const form = event.target;
  const post = form.method === "post";
  if (!form.dataset.swap || form.enctype === "multipart/form-data") {
    if (post && event.timeStamp - form.at < 2e3) event.preventDefault();
    form.at = event.timeStamp;
    return;
  }
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const url = post ? form.action : form.action.split("?")[0] + "?" + body;
  const off = (yes) => all("button", form).forEach((one) => { one.disabled = yes; });
  off(true);
  swap(url, post ? { method: "POST", body } : {}, form.dataset.swap, () => {
    const { name, value } = event.submitter || {};
    if (name) form.append(make("input", { type: "hidden", name, value }));
    form.submit();
  }).finally(() => off(false));
});
onpopstate = () => location.reload();

const renew = async (url, selector, options) => {
  const answer = await ask(url, options).catch(() => 0);
  const fresh = answer.ok && $(selector, parse(await answer.text()));
  const old = $(selector);
  if (!fresh || old.contains(focused())) return;
  old.replaceWith(fresh);
  prepare(fresh);
};
let typed, passed = 0;
setInterval(() => {
  passed += 2;
  for (const { id, dataset } of all("[data-every]")) document.hidden || passed % (dataset.every || 10) || renew(location.href, "#" + id);
}, 2e3);
addEventListener("input", ({ target: { form } }) => {
  clearTimeout(typed);
  if (form?.dataset.live) typed = setTimeout(() => renew(form.action, form.dataset.live, { method: "POST", body: new URLSearchParams(new FormData(form)) }), 400);
});

// Keys; none while something is on its way.
const typing = (node) => node.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
const keysOn = () => { try { return localStorage.keys !== "off"; } catch { return true; } };
const step = (by) => {
  const items = all("[data-item], tbody[data-list] tr").map((row) => (row.matches("a") ? row : $("a", row))).filter(Boolean);
  if (!items.length) return;
  const at = items.indexOf(focused());
  const from = at >= 0 ? at : items.findIndex((item) => item.hasAttribute("aria-current"));
  const next = items[Math.max(0, Math.min(items.length - 1, from + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { key, target } = event;
  if (target.closest?.("[data-wall]") && key.startsWith("Arrow")) return wallKey(event);
  if (key === "Escape") {
    if (typing(target)) return target.blur();
    const current = $("[data-item][aria-current]");
    if (!dialog.open && current) current.focus();
    return;
  }
  if (!keysOn() || dialog.open || typing(target) || $("[aria-busy]")) return;
  const act = all("[data-key]").find((node) => node.dataset.key === key && !node.disabled && node.offsetParent);
  if (act) event.repeat || act.click();
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else if (key === "?") dialog.showModal();
  else if (key === "/" && $("[data-search]")) $("[data-search]").focus();
  else return;
  event.preventDefault();
});

// One tab stop.
const wallKey = (event) => {
  const squares = all("a", event.target.closest("[data-wall]"));
  const width = squares.findIndex((square) => square.offsetTop > squares[0].offsetTop);
  const line = width < 0 ? squares.length : width;
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: line, ArrowUp: -line }[event.key];
  const next = squares[squares.indexOf(event.target) + by];
  if (!next) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
};
const prepareWall = (wall) => {
  const said = $("[data-wall-said]", wall.closest("figure"));
  if (!said) return;
  const rest = said.textContent;
  for (const square of all("a", wall)) {
    const [name, ...known] = square.title.split(", ");
    square.dataset.said = [`${name}: ${square.parentNode.ariaLabel}`, ...known].join(", ");
    square.ariaLabel = square.title;
    square.removeAttribute("title");
  }
  const say = ({ target }) => { said.textContent = target.closest("a")?.dataset.said || rest; };
  wall.addEventListener("pointerover", say);
  wall.addEventListener("focusin", say);
  wall.addEventListener("pointerleave", () => { said.textContent = rest; });
};

const prepare = (root) => all("[data-wall]", root).forEach(prepareWall);
const opener = $("[data-opens=keys]");
if (opener && $("[data-list], [data-key], [data-search]")) {
  opener.hidden = false;
  const list = $("dl", dialog);
  for (const node of all("[data-key]")) {
    const term = make("dt");
    term.append(make("kbd", { textContent: node.dataset.key }));
    list.append(term, make("dd", { textContent: node.firstChild.textContent.trim() }));
  }
  const on = $("#keys-on");
  on.checked = keysOn();
  on.onchange = () => { localStorage.keys = on.checked ? "on" : "off"; };
}
prepare(document);
