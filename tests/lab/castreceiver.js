// A Google Cast receiver on TCP 8009 by npm's castv2: PING, GET_STATUS, LAUNCH, LOAD, GET_MEDIA_STATUS, STOP; eureka_info on 8008.
// node castreceiver.js IP NAME KEY CERT
const { Server } = require('castv2');
const http = require('http');
const fs = require('fs');
const [ip, name, key, cert] = process.argv.slice(2);

const RECEIVER = 'urn:x-cast:com.google.cast.receiver';
const HEARTBEAT = 'urn:x-cast:com.google.cast.tp.heartbeat';
const CONNECTION = 'urn:x-cast:com.google.cast.tp.connection';
const MEDIA = 'urn:x-cast:com.google.cast.media';
const NAMES = { 'CC1AD845': 'Default Media Receiver', '233637DE': 'YouTube' };

const server = new Server({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) });
const senders = new Map();
let running = null;
let media = null;

const status = (requestId) => JSON.stringify({
  type: 'RECEIVER_STATUS',
  requestId,
  status: { applications: running ? [running] : [], volume: { level: 0.5, muted: false }, isActiveInput: true },
});
const mediaStatus = (requestId) => JSON.stringify({
  type: 'MEDIA_STATUS',
  requestId,
  status: media ? [{ mediaSessionId: 1, playerState: 'PLAYING', currentTime: 0, supportedMediaCommands: 15, volume: { level: 1, muted: false }, media }] : [],
});
// A sender that is gone is found out by talking to it.
const tellAll = () => {
  for (const [client, sender] of senders) {
    try { server.send(client, 'receiver-0', sender, RECEIVER, status(0)); } catch { senders.delete(client); }
  }
};
process.on('uncaughtException', (error) => console.log('a connection broke:', error.message));

server.on('message', (client, source, destination, namespace, data) => {
  const told = JSON.parse(data);
  const answer = (space, text) => server.send(client, destination, source, space, text);
  if (namespace === CONNECTION && told.type === 'CONNECT' && destination === 'receiver-0') senders.set(client, source);
  if (namespace === CONNECTION && told.type === 'CLOSE') senders.delete(client);
  if (namespace === HEARTBEAT && told.type === 'PING') answer(HEARTBEAT, JSON.stringify({ type: 'PONG' }));
  if (namespace === RECEIVER && told.type === 'GET_STATUS') answer(RECEIVER, status(told.requestId));
  if (namespace === RECEIVER && told.type === 'LAUNCH') {
    running = {
      appId: told.appId, displayName: NAMES[told.appId] || 'App', statusText: '', isIdleScreen: false, sessionId: 's1', transportId: 'web-1',
      namespaces: [{ name: MEDIA }],
    };
    answer(RECEIVER, status(told.requestId));
    tellAll();
  }
  if (namespace === RECEIVER && told.type === 'STOP') { running = null; media = null; answer(RECEIVER, status(told.requestId)); tellAll(); }
  if (namespace === MEDIA && told.type === 'LOAD') { media = told.media; answer(MEDIA, mediaStatus(told.requestId)); }
  if (namespace === MEDIA && told.type === 'GET_STATUS') answer(MEDIA, mediaStatus(told.requestId));
});
server.on('error', (error) => console.log('error', error.message));

http.createServer((request, response) => {
  if (!request.url.startsWith('/setup/eureka_info')) { response.writeHead(404); response.end(); return; }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ name, cast_build_revision: '1.56.281627', build_version: '281627', ssid: 'Lab', opt_in: { crash: false } }));
}).listen(8008, ip, () => server.listen(8009, ip, () => console.log('ready')));
process.on('SIGTERM', () => process.exit(0));
