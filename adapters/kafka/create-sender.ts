import type { MessageToProduce } from "@platformatic/kafka";
import { ProduceAcks, Producer, stringSerializers } from "@platformatic/kafka";

import { within } from "../../platform/within.ts";

export type OutgoingMessage = MessageToProduce<string, string, string, string>;

/** One call at a time: order and idempotence hold for calls that wait for each other. */
export type Sender = {
  /** Resolves when every in-sync replica has all of them. After a failure some may be there, and come again with the next try. */
  send(messages: OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
};

/** The broker's time to reach its replicas, an answer's time on the way, and three more tries. */
const replicateMsMax = 5_000;
const answerMsMax = 8_000;
const sendMsMax = 30_000;

export function createSender(options: { brokers: string[]; component: string }): Sender {
  const open = () =>
    new Producer({
      clientId: options.component,
      bootstrapBrokers: options.brokers,
      serializers: stringSerializers,
      idempotent: true,
      acks: ProduceAcks.ALL,
      timeout: replicateMsMax,
      requestTimeout: answerMsMax,
      connectTimeout: 3_000,
      retries: 3,
      retryDelay: 500,
    });
  let producer = open();
  return {
    async send(messages) {
      const used = producer;
      try {
        await within(sendMsMax, "send to Kafka", used.send({ messages }));
      } catch (error) {
        // A new one begins clean, whatever has happened to this one. It would have taken a new producer id in any case.
        producer = open();
        void used.close(true).catch(() => undefined);
        throw error;
      }
    },
    close: () => producer.close(true),
  };
}
