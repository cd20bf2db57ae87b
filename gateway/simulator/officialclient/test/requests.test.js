import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { connected, Listener, rawAnswer } from './rig.js';

// shape checks an object against names of types: "string", "number", "array", "object", "any", with ? for
// what may be missing. They are those of the client's own index.d.ts.
function shape(got, want, where = '') {
  for (const [key, type] of Object.entries(want)) {
    const value = got[key];
    if (typeof type === 'object') { shape(value, type, `${where}.${key}`); continue; }
    const is = Array.isArray(value) ? 'array' : typeof value;
    assert.ok(type === 'any' ? value !== undefined : is === type, `${where}.${key} is ${is}, want ${type}`);
  }
}

const variable = { name: 'string', value: 'any', lastWrite: 'string' };
const userVariable = { ...variable, userId: 'string', userLogin: 'string', userName: 'string', platform: 'string' };
const password = 'pw';

// Each request by the client's own method; together they are all that the client knows.
const judged = [
  ['getInfo', (c) => c.getInfo(), { info: { instanceId: 'string', name: 'string', os: 'string', osVersion: 'string', version: 'string', source: 'string' } }],
  ['getEvents', (c) => c.getEvents(), { events: { Twitch: 'array', YouTube: 'array', Kick: 'array', General: 'array' } }],
  ['subscribe', (c) => c.subscribe({ Twitch: ['Follow'] }), { events: { Twitch: 'array' } }],
  ['unsubscribe', (c) => c.unsubscribe({ Twitch: ['Follow'] }), { events: 'object' }],
  ['getActions', (c) => c.getActions(), { count: 'number', actions: { 0: { id: 'string', name: 'string', group: 'string', enabled: 'boolean', subaction_count: 'number' } } }],
  ['doAction', (c) => c.doAction({ name: 'Lights On' }, { a: 1 }), { args: { a: 'number', runningActionId: 'string' }, actionId: 'string' }],
  ['getBroadcaster', (c) => c.getBroadcaster(), {
    connected: 'array', disconnected: 'array',
    platforms: {
      twitch: { broadcastUser: 'string', broadcastUserName: 'string', broadcastUserId: 'string', botUser: 'string', botUserName: 'string', botUserId: 'string' },
      youtube: { broadcastUserName: 'string', broadcastUserId: 'string', broadcastUserProfileImage: 'string' },
      kick: { broadcasterLogin: 'string', broadcasterUserName: 'string', broadcasterUserId: 'string', broadcasterProfileUrl: 'string' },
    },
  }],
  ['getMonitoredYouTubeBroadcasts', (c) => c.getMonitoredYouTubeBroadcasts(), {
    count: 'number',
    broadcasts: { 0: { id: 'string', channelId: 'string', liveChatId: 'string', title: 'string', description: 'string', categoryId: 'string', privacy: 'string', publishedAt: 'string', actualStartTime: 'string', status: 'string', tags: 'array' } },
  }],
  ['testCredits', (c) => c.testCredits(), { events: { cheers: 'array' } }],
  ['getCredits', (c) => c.getCredits(), {
    events: Object.fromEntries(['cheers', 'follows', 'gameupdates', 'giftbombs', 'giftsubs', 'goalcontributions', 'hypetrains', 'pyramids', 'raided', 'resubs', 'rewardredemptions', 'subs'].map((k) => [k, 'array'])),
    users: { editors: 'array', groups: 'array', moderators: 'array', subscribers: 'array', vips: 'array', users: 'array' },
    hypeTrain: { conductors: 'array', contributors: 'array' },
    top: { allBits: 'array', monthBits: 'array', weekBits: 'array', channelRewards: 'array' }, groups: 'any', custom: 'any',
  }],
  ['clearCredits', (c) => c.clearCredits(), {}],
  ['getActiveViewers', (c) => c.getActiveViewers(), { count: 'number', viewers: { 0: { id: 'string', login: 'string', display: 'string', role: 'string', subscribed: 'boolean', groups: 'array', channelPointsUsed: 'number', previousActive: 'string', exempt: 'boolean' } } }],
  ['getCodeTriggers', (c) => c.getCodeTriggers(), { count: 'number', triggers: { 0: { name: 'string', eventName: 'string', category: 'string' } } }],
  ['executeCodeTrigger', (c) => c.executeCodeTrigger('brain.spoke', { a: 1 }), {}],
  ['getCommands', (c) => c.getCommands(), { count: 'number', commands: { 0: { id: 'string', enabled: 'boolean', name: 'string', group: 'string', commands: 'array', caseSensitive: 'boolean', ignoreInternal: 'boolean', ignoreBotAccount: 'boolean', sources: 'array' } } }],
  ['getEmotes twitch', (c) => c.getEmotes('twitch'), { emotes: { userEmotes: { 0: { type: 'string', name: 'string', imageUrl: 'string' } }, bttvEmotes: 'array', ffzEmotes: 'array', sevenTvEmotes: 'array' } }],
  ['getEmotes youtube', (c) => c.getEmotes('youtube'), { emotes: { userEmotes: 'array', bttvEmotes: 'array', sevenTvEmotes: 'array' } }],
  ['getGlobals', (c) => c.getGlobals(), { count: 'number', variables: { brain_mood: variable } }],
  ['getGlobals temporary', (c) => c.getGlobals(false), { count: 'number', variables: { sessionGreeted: variable } }],
  ['getGlobal', (c) => c.getGlobal('brain_mood'), { variable }],
  ['getUserGlobals twitch', (c) => c.getUserGlobals('twitch'), { count: 'number', variables: { 0: userVariable } }],
  ['getUserGlobals youtube', (c) => c.getUserGlobals('youtube', 'points'), { count: 'number', variables: { 0: userVariable } }],
  ['getUserGlobals trovo', (c) => c.getUserGlobals('trovo'), { count: 'number', variables: 'array' }],
  ['getUserGlobals kick', (c) => c.getUserGlobals('kick'), { count: 'number', variables: 'array' }],
  ['getUserGlobal twitch', (c) => c.getUserGlobal('twitch', '600100715', 'points'), { variable: userVariable }],
  ['getUserGlobal twitch, all', (c) => c.getUserGlobal('twitch', '600100715'), { count: 'number', variables: { 1: userVariable } }],
  ['getUserGlobal youtube', (c) => c.getUserGlobal('youtube', 'UCq1etAnch0rSimu1atedXw', 'points'), { variable: userVariable }],
  ['getUserGlobal trovo', (c) => c.getUserGlobal('trovo', '1'), { variables: 'array' }],
  ['getUserGlobal kick', (c) => c.getUserGlobal('kick', '1'), { variables: 'array' }],
  ['sendMessage', (c) => c.sendMessage('twitch', 'hello'), {}],
  ['getUserPronouns', (c) => c.getUserPronouns('twitch', 'mossduck'), {
    userLogin: 'string',
    pronoun: Object.fromEntries([...['pronouns', 'pronounSubject', 'pronounObject', 'pronounPossessive', 'pronounPronoun', 'pronounReflexive', 'pronounPastTense',
      'pronounSubjectLower', 'pronounObjectLower', 'pronounPossessiveLower', 'pronounPronounLower', 'pronounReflexiveLower', 'pronounPastTenseLower',
      'pronounCurrentTense', 'pronounCurrentTenseLower', 'pronounPluralLower', 'pronounLastCached'].map((k) => [k, 'string']), ['userFound', 'boolean']]),
  }],
];

