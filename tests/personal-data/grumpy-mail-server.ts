import type { AddressInfo } from "node:net";
import { once } from "node:events";

import { SMTPServer } from "smtp-server";

/** Refuses mail in the words of real servers, which repeat the address: for ever, or the first time. Delivers the rest to nobody. */
export async function startGrumpyMailServer(grudges: { forGood: string; once: string }) {
  const heard = new Set<string>();
  let delivered = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo({ address }, _session, answer) {
      if (address === grudges.forGood) return answer(refusal(550, `<${address}>: no such user`));
      if (address === grudges.once && !heard.has(address)) {
        heard.add(address);
        return answer(refusal(451, `<${address}>: come again later`));
      }
      return answer();
    },
    onData(stream, _session, done) {
      stream.on("end", () => {
        delivered += 1;
        done();
      });
      stream.resume();
    },
  });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    delivered: () => delivered,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
