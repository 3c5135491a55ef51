import { Agent } from "node:https";
import { connect } from "node:net";

import type { ApiResponse, OAuthToken } from "@paypal/paypal-server-sdk";
import {
  Client,
  Environment,
  OrdersController,
  PaymentsController,
  TransactionSearchController,
} from "@paypal/paypal-server-sdk";

import { asPaypalError, PaypalError } from "./paypal-errors.ts";

export type PaypalRequest<Result> = (
  paypal: {
    orders: OrdersController;
    payments: PaymentsController;
    transactions: TransactionSearchController;
  },
  options: { abortSignal: AbortSignal },
) => Promise<ApiResponse<Result>>;

export type PaypalClient = {
  /** Sends one request; throws `PaypalError`. A token that PayPal has withdrawn is replaced, and the request sent once more. */
  send<Result>(request: PaypalRequest<Result>, signal: AbortSignal): Promise<Result>;
};

type Options = { apiUrl: string; clientId: string; clientSecret: string; silenceMsMax: number };

/** PayPal's own client, kept usable: it gives up for good on a token that could not be had, or that was withdrawn. */
export function createPaypalClient(options: Options): PaypalClient {
  const connection = connectionTo(options);
  let session = openSession(options, connection);

  async function send<Result>(request: PaypalRequest<Result>, signal: AbortSignal) {
    const used = session;
    try {
      const { result } = await request(used, { abortSignal: signal });
      return { result };
    } catch (caught) {
      const error = asPaypalError(caught);
      const isWithdrawn = error instanceof PaypalError && error.status === 401;
      // Many requests may find the same session broken: the first one replaces it.
      if (session === used && (isWithdrawn || used.isTokenless())) {
        session = openSession(options, connection);
      }
      if (isWithdrawn && !used.isTokenless()) return "again" as const;
      throw error;
    }
  }

  return {
    async send(request, signal) {
      const first = await send(request, signal);
      if (first !== "again") return first.result;
      const second = await send(request, signal);
      if (second !== "again") return second.result;
      throw new PaypalError(401, "invalid_token");
    },
  };
}

function openSession(
  { clientId, clientSecret, silenceMsMax }: Options,
  connection: ReturnType<typeof connectionTo>,
) {
  let fetching: Promise<OAuthToken> | undefined;
  let isTokenless = false;
  const client = new Client({
    environment: connection.environment,
    clientCredentialsAuthCredentials: {
      oAuthClientId: clientId,
      oAuthClientSecret: clientSecret,
      oAuthClockSkew: 60,
      // The client asks anew for each request that finds no token: ten at once would fetch ten.
      oAuthTokenProvider: async (_, manager) => {
        fetching ??= manager.fetchToken().finally(() => {
          fetching = undefined;
        });
        return fetching.catch((error: unknown) => {
          isTokenless = true;
          throw error;
        });
      },
    },
    // Without a limit of ours the client waits for ever.
    httpClientOptions: { timeout: silenceMsMax, ...connection.agent },
    unstable_httpClientOptions: {
      maxRedirects: 0,
      maxContentLength: answerBytesMax,
      ...connection.proxy,
    },
  });
  return {
    orders: new OrdersController(client),
    payments: new PaymentsController(client),
    transactions: new TransactionSearchController(client),
    isTokenless: () => isTokenless,
  };
}

/** An order with every field that there is has some ten thousand, five hundred transactions half a million. */
const answerBytesMax = 1_024 * 1_024;

/**
 * The client knows two addresses, PayPal's own. Any other is reached under the name of PayPal's sandbox, by an agent that connects
 * elsewhere; a proxy that the environment may name would lead past it.
 */
function connectionTo({ apiUrl }: Options) {
  const url = new URL(apiUrl);
  if (url.origin === "https://api-m.paypal.com") return { environment: Environment.Production };
  if (url.origin === "https://api-m.sandbox.paypal.com") {
    return { environment: Environment.Sandbox };
  }
  if (url.protocol !== "http:") throw new Error(`${url.origin} is not PayPal's address`);
  const httpsAgent = new Agent({ keepAlive: true, maxSockets: 50 });
  const address = { host: url.hostname, port: Number(url.port || 80) };
  httpsAgent.createConnection = () => connect(address);
  return {
    environment: Environment.Sandbox,
    agent: { httpsAgent },
    proxy: { proxy: false },
  };
}
