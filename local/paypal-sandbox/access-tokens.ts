import { randomUUID } from "node:crypto";

/** Tokens for the API: handed out for the client's id and secret, good for nine hours or until they are revoked. */
export type AccessTokens = {
  /** The answer of `POST /v1/oauth2/token`. */
  answer(authorization: string | undefined): Response;
  isValid(authorization: string | undefined): boolean;
  revoke(): void;
  issued(): number;
};

export function createAccessTokens(client: { id: string; secret: string }): AccessTokens {
  const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}`;
  const valid = new Set<string>();
  let issued = 0;
  return {
    answer(authorization) {
      if (authorization !== basic) {
        const error = {
          error: "invalid_client",
          error_description: "Client Authentication failed",
        };
        return Response.json(error, { status: 401 });
      }
      const token = `sandbox-${randomUUID()}`;
      valid.add(token);
      issued += 1;
      return Response.json({
        scope: "https://uri.paypal.com/services/payments/payment",
        access_token: token,
        token_type: "Bearer",
        app_id: "APP-SANDBOX",
        expires_in: 32_400,
        nonce: randomUUID(),
      });
    },
    isValid: (authorization) => valid.has(authorization?.replace(/^Bearer /, "") ?? ""),
    revoke: () => valid.clear(),
    issued: () => issued,
  };
}
