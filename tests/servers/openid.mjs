// Real OpenID Connect providers on this machine, one for each `port=redirect address` of PLACES. Whoever types a login of PEOPLE (JSON: login →
// claims) is that person; the password is not looked at. Says one line of JSON when they are up.
import { Provider } from 'oidc-provider'

URL.parse ??= (address, base) => (URL.canParse(address, base) ? new URL(address, base) : null) // not in Node.js 20

const people = JSON.parse(process.env.PEOPLE)

function configuration(redirectUri) {
  return {
    clients: [{
      client_id: process.env.CLIENT_ID,
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    claims: {
      openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'nickname', 'birthdate'], address: ['address'],
    },
    cookies: { keys: ['only the tests know it'] },
    pkce: { required: () => true },
    findAccount: (context, login) => people[login] && {
      accountId: login,
      claims: () => ({ sub: login, ...people[login] }),
    },
  }
}

const issuers = await Promise.all(process.env.PLACES.split(' ').map(async (place) => {
  const [port, redirectUri] = place.split('=')
  const issuer = `http://127.0.0.1:${port}`
  const provider = new Provider(issuer, configuration(redirectUri))
  await new Promise((listening) => provider.listen(Number(port), '127.0.0.1', listening))
  return issuer
}))

console.log(JSON.stringify({ issuers }))
