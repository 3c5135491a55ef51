import { defineSearchAttributeKey, SearchAttributeType } from "@temporalio/common";

/** What support can search and filter checkouts by. Stored in clear: ids only. */
export const bookingIdKey = defineSearchAttributeKey("BookingId", SearchAttributeType.KEYWORD);
export const showIdKey = defineSearchAttributeKey("ShowId", SearchAttributeType.KEYWORD);
export const customerRefKey = defineSearchAttributeKey("CustomerRef", SearchAttributeType.KEYWORD);
export const bookingStatusKey = defineSearchAttributeKey(
  "BookingStatus",
  SearchAttributeType.KEYWORD,
);

export const searchAttributeNames = [
  bookingIdKey.name,
  showIdKey.name,
  customerRefKey.name,
  bookingStatusKey.name,
];
