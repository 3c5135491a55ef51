import type { ComponentChildren } from "preact";

import { focusIt } from "./focus-it.ts";

/** A button that is not pressed twice while what it began is under way. It keeps the focus, which `disabled` would take from it. */
export function BusyButton(props: {
  /** Without it the button sends its form. */
  onPress?: () => void;
  isBusy: boolean;
  class: string;
  /** What it is called, where its words alone do not say of what. */
  label?: string;
  /** It stands where something was that had the focus. */
  takesFocus?: boolean;
  children: ComponentChildren;
}) {
  const { onPress, isBusy, label, takesFocus = false, children } = props;
  return (
    <button
      ref={takesFocus ? focusIt : null}
      type={onPress === undefined ? "submit" : "button"}
      class={props.class}
      aria-disabled={isBusy}
      aria-label={label}
      onClick={(event) => (isBusy ? event.preventDefault() : onPress?.())}
    >
      {children}
    </button>
  );
}
