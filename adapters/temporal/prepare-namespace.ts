import { Connection } from "@temporalio/client";
import { msToTs } from "@temporalio/common/lib/time.js";

/**
 * Makes a namespace ready for Marquee: creates it if it is absent and adds the search attributes that it lacks. Safe to run
 * again. A finished workflow can be looked at for three days.
 */
export async function prepareNamespace(options: {
  address: string;
  namespace: string;
  keywords: string[];
}): Promise<void> {
  const { address, namespace, keywords } = options;
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService
      .registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: msToTs("3 days"),
      })
      .catch(unlessCode(alreadyExists));

    const { customAttributes } = await untilKnown(() =>
      connection.operatorService.listSearchAttributes({ namespace }),
    );
    const missing = keywords.filter((name) => customAttributes?.[name] === undefined);
    if (missing.length > 0) {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, keywordType])),
      });
    }
  } finally {
    await connection.close();
  }
}

// Codes of gRPC, and INDEXED_VALUE_TYPE_KEYWORD of Temporal's API.
const alreadyExists = 6;
const notFound = 5;
const keywordType = 2;

function unlessCode(code: number) {
  return (error: unknown) => {
    if ((error as { code?: number }).code !== code) throw error;
  };
}

/** A new namespace is known to every part of the server only after its caches are refreshed, some seconds later. */
async function untilKnown<Result>(ask: () => Promise<Result>): Promise<Result> {
  const giveUpAt = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { code?: number }).code !== notFound || Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
