// What the tests share: the simulator as a child process, and the client that judges it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { StreamerbotClient } from '@streamerbot/client';

const patience = 20_000;

// within rejects when a fact does not come; it never waits for its time to pass.
export function within(promise, what, ms = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not happen within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Simulator is the real program, with its address and its facts read from stdout.
export class Simulator {
  #waiting = [];
  #facts = [];

  static async start(t, ...args) {
    const program = process.env.SIMULATOR;
    if (!program) throw new Error('SIMULATOR does not name the built program: run make client');
    const s = new Simulator();
    const all = ['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0', '--rate', '0', ...args];
    s.child = spawn(program, all, { stdio: ['ignore', 'pipe', 'inherit'] });
    s.exited = once(s.child, 'exit');
    createInterface({ input: s.child.stdout }).on('line', (line) => s.#fact(JSON.parse(line)));
    t.after(() => s.stop());
    s.url = new URL((await s.fact((f) => f.listening)).listening);
    s.controlUrl = (await s.fact((f) => f.control)).control;
    return s;
  }

  #fact(fact) {
    this.#facts.push(fact);
    this.#waiting = this.#waiting.filter((w) => !w(fact));
  }

  // fact gives the first that matches, of those told already or still to come, and takes it.
  fact(matches) {
    return within(new Promise((resolve) => {
      const take = (fact) => {
        if (!matches(fact)) return false;
        this.#facts.splice(this.#facts.indexOf(fact), 1);
        resolve(fact);
        return true;
      };
      if (!this.#facts.some(take)) this.#waiting.push(take);
    }), `fact ${matches}`);
  }

  // order carries lines out and returns when the last is done.
  async order(...lines) {
    const answer = await fetch(this.controlUrl, { method: 'POST', body: lines.join('\n') });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error);
  }

  async state() {
    return (await fetch(this.controlUrl)).json();
  }

  async stop() {
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    return within(this.exited, 'the end of the simulator');
  }
}

// Judge is the official client, with what it was told kept.
export class Judge {
  errors = [];
  disconnects = 0;
  connects = 0;
  #changed = [];

  constructor(t, simulator, options = {}) {
    const changed = () => { this.#changed = this.#changed.filter((w) => !w()); };
    this.client = new StreamerbotClient({
      host: simulator.url.hostname, port: Number(simulator.url.port), logger: null, immediate: false,
      onConnect: () => { this.connects++; changed(); },
      onDisconnect: () => { this.disconnects++; changed(); },
      onError: (e) => { this.errors.push(e.message); changed(); },
      ...options,
    });
    t.after(() => this.client.disconnect().catch(() => {}));
  }

  // until waits for something about connects, disconnects or errors to hold.
  until(holds) {
    return within(new Promise((resolve) => {
      const take = () => holds(this) && (resolve(), true);
      if (!take()) this.#changed.push(take);
    }), `${holds}`);
  }

  async connect() {
    await this.client.connect();
    await this.until((j) => j.connects > 0);
    return this.client;
  }
}

// connected starts a simulator and a client that is ready on it.
export async function connected(t, args = [], options = {}) {
  const simulator = await Simulator.start(t, ...args);
  const judge = new Judge(t, simulator, options);
  const client = await judge.connect();
  return { simulator, judge, client };
}

// Listener keeps the events of one subscription in their order.
export class Listener {
  #queue = [];
  #waiting = [];

  static async on(client, event) {
    const l = new Listener();
    await client.on(event, (payload) => {
      const waiting = l.#waiting.shift();
      if (waiting) waiting(payload); else l.#queue.push(payload);
    });
    return l;
  }

  next() {
    if (this.#queue.length) return Promise.resolve(this.#queue.shift());
    return within(new Promise((resolve) => this.#waiting.push(resolve)), 'an event');
  }

  get pending() { return this.#queue.length; }
}

// rawAnswer asks past the client's request(), which loses the text of errors.
export function rawAnswer(client, request) {
  const id = `raw-${Math.random()}`;
  return within(new Promise((resolve) => {
    const hear = (event) => {
      const message = JSON.parse(event.data);
      if (message.id !== id) return;
      client.socket.removeEventListener('message', hear);
      resolve(message);
    };
    client.socket.addEventListener('message', hear);
    client.send({ ...request, id });
  }), `answer to ${request.request}`);
}
