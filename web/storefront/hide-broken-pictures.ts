/** Where a picture fails, what lies below it is seen, and not the browser's sign for it: those that have failed, and those that will. */
export function hideBrokenPictures(): void {
  for (const picture of document.images) {
    if (picture.complete && picture.naturalWidth === 0) picture.hidden = true;
  }
  // Errors of pictures do not rise; on their way down they pass here.
  document.addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLImageElement) target.hidden = true;
    },
    { capture: true },
  );
}
