// The real software of the Bluesky network on this machine: identity directory, personal data server, app view, labels.
// Says one line of JSON when it is up, and ends when its standard input does.
import { TestNetwork } from '@atproto/dev-env'

const HANDLE = 'teahouse.test'
const FRIEND = 'oolong.test'

const network = await TestNetwork.create({
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: 'quanzi_peers', // letters and _ only
})

async function ask(method, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const answer = await fetch(`${network.pds.url}/xrpc/${method}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

function join(handle) {
  return ask('com.atproto.server.createAccount', { email: `${handle}@example.org`, handle, password: 'a long passphrase' })
}

const account = await join(HANDLE)
const friend = await join(FRIEND)
const { password } = await ask('com.atproto.server.createAppPassword', { name: 'quanzi' }, account.accessJwt)
await network.processAll() // before that, signing in answers 400

console.log(JSON.stringify({
  server: network.pds.port,
  appView: network.bsky.port,
  did: account.did,
  handle: HANDLE,
  password,
  friend: { handle: FRIEND, did: friend.did },
}))

process.stdin.resume()
process.stdin.on('end', async () => {
  await network.close()
  process.exit(0)
})
