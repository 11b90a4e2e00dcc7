// Runs in every page before its own scripts, among them. Tells when a script asks for what leaves no other trace: permission to notify, push, a worker.
// Dialogues are dismissed before they open: a page that asks without end would hold the browser, and there is nobody to answer.
// It tells by an event whose name only ear.js knows; a Proxy of a native function still prints as native code.
((name) => {
  "use strict";
  const { stringify } = JSON, { apply } = Reflect, Trace = Error, Told = CustomEvent, here = document, dispatch = EventTarget.prototype.dispatchEvent;
  let left = 16;
  const hook = (owner, key, what, answer) => {
    try {
      owner[key] = new Proxy(owner[key], {
        apply(target, self, args) {
          try {
            if (left-- > 0) {
              const detail = stringify({ what, value: `${args[0] ?? ""}`.slice(0, 500), stack: `${new Trace().stack}`.slice(0, 3000) });
              apply(dispatch, here, [new Told(name, { detail })]);
            }
          } catch { /* never in the way */ }
          return answer ? answer() : apply(target, self, args);
        },
      });
    } catch { /* the page has no such thing: not a secure place */ }
  };
  hook(globalThis, "alert", "dialog", () => undefined);
  hook(globalThis, "confirm", "dialog", () => false);
  hook(globalThis, "prompt", "dialog", () => null);
  hook(globalThis, "print", "dialog", () => undefined);
  hook(globalThis.Notification, "requestPermission", "notification");
  hook(globalThis.PushManager?.prototype, "subscribe", "push");
  hook(globalThis.ServiceWorkerContainer?.prototype, "register", "worker");
})("%NAME%");
