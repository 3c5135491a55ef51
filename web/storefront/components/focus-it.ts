/** As `ref` of what takes the place of a pressed button: the focus, which went with the button, goes on from there. */
export function focusIt(element: HTMLElement | null): void {
  element?.focus();
}
