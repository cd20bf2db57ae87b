import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, Listener, Simulator, within } from './rig.js';

const lapsed = /timed out|aborted/; // a request that gets no answer; the client says either
const raid = 'emit Twitch.Raid {"viewers":3}';

for (const fault of ['drop', 'close 1012 restarting', 'close 1001', 'garbage utf8']) {
  test(`reconnects after: ${fault}`, async (t) => {
    const { simulator, judge, client } = await connected(t);
    const raids = await Listener.on(client, 'Twitch.Raid');
    await simulator.fact((f) => f.subscribed === 1);
    await simulator.order(fault);
    await simulator.fact((f) => f.subscribed === 0);
    await simulator.order(raid); // nobody is there
    await judge.until((j) => j.connects === 2);
    await simulator.fact((f) => f.subscribed === 1);
    await simulator.order('emit Twitch.Raid {"viewers":4}');
    assert.equal((await raids.next()).data.viewers, 4);
    assert.equal((await simulator.state()).connected, 2);
  });
}

test('reconnects to a server that was started again', async (t) => {
  const { simulator, judge, client } = await connected(t);
  const raids = await Listener.on(client, 'Twitch.Raid');
  await simulator.stop();
  await judge.until((j) => j.disconnects > 0);
  const again = await Simulator.start(t, '--listen', simulator.url.host);
  await judge.until((j) => j.connects === 2);
  await again.fact((f) => f.subscribed === 1);
  await again.order(raid);
  assert.equal((await raids.next()).data.viewers, 3);
});

test('lives through garbage and an oversize frame', async (t) => {
  const { simulator, client } = await connected(t);
  const raids = await Listener.on(client, 'Twitch.Raid');
  const customs = await Listener.on(client, 'General.Custom');
  for (const kind of ['text', 'truncated', 'binary', 'deep', 'empty', 'null', 'array']) await simulator.order(`garbage ${kind}`);
  await simulator.order('oversize', raid);
  await raids.next();
  let last;
  while (customs.pending) last = await customs.next();
  assert.ok(last.data.length > 2_000_000);
  assert.equal((await simulator.state()).connected, 1);
});

test('duplicates arrive twice', async (t) => {
  const { simulator, client } = await connected(t);
  const raids = await Listener.on(client, 'Twitch.Raid');
  await simulator.order('duplicate 1', raid, 'emit Twitch.Raid {"viewers":5}');
  const got = [];
  for (let n = 0; n < 3; n++) got.push((await raids.next()).data.viewers);
  assert.deepEqual(got, [3, 3, 5]);
});

test('answers that do not come', async (t) => {
  const { simulator, client } = await connected(t);
  t.mock.method(console, 'debug', () => {}); // the client tells of every time-out
  const ask = () => client.request({ request: 'DoAction', action: { name: 'Lights On' } }, '', 300);
  await simulator.order('ignore DoAction 1', 'mute DoAction 1', 'refuse DoAction 1 no');
  await assert.rejects(ask(), lapsed);
  await assert.rejects(ask(), lapsed);
  await simulator.fact((f) => f.action === 'Lights On'); // the muted one ran
  await assert.rejects(ask(), /Request failed/);
  assert.equal((await ask()).status, 'ok');
  assert.equal((await simulator.state()).asked.DoAction, 4);
});

test('answers in another order', async (t) => {
  const { simulator, client } = await connected(t);
  const order = [];
  await simulator.order('swap GetActions 1');
  await within(Promise.all([
    client.getActions().then(() => order.push('actions')), client.getCommands().then(() => order.push('commands')),
  ]), 'both answers');
  assert.deepEqual(order, ['commands', 'actions']);
  await simulator.order('late GetActions 50ms 1');
  await within(Promise.all([
    client.getActions().then(() => order.push('actions')), client.getCommands().then(() => order.push('commands')),
  ]), 'both answers');
  assert.deepEqual(order.slice(2), ['commands', 'actions']);
});

test('a hang-up in place of an answer', async (t) => {
  const { simulator, judge, client } = await connected(t);
  await simulator.order('hangup DoAction 1');
  await assert.rejects(client.doAction({ name: 'Lights On' }));
  await simulator.fact((f) => f.action === 'Lights On');
  await judge.until((j) => j.connects === 2);
  assert.equal((await client.getInfo()).status, 'ok');
});

test('a stall', async (t) => {
  const { simulator, client } = await connected(t);
  t.mock.method(console, 'debug', () => {});
  await simulator.order('stall');
  await assert.rejects(client.request({ request: 'GetInfo' }, '', 100), lapsed);
  await simulator.order('resume');
  assert.equal((await client.getInfo()).status, 'ok');
});
