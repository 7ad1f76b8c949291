// The cart journey with XState: one actor a person, on the log's own time. Rule: in memory, nothing is kept beyond the run.
//
// Run it as `node journey.mjs LOG EFFECTS`; it writes one line for each reminder that goes out or may not.
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { createActor, setup } from "xstate";

// A clock that shows the time of the log: a heap of what is due, by instant and order.
class LogClock {
  constructor() {
    this.now = 0;
    this.next = 1;
    this.heap = [];
    this.waiting = new Map();
  }
  setTimeout(work, wait) {
    const id = this.next++;
    this.waiting.set(id, work);
    this.push([this.now + wait, id]);
    return id;
  }
  clearTimeout(id) {
    this.waiting.delete(id);
  }
  // What is due before `time` happens, each at its instant.
  reach(time) {
    while (this.heap.length > 0 && this.heap[0][0] < time) {
      const [due, id] = this.pop();
      const work = this.waiting.get(id);
      if (work !== undefined) {
        this.waiting.delete(id);
        this.now = due;
        work();
      }
    }
    this.now = time;
  }
  push(entry) {
    const heap = this.heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (before(heap[above], entry)) break;
      heap[at] = heap[above];
      at = above;
    }
    heap[at] = entry;
  }
  pop() {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let below = 2 * at + 1;
        if (below >= heap.length) break;
        if (below + 1 < heap.length && before(heap[below + 1], heap[below])) below += 1;
        if (before(last, heap[below])) break;
        heap[at] = heap[below];
        at = below;
      }
      heap[at] = last;
    }
    return first;
  }
}

function before(one, other) {
  return one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
}

const DAY = 24 * 60 * 60 * 1000;
const clock = new LogClock();
const effects = [];

const cart = setup({
  delays: { oneDay: DAY },
  actions: {
    remind: ({ context }) => {
      const { email, agrees } = context;
      effects.push(
        JSON.stringify({
          at: new Date(clock.now).toISOString(),
          contact: email,
          message: "Still there",
          verdict: agrees ? "sent" : "refused",
          reason: agrees ? "consent" : agrees === undefined ? "no_consent" : "opted_out",
        }),
      );
    },
  },
}).createMachine({
  context: ({ input }) => input,
  initial: "waiting",
  states: {
    waiting: {
      on: { order: "ordered" },
      after: { oneDay: { target: "reminded", actions: "remind" } },
    },
    ordered: { type: "final" },
    reminded: { type: "final" },
  },
});

const people = new Map();

function handle(event) {
  clock.reach(Date.parse(event.time));
  const person = event.data["customer-number"];
  if (event.type === "signup" && !people.has(person)) {
    const input = { email: event.data.email, agrees: event.agrees?.offers?.email };
    const actor = createActor(cart, { input, clock });
    people.set(person, actor);
    actor.start();
  } else if (event.type === "order") {
    people.get(person)?.send({ type: "order" });
  }
}

const [log, target] = process.argv.slice(2);
const file = openSync(log, "r");
const piece = Buffer.alloc(1 << 20);
let rest = "";
for (let size; (size = readSync(file, piece)) > 0; ) {
  const lines = (rest + piece.toString("utf8", 0, size)).split("\n");
  rest = lines.pop();
  for (const line of lines) handle(JSON.parse(line));
}
if (rest !== "") handle(JSON.parse(rest));
closeSync(file);
writeFileSync(target, effects.map((line) => line + "\n").join(""));