test('every request of the client', async (t) => {
  const { simulator, client } = await connected(t, ['--password', password], { password });
  await simulator.order('say twitch good evening'); // somebody has to be active
  for (const [name, ask, want] of judged) {
    await t.test(name, async () => {
      const answer = await ask(client);
      assert.equal(answer.status, 'ok');
      shape(answer, want);
      if (want.count) {
        const list = answer.actions ?? answer.viewers ?? answer.commands ?? answer.triggers ?? answer.broadcasts ?? answer.variables;
        assert.equal(answer.count, Object.keys(list).length);
      }
    });
  }
  await t.test('none is left out', async () => {
    const source = await readFile(new URL('../node_modules/@streamerbot/client/dist/index.js', import.meta.url), 'utf8');
    const known = new Set();
    for (const [, name] of source.matchAll(/request: "(\w+)"/g)) known.add(name);
    for (const [name] of source.matchAll(/(Twitch|YouTube|Trovo|Kick)GetUserGlobals?\b/g)) known.add(name);
    known.delete('Hello');
    assert.ok(known.size >= 30, `${known.size} requests found in the client`);
    const { asked } = await simulator.state();
    assert.deepEqual(Object.keys(asked).sort(), [...known].sort());
  });
});

test('what is not there', async (t) => {
  const { client } = await connected(t);
  await assert.rejects(client.getGlobal('nope'), /Request failed/);
  await assert.rejects(client.getUserGlobal('twitch', '600100715', 'nope'), /Request failed/);
  await assert.rejects(client.executeCodeTrigger('nope'), /Request failed/);
  await assert.rejects(client.doAction('00000000-0000-4000-8000-000000000000'), /Request failed/);
  for (const [request, error] of [
    [{ request: 'SetGlobal', variable: 'x' }, 'Unknown request'],
    [{ request: 'GetGlobal', variable: 'nope', persisted: true }, 'Variable not found'],
    [{ request: 'DoAction', action: { name: 'nope' } }, 'Action not found'],
    [{ request: 'Subscribe', events: ['Twitch'] }, 'Invalid request'],
  ]) {
    const answer = await rawAnswer(client, request);
    assert.deepEqual([answer.status, answer.error], ['error', error]);
  }
});

