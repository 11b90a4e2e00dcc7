// Looks at a page from a world of its own: the page's scripts cannot change what these functions do. Gives JSON.
(() => {
  "use strict";
  const MOST_ANCHORS = 4000, MOST_GROUPS = 60, MOST_LINKS = 40, MARKUP = 2 * 1024 * 1024, TEXT = 200 * 1024;
  // What menus, tabs, slides and link lists are called where they wait to be opened: as collector.decode.web.hidden has it.
  const WIDGET = new RegExp("menu|nav|drop-?down|tab|modal|popup|dialog|collaps|carousel|slid|swip|owl|slick|accord|canvas|drawer|tooltip|toggle|mega|panel"
    + "|sidebar|portlet|header|lien-?ket|web-?link|lightbox|fancybox|overlay|select|print|mobile|search|lang|login", "i");
  const BLOCKS = "ul,ol,dl,table,p,div,section,footer,header,aside,article,nav,main,center,marquee,dialog,details,select,form,body";
  const WIDGET_TAGS = "nav,select,dialog,details,[role=menu],[role=menubar],[role=tabpanel],[role=dialog],[role=navigation],[role=tooltip],[role=listbox]";
  // A page may name an element "body" or "querySelectorAll" and so put it in the document's way; the prototype is out of its reach.
  const doc = (name) => Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(document);
  const all = (selector) => Document.prototype.querySelectorAll.call(document, selector);
  const hitAt = (x, y) => Document.prototype.elementFromPoint.call(document, x, y);
  const body = doc("body"), root = doc("documentElement");
  const width = innerWidth, height = innerHeight, own = location.hostname, base = Object.getOwnPropertyDescriptor(Node.prototype, "baseURI").get.call(document);

  // The same of a form, whose fields may be named like anything it has.
  const got = (kind, name) => { const get = Object.getOwnPropertyDescriptor(kind.prototype, name).get; return (el) => get.call(el); };
  const done = (kind, name) => { const run = kind.prototype[name]; return (el, ...args) => run.apply(el, args); };
  const parent = got(Node, "parentElement"), tag = got(Element, "localName"), idOf = got(Element, "id"), words = got(Node, "textContent");
  const classOf = (el) => Element.prototype.getAttribute.call(el, "class") ?? "";
  const rootOf = done(Node, "getRootNode"), holds = done(Node, "contains"), rectOf = done(Element, "getBoundingClientRect"), within = done(Element, "querySelector");
  const near = done(Element, "closest"), matches = done(Element, "matches"), bring = done(Element, "scrollIntoView");
  const wideOf = (el) => (el instanceof HTMLElement ? got(HTMLElement, "offsetWidth")(el) : rectOf(el).width);
  const highOf = (el) => (el instanceof HTMLElement ? got(HTMLElement, "offsetHeight")(el) : rectOf(el).height);

  const styles = new Map();
  const style = (el) => { let s = styles.get(el); if (!s) styles.set(el, s = getComputedStyle(el)); return s; };
  const up = (el) => parent(el) ?? rootOf(el).host ?? null;
  const top = (el, same) => { let found = el; for (let at = up(el); at && same(at); at = up(at)) found = at; return found; };
  const named = (el) => tag(el) + (idOf(el) ? `#${idOf(el)}` : classOf(el).trim() ? `.${classOf(el).trim().split(/\s+/)[0]}` : "");
  const path = (el) => { const parts = []; for (let at = el; at && parts.length < 3; at = up(at)) parts.unshift(named(at).slice(0, 60)); return parts.join(" > "); };
  const foreign = (url) => { try { const u = new URL(url, base); return /^https?:$/.test(u.protocol) && u.hostname !== own ? u.href.slice(0, 2048) : ""; } catch { return ""; } };

  const colour = (text) => { const n = (text.match(/[\d.]+%?/g) ?? []).map(parseFloat); return n.length < 3 || !text.startsWith("rgb") ? null : { r: n[0], g: n[1], b: n[2], a: n[3] ?? 1 }; };
  const light = (c) => [c.r, c.g, c.b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (el) => {
    for (let at = el; at; at = up(at)) {
      const s = style(at);
      if (s.backgroundImage !== "none") return null;
      const c = colour(s.backgroundColor);
      if (c === null || (c.a > 0 && c.a < 1)) return null;
      if (c.a === 1) return c;
    }
    return { r: 255, g: 255, b: 255, a: 1 };
  };
  const unreadable = (el) => {
    const s = style(el), ink = colour(s.color);
    if (ink === null || s.textShadow !== "none" || s.webkitTextFillColor !== s.color || within(el, "img,svg,picture,video,canvas,input,button")) return false;
    // A picture under the link (another element, placed there) would be its background: what overlaps is not followed, so only plain text counts.
    if (ink.a < 0.05) return true;
    const ground = behind(el);
    if (ground === null) return false;
    const [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 1.1;
  };
  const far = (el) => {
    const r = rectOf(el);
    if (!r.width && !r.height) return false;
    return r.right + scrollX <= -20 || r.bottom + scrollY <= -20 || r.left + scrollX >= width + 2000;
  };
  const clipped = (s) => (s.clip !== "auto" && s.position === "absolute" && /^rect\((\S+?),? (\S+?),? \1,? \2\)$|^rect\(0px,? 0px,? 0px,? 0px\)$|^rect\(1px,? 1px,? 1px,? 1px\)$/.test(s.clip))
    || /^(inset\((50%|100%)|circle\(0|polygon\(0(px|%)? 0(px|%)?(, 0(px|%)? 0(px|%)?)*\)|ellipse\(0)/.test(s.clipPath);

  // Why nobody sees what stands in this one box, by its own style; answers are kept, since boxes have many links.
  const boxes = new Map();
  const box = (el) => {
    if (boxes.has(el)) return boxes.get(el);
    const s = style(el), wide = wideOf(el), high = highOf(el);
    let why = "";
    if (s.display === "none") why = "display";
    else if (parseFloat(s.opacity) < 0.05 || /opacity\(0(\.0\d*)?%?\)/.test(s.filter)) why = "opacity";
    else if (s.contentVisibility === "hidden") why = "display";
    else if (clipped(s)) why = "clip";
    else if (s.display !== "contents" && s.display !== "inline" && (wide <= 2 || high <= 2) && /hidden|clip|auto|scroll/.test(s.overflow + s.overflowX + s.overflowY)) why = "clipped";
    else if (wide > 0 && high > 0 && s.transform !== "none") { const r = rectOf(el); if (r.width < 1 || r.height < 1) why = "scale"; }
    boxes.set(el, why);
    return why;
  };
  const unseen = (el) => {
    for (let at = el; at; at = up(at)) { const why = box(at); if (why) return [why, at]; }
    const s = style(el);
    if (s.visibility !== "visible") return ["visibility", top(el, (at) => style(at).visibility !== "visible")];
    const picture = within(el, "img,svg,picture,video,canvas");
    if (!picture && parseFloat(s.fontSize) <= 2) return ["font", top(el, (at) => parseFloat(style(at).fontSize) <= 2)];
    if (!picture && parseFloat(s.textIndent) <= -500) return ["indent", top(el, (at) => parseFloat(style(at).textIndent) <= -500)];
    if (far(el)) return ["offscreen", top(el, far)];
    let under = null;
    for (let at = el; at && !under; at = up(at)) if (parseInt(style(at).zIndex) < 0 && style(at).position !== "static") under = at;
    if (under) {
      bring(el, { block: "center", behavior: "instant" });
      const r = rectOf(el), hit = hitAt(r.left + r.width / 2, r.top + r.height / 2);
      scrollTo(0, 0);
      if (r.width && hit && !holds(el, hit) && !holds(hit, el)) return ["beneath", under];
    }
    if (words(el).trim() && unreadable(el)) return ["colour", near(el, BLOCKS) ?? el];
    return ["", null];
  };
  const widget = (el) => {
    if (el === body || el === root) return true;
    let steps = 0;
    for (let at = el; at && at !== body && steps < 5; at = up(at), steps++) {
      if (matches(at, WIDGET_TAGS) || WIDGET.test(`${idOf(at)} ${classOf(at)}`)) return true;
    }
    return false;
  };
  const share = (el) => {
    const r = rectOf(el);
    const w = Math.min(r.right, width) - Math.max(r.left, 0), h = Math.min(r.bottom, height) - Math.max(r.top, 0);
    return w > 0 && h > 0 && width && height ? Math.round((w * h * 100) / (width * height)) / 100 : 0;
  };

  // A form may have fields named like what is asked of it here; then that one element is not judged.
  const tried = (ask, otherwise) => { try { return ask(); } catch { return otherwise; } };

  scrollTo(0, 0);
  const groups = new Map(), covers = [];
  let left = MOST_ANCHORS;
  for (const a of all("a[href],area[href]")) {
    if (!left--) break;
    const url = foreign(a.getAttribute("href"));
    if (!url) continue;
    const [why, at] = tried(() => unseen(a), ["", null]);
    const covering = why === "" || why === "opacity" || why === "colour" ? share(a) : 0;
    if (covering >= 0.5) covers.push({ url, where: path(a), share: covering });
    if (!why) continue;
    // Links hidden one by one are told by the block they stand in.
    const block = (matches(at, BLOCKS) && at !== a ? at : near(up(at) ?? at, BLOCKS)) ?? at;
    if (!groups.has(block)) groups.set(block, {});
    let of = groups.get(block)[why];
    if (!of) {
      if (groups.size >= MOST_GROUPS) continue;
      groups.get(block)[why] = of = { where: path(block), why, widget: widget(block), links: [], total: 0 };
    }
    of.total++;
    if (of.links.length < MOST_LINKS) of.links.push([url, (a.textContent || a.title || a.querySelector("img")?.alt || "").trim().replace(/\s+/g, " ").slice(0, 200)]);
  }
  const frames = [];
  for (const f of all("iframe,frame,embed,object")) {
    const url = foreign(f.src || f.data || "");
    if (!url || frames.length >= 60) continue;
    let [why] = tried(() => unseen(f), [""]);
    if (why === "colour" || why === "font" || why === "indent") why = "";
    if (!why && (wideOf(f) <= 2 || highOf(f) <= 2)) why = "tiny";
    frames.push({ url, where: path(f), why, share: why ? 0 : share(f) });
  }
  const acts = "a[href],button,input,select,textarea,label,summary,iframe,frame,embed,object,video,audio,[role=button]";
  let empty = null;
  for (const y of [0.5, 0.3, 0.7, 0.9, 0.15]) for (const x of [0.5, 0.04, 0.96, 0.25, 0.75]) {
    if (empty) break;
    const hit = hitAt(width * x, height * y), act = hit && near(hit, acts);
    if (hit && (!act || (tag(act) === "a" && share(act) >= 0.5))) empty = [width * x, height * y];
  }
  return JSON.stringify({
    url: location.href.slice(0, 2048),
    title: doc("title").slice(0, 300),
    html: (root?.outerHTML ?? "").slice(0, MARKUP),
    text: (body?.innerText ?? "").slice(0, TEXT),
    boxes: [...groups.values()].flatMap((each) => Object.values(each)).slice(0, MOST_GROUPS),
    frames, covers, empty,
    heard: globalThis.heard ?? [],
  });
})()
