export type Pen = CanvasRenderingContext2D;

/** What draws on a canvas. Throws where a browser has none, which is none of those that run this script. */
export function penOf(canvas: HTMLCanvasElement, options?: CanvasRenderingContext2DSettings): Pen {
  const pen = canvas.getContext("2d", options);
  if (pen === null) throw new Error("This browser has no canvas");
  return pen;
}
