import { z } from "@hono/zod-openapi";

// What is typed on the pages from which a line is run.

const yes = z.literal("true").optional();
const number = z.coerce.number().int().min(0).max(1_000_000);

/** When the line opens and draws, in milliseconds since 1970; people are called when sales open. */
export const openingForm = z
  .object({ opensInMinutes: number, drawAfterMinutes: number, guestsAllowed: yes })
  .transform(({ opensInMinutes, drawAfterMinutes, guestsAllowed }) => {
    const opensAtMs = Date.now() + opensInMinutes * 60_000;
    const drawAtMs = opensAtMs + drawAfterMinutes * 60_000;
    return { opensAtMs, drawAtMs, admitFromMs: null, guestsAllowed: guestsAllowed === "true" };
  });

export const changeForm = z.object({
  isPaused: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional(),
  callsPerMinuteMax: number.optional(),
  // Browsers end lines in two characters.
  message: z
    .string()
    .transform((text) => text.replaceAll("\r\n", "\n").trim())
    .pipe(z.string().max(500))
    .optional(),
});

/** 0: never. */
export const thresholdForm = z
  .object({ peoplePerMinute: number })
  .transform((form) => ({ peoplePerMinute: form.peoplePerMinute || null }));
