/** Whether the last payment of a booking was declined, as this tab was told: a reload shall not say that it may still arrive. */
export function wasDeclined(bookingId: string): boolean {
  return sessionStorage.getItem(nameOf(bookingId)) !== null;
}

export function keepDecline(bookingId: string, isDeclined: boolean): void {
  if (isDeclined) sessionStorage.setItem(nameOf(bookingId), "");
  else sessionStorage.removeItem(nameOf(bookingId));
}

function nameOf(bookingId: string): string {
  return `declined:${bookingId}`;
}
