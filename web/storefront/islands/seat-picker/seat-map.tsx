import { useEffect, useId, useRef } from "preact/hooks";

import { useBuyingWords } from "../booking/use-buying-words.ts";
import type { Picker } from "./create-picker.ts";
import { createSeatMap } from "./create-seat-map.ts";
import type { SeatMap as DrawnMap } from "./create-seat-map.ts";
import { isBrowsers } from "./is-browsers.ts";

/** Of the window, in pixels: how far an arrow key moves it. */
const keyStep = 80;

type Props = {
  picker: Picker;
  describe: (position: number) => string;
  onTap: (position: number) => void;
};

/** The hall as a drawing, for eyes and hands. It draws by itself: what Preact draws around it stays as it is. */
export function SeatMap(props: Props) {
  const { seats: words } = useBuyingWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const tip = useRef<HTMLParagraphElement>(null);
  const map = useDrawnMap(props, { canvas, tip });
  const helpId = useId();
  return (
    <div class="seat-map">
      <div
        class="seat-map-view"
        role="group"
        tabIndex={0}
        aria-label={words.map}
        aria-describedby={helpId}
        onKeyDown={(event) => {
          if (isBrowsers(event)) return;
          if (press(map.current, event.key)) event.preventDefault();
        }}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <p ref={tip} class="seat-tip" aria-hidden="true" hidden />
      </div>
      <p id={helpId} class="unseen">
        {words.mapHelp}
      </p>
      <div class="seat-map-buttons">
        <button type="button" aria-label={words.closer} onClick={() => map.current?.zoom(1.6)}>
          +
        </button>
        <button type="button" aria-label={words.farther} onClick={() => map.current?.zoom(0.625)}>
          −
        </button>
        <button type="button" onClick={() => map.current?.showWhole()}>
          {words.wholeHall}
        </button>
      </div>
    </div>
  );
}

function useDrawnMap(
  props: Props,
  {
    canvas,
    tip,
  }: { canvas: { current: HTMLCanvasElement | null }; tip: { current: HTMLElement | null } },
) {
  const { picker } = props;
  const map = useRef<DrawnMap | undefined>(undefined);
  // What its listeners call is what was drawn last.
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const drawn = createSeatMap({
      picker,
      canvas: canvas.current,
      onTap: (position) => latest.current.onTap(position),
      onHover(position, at) {
        const text = position === undefined ? "" : latest.current.describe(position);
        if (tip.current !== null) showTip(tip.current, text, at);
      },
    });
    map.current = drawn;
    return drawn.close;
  }, [picker]);
  return map;
}

function showTip(tip: HTMLElement, text: string, { x, y }: { x: number; y: number }): void {
  tip.hidden = text === "";
  tip.textContent = text;
  // Beside the mouse, on the side where there is room.
  const room = tip.parentElement?.clientWidth ?? 0;
  const left = x > room / 2 ? x - tip.offsetWidth - 12 : x + 12;
  tip.style.transform = `translate(${Math.max(0, left)}px, ${y + 12}px)`;
}

/** True: the key is one of the map's. */
function press(map: DrawnMap | undefined, key: string): boolean {
  const acts: Record<string, () => void> = {
    "+": () => map?.zoom(1.6),
    "=": () => map?.zoom(1.6),
    "-": () => map?.zoom(0.625),
    "0": () => map?.showWhole(),
    ArrowLeft: () => map?.pan({ x: keyStep, y: 0 }),
    ArrowRight: () => map?.pan({ x: -keyStep, y: 0 }),
    ArrowUp: () => map?.pan({ x: 0, y: keyStep }),
    ArrowDown: () => map?.pan({ x: 0, y: -keyStep }),
  };
  acts[key]?.();
  return key in acts;
}
