import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, Listener } from './rig.js';

test('every type of every source arrives as it was sent', async (t) => {
  const { simulator, client } = await connected(t, ['--lossless']);
  const heard = await Listener.on(client, '*');
  const { events } = await client.getEvents();
  const names = Object.entries(events).flatMap(([source, types]) => types.map((type) => `${source}.${type}`));
  assert.ok(names.length >= 464, `${names.length} types`);
  for (const family of ['Twitch', 'YouTube', 'Kick', 'Trovo', 'Obs', 'Command', 'Custom', 'General', 'Streamlabs', 'StreamElements',
    'Kofi', 'TipeeeStream', 'Patreon', 'Fourthwall', 'Shopify', 'DonorDrive', 'Pallygg', 'TreatStream', 'MeldStudio', 'StreamlabsDesktop', 'Misc', 'Raw']) {
    assert.ok(events[family]?.length, family);
  }
  await simulator.order(...names.map((name, i) => `emit ${name} {"n":${i}}`));
  for (const [i, name] of names.entries()) {
    const frame = await heard.next();
    assert.equal(`${frame.event.source}.${frame.event.type}`, name);
    assert.deepEqual(frame.data, { n: i });
    assert.ok(!Number.isNaN(Date.parse(frame.timeStamp)));
  }
});

test('one listener for a source, one for a type', async (t) => {
  const { simulator, client } = await connected(t);
  const obs = await Listener.on(client, 'Obs.*');
  const raid = await Listener.on(client, 'Twitch.Raid');
  await simulator.order('emit Twitch.Follow {}', 'emit Obs.SceneChanged {"scene":{"sceneName":"Game"}}', 'emit Twitch.Raid {"viewers":12}');
  assert.equal((await obs.next()).data.scene.sceneName, 'Game');
  assert.equal((await raid.next()).data.viewers, 12);
  assert.equal(obs.pending + raid.pending, 0);
});

test('what C# and sub-actions send', async (t) => {
  const { simulator, client } = await connected(t);
  const custom = await Listener.on(client, 'General.Custom');
  const event = await Listener.on(client, 'Custom.Event');
  const variable = await Listener.on(client, 'Misc.GlobalVariableUpdated');
  await simulator.order('emit General.Custom {"kind":"deaths","count":17}', 'emit General.Custom "boss down"',
    'event lights.changed {"colour":"teal"}', 'global brain_mood "hyped"');
  assert.deepEqual((await custom.next()).data, { kind: 'deaths', count: 17 });
  assert.equal((await custom.next()).data, 'boss down');
  assert.deepEqual((await event.next()).data, { eventName: 'lights.changed', useArgs: true, args: { colour: 'teal' } });
  assert.deepEqual((await variable.next()).data, { name: 'brain_mood', oldValue: 'calm', newValue: 'hyped', persisted: true });
  assert.equal((await client.getGlobal('brain_mood')).variable.value, 'hyped');
});

test('unsubscribed is silent', async (t) => {
  const { simulator, client } = await connected(t);
  const all = await Listener.on(client, 'Twitch.*');
  await client.unsubscribe({ Twitch: ['Follow', 'Raid'] });
  await simulator.order('emit Twitch.Follow {}', 'emit Twitch.Raid {}', 'emit Twitch.Cheer {}');
  assert.equal((await all.next()).event.type, 'Cheer');
});

for (const [version, nested, flat] of [['0.2.4', true, false], ['0.2.8', true, true], ['1.0.4', true, true], ['1.0.7', false, true]]) {
  test(`chat of ${version}`, async (t) => {
    const { client } = await connected(t, ['--version', version, '--count', '3']);
    const chat = await Listener.on(client, 'Twitch.ChatMessage');
    for (let n = 1; n <= 3; n++) {
      const { data } = await chat.next();
      assert.equal(data.text ?? data.message.message, `line ${n}`);
      assert.deepEqual(['message' in data, 'text' in data], [nested, flat]);
    }
  });
}

test('the evening: every frame is of a type on offer', async (t) => {
  const { client } = await connected(t, ['--rate', '400', '--seed', '3', '--lossless']);
  const { events } = await client.getEvents();
  const heard = await Listener.on(client, '*');
  const seen = new Set();
  for (let n = 0; n < 1000; n++) {
    const frame = await heard.next();
    assert.deepEqual(Object.keys(frame), ['timeStamp', 'event', 'data']);
    assert.ok(events[frame.event.source]?.includes(frame.event.type), `${frame.event.source}.${frame.event.type}`);
    seen.add(`${frame.event.source}.${frame.event.type}`);
  }
  for (const name of ['Twitch.ChatMessage', 'Twitch.FirstWord', 'YouTube.Message', 'Kick.ChatMessage']) assert.ok(seen.has(name), name);
  assert.ok((await client.getActiveViewers()).count > 10);
});
