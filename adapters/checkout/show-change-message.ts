import { create } from "@bufbuild/protobuf";

import type { ShowChangeAnswer, ShowChangePhase } from "../../domain/show-change.ts";
import { ShowChangeSchema } from "./generated/marquee/checkout/v1/checkout_pb.ts";
import type { ShowChange } from "./generated/marquee/checkout/v1/checkout_pb.ts";

/** A change of a show as it crosses to the API. */
export function writeShowChange(answer: ShowChangeAnswer): ShowChange {
  if (answer.outcome === "refused") {
    return create(ShowChangeSchema, { outcome: "refused", problem: answer.problem });
  }
  if (answer.outcome !== "there") return create(ShowChangeSchema, { outcome: answer.outcome });
  const { phase, code, askedBy, startsAt, refundUntil, survey, progress, result } = answer;
  return create(ShowChangeSchema, {
    ...{ outcome: "there", phase },
    ...(code !== null && { code }),
    ...(askedBy !== null && { askedBy }),
    ...(startsAt !== null && { startsAt }),
    ...(refundUntil !== null && { refundUntil }),
    ...(result !== null && { result }),
    ...(survey && {
      survey: {
        held: survey.held,
        confirmed: survey.confirmed,
        ticketed: survey.ticketed,
        tickets: survey.tickets,
        sums: survey.sums.map(({ currency, refundMinor, feeMinor }) => ({
          ...{ currency, refundMinor: BigInt(refundMinor), feeMinor: BigInt(feeMinor) },
        })),
      },
    }),
    ...(progress && {
      progress: {
        held: progress.held,
        confirmed: progress.confirmed,
        ticketed: progress.ticketed,
        voided: progress.voided,
        refunds: progress.refunds.map(({ openedMinor, paidOutMinor, ...refund }) => ({
          ...{ ...refund, openedMinor: BigInt(openedMinor), paidOutMinor: BigInt(paidOutMinor) },
        })),
      },
    }),
  });
}

export function readShowChange(message: ShowChange | undefined): ShowChangeAnswer {
  if (message === undefined) return { outcome: "absent" };
  const { outcome, survey, progress } = message;
  if (outcome === "refused") return { outcome, problem: message.problem };
  if (outcome !== "there") return { outcome: outcome as "absent" | "running" };
  return {
    outcome,
    phase: message.phase as ShowChangePhase,
    code: message.code ?? null,
    askedBy: message.askedBy ?? null,
    startsAt: message.startsAt ?? null,
    refundUntil: message.refundUntil ?? null,
    result: message.result ?? null,
    survey: survey
      ? {
          ...{ held: survey.held, confirmed: survey.confirmed },
          ...{ ticketed: survey.ticketed, tickets: survey.tickets },
          sums: survey.sums.map(({ currency, refundMinor, feeMinor }) => ({
            ...{ currency, refundMinor: Number(refundMinor), feeMinor: Number(feeMinor) },
          })),
        }
      : null,
    progress: progress
      ? {
          ...{ held: progress.held, confirmed: progress.confirmed },
          ...{ ticketed: progress.ticketed, voided: progress.voided },
          refunds: progress.refunds.map(
            ({ currency, opened, openedMinor, paidOut, paidOutMinor }) => ({
              ...{ currency, opened, openedMinor: Number(openedMinor) },
              ...{ paidOut, paidOutMinor: Number(paidOutMinor) },
            }),
          ),
        }
      : null,
  };
}
