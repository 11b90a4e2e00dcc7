// Runs in every page in the survey's own world, where the page's scripts cannot reach: keeps what hook.js tells.
((name) => {
  "use strict";
  const heard = (globalThis.heard = []);
  EventTarget.prototype.addEventListener.call(document, name, (event) => {
    if (heard.length < 32 && typeof event.detail === "string") heard.push(event.detail.slice(0, 4000));
  });
})("%NAME%");
