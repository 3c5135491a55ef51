import type { AuthorizationWithAdditionalData } from "@paypal/paypal-server-sdk";
import { PatchOp } from "@paypal/paypal-server-sdk";

import type { KnownOrder } from "./find-order.ts";
import { readOrder } from "./find-order.ts";
import {
  isMarkedVoided,
  isUnpaid,
  liveAuthorisations,
  pendingCapture,
  takenCaptures,
  unitOf,
} from "./order-state.ts";
import { readCustomId, voidedCustomIdOf } from "./payment-identity.ts";
import type { PaypalCalls } from "./paypal-calls.ts";
import { PaypalError, refusalOf, unavailable } from "./paypal-errors.ts";

/**
 * Lets go of all the money that an order has set aside and not taken, and makes sure that none will be. Returns the order as it
 * is then. An order that is not paid yet cannot be cancelled at PayPal, but only we can set money aside for it: it is marked, and
 * whoever looks at a marked one does not. Money that was set aside at the same moment is seen by one of the two: PayPal refuses
 * the mark after it, or the one who set it aside finds the mark.
 */
export async function letGo(calls: PaypalCalls, order: KnownOrder): Promise<KnownOrder> {
  let now = order;
  for (let turn = 1; turn <= turnsMax; turn += 1) {
    if (takenCaptures(now).length > 0 || pendingCapture(now) !== undefined) return now;
    const live = liveAuthorisations(now);
    if (live.length > 0) {
      await voidEach(calls, live);
      now = await readOrder(calls, now.id);
    } else if (isMarkedVoided(now) || !isUnpaid(now)) {
      return now;
    } else {
      if (await mark(calls, now)) return now;
      now = await readOrder(calls, now.id);
      // Not marked and not paid: our own row says that it is void, and nobody asks for its money.
      if (isUnpaid(now)) return now;
    }
  }
  throw unavailable(new PaypalError(undefined, "still authorised after a void"));
}

/** One for what was seen, one for what came in between, and one to look. */
const turnsMax = 3;

/** Refused are those that are void or captured by now, and renewed ones, which go with the one that they were made of. */
async function voidEach(calls: PaypalCalls, authorisations: AuthorizationWithAdditionalData[]) {
  for (const { id = "" } of authorisations) {
    try {
      await calls.call(({ payments }, options) =>
        payments.voidPayment({ authorizationId: id, paypalRequestId: `void:${id}` }, options),
      );
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
    }
  }
}

async function mark(calls: PaypalCalls, order: KnownOrder): Promise<boolean> {
  const unit = unitOf(order);
  const identity = readCustomId(unit?.customId);
  if (identity === undefined) throw new Error(`PayPal's ${order.id} is not one of ours`);
  const path = `/purchase_units/@reference_id=='${unit?.referenceId ?? "default"}'/custom_id`;
  try {
    await calls.call(({ orders }, options) =>
      orders.patchOrder(
        { id: order.id, body: [{ op: PatchOp.Replace, path, value: voidedCustomIdOf(identity) }] },
        options,
      ),
    );
    return true;
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return false;
  }
}
