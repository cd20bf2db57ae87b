import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connected, Judge, rawAnswer, Simulator } from './rig.js';

const password = 'pässwörd🔒';

test('without a password', async (t) => {
  const { client } = await connected(t);
  assert.equal(client.ready, true);
  assert.equal(client.authenticated, false);
  assert.equal(client.version, '1.0.7');
  assert.equal(client.info.name, 'Streamer.bot');
  assert.equal(client.info.source, 'websocketServer');
  assert.match(client.info.instanceId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

for (const auth of ['on', 'enforced']) {
  test(`with the right password, ${auth}`, async (t) => {
    const { client } = await connected(t, ['--auth', auth, '--password', password], { password });
    assert.equal(client.ready, true);
    assert.equal(client.authenticated, true);
    assert.equal((await client.getActions()).status, 'ok');
  });
}

test('authentication on, but the client has no password', async (t) => {
  const { client } = await connected(t, ['--auth', 'on', '--password', password]);
  assert.equal(client.ready, true);
  assert.equal(client.authenticated, false);
  assert.equal((await client.getActions()).status, 'ok');
});

for (const [name, args, options] of [
  ['a wrong password', ['--auth', 'on'], { password: 'no' }],
  ['a wrong password, told by an error', ['--auth', 'on', '--auth-error'], { password: 'no' }],
  ['a wrong password, enforced', ['--auth', 'enforced'], { password: 'no' }],
  ['no password, enforced', ['--auth', 'enforced'], {}],
]) {
  test(`refused: ${name}`, async (t) => {
    const simulator = await Simulator.start(t, ...args, '--password', password);
    const judge = new Judge(t, simulator, options);
    let code;
    await judge.client.connect();
    judge.client.socket.addEventListener('close', (e) => { code = e.code; });
    await judge.until((j) => j.disconnects > 0 && j.errors.length > 0);
    assert.equal(judge.connects, 0);
    assert.equal(judge.client.authenticated, false);
    assert.equal(code, args.includes('--auth-error') ? 1000 : 4009);
  });
}

for (const version of ['0.1.15', '0.2.4']) {
  test(`a server without Hello, ${version}`, async (t) => {
    const { client } = await connected(t, ['--version', version]);
    assert.equal(client.version, version);
    assert.equal(client.ready, true);
    const events = await client.getEvents();
    assert.ok(events.events.Twitch.includes('ChatMessage'));
    assert.equal(events.events.Kick, undefined);
    const answer = await rawAnswer(client, { request: 'GetGlobals', persisted: true });
    assert.deepEqual([answer.status, answer.error], ['error', 'Unknown request']);
  });
}

test('two clients at once have subscriptions of their own', async (t) => {
  const { simulator, client } = await connected(t, [], { subscribe: { Obs: ['SceneChanged'] } });
  const other = await new Judge(t, simulator, { subscribe: 'Twitch.Raid' }).connect();
  await simulator.fact((f) => f.subscribed === 2);
  const heard = [];
  client.on('*', (e) => heard.push(`a ${e.event.type}`));
  const both = new Promise((resolve) => other.on('Twitch.Raid', (e) => { heard.push(`b ${e.event.type}`); resolve(); }));
  await simulator.order('emit Obs.SceneChanged {"scene":{"sceneName":"Game"}}', 'emit Twitch.Raid {"viewers":9}');
  await both;
  assert.equal(heard.filter((h) => h === 'b SceneChanged').length, 0);
  assert.ok(heard.includes('b Raid'));
});
