// An identity provider for tests: npm's oidc-provider, with offices in its access tokens. Whoever starts it gives the keys.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const { port, home, keys, people, lasts, refresh, secret } = JSON.parse(process.argv[2]);
const services = ["whistle", "housing", "gateway"];
const scope = services.flatMap((one) => [`${one}:read`, `${one}:write`]).join(" ");
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "console",
      client_secret: secret,
      redirect_uris: [`${home}/console/sign-in/back`],
      post_logout_redirect_uris: [`${home}/console/sign-in`],
      grant_types: refresh ? ["authorization_code", "refresh_token"] : ["authorization_code"],
      response_types: ["code"],
      id_token_signed_response_alg: "ES256",
    },
  ],
  jwks: { keys },
  ttl: { AccessToken: lasts, Session: 3600, Grant: 3600, IdToken: 600, Interaction: 600, RefreshToken: 3600 },
  issueRefreshToken: async () => refresh,
  rotateRefreshToken: true,
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:gongzhi",
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: scope,
        audience: "gongzhi",
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (_, token) => ({ acts_as: people[token.accountId] ?? [] }),
});
createServer(provider.callback()).listen(port, "127.0.0.1", () => console.log("ready"));
