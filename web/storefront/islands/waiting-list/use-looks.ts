import { useEffect } from "preact/hooks";

/**
 * Looks again while somebody is on the list and the page is in sight: every half minute, or every two seconds where something is
 * about to change. Offers come by mail; a page that is left open says it as well.
 */
export function useLooks(isOn: boolean, { isSoon }: { isSoon: boolean }, look: () => void): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const lookInSight = () => {
      if (document.visibilityState === "visible") look();
    };
    const timer = setInterval(lookInSight, isSoon ? 2_000 : 30_000);
    document.addEventListener("visibilitychange", lookInSight);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", lookInSight);
    };
  }, [isOn, isSoon]);
}
