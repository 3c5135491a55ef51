import { ApplicationFailure } from "@temporalio/workflow";

/** A request that is turned down before anything happens; the sentence is shown to the person who made it. */
export function rejected(sentence: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: "Rejected",
    message: sentence,
    nonRetryable: true,
    category: "BENIGN",
  });
}
