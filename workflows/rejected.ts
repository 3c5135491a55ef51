import { ApplicationFailure } from "@temporalio/workflow";

/** A request that is turned down before anything happens; the sentence is shown to the person who made it, `type` is for code. */
export function rejected(sentence: string, type = "Rejected"): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message: sentence,
    nonRetryable: true,
    category: "BENIGN",
  });
}
