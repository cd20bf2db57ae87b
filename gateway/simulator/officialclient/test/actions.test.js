import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, Listener } from './rig.js';

test('a run is queued and told when it ends', async (t) => {
  const { client } = await connected(t);
  const begun = await Listener.on(client, 'Raw.Action');
  const ended = await Listener.on(client, 'Raw.ActionCompleted');
  const { actions } = await client.getActions();
  const lights = actions.filter((a) => a.name === 'Lights On');
  assert.equal(lights.length, 2);
  for (const action of lights) {
    const answer = await client.doAction(action.id, { runId: `run ${action.group}` });
    const [first, last] = [await begun.next(), await ended.next()];
    assert.equal(first.data.actionId, action.id);
    assert.equal(last.data.id, answer.args.runningActionId);
    assert.equal(last.data.arguments.runId, `run ${action.group}`);
    assert.equal(last.data.success, true);
    assert.ok(Date.parse(last.data.completedAt) >= Date.parse(last.data.startedAt));
    assert.ok(Date.parse(last.data.startedAt) >= Date.parse(last.data.queuedAt));
  }
});

test('a failing action answers ok and fails later', async (t) => {
  const { simulator, client } = await connected(t);
  const ended = await Listener.on(client, 'Raw.ActionCompleted');
  assert.equal((await client.doAction({ name: 'Broken Script' })).status, 'ok');
  assert.equal((await ended.next()).data.success, false);
  await simulator.fact((f) => f.action === 'Broken Script' && f.success === false);
});

test('a disabled action answers ok and never runs', async (t) => {
  const { client } = await connected(t);
  const begun = await Listener.on(client, 'Raw.Action');
  const { actions } = await client.getActions();
  const disabled = actions.find((a) => !a.enabled);
  assert.equal((await client.doAction(disabled.id)).status, 'ok');
  await client.doAction({ name: 'Say Hello' });
  assert.equal((await begun.next()).data.name, 'Say Hello');
});

// The client subscribes to the answer only after it has asked: it is the time that an action takes to
// begin that saves it.
test('the custom event response', async (t) => {
  const { client } = await connected(t, ['--action-delay', '300ms']);
  const answer = await client.doAction({ name: 'Raise Custom Event' }, { level: 40 }, { customEventResponse: true });
  assert.equal(answer.status, 'ok');
  assert.equal(answer.customEventResponseArgs.level, 40);
  assert.equal(answer.customEventResponseArgs.source, 'WebSocketServer');
  const trigger = await client.executeCodeTrigger('brain.mood', { mood: 'calm' }, { customEventResponse: true });
  assert.equal(trigger.customEventResponseArgs.mood, 'calm');
});

test('the title is set, or refused as Twitch does', async (t) => {
  const { simulator, client } = await connected(t, ['--title', 'before', '--banned-word', 'bucket']);
  const updates = await Listener.on(client, 'Twitch.StreamUpdate');
  await client.subscribe({ Custom: ['Event'] });
  const customs = await Listener.on(client, 'General.Custom');
  const set = async (title) =>
    (await client.doAction({ name: 'Set Stream Title' }, { title }, { customEventResponse: true })).customEventResponseArgs.titleSuccess;
  assert.equal(await set('Calm climb, loud snacks'), true);
  const { data } = await updates.next();
  assert.deepEqual([data.oldStatus, data.status], ['before', 'Calm climb, loud snacks']);
  assert.equal(data.game.name, 'Just Chatting');
  assert.equal((await customs.next()).data.titleSuccess, true);
  for (const title of ['🦆'.repeat(71), 'a BUCKET list', '']) {
    assert.equal(await set(title), false);
    assert.equal((await customs.next()).data.titleSuccess, false);
  }
  assert.equal(updates.pending, 0);
  assert.equal((await simulator.state()).title, 'Calm climb, loud snacks');
});

test('the old server answers without id and arguments', async (t) => {
  const { client } = await connected(t, ['--version', '0.2.8']);
  const answer = await client.doAction({ name: 'Lights On' });
  assert.equal(answer.status, 'ok');
  assert.equal(answer.args, undefined);
});
