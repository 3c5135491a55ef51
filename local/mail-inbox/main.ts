import { z } from "zod";

import { runUntilSignal } from "../../platform/lifecycle.ts";
import { createLogger } from "../../platform/logger.ts";
import { createMailInbox } from "./create-mail-inbox.ts";

const port = z.coerce.number().int().min(1).max(65_535);

const settings = z
  .object({
    SMTP_PORT: port,
    MAIL_INBOX_PORT: port,
    MAIL_INBOX_FILE: z.string().optional(),
    HEALTH_PORT: port.optional(),
    LISTEN_HOST: z.string().default("127.0.0.1"),
    LOG_LEVEL: z.string().default("info"),
  })
  .parse(process.env);

const inbox = createMailInbox({ file: settings.MAIL_INBOX_FILE });
await inbox.listen({
  host: settings.LISTEN_HOST,
  smtpPort: settings.SMTP_PORT,
  webPort: settings.MAIL_INBOX_PORT,
});

await runUntilSignal({
  logger: createLogger("mail-inbox", settings.LOG_LEVEL),
  health: { host: settings.LISTEN_HOST, port: settings.HEALTH_PORT },
  closables: [{ name: "inbox", close: inbox.close }],
});