test('bad JSON is answered and the connection lives', async (t) => {
  const { client } = await connected(t);
  const answer = new Promise((resolve) => client.socket.addEventListener('message', (e) => resolve(JSON.parse(e.data)), { once: true }));
  client.socket.send('{"request":');
  assert.deepEqual(await answer, { status: 'error', error: 'Invalid request' });
  assert.equal((await client.getInfo()).status, 'ok');
});

test('sendMessage without authentication', async (t) => {
  const { client } = await connected(t, ['--auth', 'on', '--password', password]);
  assert.equal((await client.sendMessage('twitch', 'hello')).error, 'Authentication required'); // the client's own answer
  const answer = await rawAnswer(client, { request: 'SendMessage', platform: 'twitch', message: 'hello' });
  assert.deepEqual([answer.status, answer.error], ['error', 'Authentication required to use this method']);
});

test('sendMessage appears in chat', async (t) => {
  const { simulator, client } = await connected(t, ['--password', password], { password });
  const said = {};
  for (const event of ['Twitch.ChatMessage', 'YouTube.Message', 'Kick.ChatMessage']) said[event] = await Listener.on(client, event);
  await client.sendMessage('twitch', 'a < b & "c" 🦆', { bot: true, replyId: 'm-1' });
  const twitch = (await said['Twitch.ChatMessage'].next()).data;
  assert.equal(twitch.text, 'a < b & "c" 🦆');
  assert.equal(twitch.meta.internal, true);
  assert.equal(twitch.user.login, 'mossduckbot');
  assert.equal(twitch.isReply, true);
  await client.sendMessage('youtube', 'hi');
  assert.equal((await said['YouTube.Message'].next()).data.message, 'hi');
  await client.sendMessage('kick', 'hi', { internal: false });
  assert.equal((await said['Kick.ChatMessage'].next()).data.isInternal, false);
  await simulator.fact((f) => f.said === 'hi' && f.platform === 'kick');
});
