import type { ComponentChildren, ComponentType } from "preact";
import { useContext } from "preact/hooks";

import { PageContext } from "./page-context.ts";
import { toScript } from "./to-script.ts";

/**
 * A part of the page that a script takes over. With `of` it is drawn here already and goes on from there; with children these stand
 * there for readers without a script, and the script draws in their place. Props go as JSON, so they are plain data.
 */
export function Island<Props extends object>(island: {
  name: string;
  props: Props;
  of?: ComponentType<Props>;
  children?: ComponentChildren;
}) {
  const { name, props, of: Drawn, children } = island;
  useContext(PageContext).islands.add(name);
  return (
    <div data-island={name} {...(Drawn && { "data-drawn": "" })}>
      <script type="application/json" dangerouslySetInnerHTML={{ __html: toScript(props) }} />
      <div data-root>{Drawn ? <Drawn {...props} /> : children}</div>
    </div>
  );
}
