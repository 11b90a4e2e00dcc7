// Runs in every page before its own scripts, among them. Tells when a script asks for what leaves no other trace: permission to notify, push, a worker.
// It tells by an event whose name only ear.js knows; a Proxy of a native function still prints as native code.
((name) => {
  "use strict";
  const { stringify } = JSON, { apply } = Reflect, Trace = Error, Told = CustomEvent, here = document, dispatch = EventTarget.prototype.dispatchEvent;
  const hook = (owner, key, what) => {
    try {
      owner[key] = new Proxy(owner[key], {
        apply(target, self, args) {
          try {
            const detail = stringify({ what, value: `${args[0] ?? ""}`.slice(0, 500), stack: `${new Trace().stack}`.slice(0, 3000) });
            apply(dispatch, here, [new Told(name, { detail })]);
          } catch { /* never in the way */ }
          return apply(target, self, args);
        },
      });
    } catch { /* the page has no such thing: not a secure place */ }
  };
  hook(globalThis.Notification, "requestPermission", "notification");
  hook(globalThis.PushManager?.prototype, "subscribe", "push");
  hook(globalThis.ServiceWorkerContainer?.prototype, "register", "worker");
})("%NAME%");
