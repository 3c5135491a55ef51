import { createTokenVerifier } from "../../api/http/authenticate.ts";
import type { House } from "../house.ts";

/** L7: checking one token's signature and claims, in a loop, in this process. CPU-µs each. */
export async function measureTokenCheck({ system, buyers }: House, times: number): Promise<number> {
  const { identity } = system.addresses;
  const verify = createTokenVerifier({
    audience: "marquee",
    issuers: [{ issuer: identity, jwksUrl: `${identity}/.well-known/jwks.json` }],
    rememberMs: 0,
  });
  const token = buyers[0]?.authorization.split(" ")[1] ?? "";
  for (let warmUp = 0; warmUp < 200; warmUp += 1) await verify(token);
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await verify(token);
  const { user, system: kernel } = process.cpuUsage(before);
  return (user + kernel) / times;
}
