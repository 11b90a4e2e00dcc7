// Keeps an open page true without reloading it. What is read in place changes in place; a list never moves under the finger: rows that are
// new are announced and enter when asked. Without this script the page reads the same, as of the time it shows.
"use strict";
(() => {
  const FEWEST = 2000; // ms between two readings of the page while it is looked at
  const HIDDEN = 15000; // ms while it is not
  const light = document.getElementById("live");
  const title = { text: document.title };
  let version = document.body.dataset.version;
  let latest = null; // the newest page that was read; its lists wait here until asked in
  let timer = 0;
  let readAt = 0;

  const show = (state) => {
    if (light && light.className !== "live " + state) {
      light.className = "live " + state;
      light.textContent = light.dataset[state];
    }
  };

  const busy = (element) => {
    const selection = document.getSelection();
    const selecting = selection && !selection.isCollapsed && element.contains(selection.anchorNode);
    return selecting || (element !== document.activeElement && element.contains(document.activeElement));
  };

  const keys = (list) => [...list.querySelectorAll("[data-key]")].map((row) => row.dataset.key);
  const rowOf = (list, key) => [...list.querySelectorAll("[data-key]")].find((row) => row.dataset.key === key);

  // A list that shows only its first rows says all it stands for: what merely moved up is not new.
  const known = (list) => ("known" in list.dataset ? list.dataset.known.split(" ") : keys(list));

  // A picture is replaced as a whole, also under the keyboard's focus: its links are the same ones, so the focus goes to the same link again.
  const put = (current, fresh) => {
    // What was unfolded to be read stays unfolded.
    for (const folded of fresh.querySelectorAll("details[id]")) {
      if (current.querySelector(`#${CSS.escape(folded.id)}[open]`)) folded.open = true;
    }
    if (current.isEqualNode(fresh)) return false;
    // What was ticked stays ticked.
    for (const ticked of current.querySelectorAll("input.pick:checked")) {
      const again = fresh.querySelector(`input.pick[value="${CSS.escape(ticked.value)}"]`);
      if (again) again.checked = true;
    }
    const focused = current.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const again = "refocus" in current.dataset && focused !== null;
    if (!again && busy(current)) return false;
    current.replaceWith(document.adoptNode(fresh));
    if (again) [...fresh.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus({ preventScroll: true });
    return true;
  };

  const announce = (list, page) => {
    const button = document.querySelector(`[data-fresh="${list.id}"]`);
    const waiting = page.getElementById(list.id);
    if (!button || !waiting) return 0;
    const before = keys(list);
    const after = keys(waiting);
    const had = new Set(known(list));
    const fresh = known(waiting).filter((key) => key && !had.has(key)).length;
    const moved = before.length !== after.length || before.some((key, at) => key !== after[at]);
    for (const key of before) {
      const row = rowOf(list, key);
      const now = rowOf(waiting, key);
      row.classList.toggle("gone", !now);
      if (now) {
        const entered = row.classList.contains("new");
        const copy = now.cloneNode(true);
        copy.classList.toggle("new", entered);
        // What was unfolded to be read stays unfolded.
        if (row.querySelector("details[open]")) copy.querySelector("details")?.setAttribute("open", "");
        put(row, copy);
      }
    }
    // Nobody has a finger on a list without rows.
    if (before.length === 0) {
      enter(list.id, false);
      return 0;
    }
    button.hidden = !moved && fresh === 0;
    button.textContent = fresh === 1 ? button.dataset.one : fresh > 1 ? button.dataset.many.replace("#", String(fresh)) : button.dataset.other;
    return fresh;
  };

  const enter = (id, asked) => {
    const list = document.getElementById(id);
    const waiting = latest && latest.getElementById(id);
    if (!list || !waiting) return;
    const before = new Set(keys(list));
    const ticked = new Set([...list.querySelectorAll("input.pick:checked")].map((box) => box.value));
    const entered = document.adoptNode(waiting.cloneNode(true));
    for (const box of entered.querySelectorAll("input.pick")) box.checked = ticked.has(box.value);
    const fresh = [...entered.querySelectorAll("[data-key]")].filter((row) => !before.has(row.dataset.key));
    for (const row of fresh) row.classList.add("new");
    list.replaceChildren(...entered.childNodes);
    if ("known" in entered.dataset) list.dataset.known = entered.dataset.known;
    const button = document.querySelector(`[data-fresh="${id}"]`);
    if (button) button.hidden = true;
    document.title = title.text;
    const link = asked && (fresh[0] || list).querySelector("a");
    if (link) link.focus({ preventScroll: false });
  };

  const apply = (page) => {
    latest = page;
    version = page.body.dataset.version || version;
    for (const element of document.querySelectorAll("[data-live]")) {
      const fresh = element.id && page.getElementById(element.id);
      if (fresh && put(element, fresh.cloneNode(true))) arm(document.getElementById(element.id));
    }
    let count = 0;
    for (const list of document.querySelectorAll("[data-list]")) count += announce(list, page);
    title.text = page.title;
    document.title = count ? `(${count}) ${title.text}` : title.text;
  };

  const refetch = async () => {
    timer = 0;
    readAt = Date.now();
    try {
      const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
      if (!answer.ok) {
        show("away");
        return;
      }
      // The session is over: the log-in is on another address, and leads back here.
      if (answer.redirected) {
        location.reload();
        return;
      }
      apply(new DOMParser().parseFromString(await answer.text(), "text/html"));
      show("on");
    } catch {
      show("off");
    }
  };

  const plan = () => {
    const pause = document.hidden ? HIDDEN : FEWEST;
    if (!timer) timer = setTimeout(refetch, Math.max(0, readAt + pause - Date.now()));
  };

  const arm = (root) => {
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  };

  const copy = async (button) => {
    const text = button.closest("li").querySelector("code").textContent;
    await navigator.clipboard.writeText(text);
    const word = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = word; }, 2000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.fresh) enter(button.dataset.fresh, true);
    if ("copy" in button.dataset) copy(button);
  });
  arm(document);

  if (version === undefined) return;
  const events = new EventSource(`${document.body.dataset.events}?since=${version}`);
  events.addEventListener("open", () => show("on"));
  events.addEventListener("change", plan);
  events.addEventListener("away", () => show("away"));
  events.addEventListener("error", () => {
    show("off");
    // Told not to come again: too many pages are open, or the session is over.
    if (events.readyState === EventSource.CLOSED) fetch(location.href, { cache: "no-store" }).then((answer) => { if (answer.redirected) location.reload(); }, () => {});
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && timer) { clearTimeout(timer); timer = 0; plan(); }
  });
})();
